"""The life of a coverage gap over HTTP: who takes which step, in which order, and what proves its end."""

from __future__ import annotations

from typing import Any

import h3
import pytest

from cockpit.domain.instants import iso
from cockpit.domain.registers import GAP, Entry
from tests.clocks import HandClock
from tests.wire import handed
from tests.wire.conftest import START, Bench
from tests.wire.test_events import ALL, post, sample
from tests.wire.test_evidence import hand_in
from tests.wire.test_registers import FACTS, keep
from tests.wire.test_requests import client, do

LAT, LON = 20.95, 107.08
CELL = h3.latlng_to_cell(LAT, LON, 8)
MONTH_ON = START + 30 * 86_400_000


def gap(bench: Bench, state: str = "reported", number: int = 1) -> int:
    facts = {**FACTS, "cells": [CELL]}
    unit = bench.profile.units[0].code
    keep(bench, Entry(GAP, number, state, unit, "skhcn", START, START + 1000, facts=facts), 0, "found", "")
    return number


def entry(bench: Bench, number: int = 1) -> dict[str, Any]:
    found: dict[str, Any] = bench.client().get(f"/api/v1/registers/gap/{number}").json()
    return found


def measure(bench: Bench, n: int, rsrp_dbm: float, first: int = 0, operator: str = "viettel") -> None:
    """Samples of as many phones, taken and sent now: each an independent look."""
    sent = [
        {
            **sample(lat=LAT, lon=LON, rsrp_dbm=rsrp_dbm, operator=operator),
            "id": f"s{first + i}", "subject": f"phone-{first + i}", "time": iso(bench.clock.domain_ms()),
        }
        for i in range(n)
    ]  # fmt: skip
    assert post(bench.client(bench.token(*ALL)), sent).json()["accepted"] == n
    bench.store.flush()


def to_building(bench: Bench, who: Any, number: int = 1) -> None:
    assert do(who, "gap_verify", gap=number, evidence="Biên bản 12/BB")["code"] == "done"
    assert do(who, "gap_plan", gap=number, owner="viettel", due=iso(MONTH_ON), money=900)["code"] == "done"
    assert do(who, "gap_build", gap=number)["code"] == "done"


def test_the_whole_life_of_a_gap_from_a_report_to_the_proof_and_back(bench: Bench) -> None:
    gap(bench)
    officer = client(bench, "officer", "skhcn", "Minh")
    file = hand_in(officer, handed.PDF, "Biên bản.pdf").json()["evidence"]
    done = do(officer, "gap_verify", gap=1, evidence=["12/BB-KHCN", file])
    assert done["code"] == "done"
    assert list(done["facts"]) == ["gap", "state", "due", "version"]
    assert (done["facts"]["gap"], done["facts"]["state"]) == (1, "verified")
    planned = do(officer, "gap_plan", gap=1, owner="viettel", due=iso(MONTH_ON), money=900)
    assert (planned["facts"]["due"], planned["facts"]["owner"]) == (MONTH_ON, "viettel")
    measure(bench, 12, -118)  # bad, and before the work
    assert do(client(bench, "operator"), "gap_build", gap=1)["code"] == "done"
    assert entry(bench)["due"] == iso(MONTH_ON), "what was planned stays due until it is proved"
    assert do(client(bench, "operator"), "gap_close", gap=1)["code"] == "evidence_needed"
    measure(bench, 9, -80, first=20)
    refused = do(client(bench, "operator"), "gap_close", gap=1)
    assert (refused["code"], refused["facts"]["groups"]) == ("evidence_needed", 9)
    measure(bench, 1, -80, first=30)
    assert do(client(bench, "operator"), "gap_close", gap=1)["code"] == "done"
    over = entry(bench)
    assert (over["state"], over["closed"], over["due"]) == ("closed", iso(START), None)
    assert over["facts"]["after"]["groups"] == 10
    assert over["facts"]["before"]["share"] == FACTS["share"]
    assert [(s["actor"], s["what"], s["after"]) for s in over["history"]][1:] == [
        ("Minh", "verified", "verified"), ("Minh", "planned", "planned"), ("Lan", "building", "building"),
        ("Lan", "proved", "closed"),
    ]  # fmt: skip
    assert over["history"][1]["evidence"]["documents"] == ["12/BB-KHCN"]
    assert over["history"][1]["evidence"]["evidence"][0]["id"] == file
    assert over["history"][2]["evidence"]["money"] == 900
    assert do(client(bench, "operator"), "gap_reopen", "Dân phản ánh mất sóng", gap=1)["code"] == "done"
    again = entry(bench)
    assert (again["id"], again["state"], again["closed"], again["facts"]["reopened"]) == (
        1, "verified", None, 1,
    )  # fmt: skip
    assert "after" not in again["facts"]
    (listed,) = bench.client().get("/api/v1/coverage/gaps").json()["gaps"]
    assert (listed["state"], listed["reopened"]) == ("verified", 1)


