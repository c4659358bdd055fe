"""The measurement of ingest runs the whole cockpit, and its loads are taken by it."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Iterator
from itertools import islice
from typing import Any

import pytest
from click.testing import CliRunner

from cockpit.bench import ingest, pressed, processes, province
from cockpit.bench.bodies import Body, LoadError, catalogue_of
from cockpit.bench.client import send
from cockpit.cli import main
from tests.waiting import PATIENCE_S

TICKS = re.compile(rb"^cockpit_tick_age_seconds \S", re.M)
"""A sample that only a cockpit with an engine has."""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[processes.Running]:
    with processes.running("serve", tmp_path_factory.mktemp("served")) as cockpit:
        yield cockpit


def test_ingest_is_measured_with_the_engine_behind_it_by_packed_and_by_single_events(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ticking: list[bool] = []

    def watched(cockpit: processes.Running, *args: Any, **more: Any) -> ingest.Both:
        found = phases(cockpit, *args, **more)
        ticking.append(bool(TICKS.search(cockpit.get("/metrics", timeout=PATIENCE_S)[1])))
        return found

    phases = ingest.phases
    monkeypatch.setattr(ingest, "phases", watched)
    monkeypatch.setattr(ingest, "WARM", 1)
    monkeypatch.setattr(ingest, "PACKED", 2)
    monkeypatch.setattr(ingest, "SINGLE", 2)
    monkeypatch.setattr(pressed, "measure", lambda _: {"per_second": 20_000, "viewers": 20, "p95_ms": 90.0})
    ran = CliRunner().invoke(main, ["bench", "ingest", "--json"])
    assert ran.exit_code == 0, ran.stderr
    result = json.loads(ran.stdout)
    assert ticking == [True]
    assert set(result["single"]) == {"per_second", "cpu_us_per_value"}
    figures = ("per_second", "events_per_second", "p50_ms", "p95_ms", "bytes_per_observation")
    assert all(result[name] > 0 for name in (*figures, "cpu_us_per_value"))
    assert result["per_second"] == pytest.approx(5 * result["events_per_second"], rel=0.01)
    assert all(value > 0 for value in result["single"].values())
    assert result["synchronous"] == "full"


def test_a_province_of_the_catalogue_sends_what_the_door_takes(served: processes.Running) -> None:
    catalogue = catalogue_of(served)
    both = province.province_of(catalogue, catalogue)
    now_s = int(time.time())
    past = islice(province.past(both, now_s), 0, None, 23)  # some of every kind
    sent = asyncio.run(send(served.port, served.token(*both.sources), province.bodies(past), seconds=60))
    assert sent.events > 3_000
    counts = dict(
        re.findall(r'source="([^"]+)",outcome="accepted"} (\d+)', served.get("/metrics")[1].decode())
    )
    assert {s for s in both.sources if s in counts} >= {"cam-vms", "ran-oss", "dien-thoai", "net-monitor"}


def test_a_load_that_is_not_taken_says_what_the_door_answered(served: processes.Running) -> None:
    foreign = Body(b'[{"specversion":"1.0","id":"1","source":"ran-oss","type":"ioc.observation"}]', 1, 1)
    with pytest.raises(LoadError, match=r"the door answered .*403"):
        asyncio.run(send(served.port, served.token("cam-vms"), [foreign], seconds=60))


def test_a_cockpit_that_cannot_start_ends_the_command_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fails(*_: Any, **__: Any) -> None:
        raise processes.StartError("the cockpit ended with 1:\nError: the disk is full")

    monkeypatch.setattr(ingest, "measure", fails)
    ran = CliRunner().invoke(main, ["bench", "ingest", "--json"])
    assert (ran.exit_code, ran.stdout) == (1, "")
    assert "the disk is full" in ran.stderr
