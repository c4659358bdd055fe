"""What live play sends: rates, shapes, ranges, rhythms, names and texts."""

import datetime as dt
import json
import unicodedata
from collections import Counter, defaultdict
from typing import Any

import msgspec
import numpy as np
import pytest

from cockpit.domain.periods import is_workday
from cockpit.profiles import Profile
from simulator import people
from simulator.calendar import add_workdays, is_holiday, work_weight
from simulator.play import Play
from simulator.rng import Stream
from tests.simulator.conftest import ZONE, at

HOUR = 3_600_000
SAMPLE_VALUES = ("rsrp_dbm", "rsrq_db", "sinr_db", "down_mbps", "up_mbps")


@pytest.fixture(scope="module")
def span(province_play: Play) -> list[dict[str, Any]]:
    """Twenty minutes of a Thursday morning of the province."""
    start = at("2026-11-19T09:00:00")
    spans = province_play.stream(start, start + HOUR // 3)
    return [msgspec.json.decode(line) for lines in spans for line in lines]


def observations(event: dict[str, Any]) -> int:
    return len(event["data"].get("values", ())) + sum(k in event["data"] for k in SAMPLE_VALUES)


def test_the_province_sends_400_observations_a_second(span: list[dict[str, Any]]) -> None:
    assert sum(map(observations, span)) / 1200 == pytest.approx(400, rel=0.05)
    assert 80 <= len(span) / 1200 <= 150


def test_every_second_brings_events_and_none_brings_a_burst(span: list[dict[str, Any]]) -> None:
    seconds = Counter(e["sent"][:19] for e in span)
    assert len(seconds) == 1200
    assert max(seconds.values()) < 200


def test_every_observation_is_known_to_the_profile_and_within_its_range(
    span: list[dict[str, Any]], province: Profile
) -> None:
    seen: Counter[str] = Counter()
    for event in span:
        if event["type"] != "ioc.observation":
            continue
        asset = province.asset[event["subject"]]
        assert event["source"] == asset.source
        for code, value in event["data"]["values"].items():
            metric = province.metric[code]
            assert asset.kind in metric.kinds
            assert metric.lo <= value <= metric.hi
            assert abs(round(value * metric.scale) - value * metric.scale) < 1e-6
        seen[asset.kind] += 1
    assert set(seen) >= {"camera", "recorder", "link", "site", "cell", "loudspeaker", "system"}
    assert not {"host", "feeder"} & set(seen)


def test_times_carry_an_offset_and_nothing_is_sent_before_it_happened(span: list[dict[str, Any]]) -> None:
    for event in span[::50]:
        time, sent = (dt.datetime.fromisoformat(event[k]) for k in ("time", "sent"))
        assert time.utcoffset() == dt.timedelta(hours=7)
        assert dt.timedelta(0) < sent - time < dt.timedelta(seconds=6)


def test_messages_stay_small(span: list[dict[str, Any]]) -> None:
    sizes = defaultdict(list)
    for event in span[::9]:
        sizes[event["type"]].append(
            len(json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode())
        )
    assert np.mean(sizes["ioc.observation"]) < 285
    assert max(map(max, sizes.values())) < 900


def test_samples_lie_in_the_province_and_name_a_cell_of_their_operator(
    span: list[dict[str, Any]], province: Profile
) -> None:
    samples = [e["data"] for e in span if e["type"] == "ioc.sample"]
    lon0, lat0, lon1, lat1 = province.bbox
    for s in samples:
        assert lat0 < s["lat"] < lat1
        assert lon0 < s["lon"] < lon1
        assert -140 <= s["rsrp_dbm"] <= -44
        site = province.asset[province.asset[s["cell"]].depends_on]
        assert site.attrs["operator"] == s["operator"]
    weak = np.mean([s["rsrp_dbm"] < -100 for s in samples])
    assert 0.03 < weak < 0.1
    assert 10 < np.median([s["down_mbps"] for s in samples]) < 120
    assert len({s["cell"] for s in samples}) > 600


def test_stronger_signals_are_faster(span: list[dict[str, Any]]) -> None:
    samples = [e["data"] for e in span if e["type"] == "ioc.sample"]
    strong = np.median([s["down_mbps"] for s in samples if s["rsrp_dbm"] > -80])
    weak = np.median([s["down_mbps"] for s in samples if s["rsrp_dbm"] < -110])
    assert strong > 2 * weak


def test_hollows_of_remote_units_are_really_weak(province_play: Play) -> None:
    radio = province_play.samples.radio
    x, y = radio.hollows[:, 0], radio.hollows[:, 1]
    n = len(x)
    zero, whole = np.zeros(n), np.zeros(n, dtype=np.int64)
    best = np.max(
        [radio.hear(whole + o, x, y, zero, zero, np.arange(n), whole).rsrp for o in range(3)], axis=0
    )
    assert n == 9
    assert (best < -100).sum() >= 6
    assert (best < -110).sum() >= 3


def test_sites_and_phones_stand_on_land(span: list[dict[str, Any]], province_play: Play) -> None:
    radio = province_play.samples.radio
    assert radio.is_land(radio.x, radio.y).mean() > 0.99
    at_sea = [
        s
        for s in (e["data"] for e in span if e["type"] == "ioc.sample")
        if not radio.is_land(*radio.plane.xy(np.array([s["lon"]]), np.array([s["lat"]])))[0]
    ]
    assert len(at_sea) < 0.003 * sum(e["type"] == "ioc.sample" for e in span)


def test_junctions_move_more_than_gates_and_the_day_more_than_the_night(province_play: Play) -> None:
    cameras = next(k for k in province_play.world.kinds if k.code == "camera")
    scene = np.array([province_play.profile.asset[code].attrs["scene"] for code in cameras.codes])
    at_metric = [m.code for m in cameras.metrics].index("change_pct")
    i = np.arange(len(scene))
    moved = {}
    for clock in ("03:00", "17:30"):
        t = np.full(len(i), at(f"2026-11-19T{clock}:00"), dtype=np.int64)
        values = cameras.values(i, t, t // cameras.rhythm_ms)[at_metric] / 10
        moved[clock] = {s: float(values[scene == s].mean()) for s in ("junction", "gate")}
    assert moved["03:00"]["gate"] < 2
    assert moved["17:30"]["junction"] > 3 * moved["17:30"]["gate"]
    assert moved["17:30"]["junction"] > 3 * moved["03:00"]["junction"]


def test_dossiers_come_in_working_hours_and_most_on_mondays(province_play: Play) -> None:
    records = province_play.records
    received: Counter[int] = Counter()
    solved: Counter[int] = Counter()
    for day in range(ZONE.day_of(at("2026-10-05T12:00:00")), ZONE.day_of(at("2026-10-05T12:00:00")) + 14):
        cohort = records.dossiers(day)
        received.update(((cohort.received + 7 * HOUR) // HOUR % 24).tolist())
        solved.update(((cohort.done + 7 * HOUR) // HOUR % 24).tolist())
    assert received[9] > 2 * received[12]
    assert received[9] > 20 * received[3]
    assert solved[9] > 3 * solved[12]
    assert not solved[3]
    counts = [
        len(records.dossiers(ZONE.day_of(at(f"2026-10-{d:02d}T12:00:00"))).received) for d in range(5, 12)
    ]
    assert counts[0] == max(counts)
    assert max(counts[5:]) < 0.5 * counts[2]


def test_dossiers_have_the_published_volume_and_shares(province_play: Play) -> None:
    first = int(ZONE.day_of(at("2026-06-01T12:00:00")))
    cohorts = [province_play.records.dossiers(first + d) for d in range(91)]
    assert sum(len(c.received) for c in cohorts) / 91 == pytest.approx(460, rel=0.05)  # F18
    assert np.concatenate([c.online for c in cohorts]).mean() == pytest.approx(0.75, abs=0.03)  # F19
    late = np.concatenate([c.done > c.due for c in cohorts])
    assert 0.003 < late.mean() < 0.04
    for c in cohorts:
        assert (c.received < c.begun).all()
        assert (c.begun < c.done).all()


def test_six_of_ten_payments_are_cashless(province_play: Play) -> None:
    first = int(ZONE.day_of(at("2026-06-01T12:00:00")))
    paid: list[dict[str, Any]] = [
        e.data for d in range(60) for e in province_play.records.payments(first + d)
    ]
    assert np.mean([p["fields"]["cashless"] for p in paid]) == pytest.approx(0.62, abs=0.03)  # F22


def test_feedback_is_proper_vietnamese_by_people_without_titles(province_play: Play) -> None:
    first = int(ZONE.day_of(at("2026-06-01T12:00:00")))
    last, male, female = people.name_lists()
    seen = set()
    for day in range(first, first + 20):
        for entry in province_play.records.steps("feedback", day, 0, 1 << 60):
            fields: Any = entry.data["fields"]
            if entry.data["state"] != "received":
                continue
            text, person = fields["text"], fields["person"]
            assert unicodedata.normalize("NFC", text + person) == text + person
            assert "{" not in text
            family, middle, first_name = (
                person.split(" ", 1)[0],
                person.split(" ")[1],
                person.split(" ", 2)[2],
            )
            assert family in last
            assert middle in ("Văn", "Thị")
            assert first_name in (male if middle == "Văn" else female)
            seen.add(fields["field"])
    assert len(seen) == 7


def test_names_differ_from_person_to_person() -> None:
    stream = Stream(7, "n")
    assert len({people.name(stream, i) for i in range(300)}) > 150


def test_the_calendar_knows_weekends_holidays_and_month_ends() -> None:
    day = ZONE.day_of(at("2026-11-22T12:00:00"))
    assert not is_workday(day)
    assert is_workday(day + 1)
    assert is_holiday(ZONE.day_of(at("2026-02-17T12:00:00")))  # first day of the lunar year
    assert is_holiday(ZONE.day_of(at("2026-09-02T12:00:00")))
    assert add_workdays(ZONE.day_of(at("2026-11-20T12:00:00")), 1) == ZONE.day_of(at("2026-11-23T12:00:00"))
    assert work_weight(ZONE.day_of(at("2026-11-30T12:00:00"))) > work_weight(
        ZONE.day_of(at("2026-11-23T12:00:00"))
    )


def test_cells_are_busier_in_the_evening_than_before_dawn(province_play: Play) -> None:
    cells = next(k for k in province_play.world.kinds if k.code == "cell")
    i = np.arange(len(cells.index))
    load = {}
    for clock in ("04:00", "20:00"):
        t = np.full(len(i), at(f"2026-11-19T{clock}:00"), dtype=np.int64)
        values = dict(
            zip([m.code for m in cells.metrics], cells.values(i, t, t // cells.rhythm_ms), strict=True)
        )
        load[clock] = values["prb_pct"].mean()
    assert load["20:00"] > 2 * load["04:00"]


def test_a_few_cameras_are_out_at_any_moment(province_play: Play) -> None:
    world = province_play.world
    cameras = world.members["camera"]
    out = [
        int(world.state("silent", cameras, np.full(len(cameras), at(f"2026-11-{d:02d}T10:00:00"))).sum())
        for d in range(1, 22)
    ]
    assert 3 <= np.mean(out) <= 9
    assert max(out) < 40


def test_reports_of_people_lie_near_what_machines_measure(province_play: Play, province: Profile) -> None:
    first = int(ZONE.day_of(at("2026-11-01T12:00:00")))
    reports: list[dict[str, Any]] = [e.data for d in range(28) for e in province_play.reports.day(first + d)]
    assert {r["indicator"] for r in reports} >= {"I08", "I10", "I39", "I42", "I55"}
    assert all(r["indicator"] in province.indicator for r in reports)
    assert all(not r["unit"] or r["unit"] in province.unit for r in reports)
    communes = [r["value"] for r in reports if r["indicator"] == "I08" and r["unit"]]
    assert len(communes) == len(province.units)
    assert 90 < np.mean(communes) <= 100
