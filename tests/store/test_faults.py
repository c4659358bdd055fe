"""Promises under bad luck: full disks, locks, damaged files, other processes."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from cockpit.domain.numbers import AssetId, MetricId
from cockpit.domain.visits import Visit
from cockpit.store import QueueFull, Store, StoreError, database, integrity, visit, visits, writer
from cockpit.store.batch import Record
from cockpit.store.lock import DirectoryHeld, hold
from cockpit.store.queries import observations as q
from cockpit.store.staging import Memory
from tests.store.world import T0, World, clock_at, observe, open_store, recorded, seen, series
from tests.waiting import PATIENCE_S, ended


def pragma(store: Store, sql: str) -> object:
    return store.write(lambda conn: conn.execute(sql).fetchone()[0]).result()


def test_every_commit_is_on_disk_before_it_is_answered(store: Store) -> None:
    assert pragma(store, "PRAGMA synchronous") == 2  # FULL
    assert pragma(store, "PRAGMA journal_mode") == "wal"


def test_readers_cannot_write(store: Store) -> None:
    with store.read() as conn, pytest.raises(sqlite3.OperationalError, match="readonly"):
        conn.execute("DELETE FROM meta")


def test_a_read_is_one_snapshot(store: Store) -> None:
    with store.read() as conn:
        assert len(q.latest(conn).series) == 0
        store.append(seen("a", T0)).result()  # a reader never blocks the writer …
        assert len(q.latest(conn).series) == 0  # … and sees one revision
        with store.read() as inner:
            assert inner is conn
    with store.read() as conn:
        assert len(q.latest(conn).series) == 1


def test_a_function_that_fails_undoes_only_its_own_changes(store: Store) -> None:
    def good(conn: sqlite3.Connection) -> int:
        return conn.execute("INSERT INTO meta VALUES ('good', '1')").rowcount

    def bad(conn: sqlite3.Connection) -> None:
        conn.execute("INSERT INTO meta VALUES ('bad', '1')")
        raise LookupError("no such thing")

    held = threading.Event()
    waiting = store.write(lambda conn: held.wait(PATIENCE_S))
    first, second, third = store.write(good), store.write(bad), store.append(seen("a", T0))
    held.set()
    waiting.result()
    assert first.result() == 1
    with pytest.raises(LookupError):
        second.result()
    third.result()
    with store.read() as conn:
        keys = {r[0] for r in conn.execute("SELECT key FROM meta")}
        assert "good" in keys
        assert "bad" not in keys
        assert len(q.latest(conn).series) == 1


def fill(store: Store) -> StoreError:
    """Send bodies until one is refused; the reason."""
    for n in range(200):
        batch = seen(f"big{n}", T0, asset=1)
        for i in range(2_000):
            observe(batch, f"big{n}/{i}", T0 + i, 1 + i % 12, {1: i})
        error = store.append(batch).exception()
        if error is not None:
            assert isinstance(error, StoreError)
            return error
    raise AssertionError("the database never became full")


def test_a_full_disk_is_answered_clearly_and_recovered_from(opened: Callable[..., Store], path: Path) -> None:
    store = opened(path)
    store.append(seen("a", T0)).result()
    pages = pragma(store, "PRAGMA page_count")
    assert isinstance(pages, int)
    pragma(store, f"PRAGMA max_page_count = {pages + 60}")
    error = fill(store)
    assert error.code == "disk_full"
    assert "disk is full" in str(error)
    failed = store.append(seen("refused", T0)).exception()
    pragma(store, "PRAGMA max_page_count = 1000000")
    if failed is not None:
        assert store.append(seen("refused", T0)).result().accepted == 1
    assert store.append(seen("a", T0)).result().duplicates == 1
    store.flush()
    with store.read() as conn:
        n = sum(
            a[0].sum()
            for asset in range(1, 13)
            for a in q.rollups_1h(conn, AssetId(asset), 0, 30_000, offset_s=25_200)[20_000].values()
        )
        assert n == store.stats().observations
        assert integrity(conn) == []


def test_roll_ups_that_meet_a_full_disk_are_written_once_there_is_room(
    opened: Callable[..., Store], path: Path
) -> None:
    store = opened(path)
    for asset in range(1, 13):
        for metric in range(1, 60):
            store.append(seen(f"{asset}/{metric}", T0, asset=asset, metric=metric))
    pages = pragma(store, "PRAGMA page_count")
    pragma(store, f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StoreError, match="disk is full"):
        store.flush()
    pragma(store, "PRAGMA max_page_count = 1000000")
    store.flush()
    with store.read() as conn:
        assert q.group_rollups(conn, "camera", "", MetricId(7), 20_000, 20_000)[20_000][0].sum() == 12
        assert (
            q.rollups_1h(conn, AssetId(3), 20_000, 20_000, offset_s=25_200)[20_000][MetricId(59)][0].sum()
            == 1
        )


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch, path: Path) -> Iterator[Store]:
    real = database.writer
    monkeypatch.setattr(database, "writer", lambda path: real(path, busy_ms=50))
    store = open_store(path)
    yield store
    store.close()


def test_a_database_locked_by_another_is_answered_clearly_and_recovered_from(impatient: Store) -> None:
    other = sqlite3.connect(impatient.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    error = impatient.append(seen("a", T0)).exception()
    assert isinstance(error, StoreError)
    assert error.code == "locked"
    other.execute("ROLLBACK")
    other.close()
    assert impatient.append(seen("a", T0)).result().accepted == 1


def test_a_file_that_is_no_database_is_refused_and_left_alone(path: Path) -> None:
    path.write_bytes(b"this is a letter, not a database\n" * 200)
    with pytest.raises(StoreError) as found:
        open_store(path)
    assert found.value.code == "corrupt"
    assert path.read_bytes().startswith(b"this is a letter")


def test_a_database_of_something_else_is_refused_and_left_alone(path: Path) -> None:
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE theirs (x)")
    other.close()
    before = path.read_bytes()
    with pytest.raises(StoreError, match="something else"):
        open_store(path)
    assert path.read_bytes() == before


def test_a_damaged_database_gives_a_clear_error(opened: Callable[..., Store], path: Path) -> None:
    store = opened(path)
    store.append(seen("a", T0)).result()
    store.close()
    data = bytearray(path.read_bytes())
    for page in range(1, len(data) // 4096):
        data[page * 4096 : page * 4096 + 100] = b"\xff" * 100
    path.write_bytes(data)
    with pytest.raises(StoreError) as found:
        open_store(path)
    assert found.value.code == "corrupt"


def test_a_queue_that_is_full_says_when_to_come_back(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "QUEUE_OBSERVATIONS", 10)
    held = threading.Event()
    store.write(lambda conn: held.wait(PATIENCE_S))
    first = store.append(seen("a", T0))
    futures = []
    full: QueueFull | None = None
    for i in range(20):
        try:
            futures.append(store.append(seen(f"q{i}", T0)))
        except QueueFull as error:
            full = error
    assert full is not None
    assert full.retry_after_s >= 1
    assert store.stats().queue_observations <= 10
    held.set()
    assert first.result().accepted == 1
    assert all(f.result().accepted == 1 for f in futures)


def test_closing_writes_what_is_queued_and_then_refuses(path: Path) -> None:
    store = open_store(path)
    futures = [store.append(seen(f"e{i}", T0)) for i in range(50)]
    store.close()
    assert all(f.result().accepted == 1 for f in futures)
    with pytest.raises(StoreError):
        store.append(seen("late", T0))
    assert not path.with_name("cockpit.db-wal").exists()
    store.close()  # twice does no harm


def test_a_second_process_reads_while_the_owner_writes(store: Store) -> None:
    store.append(seen("a", T0)).result()
    other = Store(store.path, World(), clock_at(), writable=False)
    other.start()
    with other.read() as conn:
        assert len(q.latest(conn).series) == 1
    revision = other.revision
    store.append(seen("b", T0, asset=2)).result()
    assert other.revision != revision
    with other.read() as conn:
        assert len(q.latest(conn).series) == 2
    with pytest.raises(StoreError, match="does not write"):
        other.append(seen("c", T0))
    other.close()


def test_another_process_may_pay_a_short_visit(store: Store) -> None:
    with visit(store.path) as conn:
        conn.execute("INSERT INTO meta VALUES ('visitor', 'was here')")
    with store.read() as conn:
        assert conn.execute("SELECT value FROM meta WHERE key = 'visitor'").fetchone()[0] == "was here"
    assert store.append(seen("a", T0)).result().accepted == 1


def test_a_directory_has_one_owner_who_is_named(tmp_path: Path) -> None:
    lock = hold(tmp_path, role="demo", address="http://127.0.0.1:8501")
    with pytest.raises(DirectoryHeld) as found:
        hold(tmp_path, role="serve", address="")
    assert (found.value.owner.pid, found.value.owner.role) == (os.getpid(), "demo")
    assert "http://127.0.0.1:8501" in str(found.value)
    lock.release()
    hold(tmp_path, role="serve", address="").release()


CRASH = """
import os, sys
sys.path.insert(0, {root!r})
from tests.store.world import *
store = open_store(Path({path!r}))
for i in range(10_000):
    store.append(seen(f"e{{i}}", T0 + i * 1000, value=i)).result()
    if i % 50 == 7:
        store.flush()
    print(i, flush=True)
