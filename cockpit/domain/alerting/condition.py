"""The life of a condition: one rule on one subject. Pure: state in, state and transition out.

    CLEAR ──raise──▶ PENDING ──for──▶ FIRING ──clear──▶ RECOVERING ──keep──▶ CLEAR
      ▲──not raised────┘                ▲──not clear──────┘

A timer's transition carries the instant it was due, not the instant it was noticed. What happens at
the very instant of a timer counts first: a value that clears exactly when `for` is over is in time.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Literal, NamedTuple

State = Literal["clear", "pending", "firing", "recovering"]
What = Literal["pending", "near_miss", "opened", "recovering", "again", "closed"]


class Level(IntEnum):
    """What is known about the subject: surely good, between the two thresholds, bad, or not known."""

    CLEAR = 0
    BAND = 1
    RAISE = 2
    GONE = 3


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds for which it must be bad to fire, and good to close."""

    for_ms: int
    keep_ms: int


class Condition(NamedTuple):
    """State and since when (ms)."""

    state: State = "clear"
    since: int = 0


class Transition(NamedTuple):
    """A change at instant `t`; `first_seen` is when it first was bad, for `opened`."""

    t: int
    before: State
    after: State
    what: What
    first_seen: int


CLEAR = Condition()


def due(condition: Condition, timing: Timing) -> int | None:
    """When the condition changes by itself, or None."""
    if condition.state == "pending":
        return condition.since + timing.for_ms
    if condition.state == "recovering":
        return condition.since + timing.keep_ms
    return None


def feed(condition: Condition, timing: Timing, t: int, level: Level) -> tuple[Condition, Transition | None]:
    """The condition after learning `level` at `t`. Timers due before `t` must have been advanced."""
    state = condition.state
    if state == "clear":
        if level == Level.RAISE:
            if timing.for_ms == 0:
                return _to("firing", t, state, "opened", t)
            return _to("pending", t, state, "pending", t)
    elif state == "pending":
        # Without data nobody can say that it stayed bad: back to clear, and the data alert speaks.
        if level != Level.RAISE:
            return _to("clear", t, state, "near_miss", condition.since)
    elif state == "firing":
        if level == Level.CLEAR:
            if timing.keep_ms == 0:
                return _to("clear", t, state, "closed", condition.since)
            return _to("recovering", t, state, "recovering", condition.since)
    elif level != Level.CLEAR:  # recovering: bad again, or no longer known to be good
        return _to("firing", t, state, "again", condition.since)
    return condition, None


def advance(condition: Condition, timing: Timing, now: int) -> tuple[Condition, Transition | None]:
    """The condition after its timer, if that is due by `now`; the transition is at the due time."""
    at = due(condition, timing)
    if at is None or at > now:
        return condition, None
    if condition.state == "pending":
        return _to("firing", at, "pending", "opened", condition.since)
    return _to("clear", at, "recovering", "closed", condition.since)


def open_late(condition: Condition, t: int) -> tuple[Condition, Transition]:
    """A pending condition whose timer was over and that waited until `t` for its cause: it fires."""
    return _to("firing", t, condition.state, "opened", condition.since)


def _to(state: State, t: int, before: State, what: What, first_seen: int) -> tuple[Condition, Transition]:
    return Condition(state, t), Transition(t, before, state, what, first_seen)