def test_a_place_that_stays_bad_after_the_work_is_not_closed_however_much_is_measured(bench: Bench) -> None:
    gap(bench)
    who = client(bench, "operator")
    to_building(bench, who)
    measure(bench, 12, -80)
    measure(bench, 6, -118, first=20)
    assert do(who, "gap_close", gap=1, evidence="Ảnh trạm")["code"] == "evidence_needed"


def test_one_operator_that_serves_the_place_is_enough(bench: Bench) -> None:
    gap(bench)
    who = client(bench, "operator")
    to_building(bench, who)
    measure(bench, 12, -118)
    measure(bench, 12, -80, first=20, operator="vnpt")
    assert do(who, "gap_close", gap=1)["code"] == "done"


@pytest.mark.parametrize(
    ("state", "codes"),
    [
        ("reported", ["done", "wrong_state", "wrong_state", "wrong_state", "wrong_state"]),
        ("verified", ["already", "done", "wrong_state", "wrong_state", "wrong_state"]),
        ("planned", ["wrong_state", "done", "done", "wrong_state", "wrong_state"]),
        ("building", ["wrong_state", "wrong_state", "already", "evidence_needed", "wrong_state"]),
        ("closed", ["wrong_state", "wrong_state", "wrong_state", "already", "done"]),
    ],
)
def test_steps_are_taken_in_order_alone(bench: Bench, state: str, codes: list[str]) -> None:
    who = client(bench, "operator")
    for n, (name, code) in enumerate(zip(("verify", "plan", "build", "close", "reopen"), codes, strict=True)):
        gap(bench, state, n + 1)
        args: dict[str, Any] = {"gap": n + 1}
        if name == "verify":
            args["evidence"] = "Biên bản"
        if name == "plan":
            args |= {"owner": "viettel", "due": iso(MONTH_ON)}
        found = do(who, f"gap_{name}", **args)
        assert (name, found["code"]) == (name, code)
        assert found["facts"]["gap"] == n + 1


@pytest.mark.parametrize(
    ("role", "unit", "code"),
    [
        ("officer", "skhcn", "done"), ("unit_leader", "skhcn", "done"), ("officer", "HERE", "done"),
        ("unit_leader", "HERE", "done"), ("operator", "", "done"), ("officer", "ca", "no_right"),
        ("unit_leader", "", "no_right"), ("leader", "", "no_right"), ("admin", "", "no_right"),
    ],
)  # fmt: skip
def test_people_of_the_unit_and_operators_take_steps(bench: Bench, role: str, unit: str, code: str) -> None:
    gap(bench)
    whose = bench.profile.units[0].code if unit == "HERE" else unit
    who = client(bench, role, whose)
    assert do(who, "gap_verify", gap=1, evidence="Biên bản")["code"] == code
    assert entry(bench)["state"] == ("verified" if code == "done" else "reported")


def test_rights_come_before_arguments_and_arguments_before_the_state(bench: Bench) -> None:
    gap(bench)
    bad: dict[str, Any] = {"gap": 1, "owner": "nobody", "due": iso(MONTH_ON)}
    assert do(client(bench, "officer", "ca"), "gap_plan", **bad)["code"] == "no_right"
    who = client(bench, "operator")
    assert do(who, "gap_plan", **bad)["code"] == "bad_argument"
    assert do(who, "gap_plan", gap=1, owner="viettel", due=iso(START - 1))["code"] == "bad_argument"
    assert do(who, "gap_plan", gap=1, owner="viettel", due=iso(MONTH_ON))["code"] == "wrong_state"
    assert do(who, "gap_verify", gap=1)["code"] == "bad_argument"
    assert do(who, "gap_verify", gap=1, evidence=" ")["code"] == "evidence_needed"
    assert do(who, "gap_verify", gap=9, evidence="x")["code"] == "unknown"
    assert do(who, "gap_verify", gap=1, evidence="a" * 64)["code"] == "unknown"


def test_of_two_who_saw_the_same_gap_one_acts(bench: Bench) -> None:
    gap(bench)
    who = client(bench, "operator")
    assert do(who, "gap_verify", gap=1, evidence="Biên bản", version=1)["code"] == "done"
    assert do(who, "gap_plan", gap=1, owner="ca", due=iso(MONTH_ON), version=1)["code"] == "changed"
    assert do(who, "gap_plan", gap=1, owner="viettel", due=iso(MONTH_ON), version=2)["code"] == "done"
    assert do(who, "gap_plan", gap=1, owner="viettel", due=iso(MONTH_ON), version=3)["code"] == "already"


def test_what_the_day_of_the_work_had_measured_before_it_is_no_proof(bench: Bench) -> None:
    gap(bench)
    who = client(bench, "operator")
    measure(bench, 30, -80)
    to_building(bench, who)
    assert do(who, "gap_close", gap=1)["facts"]["groups"] == 0
    assert isinstance(bench.clock, HandClock)
    bench.clock.advance(86_400_000)
    measure(bench, 10, -80, first=40)
    assert do(who, "gap_close", gap=1)["code"] == "done"
