"""The figures of the screen of data sources."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from cockpit.store import Batch
from cockpit.store.batch import Refused
from cockpit.views import norms, simulator, source, sources, sources_calendar
from cockpit.views.sources import Feed
from tests.views.province import DAY, HOUR, LOCAL_DAY, NOW, Province
from tests.waiting import PATIENCE_S


@pytest.fixture(autouse=True)
def _fresh_norms() -> None:
    norms.forget()


def feed(province: Province, code: str) -> Feed:
    return next(f for f in sources.build(province.ctx).feeds if f.source.code == code)


def test_every_source_that_somebody_sends_is_there_even_if_it_never_sent(province: Province) -> None:
    view = sources.build(province.ctx)
    sent = {s.code for s in province.profile.sources if s.kind != "alertmanager"}  # its alerts are no records
    assert {f.source.code for f in view.feeds} == sent - {"cockpit"}
    assert view.counts["never"] == len(view.feeds)
    assert view.worst is None
    one = view.feeds[0]
    assert (one.age_s, one.completeness, one.last) == (None, None, None)


def test_a_machine_is_measured_by_its_rhythm(province: Province) -> None:
    expected = province.source("cam-vms").per_hour
    province.source_now("cam-vms", "fresh")
    province.source_hours("cam-vms", {back: int(expected * (0.5 if back == 2 else 1)) for back in range(26)})
    found = feed(province, "cam-vms")
    assert found.completeness == pytest.approx(23.5 / 24, abs=0.001)
    assert found.volume[-2] == pytest.approx(0.5, abs=0.001)
    assert found.volume[0] == pytest.approx(1.0, abs=0.001)
    assert found.verdict == "missing"
    assert found.age_s == 10


def test_hours_before_a_source_began_are_not_missing(province: Province) -> None:
    expected = int(province.source("cam-vms").per_hour)
    province.source_now("cam-vms", "fresh")
    province.source_hours("cam-vms", {0: expected, 1: expected, 2: expected})
    found = feed(province, "cam-vms")
    assert found.completeness == pytest.approx(1.0, abs=0.001)
    assert found.volume[0] is None
    assert found.verdict == "fresh"


def test_refused_records_make_a_source_wrong_and_silence_weighs_more(province: Province) -> None:
    expected = int(province.source("cam-vms").per_hour)
    province.source_now("cam-vms", "fresh")
    province.source_hours("cam-vms", dict.fromkeys(range(6), expected), rejected=expected // 10)
    found = feed(province, "cam-vms")
    assert (found.verdict, found.rejected) == ("wrong", 6 * (expected // 10))
    province.source_now("cam-vms", "silent")
    view = sources.build(province.ctx)
    assert view.feeds[0].verdict == "silent"
    assert view.worst is view.feeds[0]
    assert view.doubtful == len(province.source("cam-vms").feeds)


def test_the_age_of_a_real_time_source_is_by_the_real_clock(province: Province) -> None:
    province.source_now("host", "fresh", last=NOW + HOUR - 5_000)
    assert feed(province, "host").age_s == 5


def test_the_calendar_tells_whole_missing_silent_and_blank_days(province: Province) -> None:
    hourly = int(province.source("cam-vms").per_hour)
    into_day = (NOW // HOUR + 7) % 24
    hours: dict[int, int] = {}
    for day_back, n in ((1, hourly), (2, 0), (3, hourly // 2), (4, hourly)):
        for h in range(24):
            hours[into_day + 1 + (day_back - 1) * 24 + h] = n
    hours |= dict.fromkeys(range(into_day + 1), hourly)
    province.source_hours("cam-vms", {back: n for back, n in hours.items() if n})
    found = sources_calendar.build(province.ctx, 30)
    assert (found.first, found.last) == (LOCAL_DAY - 4, LOCAL_DAY)
    line = next(days for s, days in found.rows if s.code == "cam-vms")
    assert [d.state for d in line] == ["full", "late", "silent", "full", "full"]
    assert [d.day for d in line] == list(range(LOCAL_DAY - 4, LOCAL_DAY + 1))
    other = next(days for s, days in found.rows if s.code == "host")
    assert {d.state for d in other} == {"blank"}


def test_a_free_day_of_an_office_source_is_not_a_silent_one(province: Province) -> None:
    office = next(s for s in province.profile.sources if s.calendar == "workdays" and s.per_hour >= 0)
    into_day = (NOW // HOUR + 7) % 24  # today is a Sunday
    hours = {
        into_day + 1 + (day_back - 1) * 24 + 12: 40
        for day_back in range(1, 22)
        if (LOCAL_DAY - day_back + 3) % 7 < 5 and day_back != 4
    }
    province.source_hours(office.code, hours)
    found = sources_calendar.build(province.ctx, 14)
    line = next(days for s, days in found.rows if s.code == office.code)
    states = {(LOCAL_DAY - d.day): d.state for d in line}
    assert states[0] == "off"
    assert states[1] == "off"  # Saturday
    assert states[2] == "full"
    assert states[4] == "silent"


def test_a_source_in_full_shows_what_was_refused_as_plain_text(province: Province) -> None:
    number = province.source("cam-vms").id
    payload = b"<script>alert(1)</script>\xff" + b"x" * 5000
    refused = [
        Refused(i, f"e{i}", number, "unknown_metric", "metric 'x'", payload, NOW + i) for i in range(25)
    ]
    province.store.append(Batch(refused=refused)).result(PATIENCE_S)
    found = source.build(province.ctx, "cam-vms")
    assert found is not None
    assert len(found.refusals) == 20
    assert found.refusals[0].id == "e24"
    assert found.refusals[0].payload.startswith("<script>alert(1)</script>\ufffd")
    assert len(found.refusals[0].payload) == source.PAYLOAD_SHOWN
    assert found.kept == (("unknown_metric", 25),)
    assert dict(found.kinds) == {k: len(province.kind(k)) for k in ("camera", "recorder")}
    assert found.simulated
    assert source.build(province.ctx, "nothing") is None


def test_a_refused_petition_is_told_by_who_looks(province: Province) -> None:
    number = province.source("phan-anh").id
    data = {"kind": "feedback", "key": "PA1", "unit": "06652", "fields": {"person": "Lan", "text": "Ngập"}}
    payload = json.dumps({"type": "ioc.record", "data": data}, ensure_ascii=False).encode()
    row = Refused(0, "e0", number, "bad_state", "state 'Lan' of a feedback: expected received", payload, NOW)
    province.store.append(Batch(refused=[row])).result(PATIENCE_S)

    def told(*who: Any) -> tuple[bool, bool]:
        found = source.build(province.ctx, "phan-anh", *who)
        assert found is not None
        said = found.refusals[0].payload + found.refusals[0].reason
        assert found.refusals[0].withheld == ("Lan" not in said)
        return "Lan" in said, "Ngập" in said

    assert told("admin") == told("leader") == told("officer", "06652") == (True, True)
    assert told("operator") == told("officer", "07192") == (False, True)
    assert told() == told("reader") == (False, False)


def test_the_calendar_begins_with_the_store_and_not_with_a_report_about_an_earlier_time(
    province: Province,
) -> None:
    expected = int(province.source("cam-vms").per_hour)
    for code in ("cam-vms", "net-monitor", "ran-oss"):
        province.source_hours(code, dict.fromkeys(range(5 * 24), expected))
    province.source_hours(province.profile.sources[-1].code, {40 * 24: 1})
    calendar = sources_calendar.build(province.ctx)
    assert calendar.last - calendar.first in (4, 5)


def test_just_after_midnight_no_source_is_silent_for_the_day_that_has_begun(province: Province) -> None:
    expected = int(province.source("cam-vms").per_hour)
    into_day = (NOW // HOUR + 7) % 24
    province.source_hours("cam-vms", dict.fromkeys(range(into_day + 1, into_day + 1 + 72), expected))
    midnight = LOCAL_DAY * DAY - 7 * HOUR
    ctx = replace(province.ctx, now_ms=midnight + 120_000, real_ms=midnight + 120_000)
    calendar = sources_calendar.build(ctx)
    days = next(days for s, days in calendar.rows if s.code == "cam-vms")
    assert calendar.last == LOCAL_DAY
    assert days[-1].state == "off"
    assert days[-2].state == "full"


def test_a_machine_that_began_within_the_running_hour_is_not_late(province: Province) -> None:
    province.source_hours("host", {0: 20})
    calendar = sources_calendar.build(province.ctx)
    days = next(days for s, days in calendar.rows if s.code == "host")
    assert days[-1].state == "full"


def test_the_pages_of_sources_and_of_the_simulator_count_the_same_day(province: Province) -> None:
    province.source_now("cam-vms", "fresh")
    province.source_hours("cam-vms", {back: 100 + back for back in range(30)}, rejected=2)
    played = next(p for p in simulator.build(province.ctx).sources if p.source.code == "cam-vms")
    found = feed(province, "cam-vms")
    assert found.events == played.day_events == sum(100 + back for back in range(24))
    assert found.rejected == played.day_rejected == 48
