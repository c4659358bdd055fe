"""The copy of the database: taken while it is written to, put back whole or not at all."""

from __future__ import annotations

import os
import sqlite3
import threading
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest

from cockpit.store import snapshot
from cockpit.store.database import writer
from cockpit.store.errors import StoreError
from tests.waiting import PATIENCE_S

TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE token (hash BLOB PRIMARY KEY, sources TEXT NOT NULL, role TEXT NOT NULL, label TEXT NOT NULL,
    created INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE thing (n INTEGER PRIMARY KEY, filler BLOB NOT NULL) STRICT;
"""
ROWS = 3_000


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "cockpit.db"
    conn = writer(made)
    conn.executescript(TABLES)
    fill(conn, 1, ROWS)
    conn.close()
    return made


def fill(conn: sqlite3.Connection, first: int, last: int) -> None:
    conn.execute("BEGIN IMMEDIATE")
    conn.executemany("INSERT INTO thing VALUES (?, randomblob(900))", [(n,) for n in range(first, last + 1)])
    conn.execute("COMMIT")


def count(path: Path) -> int:
    conn = sqlite3.connect(path)
    try:
        assert conn.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        found: int = conn.execute("SELECT max(n) FROM thing").fetchone()[0]
        return found
    finally:
        conn.close()


def announce(path: Path) -> None:
    conn = writer(path)
    conn.execute("INSERT INTO token VALUES (x'01', '[]', 'presenter', 'a person', 0)")
    snapshot.announce(path, conn, "word")
    conn.close()


def back(path: Path) -> None:
    """What a start does: the announcement is followed if there is one."""
    order = snapshot.announced(path)
    if order is not None:
        assert order.text == "word"
        snapshot.put_back(path, order, lambda conn: conn.execute("INSERT INTO meta VALUES ('back', 'yes')"))


def test_a_copy_holds_the_instant_it_was_begun_at_however_much_is_written_meanwhile(path: Path) -> None:
    begun, size = threading.Event(), []
    taking = threading.Thread(target=lambda: size.append(snapshot.take(path, begun)))
    conn = writer(path)
    taking.start()
    assert begun.wait(PATIENCE_S)
    for n in range(20):
        fill(conn, ROWS + 1 + 50 * n, ROWS + 50 * (n + 1))
    taking.join(PATIENCE_S)
    conn.close()
    assert count(snapshot.place(path)) == ROWS
    assert size == [snapshot.place(path).stat().st_size]
    assert count(path) == ROWS + 1000


def test_a_copy_replaces_the_one_before_only_when_it_is_whole(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    snapshot.take(path, threading.Event())
    conn = writer(path)
    fill(conn, ROWS + 1, ROWS + 10)
    conn.close()

    def full(*_: object) -> None:
        raise OSError(28, "no space")

    with monkeypatch.context() as patched:
        patched.setattr(snapshot, "sync", full)
        with pytest.raises(StoreError) as error:
            snapshot.take(path, threading.Event())
    assert error.value.code == "disk_full"
    assert count(snapshot.place(path)) == ROWS
    assert not list(path.parent.glob("*.part"))
    snapshot.take(path, threading.Event())
    assert count(snapshot.place(path)) == ROWS + 10


def test_what_is_put_back_keeps_the_tokens_of_today_and_what_the_caller_adds(path: Path) -> None:
    snapshot.take(path, threading.Event())
    conn = writer(path)
    fill(conn, ROWS + 1, ROWS + 10)
    conn.close()
    announce(path)
    back(path)
    assert count(path) == ROWS
    conn = sqlite3.connect(path)
    assert conn.execute("SELECT label FROM token").fetchall() == [("a person",)]
    assert conn.execute("SELECT key FROM meta").fetchall() == [("back",)]
    conn.close()
    assert snapshot.announced(path) is None
    back(path)
    assert count(path) == ROWS


def test_without_an_announcement_nothing_is_put_back(path: Path) -> None:
    snapshot.take(path, threading.Event())
    conn = writer(path)
    fill(conn, ROWS + 1, ROWS + 10)
    conn.close()
    back(path)
    assert count(path) == ROWS + 10


@pytest.mark.parametrize("survived", range(9))
def test_killed_anywhere_the_next_start_finds_one_state_or_the_other(path: Path, survived: int) -> None:
    """The child dies like by kill -9 after so many steps on the disk; the log of the old state is there."""
    snapshot.take(path, threading.Event())
    conn = writer(path)
    fill(conn, ROWS + 1, ROWS + 10)  # in the write-ahead log, which nobody has folded into the file
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # the child does little, and then dies
        child = os.fork()
    if not child:
        _die_after(survived)
        try:
            announce(path)
            back(path)
        finally:
            os._exit(1)
    os.waitpid(child, 0)
    conn.close()
    announced = snapshot.announced(path) is not None
    done = not announced and count(path) == ROWS
    back(path)
    assert count(path) == (ROWS if announced or done else ROWS + 10)
    assert snapshot.announced(path) is None


def _die_after(survived: int) -> None:
    left = [survived]

    def counted(call: Callable[..., object]) -> Callable[..., object]:
        def run(*args: object, **options: object) -> object:
            if not left[0]:
                os._exit(9)
            left[0] -= 1
            return call(*args, **options)

        return run

    for owner, name in ((snapshot, "sync"), (os, "replace"), (snapshot, "_copy"), (Path, "unlink")):
        setattr(owner, name, counted(getattr(owner, name)))
