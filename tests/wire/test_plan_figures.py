"""The figures of plans are counted in the register of plans and move with it; what is typed stands beside."""

from __future__ import annotations

from typing import Any

import pytest

from cockpit.commands import Actor, Asked, Command, execute
from cockpit.ingest import shipped
from tests.wire.conftest import START
from tests.wire.test_parts import card, tell
from tests.wire.test_plans import OURS
from tests.wire.test_reports import Office, office

__all__ = ["office"]

FIGURES = [("I24", "targets"), ("I25", "tasks")]


@pytest.fixture
def kept(office: Office) -> Office:
    """With the plans that are shipped, and what a demo makes up."""
    shipped.ship(office.bench.store, office.bench.profile, START, demo=True)
    return office


def counted(office: Office, part: str) -> Any:
    return office.bench.client().get(f"/api/v1/plans/{OURS}").json()["counts"][part]


@pytest.mark.parametrize(("code", "part"), FIGURES)
def test_a_figure_of_plans_is_what_the_register_counts(kept: Office, code: str, part: str) -> None:
    of = counted(kept, part)
    assert of["total"] > of["achieved"] > 0
    figure = card(kept, code).figure
    assert figure.value == pytest.approx(of["share"])
    assert (figure.part, figure.whole, figure.finished) == (of["achieved"], of["total"], False)
    told = kept.bench.client().get(f"/api/v1/indicators/{code}").json()
    assert [p["value"] for p in told["parts"]] == [of["achieved"], of["total"]]


@pytest.mark.parametrize(("code", "part"), FIGURES)
def test_what_is_typed_of_it_is_never_the_figure(kept: Office, code: str, part: str) -> None:
    tell(kept, "ke-hoach", indicator=code, period="2026-11", value=45.7)
    found = card(kept, code)
    assert found.figure.value == pytest.approx(counted(kept, part)["share"])
    assert found.reported is not None
    assert found.reported.value == 45.7
    assert found.difference is not None
    assert (found.difference.measured, found.difference.reported) == (found.figure.value, 45.7)
    assert "11" not in found.indicator.formula.vi, "nothing published of another year"


def test_it_moves_with_a_step_in_the_register(kept: Office) -> None:
    before = card(kept, "I25").figure
    plan = kept.bench.client().get(f"/api/v1/plans/{OURS}").json()
    task = next(t for t in plan["tasks"] if t["row"] == "N13")
    move = Asked("task_move", {"task": task["id"], "state": "done", "evidence": ["x"]})
    done = execute(kept.bench, Command(Actor("Lan", "officer", "skhcn"), move, ""))
    assert done.code == "done"
    after = card(kept, "I25").figure
    assert (after.part, after.whole) == ((before.part or 0) + 1, before.whole)


def test_without_a_plan_there_is_no_figure(office: Office) -> None:
    tell(office, "ke-hoach", indicator="I24", period="2026-11", value=45.7)
    assert card(office, "I24").figure.value is None


def test_figures_of_plans_are_not_counted_as_fed_by_machines(kept: Office) -> None:
    def machines() -> float | None:
        return card(kept, "I29").figure.part

    before = machines()
    assert card(kept, "I24").figure.value is not None
    assert machines() == before, "people move the register"
