"""What a start finds and leaves behind."""

from __future__ import annotations

import json
import logging
import os
import socket
import threading
from pathlib import Path

import pytest
from click.testing import CliRunner
from starlette.applications import Starlette
from starlette.testclient import TestClient

from cockpit.boot import Lifecycle
from cockpit.cli import main
from cockpit.commands import Actor, Command, execute
from cockpit.commands.presenting import ClockReset
from cockpit.config import Config, from_env
from cockpit.demo.controller import JUMP
from cockpit.demo.demo import SIMULATOR, Demo
from cockpit.ingest import tokens
from cockpit.store import StoreError, alerting, meta, notices
from cockpit.store.handles import Write
from cockpit.store.lock import hold
from cockpit.store.notices import Draft
from cockpit.web import api
from tests.store import inside
from tests.waiting import PATIENCE_S, until

START = 1_795_309_200_000  # 2026-11-22T08:00:00+07:00


def config(path: Path, **more: str) -> Config:
    return from_env(
        {
            "COCKPIT_DATA_DIR": str(path),
            "COCKPIT_SIZE": "district",
            "COCKPIT_NO_SIMULATOR": "1",
            "COCKPIT_START": "2026-11-22T08:00:00+07:00",
            **more,
        }
    )


def played(cockpit: Lifecycle) -> Demo:
    assert cockpit.parts.demo is not None
    return cockpit.parts.demo


def kept(cockpit: Lifecycle, key: str) -> str | None:
    cockpit.parts.store.write(lambda conn: None).result(PATIENCE_S)
    with cockpit.parts.store.read() as conn:
        return meta.get(conn, key)


@pytest.mark.parametrize("mode", ["demo", "serve"])
def test_a_damaged_file_is_named_in_one_clear_line(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, mode: str
) -> None:
    (tmp_path / "cockpit.db").write_bytes(b"this is a letter, not a database\n" * 200)
    cockpit = Lifecycle(config(tmp_path, COCKPIT_MODE=mode))
    with caplog.at_level(logging.ERROR):
        cockpit.start_in_thread()
        until(lambda: caplog.records, "an error in the log")
    cockpit.stop()
    assert isinstance(cockpit.parts.failure, StoreError)
    (record,) = caplog.records
    assert "cockpit.db: the file is not a database" in record.getMessage()
    assert record.exc_info is None


def test_behind_the_page_of_a_start_that_failed_nothing_is_at_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError("no engine today")

    monkeypatch.setattr("cockpit.boot.Engine", refuse)
    before = set(threading.enumerate())
    cockpit = Lifecycle(config(tmp_path))
    cockpit.start_in_thread()
    try:
        until(lambda: set(threading.enumerate()) <= before and cockpit.parts.failure, "nothing at work")
        with pytest.raises(StoreError) as refused:
            cockpit.parts.store.write(lambda conn: None)
        assert refused.value.code == "closed"
    finally:
        cockpit.stop()


def test_the_time_a_demo_goes_on_at_never_goes_back(tmp_path: Path) -> None:
    cockpit = Lifecycle(config(tmp_path))
    cockpit.start()
    try:
        played(cockpit).reach(START + 60_000)
        played(cockpit).reach(START - 3_600_000)
        assert kept(cockpit, "domain_ms") == str(START + 60_000)
        played(cockpit).reach(START + 62_000)
        assert kept(cockpit, "domain_ms") == str(START + 62_000)
    finally:
        cockpit.stop()


def test_a_jump_that_was_cut_off_is_landed_at_the_next_start(tmp_path: Path) -> None:
    cockpit = Lifecycle(config(tmp_path))
    cockpit.start()
    played(cockpit).put((JUMP, f"{START} {START + 7_200_000}"))
    cockpit.stop()
    cockpit = Lifecycle(config(tmp_path))
    cockpit.start()
    try:
        assert cockpit.parts.clock.domain_ms() == START + 7_200_000
        assert kept(cockpit, JUMP) == ""
    finally:
        cockpit.stop()


def pend(cockpit: Lifecycle, *what: str) -> None:
    """Lines of the log that wait to be announced."""
    lines = [alerting.Line(START, None, one, "engine", {}) for one in what]
    cockpit.parts.store.write(lambda conn: alerting.append(conn, lines)).result(PATIENCE_S)


def test_what_waits_to_be_announced_while_a_demo_goes_back_is_announced_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cockpit.engine.outbox.PERIOD_S", PATIENCE_S)  # it sends only when it ends
    told = tmp_path / "told.ndjson"
    cockpit = Lifecycle(config(tmp_path / "data", COCKPIT_ANNOUNCE_TO=str(told), COCKPIT_HISTORY="0"))
    cockpit.start()
    try:
        pend(cockpit, "of the snapshot")
        played(cockpit).controller.copy()
        played(cockpit).controller.settle_copy()
        pend(cockpit, "of the run that is left")
        word = Command(Actor("Hoa", "presenter"), ClockReset())
        assert execute(cockpit.parts, word).ok
        pend(cockpit, "of the second run")
    finally:
        cockpit.stop()
    lines = [json.loads(line)["what"] for line in told.read_text("utf-8").splitlines()]
    assert [x for x in lines if x.startswith("of ") or x == "clock_reset"] == [
        "of the snapshot", "of the run that is left", "clock_reset", "of the second run",
    ]  # fmt: skip


