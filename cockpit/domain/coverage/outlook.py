"""How people without coverage became fewer, and when the last gap closes at the present pace.

The pace is what the last 91 days have brought: people of gaps that were closed by measurements, less those of
gaps that opened again, a week. Gaps that were found meanwhile slow nothing: they were there before somebody
measured. From fewer than two closings nothing is reckoned, and no date lies beyond twenty years.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from cockpit.domain.periods import DAY_MS
from cockpit.domain.registers import CLOSED, Step

SPAN_DAYS, WEEK_DAYS = 91, 7
LEAST_CLOSED = 2
"""So many closings within the span are needed for a pace."""
MOST_MS = 20 * 365 * DAY_MS
REGAINED = ("proved", "measured_good")
"""Steps by which people have coverage again. What is merged into another gap is not over."""

Why = Literal["", "none_open", "few_closed", "no_gain", "too_far"]
"""Why there is no date; "" where there is one."""


class Lived(NamedTuple):
    """A gap: the people without a signal there, and the steps of its life, oldest first."""

    people: int
    steps: Sequence[Step]


class Outlook(NamedTuple):
    """What is left, the pace, and the date (ms) that follows: None where `why` says so."""

    gaps: int
    people: int
    closed: int
    reopened: int
    a_week: float
    at: int | None
    why: Why


def open_at(one: Lived, t: int) -> bool:
    """Whether it was open at an instant."""
    state = ""
    for step in one.steps:
        if step.t > t:
            break
        state = step.after
    return state not in ("", CLOSED)


def without(found: Sequence[Lived], t: int) -> int:
    """People without coverage at an instant, as far as gaps were known."""
    return sum(one.people for one in found if open_at(one, t))


def trend(found: Sequence[Lived], now: int) -> list[tuple[int, int]]:
    """The same at the end of each week since the first was found, today's at the end: (ms, people)."""
    begun = min((one.steps[0].t for one in found if one.steps), default=None)
    if begun is None:
        return []
    week = WEEK_DAYS * DAY_MS
    instants = [*reversed(range(now, begun, -week))]
    return [(t, without(found, t)) for t in instants]


def outlook(found: Sequence[Lived], now: int) -> Outlook:
    """When the last of these gaps closes at the pace of all of them."""
    since = now - SPAN_DAYS * DAY_MS
    closed = reopened = gained = 0
    for one in found:
        for step in one.steps:
            if not since < step.t <= now:
                continue
            if step.what in REGAINED:
                closed, gained = closed + 1, gained + one.people
            elif step.what == "reopened":
                reopened, gained = reopened + 1, gained - one.people
    left = [one for one in found if open_at(one, now)]
    people = sum(one.people for one in left)
    a_week = gained * WEEK_DAYS / SPAN_DAYS
    why: Why = ""
    at = None
    if not left:
        why = "none_open"
    elif closed < LEAST_CLOSED:
        why = "few_closed"
    elif gained <= 0:
        why = "no_gain"
    else:
        away = round(people / a_week * WEEK_DAYS * DAY_MS)
        at, why = (now + away, "") if away <= MOST_MS else (None, "too_far")
    return Outlook(len(left), people, closed, reopened, round(a_week, 1), at, why)
