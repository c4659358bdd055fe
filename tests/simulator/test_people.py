"""Services follow people: hours, weekdays, month ends, Tết, seasons; storms and systems that are down."""

from collections.abc import Iterable

import numpy as np
import pytest

from cockpit.domain.periods import DAY_MS, is_workday
from simulator.calendar import (
    date_of,
    is_holiday,
    is_tet,
    season,
    trips,
    work_weight,
)
from simulator.cohorts import Cohort
from simulator.delays import NEVER
from simulator.episodes import Episode
from simulator.play import Play
from simulator.zone import weekday
from tests.simulator.conftest import ZONE, at

HOUR = 3_600_000
YEAR = range(int(ZONE.day_of(at("2026-01-01T12:00:00"))), int(ZONE.day_of(at("2027-01-01T12:00:00"))))
THURSDAY = int(ZONE.day_of(at("2026-11-19T12:00:00")))


def day(text: str) -> int:
    return int(ZONE.day_of(at(f"{text}T12:00:00")))


def brought(play: Play, days: Iterable[int]) -> float:
    """Dossiers brought on a day, the mean of some days."""
    return float(np.mean([int((play.records.dossiers(d).received < NEVER).sum()) for d in days]))


def obeyed(play: Play, *episodes: Episode) -> Cohort:
    """The dossiers of a day under episodes."""
    play.obey(episodes)
    found = play.records.dossiers(THURSDAY)
    play.obey(())
    return found


def figures(play: Play, code: str, days: Iterable[int], *episodes: Episode) -> np.ndarray:
    """Values of a departmental figure over some days, one mean a day."""
    asset = next(a for a in play.systems.assets if code in str(a.attrs["metrics"]).split())
    play.obey(episodes)
    found = [play.systems.figures(asset, d)[1][code].mean() for d in days]
    play.obey(())
    return np.array(found)


def storm(unit: str, hours: float = 6.0, size: float = 0.0, start: str = "2026-11-19T09:00:00") -> Episode:
    return Episode("s", "storm", f"hidden:storm:{unit}", at(start), HOUR, int(hours * HOUR), HOUR, size)


