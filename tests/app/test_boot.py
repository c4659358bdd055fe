"""What a start finds and leaves behind."""

from __future__ import annotations

import logging
import os
import socket
import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner
from starlette.applications import Starlette
from starlette.testclient import TestClient

from cockpit.boot import Lifecycle
from cockpit.cli import main
from cockpit.config import Config, from_env
from cockpit.demo.controller import JUMP
from cockpit.demo.demo import SIMULATOR, Demo
from cockpit.ingest import tokens
from cockpit.store import StoreError, meta
from cockpit.store.lock import hold
from cockpit.web import api
from tests.waiting import PATIENCE_S

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
        assert cockpit._thread is not None
        cockpit._thread.join(PATIENCE_S)
    cockpit.stop()
    assert isinstance(cockpit.parts.failure, StoreError)
    (record,) = caplog.records
    assert "cockpit.db: the file is not a database" in record.getMessage()
    assert record.exc_info is None


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
    with sqlite3.connect(tmp_path / "cockpit.db") as conn:
        labels = [row[0] for row in conn.execute("SELECT label FROM token ORDER BY label")]
    conn.close()
    assert labels == ["a person"] * 3 + [SIMULATOR]


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
