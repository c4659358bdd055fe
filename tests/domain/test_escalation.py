"""To whom an alert goes next, when, and which steps are none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.alerting.escalation import LADDER, following, mistake
from cockpit.domain.catalog import EscalationStep

UNIT, LEADER = EscalationStep("unit_leader", 300), EscalationStep("leader", 900)


def test_steps_follow_each_other_from_one_beginning() -> None:
    first = following((UNIT, LEADER), "", 1_000)
    second = following((UNIT, LEADER), "unit_leader", 1_000)
    assert first == ("unit_leader", 301_000, 300)
    assert second == ("leader", 901_000, 900)
    assert following((UNIT, LEADER), "leader", 1_000) is None


def test_a_step_below_where_it_was_brought_by_hand_is_passed_over() -> None:
    assert following((UNIT,), "unit_leader", 0) is None
    assert following((LEADER,), "", 0) == ("leader", 900_000, 900)


@pytest.mark.parametrize(
    "steps",
    [
        (LEADER, UNIT),
        (UNIT, UNIT),
        (EscalationStep("unit_leader", 59),),
        (EscalationStep("unit_leader", 300), EscalationStep("leader", 300)),
    ],
)
def test_steps_out_of_order_or_too_soon_are_a_mistake(steps: tuple[EscalationStep, ...]) -> None:
    assert mistake(steps)


@given(st.lists(st.integers(60, 10_000), min_size=1, max_size=2, unique=True), st.integers(0, 2**40))
def test_good_steps_end_and_never_go_back(times: list[int], since: int) -> None:
    steps = tuple(EscalationStep(to, s) for to, s in zip(LADDER, sorted(times), strict=False))  # type: ignore[arg-type]
    assert mistake(steps) == ""
    brought, instants = "", [since]
    while (step := following(steps, brought, since)) is not None:
        brought = step.to
        instants.append(step.at)
    assert len(instants) == len(steps) + 1
    assert instants == sorted(set(instants))
