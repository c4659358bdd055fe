"""A data directory belongs to one province: whoever comes with another is refused before anything is touched,
by whatever way."""

from __future__ import annotations

import json
import logging
import os
import shutil
import signal
import tempfile
import urllib.request
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from cockpit import boot
from cockpit.bench import processes
from cockpit.cli import main
from cockpit.clock import RealClock
from cockpit.config import from_env
from cockpit.domain.instants import iso
from cockpit.domain.numbers import MetricId
from cockpit.domain.periods import DAY_MS
from cockpit.profiles import load
from cockpit.store import Store, StoreError, meta
from cockpit.store.batch import Draft, Rollup
from cockpit.store.queries.observations import group_rollups
from tests.province.made import CODE
from tests.store import inside
from tests.store.old_files import Old, every
from tests.waiting import PATIENCE_S, gone, until

HERE = "quang_ninh"
TOLD = f"the province {CODE}, not of {HERE}"
WATER = MetricId(8)
LOCK = "lock"
"""Who holds a directory is written there, and gone when it is let go."""


def content(data: Path) -> dict[str, bytes]:
    """Every file of a data directory but the one that says who holds it, byte for byte."""
    return {p.name: p.read_bytes() for p in sorted(data.iterdir()) if p.is_file() and p.name != LOCK}


def ran(*args: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, args)
    return result.exit_code, result.output


def seen(n: int, t: int, level: int = 200) -> dict[str, object]:
    """What a gauge of the made-up province sends."""
    return {
        "specversion": "1.0", "id": f"w{n}", "source": "nuoc", "type": "ioc.observation", "subject": "nuoc-1",
        "time": iso(t), "data": {"values": {"water_cm": level}},
    }  # fmt: skip