def test_what_nobody_was_told_before_a_way_back_is_told_after_it(tmp_path: Path) -> None:
    path = tmp_path / "channels.toml"
    path.write_text('[[channel]]\nname = "truc"\nurl = "alertmanager+http://127.0.0.1:9/x"\n', "utf-8")
    cockpit = Lifecycle(config(tmp_path / "data", COCKPIT_CHANNELS=str(path), COCKPIT_HISTORY="0"))
    cockpit.start()
    waiting = Draft("an id", 1, "firing", "high", START, {"title": "t", "text": "t", "alerts": []})
    gone = Draft("sent", 2, "firing", "high", START, {})
    try:
        played(cockpit).controller.copy()
        played(cockpit).controller.settle_copy()

        def put(conn: Write) -> None:
            notices.put(conn, "khac", [waiting, gone], START)
            # The engine may have put its own before these.
            number = next(n.number for n in notices.of_channel(conn, "khac", 9) if n.id == "sent")
            notices.sent(conn, number, START)

        cockpit.parts.store.write(put).result(PATIENCE_S)
        assert execute(cockpit.parts, Command(Actor("Hoa", "presenter"), ClockReset())).ok
        with cockpit.parts.store.read() as conn:
            kept = [(n.id, n.state, n.body) for n in notices.of_channel(conn, "khac", 9)]
    finally:
        cockpit.stop()
    assert kept == [("an id", "waiting", waiting.body)]


def test_one_start_after_the_other_leaves_one_token_of_the_simulator(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cockpit.demo.demo.Live", lambda *_: None)
    for _ in range(3):
        cockpit = Lifecycle(config(tmp_path, COCKPIT_NO_SIMULATOR="0", COCKPIT_HISTORY="0"))
        cockpit.start()
        cockpit.parts.store.write(lambda conn: tokens.issue(conn, (), "presenter", "a person")).result(
            PATIENCE_S
        )
        cockpit.stop()
    assert inside.token_labels(tmp_path / "cockpit.db") == ["a person"] * 3 + [SIMULATOR]


def test_a_second_start_on_the_same_port_says_who_holds_the_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("MODE", "DATA_DIR", "HOST", "PORT", "PROFILE"):  # the command writes its options there
        monkeypatch.setenv(f"COCKPIT_{name}", {"PORT": "1", "MODE": "serve"}.get(name, ""))
    monkeypatch.setattr(os, "execv", lambda *args: pytest.fail(f"it started: {args}"))
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = str(busy.getsockname()[1])
        options = [
            "--data-dir",
            str(tmp_path),
            "--host",
            "127.0.0.1",
            "--port",
            port,
            "--profile",
            "quang_ninh",
        ]
        ran = CliRunner().invoke(main, ["serve", *options])
        assert "cannot listen" in ran.output
        assert "is held by" not in ran.output
        lock = hold(tmp_path, role="demo", address=f"http://127.0.0.1:{port}")
        ran = CliRunner().invoke(main, ["serve", *options])
        lock.release()
    assert ran.exit_code == 1
    assert f"is held by cockpit demo (process {os.getpid()}) at http://127.0.0.1:{port}" in ran.output
    assert "cannot listen" in ran.output


def test_pages_beside_an_engine_take_their_token_with_them_when_they_end(tmp_path: Path) -> None:
    engine = Lifecycle(config(tmp_path, COCKPIT_MODE="engine", COCKPIT_PORT="8601"))
    engine.start()
    try:
        pages = Lifecycle(config(tmp_path, COCKPIT_MODE="serve", COCKPIT_PORT="8602"))
        pages.start()
        assert inside.token_labels(tmp_path / "cockpit.db") == ["pages at http://127.0.0.1:8602"]
        pages.stop()
        assert inside.token_labels(tmp_path / "cockpit.db") == []
    finally:
        engine.stop()


def test_pages_beside_an_engine_say_where_events_go(tmp_path: Path) -> None:
    engine = Lifecycle(config(tmp_path, COCKPIT_MODE="engine", COCKPIT_PORT="8601"))
    engine.start()
    try:
        token = engine.parts.store.write(lambda conn: tokens.issue(conn, ["cam-vms"], "source", "t")).result(
            PATIENCE_S
        )
        # The lock is this process's own, so the directory is taken as another process would find it.
        pages = Lifecycle(config(tmp_path, COCKPIT_MODE="serve"))
        pages.start()
        client = TestClient(Starlette(routes=api.routes(pages.parts)))
        answer = client.post("/api/v1/events", json=[], headers={"Authorization": f"Bearer {token}"})
        assert (answer.status_code, answer.json()["error"]["code"]) == (503, "read_only")
        assert "cockpit engine at http://127.0.0.1:8601" in answer.json()["error"]["reason"]
        pages.stop()
    finally:
        engine.stop()
