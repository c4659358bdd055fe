"""What a leader might decide next: candidates from what is known, and the few that weigh most.

The measure is ours and no norm: points from 0 to 100, six tenths by what is at stake and four by how long
nothing has been done. Each is a share of its own scale, so that a figure, a gap, a task and an alert can
stand in one list. Nothing is proposed of what was asked about or given to somebody already.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from cockpit.domain import periods
from cockpit.domain.periods import DAY_MS
from cockpit.domain.requests import Request

Kind = Literal["give_alert", "ask_figure", "plan_gap", "ask_gap", "ask_task"]
"""Give a critical alert to who must act; ask why a figure is red; say who ends a verified gap, or ask why
nobody has looked at one; ask why a task is late."""

Thing = tuple[str, str]
"""What something is about: the kind and the code of an indicator, an alert, a gap, a task."""

KINDS: tuple[Kind, ...] = ("give_alert", "ask_figure", "plan_gap", "ask_gap", "ask_task")
"""In this order where two weigh the same."""

MOST, ALIKE = 3, 2
"""Proposals at most, and of one kind: three of a kind would hide the rest."""

STAKE, WAIT = 60, 40
"""Points for what is at stake, and for how long it waits."""

MISSED = 0.5
"""Share of the target that is missed at which a figure weighs as much as it can."""
PEOPLE = 1_000
"""People without signal at which a gap does."""
TASK = 0.5
"""What is at stake with a task: plans do not say what one weighs."""
ALERT = 1.0
"""And with an alert: only critical ones are proposed."""

FIGURE_MS, GAP_MS, TASK_MS = 7 * DAY_MS, 30 * DAY_MS, 30 * DAY_MS
"""So long red, open or overdue weighs as much as it can. Of an alert it is the time until it is due."""

AGAIN_MS = 7 * DAY_MS
"""So long after an answer was accepted the same is not asked again: what was promised needs time."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that could be decided. `to`: the code of who would have to act; `stake` and `wait`: shares of
    their scales from 0 to 1; `also`: what else it is about."""

    kind: Kind
    about: Thing
    to: str
    stake: float
    wait: float
    also: tuple[Thing, ...] = ()

    @property
    def points(self) -> int:
        """The sum of the two as they are shown."""
        return round(STAKE * self.stake) + round(WAIT * self.wait)


def ranked(found: Iterable[Candidate], taken: Collection[Thing], most: int = MOST) -> list[Candidate]:
    """The few that weigh most, two of a kind, of each kind and addressee one: the next follows when it is
    done. What is `taken`, or about the same as one that weighs more, is left out."""
    gone = set(taken)
    seen: set[tuple[Kind, str]] = set()
    chosen: list[Candidate] = []
    for one in sorted(found, key=lambda c: (-c.points, KINDS.index(c.kind), c.about)):
        things = {one.about, *one.also}
        alike = sum(other.kind == one.kind for other in chosen)
        if len(chosen) == most or alike == ALIKE or things & gone or (one.kind, one.to) in seen:
            continue
        chosen.append(one)
        gone |= things
        seen.add((one.kind, one.to))
    return chosen


def of_alert(
    number: int, to: str, opened: int, due: int, now_ms: int, also: Sequence[Thing] = ()
) -> Candidate:
    """A critical alert that nobody has. Instants in ms on the clock of its source."""
    return Candidate(
        "give_alert", ("alert", str(number)), to, ALERT, _share(now_ms - opened, due - opened), tuple(also)
    )


def of_figure(code: str, to: str, value: float, target: float, days: int) -> Candidate:
    """A figure that is red on so many days in a row, today among them."""
    missed = abs(value - target) / (abs(target) or 1.0)
    return Candidate(
        "ask_figure", ("indicator", code), to, _share(missed, MISSED), _share(days * DAY_MS, FIGURE_MS)
    )


def of_gap(number: int, to: str, people: int, opened: int, now_ms: int, *, verified: bool) -> Candidate:
    """A gap with so many people in it: a verified one wants a plan, another one somebody to look at it."""
    kind: Kind = "plan_gap" if verified else "ask_gap"
    stake, wait = _share(people, PEOPLE), _share(now_ms - opened, GAP_MS)
    return Candidate(kind, ("gap", str(number)), to, stake, wait)


def of_task(number: int, to: str, due: int, now_ms: int) -> Candidate:
    """A task that is overdue."""
    return Candidate("ask_task", ("task", str(number)), to, TASK, _share(now_ms - due, TASK_MS))


def asked(requests: Iterable[Request], now_ms: int) -> set[Thing]:
    """What somebody was asked about and has not answered to the asker's content, or only lately has."""
    return {
        (r.facts.about.kind, r.facts.about.code)
        for r in requests
        if r.entry.closed is None or now_ms - r.entry.closed < AGAIN_MS
    }


def office_end(now_ms: int, days: int, offset_s: int = periods.OFFSET_S) -> int:
    """The end of office hours so many days on, in ms."""
    day = periods.day_number(now_ms, offset_s) + days
    return periods.day_start_ms(day, offset_s) + periods.WORK_HOURS[-1][1] * periods.MINUTE_MS


def red_days(earlier: Sequence[float], limit: float, *, up: bool) -> int:
    """On how many days in a row a figure was beyond the limit of red that counts today, today among them;
    `earlier`: what it was on the days before, oldest first."""
    n = 1
    for value in reversed(earlier):
        if (value >= limit) if up else (value <= limit):
            break
        n += 1
    return n


def _share(part: float, whole: float) -> float:
    return 1.0 if whole <= 0 else min(1.0, max(0.0, part / whole))
