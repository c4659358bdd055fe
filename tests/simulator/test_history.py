"""The past is what live play would have sent: a day of history beside the same day played."""

import io
import json
from collections import defaultdict
from typing import Any

import msgspec
import numpy as np
import pytest

from cockpit.domain.periods import DAY_MS
from cockpit.profiles import Profile
from simulator.history import History
from simulator.orders import episodes_of
from simulator.play import Play
from tests.simulator.conftest import ZONE, at

HOUR = 3_600_000
UNTIL = at("2026-11-20T08:10:00")
Played = dict[tuple[str, str], dict[int, list[float]]]  # (asset, metric) -> hour -> values
DAY = int(ZONE.day_of(at("2026-11-19T12:00:00")))
# How far an hour's mean may lie from the played one, in shares of the metric's usual value plus its
# resolution.
MEAN_TOLERANCE = {
    "loss_pct": 0.1,
    "latency_ms": 0.2,
    "drop_pct": 0.2,
    "users": 0.15,
    "prb_pct": 0.15,
    "content_hash": 0.05,
}


@pytest.fixture(scope="module")
def past(district: Profile) -> list[dict[str, Any]]:
    out = io.BytesIO()
    History(Play(district, 7), 3, UNTIL).write(out)
    return [msgspec.json.decode(line) for line in out.getvalue().splitlines()]


@pytest.fixture(scope="module")
def day(district: Profile) -> Played:
    """A played day: (asset, metric) -> hour -> values, by the time of the events."""
    found: Played = defaultdict(lambda: defaultdict(list))
    play = Play(district, 7)
    start = ZONE.day_start(DAY)
    for lines in play.stream(start, start + DAY_MS + 60_000, 600_000):
        for line in lines:
            if '"ioc.observation"' not in line:
                continue
            event = msgspec.json.decode(line)
            if event["time"].startswith("2026-11-19"):
                hour = int(event["time"][11:13])
                for code, value in event["data"]["values"].items():
                    found[event["subject"], code][hour].append(value)
    return found


@pytest.fixture(scope="module")
def rolled(past: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        e["subject"]: e["data"]["hours"]
        for e in past
        if e["type"] == "ioc.rollup" and e["data"]["day"] == "2026-11-19"
    }


def test_counts_of_every_hour_are_exactly_what_was_played(
    day: Played, rolled: dict[str, Any], past: list[dict[str, Any]]
) -> None:
    raw = {
        (e["subject"], e["time"][:13])
        for e in past
        if e["type"] == "ioc.observation" and e["time"] < "2026-11-20"
    }
    compared = 0
    for (asset, code), hours in day.items():
        counts = rolled[asset][code]["n"] if asset in rolled else [0] * 24
        for hour in range(24):
            sent_raw = (asset, f"2026-11-19T{hour:02d}") in raw
            assert counts[hour] + sent_raw == len(hours[hour]), (asset, code, hour)
            compared += 1
    assert compared > 20_000


def test_means_and_extremes_are_near_the_played_ones(day: Played, rolled: dict[str, Any]) -> None:
    errors: dict[str, list[float]] = defaultdict(list)
    spans: dict[str, list[tuple[float, float, float]]] = defaultdict(list)
    for (asset, code), hours in day.items():
        for hour, values in hours.items():
            part = rolled.get(asset, {}).get(code)
            if part is None or part["n"][hour] != len(values) or len(values) < 2:
                continue
            errors[code].append(part["sum"][hour] / len(values) - np.mean(values))
            spans[code].append(
                (part["max"][hour] - max(values), part["min"][hour] - min(values), float(np.mean(values)))
            )
    assert set(errors) >= {
        "fps",
        "bitrate_kbps",
        "latency_ms",
        "prb_pct",
        "temp_c",
        "online",
        "cameras_connected",
    }
    for code, found in errors.items():
        usual = abs(np.mean([s[2] for s in spans[code]])) + 0.05
        assert np.mean(np.abs(found)) < MEAN_TOLERANCE.get(code, 0.03) * usual, code
        assert abs(np.mean(found)) < 0.04 * usual, code  # no bias
        assert abs(np.mean([s[0] for s in spans[code]])) < 0.12 * usual, code
        assert abs(np.mean([s[1] for s in spans[code]])) < 0.12 * usual, code


