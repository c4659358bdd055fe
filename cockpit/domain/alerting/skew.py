"""Whether the clock of a device is wrong, from the times it gives its events and when these arrived.

A clock is *ahead* when an event carries a time that has not come yet. It is *behind* by a wrong zone when
events stand whole half hours before their reception *and* time went back against what the device had sent
before: a feed that delivers late also arrives hours behind, but its times go on where they had stopped.
Ordinary lateness says nothing about a clock, neither good nor bad.
"""

from __future__ import annotations

from typing import NamedTuple

from cockpit.domain.alerting.condition import Level

HALF_HOUR_MS = 1_800_000
"""Zones differ by whole half hours (the few by quarters have no border with this country)."""

NEAR_MS = 90_000
"""How far from a whole half hour a clock in the wrong zone may be, way of the event included."""

BACK_MS = 300_000
"""Times that go back by more than this are no matter of order of arrival."""

UNKNOWN_BACK_MS = 2 * 3_600_000
"""A device heard for the first time: nothing to go back against. So far behind it is a zone."""

FEED_SHARE, FEED_CLEAR = 0.5, 0.25
"""When more than this share of a feed's devices have a wrong clock it is one matter, of whoever set them; it
is over when no more than the second still have."""

FEED_LEAST = 4
"""Devices that a feed must have for that."""

LEAST = 2
"""Events in a row that make a wrong clock; one alone may be a slip."""


def level_of_feed(wrong: int, devices: int) -> Level:
    """Where a feed stands by how many of its devices have a wrong clock."""
    share = wrong / devices
    return Level.RAISE if share > FEED_SHARE else Level.BAND if share > FEED_CLEAR else Level.CLEAR


class Streak(NamedTuple):
    """Events in a row with a wrong time: how many, by how much the last was off (ms, ahead is positive),
    when it was received, and whether it was refused."""

    n: int
    offset: int
    last: int
    refused: bool = False

    @property
    def wrong(self) -> bool:
        return self.n >= LEAST


def zone_behind(offset: int) -> bool:
    """Whether an offset (event time less reception, ms) lies whole half hours behind."""
    zones = round(-offset / HALF_HOUR_MS)
    return zones >= 1 and abs(-offset - zones * HALF_HOUR_MS) <= NEAR_MS


def follow(
    streak: Streak | None,
    time: int,
    received: int,
    newest: int,
    ahead_ms: int,
    good_ms: int,
    refused: bool,
) -> tuple[Streak | None, bool]:
    """The streak after an event, and whether that event's own time was wrong.

    `newest`: the newest event time of the device before it, 0 if none. `ahead_ms`: further ahead is wrong;
    `good_ms`: not further ahead is right again.
    """
    offset = time - received
    if offset > ahead_ms:
        n = streak.n if streak is not None and streak.offset > 0 else 0
        return Streak(n + 1, offset, received, refused), True
    if zone_behind(offset):
        if streak is not None and abs(streak.offset - offset) <= 2 * NEAR_MS:
            return Streak(streak.n + 1, offset, received, refused), True
        went_back = newest - time > BACK_MS if newest else -offset >= UNKNOWN_BACK_MS - NEAR_MS
        if went_back:
            return Streak(1, offset, received, refused), True
        return streak, False
    if -NEAR_MS <= offset <= good_ms:
        return None, False
    return streak, False
