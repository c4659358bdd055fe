"""What is kept in registers, read over HTTP."""

from __future__ import annotations

from starlette.testclient import TestClient

from cockpit.domain.registers import CLOSED, GAP, Entry, Moved, Step
from cockpit.store import registers
from tests.waiting import PATIENCE_S
from tests.wire.conftest import START, Bench

FACTS = {
    "cells": ["88415a0001fffff"], "lat": 21.35, "lon": 107.45, "samples": 40, "groups": 30, "devices": 5,
    "share": 0.95, "low": 0.87, "high": 0.99, "rsrp_sum": -44_000, "last": START - 60_000,
}  # fmt: skip


def keep(bench: Bench, entry: Entry, seen: int, what: str, before: str) -> None:
    moved = Moved(entry, seen, Step(START, "engine", what, before, entry.state, {"cells": 1}))
    assert bench.store.write(lambda conn: registers.move(conn, moved)).result(PATIENCE_S)


def begin(bench: Bench) -> tuple[str, str]:
    """A gap that is open and one that has closed; their units."""
    one, other = bench.profile.units[0].code, bench.profile.units[1].code
    keep(bench, Entry(GAP, 1, "reported", one, "skhcn", START, START + 1000, facts=FACTS), 0, "found", "")
    keep(bench, Entry(GAP, 2, "reported", other, "skhcn", START, START + 1000, facts=FACTS), 0, "found", "")
    closed = Entry(GAP, 2, CLOSED, other, "skhcn", START, None, START + 500, 2, FACTS)
    keep(bench, closed, 1, "measured_good", "reported")
    return one, other


def test_gaps_are_told_with_code_measure_and_due_time(bench: Bench) -> None:
    one, _ = begin(bench)
    found = bench.client().get("/api/v1/coverage/gaps").json()
    assert list(found) == ["gaps"]
    (hamlet,) = found["gaps"][0].pop("hamlets")[:1]
    assert (hamlet["made_up"], hamlet["inside"]) == (True, False)
    assert found["gaps"] == [
        {
            "code": "LS-1", "id": 1, "state": "reported", "unit": one, "owner": "skhcn",
            "opened": "2026-11-22T01:00:00.000+00:00", "due": "2026-11-22T01:00:01.000+00:00", "version": 1,
            "simulated": False,
            "cells": FACTS["cells"], "lat": 21.35, "lon": 107.45, "samples": 40, "groups": 30, "devices": 5,
            "share": 0.95, "low": 0.87, "high": 0.99, "mean_dbm": -110.0,
            "last": "2026-11-22T00:59:00.000+00:00", "reopened": 0,
            "money": None, "kind": "patchy", "operators": [],
            "people": {"low": 0, "mid": 0, "high": 0, "basis": "spread"},
            "households": None, "schools": None, "offices": None, "grid": None, "road": None,
        }
    ]  # fmt: skip


def count(bench: Bench) -> None:
    """What the engine keeps while a demo's past comes in."""
    found = [{"unit": bench.profile.units[0].code, **FACTS}]
    bench.store.write(lambda conn: registers.count(conn, GAP, found)).result(PATIENCE_S)


def test_while_the_past_comes_in_the_ground_that_is_counted_is_told_without_numbers(bench: Bench) -> None:
    count(bench)
    found = bench.client().get("/api/v1/coverage/gaps").json()
    assert found["gaps"] == []
    (ground,) = found["counted"]
    assert (ground["unit"], ground["mean_dbm"]) == (bench.profile.units[0].code, -110.0)
    assert ground["cells"] == FACTS["cells"]
    assert "id" not in ground


def test_a_register_is_asked_for_by_state_and_unit(bench: Bench) -> None:
    one, _ = begin(bench)
    client = bench.client()

    def asked(query: str) -> list[str]:
        return [e["code"] for e in client.get(f"/api/v1/registers/gap{query}").json()["gap"]]

    assert asked("") == ["LS-1", "LS-2"]
    assert asked("?state=closed") == ["LS-2"]
    assert asked(f"?unit={one}") == ["LS-1"]
    assert asked(f"?unit={one}&state=closed") == []
    assert client.get("/api/v1/registers/gap?unit=nowhere").status_code == 400
    assert client.get("/api/v1/registers/gap?units=1").status_code == 400
    assert client.get("/api/v1/registers/gap?state=opened").status_code == 400
    assert asked("?limit=1") == ["LS-2"]


def test_an_entry_tells_its_life_and_what_is_not_there_is_said(client: TestClient, bench: Bench) -> None:
    begin(bench)
    found = client.get("/api/v1/registers/gap/2").json()
    assert (found["state"], found["version"], found["due"]) == ("closed", 2, None)
    assert [(s["what"], s["before"], s["after"], s["evidence"]) for s in found["history"]] == [
        ("found", "", "reported", {"cells": 1}), ("measured_good", "reported", "closed", {"cells": 1}),
    ]  # fmt: skip
    for path, code in (
        ("gap/9", "no_such_entry"),
        (f"gap/{2**63}", "no_such_entry"),
        ("hole", "no_such_register"),
        ("hole/1", "no_such_register"),
    ):
        answer = client.get(f"/api/v1/registers/{path}")
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, code)
