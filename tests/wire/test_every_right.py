"""Every command by every role over HTTP: what the table refuses is refused before all else is looked at."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from cockpit.commands import table
from cockpit.domain.access import sees
from cockpit.domain.instants import iso
from cockpit.domain.registers import PROJECT
from cockpit.domain.roles import OF_A_UNIT, ROLES, Role, roles_of
from tests.store import inside
from tests.wire.conftest import START, Bench
from tests.wire.test_gap_steps import gap
from tests.wire.test_plans import OURS, ship
from tests.wire.test_report_typed import OWNER, of_unit
from tests.wire.test_requests import ask, client, do

UNIT = "stc"
WHY = "vì thử quyền"


def given(bench: Bench, role: Role) -> dict[str, str]:
    """What becomes of every command with an argument that none of them has."""
    who = client(bench, role, UNIT)
    return {line.name: do(who, line.name, WHY, **{"nothing like it": 1})["code"] for line in table.lines()}


@pytest.mark.parametrize("role", ROLES)
def test_in_a_demo_each_role_gives_what_the_table_says_and_nothing_else(demo: Bench, role: Role) -> None:
    expected = {line.name: "bad_argument" if role in line.roles else "no_right" for line in table.lines()}
    assert given(demo, role) == expected
    recorded = {c.name: c.outcome for c in inside.commands(demo.store)}
    assert recorded == {name: code for name, code in expected.items() if name != "seen"}, "refused ones, too"


@pytest.mark.parametrize("role", roles_of(demo=False))
def test_in_earnest_nobody_gives_the_commands_of_a_stage(bench: Bench, role: Role) -> None:
    for line, code in zip(table.lines(), given(bench, role).values(), strict=True):
        if role not in line.roles:
            assert code == "no_right", line.name
        elif not line.demo:
            assert code == "bad_argument", line.name
        else:
            assert code in ("no_right", "unknown"), line.name


def test_without_a_person_no_command_is_taken(bench: Bench) -> None:
    for line in table.lines():
        body = {"name": line.name, "args": {}, "reason": WHY}
        assert bench.client().post("/api/v1/commands", json=body).status_code == 401
        for token in (bench.token(role="reader"), bench.token("cam-vms")):
            assert bench.client(token).post("/api/v1/commands", json=body).status_code == 403
    assert inside.commands(bench.store) == []


def test_who_reads_the_record_is_who_the_table_says(bench: Bench) -> None:
    for role in roles_of(demo=False):
        assert client(bench, role, UNIT).get("/api/v1/audit").status_code == (
            200 if sees("audit", role) else 403
        )
    assert bench.client().get("/api/v1/audit").status_code == 401
    assert bench.client(bench.token(role="reader")).get("/api/v1/audit").status_code == 403


def _row(bench: Bench, part: str) -> int:
    """A row of a plan that another department answers for."""
    ship(bench)
    rows = bench.client().get(f"/api/v1/plans/{OURS}").json()[part]
    return next(int(row["id"]) for row in rows if row["owner"] not in ("", UNIT))


def _answered(bench: Bench) -> int:
    number = ask(bench, "skhcn")
    assert do(client(bench, "officer", "skhcn"), "answer", request=number, text="Do mưa.")["code"] == "done"
    return number


def _reported(bench: Bench) -> int:
    told = do(of_unit(bench, "officer", OWNER), "report_add", indicator="I08", period="2026-10", value=97.0)
    return int(told["facts"]["report"])


FOREIGN: dict[str, Callable[[Bench], dict[str, Any]]] = {
    "accept": lambda bench: {"request": _answered(bench)},
    "answer": lambda bench: {"request": ask(bench, "skhcn"), "text": "Do mưa."},
    "send_back": lambda bench: {"request": _answered(bench)},
    "request_explanation": lambda bench: {"about": {"kind": "indicator", "code": "I42"}, "to": "skhcn"},
    "task_assign": lambda bench: {
        "about": {"kind": "indicator", "code": "I42"}, "to": "skhcn", "text": "Làm ngay",
        "due": iso(START + 86_400_000),
    },
    "task_explain": lambda bench: {"task": _row(bench, "tasks"), "why": "Thiếu người"},
    "task_move": lambda bench: {"task": _row(bench, "tasks"), "state": "doing"},
    "target_move": lambda bench: {"target": _row(bench, "targets"), "state": "doing"},
    "project_paid": lambda bench: {"project": _row(bench, f"{PROJECT}s"), "month": "2026-10", "paid": 1},
    "gap_verify": lambda bench: {"gap": gap(bench), "evidence": "BB"},
    "gap_plan": lambda bench: {"gap": gap(bench), "owner": "skhcn", "due": iso(START + 86_400_000)},
    "gap_build": lambda bench: {"gap": gap(bench)},
    "gap_close": lambda bench: {"gap": gap(bench)},
    "gap_reopen": lambda bench: {"gap": gap(bench)},
    "report_add": lambda bench: {"indicator": "I08", "period": "2026-10", "unit": "ca", "value": 1},
    "report_add_many": lambda bench: {"rows": [FOREIGN["report_add"](bench)]},
    "report_withdraw": lambda bench: {"report": _reported(bench)},
}  # fmt: skip
"""By command: what is another unit's."""


def test_all_that_is_for_the_own_unit_alone_is_tried_on_another() -> None:
    assert FOREIGN.keys() == {line.name for line in table.lines() if line.own}


@pytest.mark.parametrize("name", FOREIGN)
def test_whoever_is_of_a_unit_acts_for_that_unit_alone(bench: Bench, name: str) -> None:
    line = next(one for one in table.lines() if one.name == name)
    args = FOREIGN[name](bench)
    for role in sorted(OF_A_UNIT.intersection(line.roles)):
        who: TestClient = client(bench, role, UNIT, "Người khác")
        assert do(who, name, WHY, **args)["code"] == "no_right", role