def test_sums_lie_between_least_and_greatest(past: list[dict[str, Any]]) -> None:
    for event in past:
        if event["type"] != "ioc.rollup":
            continue
        for part in event["data"]["hours"].values():
            n, total, low, high = (np.array(part[k], dtype=float) for k in ("n", "sum", "min", "max"))
            assert (total >= low * n - 1e-6).all()
            assert (total <= high * n + 1e-6).all()
            assert not total[n == 0].any()


def test_raw_events_of_the_last_hours_are_those_of_live_play(
    past: list[dict[str, Any]], district: Profile
) -> None:
    first = (UNTIL - HOUR) // HOUR * HOUR
    lines = {
        line
        for lines in Play(district, 7).stream(first, UNTIL)
        for line in lines
        if '"ioc.observation"' in line
    }
    played = {
        (e["source"], e["id"]) for e in map(msgspec.json.decode, lines) if e["time"] >= "2026-11-20T07:00:00"
    }
    raw = {
        (e["source"], e["id"])
        for e in past
        if e["type"] == "ioc.observation" and e["time"] >= "2026-11-20T07:00:00"
    }
    assert played == raw


def test_every_asset_that_sends_has_a_latest_value(past: list[dict[str, Any]], district: Profile) -> None:
    raw = {e["subject"] for e in past if e["type"] == "ioc.observation"}
    senders = {a.code for a in district.assets if a.rhythm_s and a.kind != "host"}
    assert not senders - raw


def test_nothing_is_sent_after_the_end_and_no_id_twice(past: list[dict[str, Any]]) -> None:
    assert max(e["sent"] for e in past) < "2026-11-20T08:10:00.000"
    assert len({(e["source"], e["id"]) for e in past}) == len(past)


def test_the_newest_day_comes_first(past: list[dict[str, Any]]) -> None:
    days = [e["data"]["day"] for e in past if e["type"] == "ioc.rollup"]
    assert days == sorted(days, reverse=True)
    assert len(set(days)) == 3


def test_records_stand_where_live_play_would_have_brought_them(
    past: list[dict[str, Any]], district: Profile
) -> None:
    start = ZONE.day_start(DAY - 1)
    states = {}
    for chunk in Play(district, 7).daybook.window(start, UNTIL):
        for event in map(msgspec.json.decode, chunk.lines):
            if event["data"].get("kind") == "dossier":
                states[event["data"]["key"]] = event["data"]["state"]
    found = {}
    for event in past:
        if event["type"] == "ioc.record" and event["data"]["kind"] == "dossier":
            found[event["data"]["key"]] = event["data"]["state"]
    assert len(found) > 50
    assert len(set(found.values())) == 3
    assert all(states[key] == state for key, state in found.items())


def test_samples_of_the_past_are_some_of_those_live_play_sends(
    past: list[dict[str, Any]], district: Profile
) -> None:
    play = Play(district, 7)
    samples = [e for e in past if e["type"] == "ioc.sample" and "2026-11-19T10:0" in e["sent"]]
    start = at("2026-11-19T10:00:00")
    live = {
        e["id"]: e
        for e in map(msgspec.json.decode, (x for w in play.stream(start, start + 600_000) for x in w))
    }
    assert samples
    assert all(live[s["id"]] == s for s in samples)


def test_core_and_detail_are_the_whole_and_who_fell_silent_lately_is_in_the_core(play: Play) -> None:
    lost = {
        "id": 1,
        "asset": "cam-00003",
        "kind": "silent",
        "from": "2026-11-18T08:31:00+07:00",
        "hold_s": 7200,
    }
    play.obey(episodes_of((), (lost,), play.profile, play.seed))
    try:
        history = History(play, 1, at("2026-11-18T09:05:00"))
        core, detail, whole = (
            b"".join(history.pieces(part)).splitlines() for part in ("core", "detail", "all")
        )
    finally:
        play.obey(())
    assert sorted([*core, *detail]) == sorted(whole)
    mine = [
        e for e in map(json.loads, core) if e["subject"] == "cam-00003" and e["type"] == "ioc.observation"
    ]
    assert [e["time"][11:16] for e in mine] == ["08:30"]
