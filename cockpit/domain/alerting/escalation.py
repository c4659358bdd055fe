"""An alert that nobody acknowledges goes up: to the leader of the unit, then to that of the province.

What comes next is a function of the steps, of how far it was brought, and of since when it waits. Instants
are ms on the clock of the alert.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from cockpit.domain.catalog import EscalationStep, Priority, Rule
from cockpit.domain.roles import Role

LADDER: tuple[Role, ...] = ("unit_leader", "leader")
"""To whom an alert is brought, one after the other; the operator has it from the start."""

Steps = tuple[EscalationStep, ...]


class Next(NamedTuple):
    """To whom it goes next, and when, if nobody acknowledges it."""

    to: Role
    at: int
    after_s: int


def above(escalated: str) -> tuple[Role, ...]:
    """The roles above the one that it was brought to, "" where it was brought to none."""
    return LADDER[LADDER.index(escalated) + 1 :] if escalated in LADDER else LADDER


def steps_of(rule: Rule | None, priority: Priority, usual: Mapping[Priority, Steps]) -> Steps:
    """The steps of an alert: its rule's own, or those of its priority."""
    if rule is not None and rule.escalation is not None:
        return rule.escalation
    return usual.get(priority, ())


def following(steps: Steps, escalated: str, since: int) -> Next | None:
    """The next step of an alert that waits since an instant, None where there is none left."""
    left = above(escalated)
    step = next((step for step in steps if step.to in left), None)
    return None if step is None else Next(step.to, since + step.after_s * 1000, step.after_s)


def mistake(steps: Steps) -> str:
    """What is wrong with steps, "" where nothing is."""
    order = [LADDER.index(step.to) for step in steps]
    if order != sorted(set(order)):
        return f"each of {', '.join(LADDER)} at most once, in this order"
    times = [step.after_s for step in steps]
    if any(after < LEAST_S for after in times) or times != sorted(set(times)):
        return f"after_s of {LEAST_S} or more, each more than the one before"
    return ""


LEAST_S = 60
"""Sooner than this nobody can have looked; the engine finds a step within a minute of its alert's opening."""
