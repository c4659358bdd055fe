"""The store knows when its files are gone, replaced or cut, and when what was there is not any more."""

from __future__ import annotations

import fcntl
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from cockpit.cli import main
from cockpit.store import Store, StoreError, database, ground, keeper, marks
from cockpit.store.lock import DirectoryHeld, hold, holder
from tests.store import inside
from tests.store.world import T0, World, clock_at, open_store, seen
from tests.waiting import until

WAIT_S = 90


@pytest.fixture
def stood(tmp_path: Path) -> Iterator[tuple[Store, Path]]:
    """A store at work with its lock, and a place to put things aside."""
    here = tmp_path / "var"
    lock = hold(here, role="serve")
    store = Store(here / "cockpit.db", World(), clock_at(), writable=True, beside=(lock.path,))
    store.start()
    store.append(seen("a", T0)).result()
    yield store, tmp_path
    store.close()
    lock.release()


def other_database(path: Path) -> None:
    path.parent.mkdir(exist_ok=True)
    open_store(path).close()


def replaced(here: Path) -> None:
    other_database(here.parent / "other" / "cockpit.db")
    os.replace(here.parent / "other" / "cockpit.db", here / "cockpit.db")


def put_back(here: Path) -> None:
    shutil.copy(here / "cockpit.db", here / "copy")
    (here / "cockpit.db").unlink()
    os.rename(here / "copy", here / "cockpit.db")


BREAKS: dict[str, Callable[[Path], object]] = {
    "database removed": lambda here: (here / "cockpit.db").unlink(),
    "log removed": lambda here: (here / "cockpit.db-wal").unlink(),
    "index removed": lambda here: (here / "cockpit.db-shm").unlink(),
    "lock removed": lambda here: (here / "lock").unlink(),
    "database replaced": replaced,
    "database put back": put_back,
    "database cut": lambda here: os.truncate(here / "cockpit.db", 4096),
    "log cut": lambda here: os.truncate(here / "cockpit.db-wal", 0),
    "directory moved": lambda here: here.rename(here.parent / "moved"),
    "directory removed": lambda here: shutil.rmtree(here),
}


@pytest.mark.parametrize("how", BREAKS)
def test_nothing_is_promised_once_the_files_are_gone(stood: tuple[Store, Path], how: str) -> None:
    store, aside = stood
    if how == "database cut":
        assert database.truncate_log(store.path, 0)  # now it holds tables that can be cut off
    store.append(seen("b", T0)).result()
    BREAKS[how](aside / "var")
    with pytest.raises(StoreError) as found:
        store.append(seen("c", T0)).result(WAIT_S)
    assert found.value.code == "gone"
    assert "start it again" in str(found.value)
    assert store.lost is not None
    with pytest.raises(StoreError) as again:  # and nothing brings it back but a restart
        store.append(seen("d", T0)).result(WAIT_S)
    assert again.value.code == "gone"


def test_it_is_seen_where_nobody_writes(stood: tuple[Store, Path]) -> None:
    store, aside = stood
    (aside / "var" / "cockpit.db").rename(aside / "cockpit.db")
    assert until(lambda: store.lost, "the files are gone")
    (aside / "cockpit.db").rename(aside / "var" / "cockpit.db")
    with pytest.raises(StoreError):
        store.append(seen("c", T0)).result(WAIT_S)


def test_a_commit_that_lost_its_file_under_way_is_not_answered(stood: tuple[Store, Path]) -> None:
    store, aside = stood

    def lose(conn: sqlite3.Connection) -> None:
        (aside / "var" / "cockpit.db").unlink()

    with pytest.raises(StoreError) as found:
        store.write(lose).result(WAIT_S)
    assert found.value.code == "gone"


