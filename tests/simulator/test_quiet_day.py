"""What a quiet day shows: feeds that keep what they promise, and a few faults, no flood."""

from collections import defaultdict

import numpy as np
import pytest

from cockpit.domain.catalog import Source
from cockpit.domain.freshness import SILENT_RHYTHMS, WorkTime, expected_events, judge, limits_of_source
from cockpit.domain.periods import DAY_MS
from cockpit.profiles import Profile
from simulator.play import Play
from simulator.telemetry import hourly_counts
from tests.simulator.conftest import ZONE, at

HOUR = 3_600_000
MONDAY = int(ZONE.day_of(at("2026-10-12T12:00:00")))
WEEKS = 4
WORK = WorkTime()
DEVICES = ("cam-vms", "ran-oss", "net-monitor", "loa-truyen-thanh")
PEOPLE = ("mot-cua", "thanh-toan", "phan-anh")


@pytest.fixture(scope="module")
def sent(province_play: Play) -> dict[str, np.ndarray]:
    """Instants at which each source sent what comes from no device, over four weeks and those before."""
    found: dict[str, list[int]] = defaultdict(list)
    for day in range(MONDAY - 40, MONDAY + 7 * WEEKS):
        entries = [*province_play.systems.day(day), *province_play.reports.day(day)]
        if day >= MONDAY - 3:
            entries += province_play.records.day(day)
        for entry in entries:
            if ZONE.day_start(day) <= entry.sent < ZONE.day_start(day) + DAY_MS:
                found[entry.source].append(entry.sent)
    return {source: np.sort(np.array(times)) for source, times in found.items()}


def count(times: np.ndarray, day: int) -> int:
    return int(((times >= ZONE.day_start(day)) & (times < ZONE.day_start(day + 1))).sum())


def simulated(province: Profile) -> list[Source]:
    return [
        s for s in province.sources if s.time == "domain" and s.kind != "computed" and s.code not in DEVICES
    ]


def test_systems_send_as_often_as_they_promise_and_nothing_on_days_off(
    province: Profile, sent: dict[str, np.ndarray]
) -> None:
    for source in simulated(province):
        if not source.per_hour or source.code in PEOPLE or source.rhythm_s > 86_400:
            continue
        for day in range(MONDAY, MONDAY + 7):
            expected = expected_events(source, ZONE.day_start(day), ZONE.day_start(day + 1), WORK)
            assert count(sent[source.code], day) == pytest.approx(expected, rel=0.03), source.code


def test_what_citizens_bring_is_what_is_expected_of_an_ordinary_day(
    province: Profile, sent: dict[str, np.ndarray]
) -> None:
    for code in PEOPLE:
        expected = expected_events(
            province.source[code], ZONE.day_start(MONDAY), ZONE.day_start(MONDAY + 1), WORK
        )
        ordinary = [
            count(sent[code], MONDAY + week * 7 + weekday) for week in range(WEEKS) for weekday in (2, 3, 4)
        ]
        assert 0.97 < np.mean(ordinary) / expected < 1.05, code


def test_no_source_is_late_or_silent_within_weeks_without_an_incident(
    province: Profile, sent: dict[str, np.ndarray]
) -> None:
    for source in simulated(province):
        if source.code in ("dien-thoai", "do-kiem"):
            continue
        times, limits = sent[source.code], limits_of_source(source)
        for now in range(ZONE.day_start(MONDAY), ZONE.day_start(MONDAY + 7 * WEEKS), HOUR // 2):
            before = int(np.searchsorted(times, now))
            last = int(times[before - 1]) if before else 0
            assert judge(last, now, limits, source.calendar, WORK) == "fresh", (source.code, now)


def test_devices_send_nearly_all_they_should(province_play: Play) -> None:
    hours = ZONE.day_start(MONDAY + 2) + np.arange(24, dtype=np.int64) * HOUR
    for kind in province_play.world.kinds:
        got = hourly_counts(province_play.world, kind, hours).sum()
        expected = len(kind.index) * DAY_MS / kind.rhythm_ms
        assert 0.99 < got / expected <= 1.0001, kind.code


def test_volunteers_and_typed_reports_promise_no_volume(province: Profile) -> None:
    for code in ("dien-thoai", "do-kiem", "bao-cao", "thi-dua"):
        assert province.source[code].per_hour == 0


def alerts_of(play: Play, kind: str, for_s: int, day: int) -> set[tuple[int, int, int]]:
    """How long a device of a kind is silent beyond rhythm and `for`: one span for each alert of a day."""
    devices = next(k for k in play.world.kinds if k.code == kind)
    place = {index: i for i, index in enumerate(devices.index.tolist())}
    start, found = ZONE.day_start(day), set()
    for utc_day in range(start // DAY_MS - 1, (start + DAY_MS) // DAY_MS + 2):
        spans = play.world.silence(utc_day)
        for index, a, b in zip(spans.asset.tolist(), spans.start.tolist(), spans.end.tolist(), strict=True):
            if index in place:
                rhythm, phase = devices.rhythm_ms, int(devices.phase[place[index]])
                last = (a - phase - 1) // rhythm * rhythm + phase
                back = -((phase - b) // rhythm) * rhythm + phase
                opened = last + SILENT_RHYTHMS * rhythm + for_s * 1000
                if start <= opened < min(back, start + DAY_MS):
                    found.add((index, opened, back))
    return found


def test_a_day_has_some_camera_alerts_and_no_flood(province_play: Play) -> None:
    days = [alerts_of(province_play, "camera", 60, MONDAY + d) for d in range(7)]
    assert 20 <= np.mean([len(d) for d in days]) <= 70
    at_once = [
        sum(a <= t < b for day in days for _, a, b in day)
        for t in range(ZONE.day_start(MONDAY + 1), ZONE.day_start(MONDAY + 7), 2 * HOUR)
    ]
    assert 3 <= np.mean(at_once) <= 8


def test_blips_of_cameras_end_before_anyone_is_called(province_play: Play) -> None:
    blips = [
        (start, end)
        for name, _, _, start, end in province_play.world.faults.roots(
            ZONE.day_start(MONDAY), ZONE.day_start(MONDAY + 1)
        )
        if name == "camera_blip"
    ]
    assert len(blips) > 1000
    assert max(end - start for start, end in blips) < 60_000


def test_sites_go_down_now_and_then(province_play: Play) -> None:
    days = [alerts_of(province_play, "site", 60, MONDAY + d) for d in range(7)]
    assert 1 <= np.mean([len(d) for d in days]) <= 10
