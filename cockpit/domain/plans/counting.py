"""How much of a plan is done: the pure counts that figures and pages go by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from cockpit.domain.plans.model import COUNTED, Item, Plan, Project, State


class Count(NamedTuple):
    """So many of all that something is known of; of `untold` more nobody has said what became of them.
    Indicators 24 (targets) and 25 (tasks) are `share` of the plan that runs."""

    achieved: int
    total: int
    untold: int = 0

    @property
    def share(self) -> float | None:
        """Percent, unrounded; None of nothing."""
        return 100 * self.achieved / self.total if self.total else None


def count(items: Iterable[Item]) -> Count:
    """What is done of what counts: dropped items and mere results are in neither number."""
    states = [item.state for item in items]
    return Count(states.count("done"), sum(state in COUNTED for state in states), states.count("untold"))


def known(items: Iterable[Item]) -> bool:
    """Whether anybody has said what became of any of it."""
    return any(item.state not in ("untold", "told") for item in items)


def by_state(items: Iterable[Item]) -> Mapping[State, int]:
    """How many are in each state."""
    return Counter(item.state for item in items)


class Money(NamedTuple):
    """Millions of đồng: allotted, and paid."""

    allotted: int
    paid: int

    @property
    def share(self) -> float | None:
        """Percent, unrounded; None of nothing."""
        return 100 * self.paid / self.allotted if self.allotted else None


def money(projects: Iterable[Project]) -> Money:
    """The money of projects together."""
    pairs = [(p.facts.allotted, p.paid) for p in projects]
    return Money(sum(a for a, _ in pairs), sum(p for _, p in pairs))


def running(plans: Sequence[Plan], day: str, *, made_up: bool = True) -> Plan | None:
    """The province's own plan of a day: the one that ends first of those that run, else the last that ended;
    `made_up` plans count unless told."""
    own = [p for p in plans if not p.facts.province and (made_up or not p.facts.made_up)]
    runs = [p for p in own if p.facts.first <= day <= p.facts.last]
    if runs:
        return min(runs, key=lambda p: (p.facts.last, p.entry.id))
    over = [p for p in own if p.facts.last < day]
    return max(over, key=lambda p: (p.facts.last, p.entry.id), default=None)
