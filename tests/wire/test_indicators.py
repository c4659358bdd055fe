"""Figures over HTTP: now and for any period, with their parts, by unit and by department."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from click.testing import CliRunner

from cockpit.cli import main
from cockpit.domain.instants import iso
from cockpit.domain.periods import from_date, to_date
from cockpit.domain.spans import SPANS, finality, stretch
from cockpit.store.handles import Write
from cockpit.store.indicators import Day, save_days, save_now
from cockpit.store.rows import IndicatorNow
from tests.waiting import PATIENCE_S
from tests.wire.conftest import START, Bench
from tests.wire.test_events import post, record

DAY_MS, OFFSET_MS = 86_400_000, 25_200_000
UNIT = "07192"


def read(bench: Bench, path: str, status: int = 200) -> Any:
    answer = bench.client().get(f"/api/v1/{path}")
    assert answer.status_code == status, answer.text
    return answer.json()


@pytest.fixture
def counted(bench: Bench) -> Bench:
    """Dossiers, the first half of each day online: 2 today, 4 ten days ago, 6 thirty days ago."""
    events = []
    for back, n in ((0, 2), (10, 4), (30, 6)):
        at = iso(START - back * DAY_MS)
        for i in range(n):
            made = record(key=f"H{back}-{i}", unit=UNIT, fields={"online": i < n // 2})
            events.append({**made, "id": f"{back}-{i}", "time": at})
    answer = post(bench.client(bench.token("mot-cua")), events).json()
    assert answer["rejected"] == []
    return bench


def test_a_share_is_counted_anew_for_every_span_from_the_records_of_its_days(counted: Bench) -> None:
    found = read(counted, "indicators/I10?period=month")
    begun = to_date((START + OFFSET_MS) // DAY_MS).replace(day=1)
    in_month = sum(
        n for back, n in ((0, 2), (10, 4), (30, 6)) if to_date((START + OFFSET_MS) // DAY_MS - back) >= begun
    )
    assert (found["value"], found["finality"]) == (50.0, "partial")
    assert [p["value"] for p in found["parts"]] == [in_month / 2, in_month]
    assert [p["name"]["en"] for p in found["parts"]] == ["dossiers submitted online", "dossiers received"]
    by_span = {p["period"]["span"]: p for p in found["periods"]}
    assert list(by_span) == list(SPANS)
    assert (by_span["day"]["part"], by_span["day"]["whole"]) == (1, 2)
    assert (by_span["year"]["part"], by_span["year"]["whole"]) == (6, 12)


def test_an_earlier_period_is_read_by_an_instant_in_it_and_is_final_when_data_reach_back(
    counted: Bench,
) -> None:
    then = iso(START - 30 * DAY_MS).replace("+", "%2B")
    found = read(counted, f"indicators/I10?period=day&at={then}")
    assert (found["value"], found["finality"]) == (50.0, "final")
    assert found["period"]["first"] == found["period"]["last"] == found["period"]["label"]
    before = iso(START - 31 * DAY_MS).replace("+", "%2B")
    assert read(counted, f"indicators/I10?period=day&at={before}")["value"] is None, "no records: no value"


def test_a_unit_has_its_own_figure_of_a_period(counted: Bench) -> None:
    assert read(counted, f"indicators/I10?period=year&unit={UNIT}")["value"] == 50.0
    other = read(counted, "indicators/I10?period=year&unit=06652")
    assert (other["value"], other["status"], other["parts"]) == (None, "nodata", [])


def test_what_cannot_be_asked_is_refused_with_what_can(counted: Bench) -> None:
    assert "report_month" in str(read(counted, "indicators/I10?period=fortnight", 400))
    assert read(counted, "indicators/I99", 404)["error"]["code"] == "no_such_indicator"


def test_the_list_has_every_indicator_with_its_parts(counted: Bench) -> None:
    found = {i["code"]: i for i in read(counted, "indicators")["indicators"]}
    assert list(found) == [i.code for i in counted.profile.indicators]
    assert [p["code"] for p in found["I01"]["parts"]] == ["I02", "I03", "I04", "I05", "I06", "I07"]


@pytest.mark.parametrize(
    ("span", "day", "label", "first", "last"),
    [
        ("week", "2026-11-29", "2026-W48", "2026-11-23", "2026-11-29"),
        ("week", "2027-01-01", "2026-W53", "2026-12-28", "2027-01-03"),
        ("report_month", "2026-11-14", "2026-11", "2026-10-15", "2026-11-14"),
        ("report_month", "2026-11-15", "2026-12", "2026-11-15", "2026-12-14"),
        ("report_month", "2026-12-15", "2027-01", "2026-12-15", "2027-01-14"),
        ("month", "2026-11-15", "2026-11", "2026-11-01", "2026-11-30"),
        ("quarter", "2026-12-31", "2026-Q4", "2026-10-01", "2026-12-31"),
        ("half", "2026-06-30", "2026-H1", "2026-01-01", "2026-06-30"),
        ("year", "2026-06-30", "2026", "2026-01-01", "2026-12-31"),
    ],
)
def test_spans_begin_and_end_as_decree_and_calendar_have_them(
    span: Any, day: str, label: str, first: str, last: str
) -> None:
    found = stretch(span, from_date(date.fromisoformat(day)))
    assert (found.label, to_date(found.first).isoformat(), to_date(found.last).isoformat()) == (
        label,
        first,
        last,
    )


def test_a_span_is_final_only_when_it_is_over_and_data_begin_before_it() -> None:
    found = stretch("month", from_date(date(2026, 11, 15)))
    assert finality(found, found.last + 1, found.first) == "final"
    assert finality(found, found.last, found.first) == "partial"
    assert finality(found, found.last + 1, found.first + 1) == "partial"
    assert finality(found, found.last + 1, None) == "partial"


def test_what_is_expected_comes_with_its_bounds_and_how_it_did_before(bench: Bench) -> None:
    today = (START + OFFSET_MS) // DAY_MS

    def rise(conn: Write) -> None:
        save_days(conn, [Day(today - back, "I12", 90 - back / 4, 1) for back in range(1, 41)])
        save_now(conn, [IndicatorNow("I12", "", 90.0, START, 1, "orange", "{}", START)])

    bench.store.write(rise).result(PATIENCE_S)
    found = read(bench, "indicators/I12")["forecast"]
    end = stretch("month", today).last
    if end - today < 3:
        end = stretch("month", end + 1).last
    assert found["day"] == to_date(end).isoformat()
    assert found["value"] == pytest.approx(min(100, 90 + (end - today) / 4))
    assert found["low"] <= found["value"] <= found["high"]
    assert (found["method"], found["error"]) == ("slope", pytest.approx(0))
    assert found["tries"] >= 8
    assert read(bench, "indicators/I08")["forecast"] is None, "of too few days nothing is said"
    ran = CliRunner().invoke(
        main, ["bench", "forecast", "--json", "--data-dir", str(bench.store.path.parent)]
    )
    assert ran.exit_code == 0, ran.output
    tried = json.loads(ran.stdout)["indicators"]
    assert list(tried) == ["I12"]
    assert tried["I12"]["ahead"]["7"]["best"] == "slope"
    nothing = CliRunner().invoke(main, ["bench", "forecast", "--data-dir", "/nowhere"])
    assert nothing.exit_code == 1
    assert "Traceback" not in nothing.output


def test_a_unit_s_share_of_few_is_judged_for_no_period(counted: Bench) -> None:
    found = read(counted, f"indicators/I14?period=year&unit={UNIT}")
    assert (found["value"], [p["value"] for p in found["parts"]]) == (0.0, [0, 12])
    assert found["status"] == "samples"
    assert read(counted, "indicators/I14?period=year")["status"] == "red", "of the province it is judged"


def test_while_a_feed_is_silent_no_running_period_is_judged(counted: Bench) -> None:
    def doubt(conn: Write) -> None:
        save_now(conn, [IndicatorNow("I14", "", 0.0, START, 12, "suspect", "{}", START)])

    counted.store.write(doubt).result(PATIENCE_S)
    assert read(counted, "indicators/I14?period=month")["status"] == "suspect"
    then = iso(START - 30 * DAY_MS).replace("+", "%2B")
    assert read(counted, f"indicators/I14?period=day&at={then}")["status"] == "red", "that day is over"
