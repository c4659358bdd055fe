"""Sets the marks of a store at work: in the database first, and beside it once that is on the disk."""

from __future__ import annotations

import logging
import sqlite3
from concurrent.futures import Future
from pathlib import Path

from cockpit.clock import Clock
from cockpit.store import marks
from cockpit.store.errors import StoreError
from cockpit.store.marks import Mark
from cockpit.store.writer import Writer

log = logging.getLogger(__name__)


class Marker:
    """`first` before the writer starts, `due` once a second, `last` before it ends."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self._path = path
        self._clock = clock
        self._set_at = clock.monotonic()
        self._commits = 0
        self._waiting: Future[Mark] | None = None

    def first(self, conn: sqlite3.Connection) -> None:
        """The mark of a start. Raises sqlite3.Error."""
        conn.execute("BEGIN IMMEDIATE")
        mark = self._advance(conn)
        conn.execute("COMMIT")
        self._write(mark)

    def due(self, writer: Writer) -> None:
        """Set a mark where the last one is old and something was written since. Waits for nobody."""
        if self._waiting is not None:
            if self._waiting.done():
                waiting, self._waiting = self._waiting, None
                self._settle(waiting)
            return
        late = self._clock.monotonic() - self._set_at >= marks.EVERY_S
        if late and writer.commits != self._commits:
            self._set_at = self._clock.monotonic()
            self._waiting = writer.call(self._advance)
            self._commits = writer.commits + 1  # that one itself

    def last(self, writer: Writer) -> None:
        """The mark of an end in peace."""
        try:
            self._settle(writer.call(self._advance))
        except StoreError as error:
            log.warning("no mark could be set at the end: %s", error)

    def _advance(self, conn: sqlite3.Connection) -> Mark:
        return marks.advance(conn, self._clock.real_ms())

    def _settle(self, waiting: Future[Mark]) -> None:
        try:
            self._write(waiting.result())
        except StoreError as error:
            log.warning("no mark could be set: %s", error)

    def _write(self, mark: Mark) -> None:
        try:
            marks.write(self._path, mark)
        except OSError as error:
            log.warning("%s could not be written: %s", marks.place(self._path), error)