def test_counters_are_empty_at_lunch_and_at_night(province_play: Play) -> None:
    minute = np.concatenate([
        ZONE.minute_of_day(c.received[~c.online])
        for c in (province_play.records.dossiers(d) for d in YEAR[250:310] if is_workday(d))
    ])  # fmt: skip
    by_hour = np.bincount(minute // 60, minlength=24)
    assert by_hour[12] < 0.3 * by_hour[9]
    assert by_hour[9] > by_hour[11] > by_hour[12] < by_hour[14]
    assert by_hour[:5].sum() + by_hour[22:].sum() == 0
    assert by_hour[[8, 9, 10]].sum() > by_hour[[14, 15, 16]].sum()


def test_mondays_are_busiest_and_weekends_are_online_alone(province_play: Play) -> None:
    weeks = range(day("2026-09-07"), day("2026-10-26"))
    mean = [brought(province_play, [d for d in weeks if weekday(d) == n]) for n in range(7)]
    assert mean[0] == max(mean)
    assert mean[0] > 1.15 * mean[2]
    assert max(mean[5:]) < 0.3 * mean[2]
    for d in weeks:
        if weekday(d) >= 5:
            assert province_play.records.dossiers(d).online.all()


def test_month_ends_bring_more(province_play: Play) -> None:
    thursdays = [d for d in YEAR if is_workday(d) and weekday(d) == 3]
    ends = [d for d in thursdays if date_of(d + 5).month != date_of(d).month and date_of(d).day >= 28]
    others = [d for d in thursdays if 8 <= date_of(d).day <= 22]
    assert len(ends) >= 3
    assert 1.05 < brought(province_play, ends) / brought(province_play, others) < 1.25
    assert work_weight(day("2026-11-27")) > work_weight(day("2026-11-20"))
    assert work_weight(day("2026-10-31")) == work_weight(day("2026-10-24"))  # a Saturday stays one


def test_hardly_anybody_comes_at_tet(province_play: Play) -> None:
    tet = [d for d in YEAR if is_tet(d)]
    assert len(tet) == 6
    ordinary = brought(province_play, range(day("2026-03-09"), day("2026-03-14")))
    assert brought(province_play, tet) < 0.05 * ordinary
    assert all(work_weight(d) == min(work_weight(x) for x in YEAR) for d in tet)
    assert brought(province_play, [day("2026-09-02")]) < 0.3 * ordinary
    assert work_weight(day("2026-02-23")) > work_weight(day("2026-03-09"))  # the first day after it


def test_nobody_works_on_records_on_days_off_or_at_night(province_play: Play) -> None:
    for first in (day("2026-02-09"), day("2026-04-27"), THURSDAY):
        for d in range(first, first + 10):
            c = province_play.records.dossiers(d)
            for times in (c.begun, c.done):
                assert all(is_workday(int(x)) for x in np.unique(ZONE.day_of(times)))
                assert ZONE.minute_of_day(times).min() >= 330
                assert ZONE.minute_of_day(times).max() <= 1290
            assert ZONE.minute_of_day(c.begun).max() < 1020


def test_visitors_come_at_weekends_on_holidays_and_in_summer(province_play: Play) -> None:
    weeks = range(day("2026-10-05"), day("2026-11-02"))
    visitors = figures(province_play, "khach", weeks)
    by_day = [visitors[[n for n, d in enumerate(weeks) if weekday(d) == w]].mean() for w in range(7)]
    assert by_day[5] == max(by_day)
    assert by_day[5] > 1.4 * by_day[1]
    months = {
        m: [d for d in YEAR if date_of(d).month == m and weekday(d) < 3 and not is_holiday(d)]
        for m in (6, 7, 11, 12)
    }
    summer, winter = (
        np.mean([figures(province_play, "khach", months[m][:6]).mean() for m in pair])
        for pair in ((6, 7), (11, 12))
    )
    assert summer > 1.6 * winter
    every = figures(province_play, "khach", YEAR)
    month = np.array([date_of(d).month for d in YEAR])
    assert every.sum() == pytest.approx(19e6, rel=0.1)  # the aim of 2024; the two shares were counted then
    assert every[month <= 3].sum() / every.sum() == pytest.approx(5.3 / 19, abs=0.02)
    assert every[month <= 10].sum() / every.sum() == pytest.approx(16.7 / 19, abs=0.02)
    assert trips(day("2026-05-01")) == trips(day("2026-05-02")) == 1.0
    assert [trips(d) for d in (day("2026-02-17"), day("2026-02-20"))] == [0.0, 1.0]
    told = province_play.world.simulation.visitors
    assert told is not None
    assert np.mean([season(d, told.season) for d in YEAR]) == pytest.approx(1.0, abs=0.01)


def test_ferries_stop_in_a_storm_and_the_island_is_empty(province_play: Play) -> None:
    asset = next(a for a in province_play.systems.assets if a.code == "sys-ioc-co-to")

    def hours(*episodes: Episode) -> np.ndarray:
        province_play.obey(episodes)
        values = province_play.systems.figures(asset, THURSDAY)[1]["khach_dao"]
        province_play.obey(())
        return values.astype(float)

    calm, islands, mainland = hours(), hours(storm("07192")), hours(storm("06673"))
    assert (mainland == calm).all()
    assert (islands[:8] == calm[:8]).all()
    assert islands[11:14].max() < 0.05 * calm.mean()
    assert islands[-1] == pytest.approx(calm[-1])


def test_a_storm_keeps_visitors_away_and_a_crowd_brings_them(province_play: Play) -> None:
    after = [THURSDAY + 1]
    calm = figures(province_play, "khach", after)
    units = [u.code for u in province_play.profile.units]
    assert figures(province_play, "khach", after, *(storm(u, 20) for u in units)) < 0.6 * calm
    assert figures(province_play, "khach", after, storm("07192", 20)) > 0.98 * calm
    crowds = [
        Episode(u, "crowd", f"hidden:crowd:{u}", at("2026-11-19T06:00:00"), HOUR, 20 * HOUR, HOUR)
        for u in units[:3]
    ]
    assert figures(province_play, "khach", after, *crowds) > 1.4 * calm


def test_counters_close_in_a_storm_and_some_people_do_not_come_back(province_play: Play) -> None:
    calm = obeyed(province_play)
    blown = obeyed(
        province_play, *(storm(u.code, 10, start="2026-11-19T05:00:00") for u in province_play.profile.units)
    )
    start, end = at("2026-11-19T05:30:00"), at("2026-11-19T16:30:00")
    counter = ~calm.online
    inside = (blown.received >= start) & (blown.received < end)
    assert inside[counter].sum() < 0.02 * counter.sum()
    stayed = (blown.received[counter] >= NEVER).mean()
    assert 0.3 < stayed < 0.5
    later = blown.received[counter & (blown.received != calm.received) & (blown.received < NEVER)]
    assert len(later) > 20
    assert all(is_workday(int(d)) for d in np.unique(ZONE.day_of(later)))
    assert (blown.received[calm.online] == calm.received[calm.online]).all()
    weak = obeyed(province_play, *(storm(u.code, 10, 0.3) for u in province_play.profile.units))
    assert (weak.received == calm.received).all()


def test_a_system_that_is_down_makes_a_queue_and_some_dossiers_late(province_play: Play) -> None:
    calm = obeyed(province_play)
    start, end = at("2026-11-19T08:00:00"), at("2026-11-19T14:00:00")
    down = obeyed(province_play, Episode("x", "source_silent", "mot-cua", start, 0, end - start, 0))
    for times in (down.received, down.begun, down.done):
        assert not ((times >= start) & (times < end)).any()
    hour = (end <= down.received) & (down.received < end + 2 * HOUR)
    before = (end <= calm.received) & (calm.received < end + 2 * HOUR)
    assert hour.sum() > 2 * before.sum()
    assert (down.received >= calm.received).all()
    assert (down.received < down.begun).all()
    assert (down.begun < down.done).all()
    province_play.obey((Episode("x", "source_silent", "mot-cua", start, 0, 4 * DAY_MS, 0),))
    week = [province_play.records.dossiers(d) for d in range(THURSDAY - 3, THURSDAY)]
    province_play.obey(())
    assert sum(int(c.hindered.sum()) for c in week) > 50
    assert all(
        not c.hindered.any() for c in map(province_play.records.dossiers, range(THURSDAY - 3, THURSDAY))
    )


def test_a_portal_that_is_down_stops_those_who_apply_online_alone(province_play: Play) -> None:
    calm = obeyed(province_play)
    start = at("2026-11-19T08:00:00")
    down = obeyed(province_play, Episode("x", "source_silent", "dvcqg", start, 0, 4 * HOUR, 0))
    moved = down.received != calm.received
    assert moved[calm.online].any()
    assert not moved[~calm.online].any()


def test_a_commune_without_power_is_closed_and_its_neighbours_are_not(province_play: Play) -> None:
    calm = obeyed(province_play)
    start = at("2026-11-19T07:00:00")
    cut = obeyed(province_play, Episode("x", "feeder_out", "feeder-06673", start, 0, 12 * HOUR, 0))
    mine = np.array([u.code for u in province_play.profile.units].index("06673")) == calm.unit
    moved = (cut.received != calm.received) | (cut.begun != calm.begun) | (cut.done != calm.done)
    assert moved[mine].any()
    assert not moved[~mine].any()


def test_what_a_history_tells_of_a_day_is_what_play_tells(province_play: Play) -> None:
    """The records of a day sum up to the cohorts, whatever delays do to them."""
    e = Episode("x", "source_silent", "mot-cua", at("2026-11-19T08:00:00"), 0, 6 * HOUR, 0)
    province_play.obey((e,))
    told = [x for d in range(THURSDAY, THURSDAY + 3) for x in province_play.records.day(d)]
    received = {
        x.subject
        for x in told
        if x.source == "mot-cua" and x.data["state"] == "received" and "-261119-" in x.subject
    }
    count = len(province_play.records.dossiers(THURSDAY).received)
    province_play.obey(())
    assert len(received) == count
    assert ZONE.day_start(THURSDAY) < at("2026-11-19T08:00:00")
