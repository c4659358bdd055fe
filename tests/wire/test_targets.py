"""Targets over HTTP: set for a period by who may, with versions, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from cockpit.domain.instants import iso
from tests.wire.conftest import START, Bench
from tests.wire.test_commands import give, person
from tests.wire.test_indicators import counted, read

__all__ = ["counted"]

WHY = "Nghị quyết của Tỉnh ủy"
UNIT = "07192"


def put(bench: Bench, role: str = "leader", reason: str = WHY, **args: Any) -> Any:
    """What became of `target_set` for I10 (83.4, red under 75) this month, unless told."""
    args = {"indicator": "I10", "period": "2026-11", "value": 60, **args}
    answer = give(person(bench, role, f"{role} Lan"), "target_set", args, reason)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_target_of_a_period_is_set_and_read_with_who_set_it_when_and_why(counted: Bench) -> None:
    before = read(counted, "indicators/I10?period=month")
    assert (before["target"], before["watch"], before["status"]) == (83.4, 75, "red")
    assert (before["target_version"], before["versions"], before["path"]) == (0, [], [])
    first = put(counted)
    number = first["facts"]["target"]
    assert list(first["facts"])[0] == "target"
    assert first == {
        "code": "done",
        "facts": {
            "target": number, "indicator": "I10", "unit": "", "period": "2026-11", "value": 60.0,
            "before": 83.4, "version": 1, "at": START,
        },
    }  # fmt: skip
    put(counted, "admin", value=50)
    after = read(counted, "indicators/I10?period=month")
    assert (after["target"], after["status"]) == (50, "green")
    assert after["watch"] == pytest.approx(75 / 83.4 * 50)
    assert (after["target_version"], after["target_period"]) == (2, "2026-11")
    assert after["versions"][0] == {
        "target": number + 1, "unit": "", "period": "2026-11", "version": 2, "value": 50, "before": 60,
        "at": iso(START), "at_real": iso(START), "by": "admin Lan", "role": "admin", "reason": WHY,
    }  # fmt: skip
    assert [v["version"] for v in after["versions"]] == [2, 1]
    assert [(p["period"], p["value"], p["version"]) for p in after["path"]] == [("2026-11", 50, 2)]
    now = read(counted, "indicators/I10")
    assert (now["target"], now["target_version"]) == (50, 2)
    assert {i["code"]: i["target"] for i in read(counted, "indicators")["indicators"]}["I10"] == 50
    assert read(counted, "indicators/I10?period=quarter")["target"] == 83.4, "a month says nothing of it"
