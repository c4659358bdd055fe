"""Proposed decisions over HTTP: with the command that carries each out, as it is given back."""

from __future__ import annotations

from cockpit.domain.catalog import Text
from cockpit.domain.plans.model import ItemFacts, plain
from cockpit.domain.registers import GAP, TASK, Entry
from cockpit.store.indicators import save_now
from cockpit.store.rows import IndicatorNow
from tests.waiting import PATIENCE_S
from tests.wire.conftest import START, Bench
from tests.wire.test_registers import FACTS, keep
from tests.wire.test_requests import client, do

DAY_MS = 86_400_000


def proposed(bench: Bench) -> list[dict[str, object]]:
    answer = bench.client().get("/api/v1/decisions")
    assert answer.status_code == 200, answer.text
    assert list(answer.json()) == ["decisions"]
    found: list[dict[str, object]] = answer.json()["decisions"]
    return found


def test_each_is_carried_out_by_the_command_that_stands_beside_it(bench: Bench) -> None:
    assert proposed(bench) == []
    row = IndicatorNow("I08", "", 50.0, START, 40, "red", "{}", START)
    bench.store.write(lambda conn: save_now(conn, [row])).result(PATIENCE_S)
    unit = bench.profile.units[0].code
    keep(bench, Entry(GAP, 1, "verified", unit, "skhcn", START - DAY_MS, START, facts=FACTS), 0, "found", "")
    facts = plain(ItemFacts(plan="K", code="N1", name=Text("Việc", "Work")))
    late = Entry(TASK, 1, "doing", "", "stc", START - 9 * DAY_MS, START - 3 * DAY_MS, facts=facts)
    keep(bench, late, 0, "entered", "")
    found = {str(one["kind"]): one for one in proposed(bench)}
    assert set(found) == {"ask_figure", "plan_gap", "ask_task"}
    figure, gap, task = found["ask_figure"], found["plan_gap"], found["ask_task"]
    assert (figure["about"], figure["to"], figure["value"]) == (
        {"kind": "indicator", "code": "I08"},
        "pvhcc",
        50.0,
    )
    assert figure["red_days"] == 1
    assert (gap["people"], gap["due"]) == (
        {"low": 0, "mid": 0, "high": 0, "basis": "spread"}, "2027-01-21T10:00:00.000+00:00",
    )  # fmt: skip
    assert (task["stake"], task["wait"], task["points"]) == (0.5, 0.1, 34)
    roles = {name: one["command"]["roles"] for name, one in found.items()}  # type: ignore[index]
    assert roles == {
        "ask_figure": ["leader", "unit_leader"], "ask_task": ["leader", "unit_leader"],
        "plan_gap": ["unit_leader", "operator", "officer"],
    }  # fmt: skip
    for one, role in ((figure, "leader"), (task, "leader"), (gap, "operator")):
        order = one["command"]
        assert isinstance(order, dict)
        assert do(client(bench, role), order["name"], **order["args"])["code"] == "done"
    assert proposed(bench) == []
