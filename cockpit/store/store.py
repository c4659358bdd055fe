"""The store of one cockpit: an SQLite file with one writer and any number of readers."""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from cockpit.clock import Clock
from cockpit.store import belonging, database, marks, records
from cockpit.store.batch import Batch, Committed, Outcome
from cockpit.store.catalogue import Catalogue
from cockpit.store.errors import StoreError, explain
from cockpit.store.ground import Ground
from cockpit.store.handles import Read, Write
from cockpit.store.keeper import Keeper
from cockpit.store.marker import Marker
from cockpit.store.migrations import migrate, missing, must_be_present
from cockpit.store.staging import Memory
from cockpit.store.writer import Writer

T = TypeVar("T")

log = logging.getLogger(__name__)

TABLES_TRIES, TABLES_EVERY_S = 100, 0.1
"""How often, and how far apart, a store that only reads looks for the tables of this version."""


@dataclass(frozen=True, slots=True)
class StoreStats:
    """Counts since the start; `bytes_written` by this process, to any file, where the system tells."""

    queue_observations: int
    commits: int
    failures: int
    observations: int
    bytes_written: int
    database_bytes: int
    wal_bytes: int
    revision: int


class Store:
    """Open with `start()`, end with `close()`. A store that is not `writable` only reads, and may be
    open in any number of processes while its owner writes. `path` is the database file; revisions are
    counted on from `revision`; `beside` are files that must stay as long as it is open."""

    def __init__(
        self,
        path: Path,
        profile: Catalogue,
        clock: Clock,
        *,
        writable: bool,
        revision: int = 0,
        beside: tuple[Path, ...] = (),
    ) -> None:
        self.path = path
        self.profile = profile
        self.writable = writable
        self._first_revision = revision
        self._clock = clock
        self._readers = database.Readers(path)
        self._writer: Writer | None = None
        self._memory: Memory | None = None
        self._keeper: Keeper | None = None
        self._beside = beside
        self._ground: Ground | None = None
        self._marker: Marker | None = None
        self._watch: sqlite3.Connection | None = None
        self._watch_lock = threading.Lock()

    def start(self) -> None:
        """Open the file, bring its tables up to date, take up what a crash left. Raises StoreError; where the
        data are another province's, before anything is touched."""
        if self.writable:
            self._open_writer()
        self._watch = database.reader(self.path)
        try:
            if not self.writable:
                _await_tables(self._watch)
            with self._readers.read() as conn:
                belonging.must_be(conn, self.profile)
        except sqlite3.Error as error:
            raise explain(error) from error
        if self._ground is None:
            self._ground = Ground(self.path, self._beside, logs=False)
            self._ground.start()

    def _open_writer(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        marks.must_be_there(self.path)
        belonging.must_be_at_home(self.path, self.profile)  # nothing of another's data is touched
        conn = database.writer(self.path)
        try:
            marks.must_hold(self.path, conn)
            migrate(conn)
            belonging.note(conn, self.profile)
            records.retally(conn, self.profile.tallied, self.profile.utc_offset_s * 1000)
            self._memory = Memory(conn, self.profile)
            self._memory.recover(conn)
            self._ground = ground = Ground(self.path, self._beside)
            self._marker = Marker(self.path, self._clock)
            self._marker.first(conn)
        except BaseException as error:
            conn.close()
            if isinstance(error, sqlite3.Error):
                raise explain(error) from error
            raise
        self._writer = writer = Writer(conn, self._memory, self._clock, self._first_revision, ground.check)
        writer.start()
        self._keeper = Keeper(self.path, writer, self._memory, self._readers.read, self._clock, ground)
        self._keeper.start()
        marker = self._marker
        ground.start(lambda: marker.due(writer))

    @property
    def lost(self) -> str | None:
        """Why nothing is promised any more: the files are gone, or others lie in their place. None as long
        as all is well; a restart alone ends it."""
        return self._ground.lost if self._ground is not None else None

    def _writing(self) -> Writer:
        if self._writer is None:
            raise StoreError("read_only" if not self.writable else "closed", "this store does not write here")
        return self._writer

    def append(self, batch: Batch) -> Future[Outcome]:
        """Store a batch; the future is resolved after the commit is on disk, or gets a StoreError.

        Raises QueueFull when too much is waiting."""
        return self._writing().append(batch)

    def write(self, fn: Callable[[Write], T], then: Callable[[T], None] | None = None) -> Future[T]:
        """Run `fn` on the writer's thread inside the next transaction, in a savepoint of its own: an
        exception undoes only what `fn` did. The future is resolved after the commit.

        `fn` may run twice: where the transaction fails by the fault of another in it, each is done again by
        itself. So it changes nothing but the database; what else is to follow is for `then`, which gets its
        value once, on the writer's thread, after the commit and before whoever waits, in the order of the
        commits, also where nobody waits any more. It must be quick and must not wait for the store."""
        return self._writing().call(fn, None if then is None else partial(_follow, then))

    def read(self) -> AbstractContextManager[Read]:
        """A connection that reads one snapshot; rows are sqlite3.Row. Keep it briefly: it holds up
        the truncation of the write-ahead log."""
        return self._readers.read()

    def subscribe(self, fn: Callable[[Committed], None]) -> None:
        """Call `fn` on the writer's thread after each commit of events, before their futures are
        resolved. It must be quick and must not wait for the store."""
        self._writing().subscribe(fn)

    def flush(self) -> None:
        """Bring the roll-ups on disk up to the last commit. Raises StoreError."""
        self._writing().flush().result()

    def maintain(self, now_ms: int) -> Future[None]:
        """Close ended hours, seal what is old, take out what has expired as of this domain time. Runs
        on the store's own thread, which also does it every 30 s by itself; the future tells the end."""
        if self._keeper is None:
            raise StoreError("read_only" if not self.writable else "closed", "this store does not write here")
        return self._keeper.order(now_ms)

    def mistrust_clock(self) -> None:
        """The computer's clock was found to stand where it cannot: nothing expires for an hour."""
        if self._keeper is not None:
            self._keeper.mistrust()

    def real_ms(self) -> int:
        """Real time by the clock of this store, in ms since the epoch."""
        return self._clock.real_ms()

    @property
    def revision(self) -> int:
        """Grows with every commit of the process that writes."""
        if self._writer is not None:
            return self._writer.revision
        with self._watch_lock:
            if self._watch is None:
                return 0
            return int(self._watch.execute("PRAGMA data_version").fetchone()[0])

    def stats(self) -> StoreStats:
        writer = self._writer
        return StoreStats(
            queue_observations=writer.queued if writer else 0,
            commits=writer.commits if writer else 0,
            failures=writer.failures if writer else 0,
            observations=writer.observations if writer else 0,
            bytes_written=bytes_written(),
            database_bytes=_size(self.path),
            wal_bytes=_size(self.path.with_name(self.path.name + "-wal")),
            revision=self.revision,
        )

    def close(self) -> None:
        """Write what is queued and close. Whoever still waits for a future gets an answer."""
        self._end(abandon=False)

    def abandon(self) -> None:
        """End as if the process were killed: nothing that is queued or pending is written. For tests."""
        self._end(abandon=True)

    def _end(self, *, abandon: bool) -> None:
        if self._ground is not None:
            self._ground.stop()
        keeper, self._keeper = self._keeper, None
        if keeper is not None:
            keeper.close()
        self._readers.close()
        with self._watch_lock:
            if self._watch is not None:
                self._watch.close()
                self._watch = None
        # The writer leaves last: only a connection that may write can fold the log into the file.
        writer, self._writer = self._writer, None
        if writer is not None and self._marker is not None and not abandon and self.lost is None:
            self._marker.last(writer)
        if writer is not None:
            writer.close(abandon=abandon)
        if self._ground is not None:
            self._ground.close()


def _follow(then: Callable[[T], None], value: T) -> None:
    """What is written stays written, and the writer goes on."""
    try:
        then(value)
    except Exception:
        log.exception("what was to follow a commit failed")


def _await_tables(conn: sqlite3.Connection) -> None:
    """Who only reads may have started with its owner, which brings an older database up to date just now."""
    for _ in range(TABLES_TRIES):
        if not missing(conn):
            break
        time.sleep(TABLES_EVERY_S)
    must_be_present(conn)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def bytes_written() -> int:
    """Bytes this process has caused to be written to disk; 0 where the system does not tell."""
    try:
        for line in Path("/proc/self/io").read_text("ascii").splitlines():
            name, _, value = line.partition(":")
            if name == "write_bytes":
                return int(value)
    except OSError:
        pass
    return 0