"""


def test_what_was_answered_survives_a_kill(path: Path, opened: Callable[..., Store]) -> None:
    root = str(Path(__file__).parents[2])
    code = CRASH.format(root=root, path=str(path))
    with ended(subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)) as child:
        assert child.stdout is not None
        for line in child.stdout:
            if int(line) >= 130:
                child.kill()
                break
        answered = 130 + len(child.stdout.read().split())
    store = opened(path)
    store.flush()
    with store.read() as conn:
        kept = q.observations(conn, series(1), T0, T0 + 10**8).value.tolist()
        assert kept == list(range(len(kept)))
        assert len(kept) > answered
        days = q.rollups_1h(conn, AssetId(1), 19_999, 20_002, offset_s=25_200).values()
        total = sum(int(a[MetricId(1)][0].sum()) for a in days)
        assert total == len(kept)
        assert integrity(conn) == []


def test_a_database_of_a_newer_version_is_refused(path: Path) -> None:
    store = open_store(path)
    store.write(
        lambda conn: conn.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('cockpit', 'm999', '')"
        )
    ).result()
    store.close()
    with pytest.raises(StoreError, match="newer version"):
        open_store(path)


def test_a_visit_that_cannot_be_is_found(path: Path) -> None:
    store = open_store(path)
    store.write(lambda conn: visits.keep(conn, "Lan", Visit(T0, T0 + 1, T0 - 1))).result()
    for wrong in (Visit(T0, T0 - 1, None), Visit(T0, T0, T0)):
        with pytest.raises(sqlite3.IntegrityError):
            store.write(partial(visits.keep, person="Minh", visit=wrong)).result()
    store.close()
    with closing(sqlite3.connect(path)) as conn:
        assert integrity(conn) == []
        conn.execute("PRAGMA ignore_check_constraints = ON")
        conn.execute("UPDATE visit SET last = began - 1")
        conn.execute("PRAGMA ignore_check_constraints = OFF")
        assert integrity(conn) == ["CHECK constraint failed in visit"]


def test_a_store_can_be_read_when_its_owner_has_gone(path: Path) -> None:
    store = open_store(path)
    store.append(seen("a", T0)).result()
    store.close()
    reader = Store(path, World(), clock_at(), writable=False)
    reader.start()
    with reader.read() as conn:
        assert len(q.latest(conn).series) == 1
    reader.close()


def test_reading_a_store_that_is_not_there_gives_a_clear_error(path: Path) -> None:
    with pytest.raises(StoreError) as found:
        Store(path, World(), clock_at(), writable=False).start()
    assert found.value.code == "io"


def test_a_record_that_cannot_be_stored_harms_no_neighbour(store: Store) -> None:
    held = threading.Event()
    store.write(lambda conn: held.wait(PATIENCE_S))
    bad = Record("dossier", "d", None, "received", None, {})  # type: ignore[arg-type]
    futures = [store.append(seen("a", T0)), store.append(recorded("r", T0, bad)), store.append(seen("b", T0))]
    held.set()
    assert isinstance(futures[1].exception(), StoreError)
    assert [f.result().accepted for f in (futures[0], futures[2])] == [1, 1]
    assert store.append(seen("c", T0)).result().accepted == 1


def test_a_writer_that_breaks_leaves_nobody_waiting_and_the_next_start_finds_all(
    path: Path, opened: Callable[..., Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    store = opened(path)
    store.append(seen("a", T0)).result()
    held = threading.Event()
    store.write(lambda conn: held.wait(PATIENCE_S))
    monkeypatch.setattr(Memory, "committed", lambda self, staged: 1 / 0)
    futures = [store.append(seen(name, T0)) for name in "abc"]
    held.set()
    assert all(isinstance(f.exception(PATIENCE_S), StoreError) for f in futures)
    with pytest.raises(StoreError, match="closed"):
        store.append(seen("d", T0))
    store.close()
    monkeypatch.undo()
    store = opened(path)
    assert [store.append(seen(name, T0)).result().accepted for name in "abcd"] == [0, 0, 0, 1]
    store.flush()
    with store.read() as conn:
        assert (
            q.rollups_1h(conn, AssetId(1), 20_000, 20_000, offset_s=25_200)[20_000][MetricId(1)][0].sum() == 4
        )


def test_a_log_that_has_grown_behind_a_reader_is_emptied_when_the_reader_has_gone(store: Store) -> None:
    log = store.path.with_name(store.path.name + "-wal")
    with store.read() as conn:
        q.latest(conn)
        for i in range(20):
            store.append(seen(f"e{i}", T0)).result()
        assert not database.truncate_log(store.path, above=10**9)
    assert log.stat().st_size > 0
    assert database.truncate_log(store.path, above=0)
    assert log.stat().st_size == 0
    assert store.append(seen("after", T0)).result().accepted == 1
