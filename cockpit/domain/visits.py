"""When a person looked last, and from when on what happened is news to them.

Looks without a longer pause are one visit. What is new is counted from the last look of the visit before, so
that it stays news while it is read. All instants are ms on one clock.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from cockpit.domain.periods import DAY_MS, HOUR_MS, MINUTE_MS

PAUSE_MS = 30 * MINUTE_MS
"""Whoever does not look for longer has left."""
VISIT_MS = 12 * HOUR_MS
"""The most that one visit counts: else a screen that is never closed would count from last week."""
APART_MS = MINUTE_MS
"""No look of a visit is kept that comes sooner after the one that was kept before."""
GONE_MS = 90 * DAY_MS
"""Whoever has not looked for longer is not remembered."""

Counted = Literal["look", "visit", "day", "watched"]
"""From when news are counted: the last look of the visit before; as long ago as one visit counts at most; a
day ago, for whom no visit before is known; the beginning of watching, where that was later."""


class Visit(NamedTuple):
    """First and last look of a visit, and the last look of the one before, None where none is known."""

    began: int
    last: int
    before: int | None


class Since(NamedTuple):
    """The instant from which news are counted, and what it is."""

    at: int
    counted: Counted


def looked(held: Visit | None, now: int) -> Visit:
    """The visit of who looks now, `held` being what is known of the last one.

    A clock that has been set back by more than a pause makes everybody unknown; by less it stands still.
    """
    if held is None or not -PAUSE_MS <= now - held.last <= GONE_MS:
        return Visit(now, now, None)
    if now - held.last > PAUSE_MS:
        return Visit(now, now, held.last)
    return held._replace(last=max(held.last, now))


def to_keep(held: Visit | None, now: int) -> Visit | None:
    """What of a look now is to be kept, None where the look before is not a minute old."""
    visit = looked(held, now)
    same = held is not None and (visit.began, visit.before) == (held.began, held.before)
    return None if held is not None and same and visit.last - held.last < APART_MS else visit


def news_since(held: Visit | None, now: int, watched: int | None) -> Since:
    """From when on what happened is news to who looks now: the same before and after that look is kept.

    `watched` is since when somebody has watched without a gap, None if that is not known: before, nothing
    can be counted.
    """
    since = _since(looked(held, now), now)
    if watched is not None and since.at < watched <= now:
        return Since(watched, "watched")
    return since


def _since(visit: Visit, now: int) -> Since:
    if visit.before is None:
        return Since(now - DAY_MS, "day")
    if now - visit.began > VISIT_MS:
        return Since(now - VISIT_MS, "visit")
    return Since(visit.before, "look")
