"""Connections: one writer with explicit transactions, and a pool of readers that cannot write."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cockpit.store import belonging, marks
from cockpit.store.catalogue import Catalogue
from cockpit.store.errors import StoreError, explain
from cockpit.store.handles import Read, Write
from cockpit.store.looking import untouched
from cockpit.store.migrations import migrate, missing, must_be_present

BUSY_MS = 5_000
APPLICATION_ID = 0x494F4331  # "IOC1": lets `file` and a careful open tell whose database this is
WAL_PAGES = 4_000  # a checkpoint every 16 MB: pages dirtied by many commits are then written back once
MAX_IDLE_READERS = 12
WRITER_CACHE_KIB = 24_000
READER_CACHE_KIB = 3_000


def writer(path: Path, *, busy_ms: int = BUSY_MS) -> sqlite3.Connection:
    """The connection that writes: WAL, synchronous FULL, transactions only by explicit BEGIN.

    Raises StoreError with a clear message where the file is damaged, foreign or cannot be opened.
    """
    try:
        conn = sqlite3.connect(path, timeout=busy_ms / 1000, isolation_level=None, check_same_thread=False)
    except sqlite3.Error as error:
        raise explain(error) from error
    try:
        # Before anything else: with the journal mode unchanged a foreign file stays as it was found.
        found = conn.execute("PRAGMA application_id").fetchone()[0]
        if found != APPLICATION_ID and not is_blank(conn):
            raise StoreError(
                "corrupt", f"{path.name} is a database of something else (application id {found})"
            )
        conn.execute("PRAGMA journal_mode = WAL")
        conn.execute("PRAGMA synchronous = FULL")
        conn.execute("PRAGMA foreign_keys = ON")
        conn.execute(f"PRAGMA cache_size = -{WRITER_CACHE_KIB}")
        conn.execute(f"PRAGMA wal_autocheckpoint = {WAL_PAGES}")
        conn.execute("PRAGMA journal_size_limit = 67108864")
        conn.execute("PRAGMA temp_store = MEMORY")
        if found != APPLICATION_ID:
            conn.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    except BaseException as error:
        conn.close()
        if isinstance(error, sqlite3.Error):
            raise explain(error) from error
        raise
    return conn


def reader(path: Path, *, busy_ms: int = BUSY_MS) -> sqlite3.Connection:
    """A connection that can only read. Raises StoreError where there is nothing to read."""
    try:
        conn = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=ro",
            uri=True,
            timeout=busy_ms / 1000,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=256,
        )
        conn.execute("PRAGMA query_only = ON")
        conn.execute(f"PRAGMA cache_size = -{READER_CACHE_KIB}")
        conn.execute("PRAGMA temp_store = MEMORY")
    except sqlite3.Error as error:
        raise explain(error) from error
    conn.row_factory = sqlite3.Row
    return conn


class Readers:
    """A pool: each connection serves one thread at a time, and a nested `read()` gets the same one.

    Page scripts run on threads that live for a moment, so connections outlive the threads that use
    them: an opened connection keeps its page cache and its prepared statements.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._idle: list[sqlite3.Connection] = []
        self._lock = threading.Lock()
        self._mine = threading.local()
        self._closed = False

    @contextmanager
    def read(self) -> Iterator[Read]:
        """One snapshot: everything read inside belongs to the same revision."""
        held: sqlite3.Connection | None = getattr(self._mine, "conn", None)
        if held is not None:
            yield Read(held)
            return
        conn = self._take()
        try:
            conn.execute("BEGIN")
            self._mine.conn = conn
            try:
                yield Read(conn)
            finally:
                self._mine.conn = None
                if conn.in_transaction:
                    conn.execute("ROLLBACK")
        except BaseException:
            conn.close()
            raise
        self._give(conn)

    def _take(self) -> sqlite3.Connection:
        with self._lock:
            if self._closed:
                raise StoreError("closed", "the store is closed")
            if self._idle:
                return self._idle.pop()
        return reader(self._path)

    def _give(self, conn: sqlite3.Connection) -> None:
        with self._lock:
            if not self._closed and len(self._idle) < MAX_IDLE_READERS:
                self._idle.append(conn)
                return
        conn.close()

    def close(self) -> None:
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for conn in idle:
            conn.close()


@contextmanager
def visit(path: Path, profile: Catalogue | None = None, *, busy_ms: int = BUSY_MS) -> Iterator[Write]:
    """One short transaction of a process that does not own the store, such as `cockpit token add`.

    The owner's writer waits meanwhile, so be brief. What is written by a `profile` is written to its own
    province's data alone. Raises StoreError.
    """
    marks.must_be_there(path)
    if profile is not None:
        belonging.must_be_of(path, profile)
    conn = writer(path, busy_ms=busy_ms)
    try:
        conn.execute("BEGIN IMMEDIATE")
        must_be_present(conn)
        if profile is not None:
            belonging.note(conn, profile)
        yield Write(Read(conn))
        conn.execute("COMMIT")
    except sqlite3.Error as error:
        raise explain(error) from error
    finally:
        conn.close()


def is_older(path: Path) -> bool:
    """Whether a database lacks tables of this version. Raises StoreError."""
    conn = reader(path)
    try:
        return bool(missing(conn))
    except sqlite3.Error as error:
        raise explain(error) from error
    finally:
        conn.close()


def bring_up_to_date(path: Path, profile: Catalogue) -> None:
    """Give a database the tables of this version, and change nothing else. Only for who holds its directory.
    Raises StoreError."""
    marks.must_be_there(path)
    belonging.must_be_of(path, profile)
    conn = writer(path)
    try:
        marks.must_hold(path, conn)
        migrate(conn)
    except sqlite3.Error as error:
        raise explain(error) from error
    finally:
        conn.close()


def claim(path: Path, profile: Catalogue) -> None:
    """Note that a database whose province nobody has noted is this one's. Only for who holds its directory.
    Raises StoreError where it is another's, or holds nothing yet."""
    with untouched(path) as found:
        if is_blank(found):
            raise StoreError("error", "nothing is stored there yet: the first start notes whose they are")
        belonging.is_free(found, profile)
    conn = writer(path)
    try:
        belonging.note(conn, profile)
    except sqlite3.Error as error:
        raise explain(error) from error
    finally:
        conn.close()


def truncate_log(path: Path, above: int) -> bool:
    """Fold a write-ahead log larger than `above` bytes into the file and empty it, if readers let it.

    The log starts over by itself whenever no reader is in it; under many readers that may take long.
    """
    log = path.with_name(path.name + "-wal")
    if not log.exists() or log.stat().st_size <= above:
        return False
    conn = sqlite3.connect(path, timeout=1.0, isolation_level=None)
    try:
        busy: int = conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        return not busy
    except sqlite3.OperationalError:
        return False
    finally:
        conn.close()


def is_blank(conn: sqlite3.Connection) -> bool:
    """Whether the file holds no table at all."""
    return not conn.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]


def integrity(conn: sqlite3.Connection) -> list[str]:
    """What is wrong with the file, as SQLite sees it; empty when all is well."""
    try:
        rows = conn.execute("PRAGMA integrity_check(20)").fetchall()
    except sqlite3.Error as error:
        return [str(explain(error))]
    return [str(row[0]) for row in rows if row[0] != "ok"]
