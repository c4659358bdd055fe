"""Targets over HTTP: set for a period by who may, with versions, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from cockpit.domain.instants import iso
from cockpit.store import indicators
from cockpit.store.rows import IndicatorNow
from tests.clocks import HandClock
from tests.waiting import PATIENCE_S
from tests.wire.conftest import START, Bench, make
from tests.wire.test_commands import give, person
from tests.wire.test_events import post, record
from tests.wire.test_indicators import read

WHY = "Nghị quyết của Tỉnh ủy"
UNIT, OTHER = "07192", "06652"
DAY_MS = 86_400_000
OCTOBER = "at=2026-10-20T08:00:00%2B07:00"


@pytest.fixture
def counted(bench: Bench) -> Bench:
    """Forty dossiers of a unit today and as many last month, 28 of each forty online: enough to be judged."""
    events = []
    for back in (0, 25):
        for i in range(40):
            made = record(key=f"H{back}-{i}", unit=UNIT, fields={"online": i < 28})
            events.append({**made, "id": f"{back}-{i}", "time": iso(START - back * DAY_MS)})
    assert post(bench.client(bench.token("mot-cua")), events).json()["rejected"] == []
    return bench


def put(bench: Bench, role: str = "leader", reason: str = WHY, **args: Any) -> Any:
    """What became of `target_set` for I10 (83.4, red under 75) this month, unless told."""
    args = {"indicator": "I10", "period": "2026-11", "value": 60, **args}
    answer = give(person(bench, role, f"{role} Lan"), "target_set", args, reason)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_target_of_a_period_is_set_and_read_with_who_set_it_when_and_why(counted: Bench) -> None:
    before = read(counted, "indicators/I10?period=month")
    assert (before["value"], before["target"], before["watch"], before["status"]) == (70, 83.4, 75, "red")
    assert (before["target_version"], before["versions"], before["path"]) == (0, [], [])
    first = put(counted)
    number = first["facts"]["target"]
    assert next(iter(first["facts"])) == "target"
    assert first == {
        "code": "done",
        "facts": {
            "target": number, "indicator": "I10", "unit": "", "period": "2026-11", "value": 60.0,
            "before": 83.4, "version": 1, "at": START,
        },
    }  # fmt: skip
    assert put(counted, "admin", value=50)["facts"]["version"] == 2
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
    told = counted.client().get("/api/v1/audit?name=target_set", headers=admin(counted)).json()["audit"]
    assert [(c["actor"], c["code"], c["reason"]) for c in told] == [
        ("admin Lan", "done", WHY), ("leader Lan", "done", WHY),
    ]  # fmt: skip


def admin(bench: Bench) -> dict[str, str]:
    return dict(person(bench, "admin").headers)


def test_the_path_goes_on_from_period_to_period(counted: Bench) -> None:
    for period, value in (("2027", 95), ("2026-12", 85), ("2026-Q4", 65), ("2026", 80)):
        assert put(counted, period=period, value=value)["code"] == "done"
    found = read(counted, "indicators/I10?period=month")
    assert (found["target"], found["target_period"], found["status"]) == (65, "2026-Q4", "green")
    assert [p["period"] for p in found["path"]] == ["2026", "2026-Q4", "2026-12", "2027"]
    asked = [("quarter", "2026-11-20", 65), ("half", "2026-11-20", 80), ("month", "2026-12-05", 85),
             ("month", "2027-02-05", 95), ("report_month", "2026-11-20", 85)]  # fmt: skip
    for span, day, target in asked:
        found = read(counted, f"indicators/I10?period={span}&at={day}T08:00:00%2B07:00")
        assert found["target"] == target, (span, day)


def test_a_closed_period_is_refused_and_no_other_setting_changes_how_it_is_judged(counted: Bench) -> None:
    before = read(counted, f"indicators/I10?period=month&{OCTOBER}")
    assert (before["value"], before["status"], before["finality"]) == (70, "red", "partial")
    for period in ("2026-10", "2026-Q3", "2026-09", "2025"):
        answer = put(counted, period=period, value=10)
        assert (answer["code"], answer["facts"]["state"]) == ("wrong_state", "ended"), period
    assert put(counted, period="2026", value=10)["code"] == "done"
    after = read(counted, f"indicators/I10?period=month&{OCTOBER}")
    judged = ("value", "target", "watch", "status", "target_version", "finality")
    assert [after[name] for name in judged] == [before[name] for name in judged]
    assert [v["period"] for v in after["versions"]] == ["2026"], "it is told, and does not hold for October"
    assert read(counted, "indicators/I10?period=month")["status"] == "green"


@pytest.mark.parametrize(
    ("args", "code", "argument"),
    [
        ({"indicator": "I99"}, "unknown", None),
        ({"indicator": "I12"}, "bad_argument", "indicator"),  # of which neither more nor less is better
        ({"indicator": 10}, "bad_argument", "indicator"),
        ({"unit": "nowhere"}, "bad_argument", "unit"),
        ({"period": "2026-11-22"}, "bad_argument", "period"),
        ({"period": "2026-H2"}, "bad_argument", "period"),
        ({"period": "2026-13"}, "bad_argument", "period"),
        ({"period": "11/2026"}, "bad_argument", "period"),
        ({"indicator": "I39"}, "bad_argument", "period"),  # of a quarter
        ({"value": "60"}, "bad_argument", "value"),
        ({"value": True}, "bad_argument", "value"),
        ({"value": None}, "bad_argument", "value"),
        ({"value": -1}, "bad_argument", "value"),
        ({"value": 100.1}, "bad_argument", "value"),
        ({"value": 1e300, "indicator": "I09"}, "bad_argument", "value"),
        ({"version": "1"}, "bad_argument", "version"),
        ({"until": "now"}, "bad_argument", "until"),
        ({"value": -1, "period": "2026-10"}, "bad_argument", "value"),  # before the state of things
        ({"version": 1}, "changed", None),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_its_argument(
    bench: Bench, args: dict[str, Any], code: str, argument: str | None
) -> None:
    answer = put(bench, **args)
    assert (answer["code"], answer["facts"].get("argument")) == (code, argument)
    assert read(bench, "indicators/I10")["versions"] == []


def test_it_wants_a_reason_and_the_role(bench: Bench) -> None:
    assert put(bench, reason="  x ")["code"] == "reason_needed"
    assert put(bench, reason="x" * 501)["code"] == "reason_too_long"
    for role in ("unit_leader", "operator", "officer"):
        assert put(bench, role, value="no number")["code"] == "no_right", role
    assert read(bench, "indicators/I10")["versions"] == []


def test_of_two_at_once_one_sets_and_the_other_is_told(bench: Bench) -> None:
    assert put(bench, version=0)["code"] == "done"
    late = put(bench, "admin", value=70, version=0)
    assert (late["code"], late["facts"]["version"]) == ("changed", 1)
    same = put(bench, "admin")
    assert (same["code"], same["facts"]["by"], same["facts"]["version"]) == ("already", "leader Lan", 1)
    assert put(bench, "admin", value=70, version=1)["facts"]["version"] == 2
    assert put(bench, period="2026-12", version=0)["code"] == "done", "each period has versions of its own"


def test_a_unit_and_a_department_have_targets_of_their_own(counted: Bench) -> None:
    assert put(counted, unit=UNIT, value=71)["facts"]["before"] == 83.4
    found = read(counted, f"indicators/I10?period=month&unit={UNIT}")
    assert (found["value"], found["target"], found["status"]) == (70, 71, "orange")
    assert [v["unit"] for v in found["versions"]] == [UNIT]
    of_province = read(counted, "indicators/I10?period=month")
    assert (of_province["target"], of_province["versions"], of_province["path"]) == (83.4, [], [])
    other = read(counted, f"indicators/I10?period=month&unit={OTHER}")
    assert (other["target"], other["status"]) == (83.4, "nodata")
    body = next(iter(counted.profile.bodies))
    assert put(counted, unit=body, value=40)["code"] == "done"
    assert read(counted, f"indicators/I10?period=month&unit={body}")["target"] == 40
    assert put(counted, value=50)["code"] == "done"
    assert read(counted, f"indicators/I10?period=month&unit={OTHER}")["target"] == 50
    assert read(counted, f"indicators/I10?period=month&unit={UNIT}")["target"] == 71


def test_a_figure_of_no_unit_is_judged_there_only_by_a_target_of_its_own(counted: Bench) -> None:
    assert not counted.profile.indicator["I10"].each_unit
    path = f"indicators/I10?period=month&unit={UNIT}"
    put(counted, value=50)
    assert read(counted, path)["status"] == "unjudged"
    put(counted, unit=UNIT, value=70)
    assert read(counted, path)["status"] == "green"


def test_a_restart_knows_every_version(bench: Bench) -> None:
    put(bench)
    put(bench, value=70)
    before = read(bench, "indicators/I10")
    folder = bench.config.data_dir
    bench.door.close()
    bench.store.close()
    again = make(folder, bench.profile, HandClock(START + 60_000))
    try:
        after = read(again, "indicators/I10")
        assert (after["target"], after["versions"], after["path"]) == (70, before["versions"], before["path"])
        assert put(again, value=80)["facts"]["version"] == 3
    finally:
        again.door.close()
        again.store.close()


def test_units_that_answer_for_a_target_are_told_theirs(bench: Bench) -> None:
    rows = [
        IndicatorNow(code, unit, 90.0, START, 50, "red", "{}", START)
        for code in ("I08", "I10")
        for unit in (UNIT, OTHER)
    ]
    bench.store.write(lambda conn: indicators.save_now(conn, rows)).result(PATIENCE_S)

    def told(code: str) -> dict[str, float | None]:
        return {u["unit"]: u["target"] for u in read(bench, f"indicators/{code}")["units"]}

    assert (told("I08"), told("I10")) == ({UNIT: 98, OTHER: 98}, {UNIT: None, OTHER: None})
    for code, unit, value in (("I08", "", 80), ("I08", UNIT, 70), ("I10", UNIT, 60)):
        put(bench, indicator=code, unit=unit, value=value, period="2026")
    assert (told("I08"), told("I10")) == ({UNIT: 70, OTHER: 80}, {UNIT: 60, OTHER: None})
