"""Times of RFC 3339 and nothing else, wherever one comes in."""

from __future__ import annotations

from contextlib import nullcontext

import pytest

from cockpit.config import ConfigError
from cockpit.demo import opening
from cockpit.domain.instants import NotAnInstant, iso, parse
from simulator.orders import ms_of
from tests.wire.conftest import START, Bench, event
from tests.wire.test_events import ALL, post, record, rollup

GOOD = {
    "2026-11-22T08:00:00+07:00": START,
    "2026-11-22T08:00:00.000+07:00": START,
    "2026-11-22t01:00:00z": START,
    "2026-11-22T01:00:00Z": START,
    "2026-11-22 01:00:00Z": START,
    "2026-11-22T01:00:00-00:00": START,
    "2026-11-21T18:15:00.5-06:45": START + 500,
    "2026-11-22T00:59:60Z": START,
    "2026-11-22T07:59:60.250+07:00": START + 250,
    "2026-11-22T01:00:00.1Z": START + 100,
    "2026-11-22T01:00:00.123456Z": START + 123,
    "2026-11-22T01:00:00.123456789Z": START + 123,
    "2026-11-22T01:00:00.1239999999999999999999+00:00": START + 124,
    "2026-11-23T00:59:00+23:59": START,
}
BAD = [
    "2026-W47-7T08:00:00+07:00", "2026W477T08:00:00+07:00", "2026-326T08:00:00+07:00", "20261122T080000+0700",
    "2026-11-22T08:00+07:00", "2026-11-22T08:00Z", "2026-11-22T08+07:00", "2026-11-22T08:00:00,5+07:00",
    "2026-11-22T08:00:00.+07:00", "2026-11-22T08:00:00.12x+07:00", "2026-11-22T01:00:00.1234567xZ",
    "2026-11-22T08:00:00+0700", "2026-11-22T08:00:00+07", "2026-11-22T08:00:00+07,00",
    "2026-11-22T08:00:00+07:60", "2026-11-22T08:00:00+24:00", "2026-11-22T08:00:00+07:00:00",
    "2026-11-22T24:00:00+07:00", "2026-11-22T08:60:00+07:00", "2026-11-22T08:00:61+07:00",
    "2026-02-29T08:00:00+07:00", "2026-11-22_08:00:00+07:00", "2026-11-22T08:00:00 +07:00",
    "2026-11-22T٠٨:00:00+07:00", "２026-11-22T08:00:00+07:00", " 2026-11-22T08:00:00+07:00",
    "2026-11-22T08:00:00+07:00\n", "-026-11-22T08:00:00+07:00", "1795309200", "", "2026-11-22", "now",
]  # fmt: skip


def test_events_take_every_form_of_the_standard_and_no_other(bench: Bench) -> None:
    client = bench.client(bench.token(*ALL))
    places = [(f"cam-{n:05d}", metric) for metric in ("fps", "loss_pct") for n in range(1, 11)]
    good = [
        event(id=f"g{i}", subject=asset, time=text, data={"values": {metric: 1}})
        for i, (text, (asset, metric)) in enumerate(zip(GOOD, places, strict=False))
    ]
    assert post(client, good).json()["accepted"] == len(GOOD)
    for t, (asset, metric) in zip(GOOD.values(), places, strict=False):
        latest = client.get(f"/api/v1/latest?asset={asset}").json()["latest"]
        assert [x["time"] for x in latest if x["metric"] == metric] == [iso(t)]
    found = post(client, [event(i, time=text) for i, text in enumerate(BAD)]).json()
    assert [r["code"] for r in found["rejected"]] == ["bad_time"] * len(BAD)
    dues = [{**record(due=text), "id": f"r{i}"} for i, text in enumerate(BAD)]
    assert {r["code"] for r in post(client, dues).json()["rejected"]} == {"bad_time"}
    assert post(client, record(due="2026-12-01t00:00:00z")).json()["accepted"] == 1
    days = ("2026-W47-5", "20261120", "2026-324")
    weeks = [event(type="ioc.rollup", data={**rollup()["data"], "day": day}) for day in days]
    assert [r["code"] for r in post(client, weeks).json()["rejected"]] == ["bad_time"] * 3


def test_parameters_and_orders_are_read_by_the_same_rule(demo: Bench) -> None:
    client = demo.client(demo.token(role="presenter"))
    ask = "/api/v1/observations?asset=cam-00001&metric=fps"
    for text in GOOD:
        for sent in (text.replace("+", "%2B"), text):  # a plus sign that nobody escaped is a space
            assert client.get(f"{ask}&from=2026-11-21T12:00:00Z&to={sent}").status_code == 200, text
    for text in BAD:
        told = client.get(ask, params={"asset": "cam-00001", "metric": "fps", "from": text}).json()["error"]
        assert (told["code"], told["where"]) == ("bad_parameter", "from"), text
        told = client.post("/api/v1/clock", json={"jump": text}).json()["error"]
        assert (told["code"], told["where"]) == ("bad_parameter", "jump"), text


def test_starts_of_a_demo_and_of_a_play_are_read_by_the_same_rule() -> None:
    for text, t in GOOD.items():
        assert (opening.start_ms(text), ms_of(text)) == (t, t)
    for text in (*BAD, "2026-11-22T08:00:00"):
        if text:
            with pytest.raises(ConfigError, match="COCKPIT_START") if text != opening.NOW else nullcontext():
                opening.start_ms(text)
        with pytest.raises(ValueError, match="expected"):
            ms_of(text)


def test_what_has_no_offset_is_told_apart() -> None:
    with pytest.raises(NotAnInstant) as error:
        parse("2026-11-22T08:00:00.5")
    assert error.value.no_offset