def send(cockpit: processes.Running, token: str, events: list[dict[str, object]]) -> None:
    request = urllib.request.Request(
        f"{cockpit.address}/api/v1/events", json.dumps(events).encode(),
        {"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
    )  # fmt: skip
    with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
        assert json.loads(answer.read())["accepted"] == len(events)


@pytest.fixture(scope="module")
def killed(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a cockpit of the made-up province left that was killed: rows that are in no roll-up yet."""
    data = tmp_path_factory.mktemp("killed")
    profile = ("--profile", str(folder))
    with processes.running("engine", data, *profile) as cockpit:
        code, token = ran("token", "add", "nuoc", "--data-dir", str(data), *profile)
        assert code == 0, token
        now = RealClock().real_ms()
        send(cockpit, token.strip(), [seen(n, now - 1000 * n, 200 + n) for n in range(50)])
        family = cockpit.family()
        os.kill(cockpit.pid, signal.SIGKILL)
        cockpit.process.wait(PATIENCE_S)
        gone(family)
    assert (data / "cockpit.db-wal").stat().st_size
    return data


@pytest.fixture
def data(killed: Path, tmp_path: Path) -> Path:
    """A copy, to come to with another province."""
    return Path(shutil.copytree(killed, tmp_path / "data"))


def levels_told(data: Path) -> int:
    """How many levels of water the roll-ups of the whole province know."""
    today = RealClock().real_ms() // 86_400_000
    with inside.reading(data / "cockpit.db") as conn:
        days = group_rollups(conn, "gauge", "", WATER, today - 2, today + 2)
    return sum(int(sums[0].sum()) for sums in days.values())


def lifecycle(data: Path, mode: str = "serve", **more: str) -> boot.Lifecycle:
    return boot.Lifecycle(
        from_env({"COCKPIT_DATA_DIR": str(data), "COCKPIT_MODE": mode, "COCKPIT_NO_SIMULATOR": "1", **more})
    )


@pytest.mark.parametrize("mode", ["serve", "demo", "engine"])
def test_a_refused_start_leaves_every_file_as_it_was_and_nothing_at_work(
    data: Path, folder: Path, mode: str, caplog: pytest.LogCaptureFixture
) -> None:
    before = content(data)
    made = lifecycle(data, mode)
    try:
        with caplog.at_level(logging.ERROR):
            made.start_in_thread()
            until(lambda: made.parts.failure, "a refusal")
        assert TOLD in str(made.parts.failure)
        assert content(data) == before
        assert not hasattr(made.parts, "store")
    finally:
        made.stop()
    assert content(data) == before
    own = lifecycle(data, COCKPIT_PROFILE=str(folder))
    own.start()
    own.stop()
    assert levels_told(data) == 50


@pytest.fixture
def smaller(folder: Path, tmp_path: Path) -> Path:
    """The same province after the gauge that had sent was taken out of its list."""
    less = Path(shutil.copytree(folder, tmp_path / "less"))
    gauges = less / "assets" / "gauges.csv"
    rows = gauges.read_text("utf-8").splitlines(keepends=True)
    gauges.write_text("".join(row for row in rows if ",nuoc-1," not in row), "utf-8")
    return less


@pytest.mark.parametrize("mode", ["serve", "engine"])
def test_a_profile_without_a_device_of_which_something_is_not_summed_up_says_what_to_do_and_loses_nothing(
    data: Path, folder: Path, smaller: Path, mode: str
) -> None:
    before = {name: found for name, found in content(data).items() if name.startswith("cockpit.db")}
    refused = processes.start(mode, data, "--profile", str(smaller))
    try:
        until(lambda: refused.process.poll() is not None or "could not" in refused.said(), "a refusal")
    finally:
        refused.stop()
    said = refused.said()
    assert "Traceback" not in said
    assert f"{data / 'cockpit.db'}: a cockpit was cut off before it had summed up what 1 devices sent" in said
    assert f"lacks 1 of them (numbers {load(str(folder)).asset['nuoc-1'].id})" in said
    assert {name: content(data)[name] for name in before} == before
    opened(data, str(folder))
    opened(data, str(smaller))
    assert levels_told(data) == 50


def test_a_day_that_an_import_was_at_when_it_was_cut_off_waits_for_its_devices_too(
    folder: Path, smaller: Path, tmp_path: Path
) -> None:
    path, clock, whole = tmp_path / "data" / "cockpit.db", RealClock(), load(str(folder))
    now = clock.real_ms()
    gauge = whole.asset["nuoc-1"]
    hours = np.tile(np.array([[2], [400], [200], [200]], np.int64), 24)
    draft = Draft()
    at = draft.event(1, whole.source["nuoc"].id, now - 2 * DAY_MS, now)
    batch = draft.batch()
    batch.rollups.append((at, Rollup(gauge.id, now // DAY_MS - 1, {WATER: hours})))
    store = Store(path, whole, clock, writable=True)
    store.start()
    store.append(batch).result(PATIENCE_S)
    store.abandon()
    other = Store(path, load(str(smaller)), clock, writable=True)
    with pytest.raises(StoreError, match=rf"lacks 1 of them \(numbers {gauge.id}\)"):
        other.start()
    other.close()
    opened(path.parent, str(folder))
    opened(path.parent, str(smaller))
    assert levels_told(path.parent) == 48


def file_of(folder: Path, *events: dict[str, object]) -> Path:
    path = folder / "events.ndjson"
    path.write_text("".join(json.dumps(e) + "\n" for e in events), "utf-8")
    return path


def ways(data: Path, work: Path) -> dict[str, tuple[str, ...]]:
    """All that a command line has to do with a data directory, for Quảng Ninh."""
    now = RealClock().real_ms()
    event = {**seen(1, now), "source": "cam-vms", "subject": "cam-00001", "data": {"values": {"fps": 25}}}
    at = ("--data-dir", str(data))
    return {
        "events": ("import", "events", str(file_of(work, event)), *at),
        "boundaries": ("import", "boundaries", str(load(HERE).areas_path), *at),
        "machine": ("token", "add", "cam-vms", *at),
        "person": ("token", "person", "Lan", "--role", "operator", *at),
        "check": ("check", *at),
    }


@pytest.mark.parametrize("way", ["events", "boundaries", "machine", "person", "check"])
def test_a_command_for_another_province_is_refused_and_changes_nothing(
    data: Path, tmp_path: Path, way: str
) -> None:
    before = content(data)
    code, said = ran(*ways(data, tmp_path)[way])
    assert (code, TOLD in said) == (1, True), said
    assert way == "check" or content(data) == before


@pytest.mark.parametrize("way", ["events", "boundaries", "machine", "person"])
def test_beside_a_running_cockpit_too(folder: Path, tmp_path: Path, way: str) -> None:
    data = tmp_path / "data"
    own = lifecycle(data, COCKPIT_PROFILE=str(folder))
    own.start()
    try:
        tokens = inside.token_labels(data / "cockpit.db")
        code, said = ran(*ways(data, tmp_path)[way])
        assert (code, TOLD in said) == (1, True), said
        assert inside.token_labels(data / "cockpit.db") == tokens
        assert not (data / "boundaries.geojson").exists()
    finally:
        own.stop()


def test_pages_beside_an_engine_of_another_province_are_refused(folder: Path, tmp_path: Path) -> None:
    engine = lifecycle(tmp_path, "engine", COCKPIT_PROFILE=str(folder))
    engine.start()
    beside = lifecycle(tmp_path)
    try:
        with pytest.raises(StoreError, match=TOLD):
            beside.start()
    finally:
        beside.stop()
        engine.stop()


def opened(data: Path, profile: str) -> None:
    """Start a cockpit on it and end it."""
    made = lifecycle(data, COCKPIT_PROFILE=profile)
    try:
        made.start()
    finally:
        made.stop()


@pytest.mark.parametrize("way", ["events", "machine"])
def test_a_command_before_the_first_start_notes_whose_data_they_are(
    tmp_path: Path, folder: Path, way: str
) -> None:
    data = tmp_path / "data"
    code, said = ran(*ways(data, tmp_path)[way])
    assert code == 0, said
    assert meta.peek(data / "cockpit.db", meta.PROVINCE) == HERE
    before = content(data)
    with pytest.raises(StoreError, match=f"the province {HERE}, not of {CODE}"):
        opened(data, str(folder))
    assert content(data) == before


def nameless(old: Old) -> bool:
    """Whether its database notes no province."""
    with tempfile.TemporaryDirectory() as folder:
        return meta.peek(old.put(Path(folder) / "data"), meta.PROVINCE) is None


OLD = [old for old in every() if old.mode == "serve" and nameless(old)]


@pytest.mark.parametrize("old", OLD, ids=str)
def test_data_of_a_version_that_noted_no_province_are_taken_by_the_profile_that_knows_all_of_them(
    old: Old, folder: Path, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    path = old.put(data)
    before = content(data)
    told = "the data name no province, and know source "
    with pytest.raises(StoreError, match=told):
        opened(data, str(folder))
    now = RealClock().real_ms()
    for args in (
        ("import", "events", str(file_of(tmp_path, seen(1, now)))),
        ("token", "add", "nuoc"),
        ("check",),
    ):
        code, said = ran(*args, "--data-dir", str(data), "--profile", str(folder))
        assert (code, told in said, "cockpit check --claim" in said) == (1, True, True), said
        assert args == ("check",) or content(data) == before
    opened(data, HERE)
    assert meta.peek(path, meta.PROVINCE) == HERE


def test_who_knows_that_old_data_are_theirs_says_so_once(folder: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    path = OLD[0].put(data)
    claim = ("check", "--claim", "--data-dir", str(data), "--profile")
    code, said = ran(*claim, str(folder))
    assert (code, f"noted as those of {CODE}" in said) == (0, True), said
    assert meta.peek(path, meta.PROVINCE) == CODE
    code, said = ran(*claim, HERE)
    assert (code, TOLD in said) == (1, True), said
    code, said = ran("token", "add", "nuoc", "--data-dir", str(data), "--profile", str(folder))
    assert code == 0, said
