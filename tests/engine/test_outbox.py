"""A file that is told what happens to alerts: each line at least once, in order."""

from __future__ import annotations

import json
import logging
import os
from pathlib import Path
from typing import Any

import pytest

from cockpit.engine.outbox import FileChannel, Outbox
from tests.engine.world import World, healthy


def told(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "told.ndjson"


def made(world: World, path: Path) -> Outbox:
    box = Outbox(world.store, [FileChannel(path)])
    box.begin()
    return box


def alarm(world: World) -> None:
    world.run(60, 20, healthy(world.profile))
    world.run(200, 20, healthy(world.profile, without=["cam-3"]))


def test_every_line_is_told_once_in_order_and_only_what_is_new(world: World, path: Path) -> None:
    alarm(world)
    box = made(world, path)
    box.send()
    assert not path.exists(), "nothing old is announced"
    world.run(120, 20, healthy(world.profile))
    box.send()
    box.send()
    assert [(x["what"], x["data"]["key"]) for x in told(path)] == [
        ("recovering", "camera-silent|cam-3"),
        ("closed", "camera-silent|cam-3"),
    ]
    assert os.stat(path).st_mode & 0o077 == 0
    world.restart()
    made(world, path).send()
    assert len(told(path)) == 2


def test_what_could_not_be_told_is_told_later_and_said_once(
    world: World, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    box = made(world, path)
    path.mkdir()
    alarm(world)
    with caplog.at_level(logging.ERROR):
        box.send()
        box.send()
    assert len([r for r in caplog.records if "tried again" in r.message]) == 1
    path.rmdir()
    box.send()
    assert [x["what"] for x in told(path)] == ["pending", "opened"]


def test_a_line_cut_off_by_a_crash_stays_apart_and_is_told_again(world: World, path: Path) -> None:
    box = made(world, path)
    path.write_text('{"seq":7,"t":"20', "utf-8")
    alarm(world)
    box.send()
    first, *lines = path.read_text("utf-8").splitlines()
    assert first == '{"seq":7,"t":"20'
    assert [json.loads(line)["what"] for line in lines] == ["pending", "opened"]


def test_a_store_that_fails_once_ends_nothing(
    world: World, path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    box = made(world, path)
    alarm(world)
    with monkeypatch.context() as broken:
        broken.setattr(world.store, "read", lambda: 1 / 0)
        box.send()
    box.send()
    assert [x["what"] for x in told(path)] == ["pending", "opened"]