def test_housekeeping_empties_the_log_without_alarm(
    stood: tuple[Store, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeper, "LOG_BYTES", 0)
    store, _ = stood
    for n in range(20):
        store.append(seen(f"x{n}", T0)).result()
        store.maintain(T0).result()
    assert store.stats().wal_bytes < 64 * 1024
    assert store.lost is None


def test_a_removed_lock_file_lets_nobody_in(tmp_path: Path) -> None:
    lock = hold(tmp_path, role="serve", address="http://127.0.0.1:8501")
    lock.path.unlink()
    with pytest.raises(DirectoryHeld, match="lock file was removed"):
        hold(tmp_path, role="serve")
    assert not lock.path.exists(), "the second one must leave nothing that looks like an owner"
    assert holder(tmp_path) is not None
    lock.release()
    assert holder(tmp_path) is None
    hold(tmp_path, role="serve").release()


def test_a_lock_on_a_file_that_was_replaced_meanwhile_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, path = fcntl.flock, tmp_path / "lock"
    times: list[int] = []

    def late(handle: object, how: int) -> None:
        real(handle, how)  # type: ignore[arg-type]
        if path.exists() and not times:
            times.append(how)
            path.unlink()

    monkeypatch.setattr("cockpit.store.lock.fcntl.flock", late)
    lock = hold(tmp_path, role="serve")
    assert times
    assert path.exists()
    assert holder(tmp_path) is not None
    lock.release()


def check(here: Path, *more: str) -> tuple[int, str]:
    ran = CliRunner().invoke(main, ["check", "--data-dir", str(here), *more])
    return ran.exit_code, ran.output


def killed(path: Path, events: int) -> None:
    """What a `kill -9` leaves after so many events and a mark at their end."""
    store = open_store(path)
    for n in range(events):
        store.append(seen(f"e{n}", T0)).result()
    marker, writer = store._marker, store._writer
    assert marker is not None
    assert writer is not None
    marker.last(writer)
    kept = path.parent / "kept"
    kept.mkdir()
    for end in ("", "-wal"):
        shutil.copy(f"{path}{end}", kept)
    store.abandon()
    for end in ("", "-wal"):
        shutil.copy(kept / f"{path.name}{end}", f"{path}{end}")
    shutil.rmtree(kept)


def without_log(here: Path) -> None:
    (here / "cockpit.db-wal").unlink()


def without_database(here: Path, old: Path) -> None:
    for end in ("", "-wal"):
        (here / f"cockpit.db{end}").unlink()


def older_copy(here: Path, old: Path) -> None:
    without_log(here)
    shutil.copy(old, here / "cockpit.db")


def another_one(here: Path, old: Path) -> None:
    without_log(here)
    other_database(here.parent / "other" / "cockpit.db")
    shutil.copy(here.parent / "other" / "cockpit.db", here / "cockpit.db")


def an_empty_one(here: Path, old: Path) -> None:
    without_log(here)
    (here / "cockpit.db").write_bytes(b"")


LOSSES: dict[str, Callable[[Path, Path], object]] = {
    "database gone": without_database,
    "log cut": lambda here, old: os.truncate(here / "cockpit.db-wal", 0),
    "log gone": lambda here, old: without_log(here),
    "older copy": older_copy,
    "another one": another_one,
    "an empty one": an_empty_one,
}


@pytest.mark.parametrize("how", LOSSES)
def test_what_was_there_and_is_not_is_said_and_nothing_starts_on_it(tmp_path: Path, how: str) -> None:
    here = tmp_path / "var"
    path = here / "cockpit.db"
    store = open_store(path)
    store.append(seen("first", T0)).result()
    store.close()
    assert check(here)[0] == 0
    old = tmp_path / "old.db"
    shutil.copy(path, old)
    killed(path, 5)
    assert check(here)[0] == 0
    LOSSES[how](here, old)
    code, said = check(here)
    assert code == 1
    assert "revision" in said
    assert "--accept" in said
    with pytest.raises(StoreError) as found:
        open_store(path)
    assert found.value.code == "behind"
    token = CliRunner().invoke(main, ["token", "add", "cam-vms", "--data-dir", str(here)])
    if how == "database gone":
        assert token.exit_code == 1
        assert not path.exists(), "nobody makes a new one in its place unasked"
    code, said = check(here, "--accept")
    assert code == 0, said
    assert check(here)[0] == 0
    open_store(path).close()


def test_nothing_is_accepted_beneath_a_cockpit_at_work(stood: tuple[Store, Path]) -> None:
    _, aside = stood
    code, said = check(aside / "var", "--accept")
    assert code == 1
    assert "end it first" in said
    assert check(aside / "var")[0] == 0


def test_a_mark_is_set_while_something_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(marks, "EVERY_S", 0.0)
    monkeypatch.setattr(ground, "EVERY_S", 0.01)
    path = tmp_path / "cockpit.db"
    store = open_store(path)
    first = marks.read(path)
    assert first is not None
    store.append(seen("a", T0)).result()
    until(lambda: marks.read(path) != first, "a mark is set")
    found = marks.read(path)
    assert found is not None
    assert found.revision > first.revision
    store.abandon()
    with inside.reading(path) as conn:
        assert marks.of(conn) is not None


def test_a_damaged_mark_is_said(tmp_path: Path) -> None:
    path = tmp_path / "cockpit.db"
    open_store(path).close()
    marks.place(path).write_text("{")
    assert check(tmp_path)[0] == 1
    with pytest.raises(StoreError, match="cannot be read"):
        open_store(path)
    assert check(tmp_path, "--accept")[0] == 0
    open_store(path).close()
