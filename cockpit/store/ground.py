"""The ground a store stands on: are the files that are open still those that the directory names?

A file that is unlinked goes on being written to, and all of it is gone with the process. So before and after
every commit the names are asked whose they are, and once a second where nothing is committed. What is lost
once stays lost until a restart: files put back meanwhile are not the ones that are open here.
"""

from __future__ import annotations

import logging
import os
import struct
import threading
from collections.abc import Callable
from pathlib import Path

from cockpit.store.errors import StoreError

log = logging.getLogger(__name__)

EVERY_S = 1.0
"""How often the names are asked where nobody commits."""

INDEX = struct.Struct("=14xHI")
"""Of the index of a write-ahead log, in the machine's own order: bytes of a page, frames in the log."""

LOG_HEAD, FRAME_HEAD = 32, 24
"""Bytes before the first frame of a log, and before the page of each."""

CURE = "stop the cockpit, put the files back from a copy or see `cockpit check`, and start it again"

Identity = tuple[int, int]
"""Device and inode."""


class Ground:
    """Watches a database with its log and index, and what else must stay (`beside`). Make it when the
    database is open. `lost` is why nothing is promised any more, None as long as all is well. Safe from any
    thread."""

    def __init__(self, database: Path, beside: tuple[Path, ...] = (), *, logs: bool = True) -> None:
        # SQLite lays the log beside the file itself, not beside a link to it.
        real = Path(os.path.realpath(database))
        self._log, index = real.with_name(real.name + "-wal"), real.with_name(real.name + "-shm")
        self._database = os.path.abspath(database)
        own = (self._log, index) if logs else ()
        self._paths = [self._database, *(os.path.abspath(p) for p in (*own, *beside))]
        self._known: dict[str, Identity] = {}
        self._least = 0  # bytes that the database has at least
        self._index: int | None = None
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self.lost: str | None = None
        for path in self._paths:
            try:
                found = os.stat(path)
            except OSError as error:
                raise StoreError("gone", f"{path}: {error.strerror}; {CURE}") from None
            self._known[path] = found.st_dev, found.st_ino
        if logs:
            self._index = os.open(index, os.O_RDONLY)

    def start(self, every: Callable[[], None] | None = None) -> None:
        """Look once a second in a thread of its own, and call `every` after each look that found all well."""
        self._thread = threading.Thread(target=self._run, args=(every,), name="store-ground", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Look no more: the files may go now."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    def close(self) -> None:
        """After `stop`, and after the database is closed: with any handle of a file that is closed, a process
        loses its locks on it."""
        index, self._index = self._index, None
        if index is not None:
            os.close(index)

    def check(self) -> None:
        """A few microseconds. Raises StoreError where the ground is gone, or was before."""
        if self.lost is None:
            self._look()
        if self.lost is not None:
            raise StoreError("gone", self.lost)

    def _look(self) -> None:
        for path in self._paths:
            least = self._least  # before the size is asked: meanwhile it may only grow
            try:
                found = os.stat(path)
            except OSError as error:
                self._lose(f"{path} is gone ({error.strerror})")
                return
            if (found.st_dev, found.st_ino) != self._known[path]:
                self._lose(f"{path} is another file than the one that is open here")
                return
            if path == self._database:
                if found.st_size < least:
                    self._lose(f"{path} was cut from {least} to {found.st_size} bytes")
                    return
                self._least = found.st_size
        self._measure_log()

    def _measure_log(self) -> None:
        """The log holds all the frames that its index tells of, or it was cut. Whoever empties it on purpose
        sets the index back first."""
        while self._index is not None:
            index = _frames(self._index)
            size = _size(self._log)
            if size is None or index is None:
                return  # gone in this instant: the next look tells
            page, frames = index
            least = LOG_HEAD + frames * (page + FRAME_HEAD) if frames else 0
            if size >= least:
                return
            if index == _frames(self._index):
                self._lose(f"{self._log} was cut from {least} to {size} bytes")
                return

    def _lose(self, what: str) -> None:
        with self._lock:
            if self.lost is not None:
                return
            self.lost = f"{what}; nothing is taken any more: {CURE}"
        log.critical("the ground of the store is gone: %s", self.lost)

    def _run(self, every: Callable[[], None] | None) -> None:
        while not self._stop.wait(EVERY_S):
            self._look()
            if self.lost is not None:
                return
            if every is not None:
                try:
                    every()
                except StoreError as error:
                    log.error("%s", error)
                except Exception:
                    log.exception("what is done each second failed; it is tried again")


def _frames(index: int) -> tuple[int, int] | None:
    """Bytes of a page and frames of the log, as its index says."""
    head = os.pread(index, INDEX.size, 0)
    if len(head) < INDEX.size:
        return None
    page, frames = INDEX.unpack(head)
    return page, frames


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except OSError:
        return None
