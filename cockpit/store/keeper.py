"""Housekeeping on a thread of its own: closes hours, seals what is old, takes out what has expired.

Reading and packing happen here; the writer gets short pieces, between which others' batches commit.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from cockpit.clock import Clock, Wall
from cockpit.domain.numbers import AssetId
from cockpit.domain.periods import HOUR_MS
from cockpit.store import blocks, database, evidence, retention
from cockpit.store.errors import StoreError
from cockpit.store.ground import Ground
from cockpit.store.hours import BUCKETS, open_hours
from cockpit.store.retention import Now
from cockpit.store.rollups import close_bucket
from cockpit.store.staging import Memory
from cockpit.store.writer import Writer

log = logging.getLogger(__name__)

EVERY_S = 30.0
CLOSE_ASSETS = 400  # assets whose days are written in one transaction, about
SEAL_ROWS = 1_000_000  # raw rows packed at a time, about
EARLY_ROWS = 150_000  # an open hour with so many unsealed rows is sealed so far: reads stay short
EARLY_PER_ASSET = 25  # but not before so many an asset: each seal packs the block of every asset anew
IDENTITIES_A_PIECE = 20_000
MISTRUST_S = 3600.0
"""For so long nothing expires after a leap of the computer's clock."""
LOG_BYTES = 96 * 1024 * 1024

Read = Callable[[], AbstractContextManager[sqlite3.Connection]]


class Keeper:
    """Works every 30 s by the store's clocks, and whenever it is told the time."""

    def __init__(
        self, path: Path, writer: Writer, memory: Memory, read: Read, clock: Clock, ground: Ground
    ) -> None:
        self._path = path
        self._ground = ground
        self._writer = writer
        self._memory = memory
        self._read = read
        self._clock = clock
        self._leapt_at: float | None = None
        self._wall = Wall(clock)
        self._early = max(EARLY_ROWS, EARLY_PER_ASSET * len(memory.lookup.ids))
        self._wake = threading.Condition()
        self._orders: list[tuple[int, Future[None]]] = []
        self._stop = False
        self._thread = threading.Thread(target=self._run, name="store-keeper", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def order(self, now_ms: int) -> Future[None]:
        """Do the housekeeping of this instant of domain time; resolved when done."""
        future: Future[None] = Future()
        with self._wake:
            if self._stop:
                raise StoreError("closed", "the store is closed")
            self._orders.append((now_ms, future))
            self._wake.notify()
        return future

    def close(self) -> None:
        with self._wake:
            self._stop = True
            self._wake.notify()
        self._thread.join()

    def _run(self) -> None:
        while True:
            with self._wake:
                if not self._orders and not self._stop:
                    self._wake.wait(EVERY_S)
                orders, self._orders = self._orders, []
                stop = self._stop
            if stop:
                for _, future in orders:
                    future.set_exception(StoreError("closed", "the store was closed"))
                return
            instant = orders[-1][0] if orders else self._clock.domain_ms()
            failed: Exception | None = None
            try:
                self.keep(Now((instant, self._clock.real_ms())))
            except Exception as error:
                failed = error
                if not self._stop and self._ground.lost is None:
                    known = isinstance(error, StoreError)
                    log.error("housekeeping failed; it is tried again: %s", error, exc_info=not known)
            for _, future in orders:
                if failed is not None:
                    future.set_exception(failed)
                else:
                    future.set_result(None)

    def _do(
        self, piece: Callable[[sqlite3.Connection], Any], done: Callable[[Any], None] | None = None
    ) -> Any:
        if self._stop:
            raise StoreError("closed", "the store was closed")
        return self._writer.call(piece, done).result()

    def keep(self, now: Now) -> None:
        """One round. Safe to be cut short anywhere: every piece is whole in itself."""
        with self._read() as conn:
            hours = [h for h in open_hours(conn) if now.past((h + 1) * HOUR_MS, retention.CLOSE_MS)]
        hours += [
            h for h in list(self._memory.open.pending) if now.past((h + 1) * HOUR_MS, retention.CLOSE_MS)
        ]
        if hours:
            self._writer.flush().result()
        for hour in sorted(set(hours)):
            self._close(hour)
        self._seal_raw(now)
        if not self._mistrusts_clock():
            self._seal_identities(now)
            self._expire(now)
        self._ground.check()  # or it would be another's log
        database.truncate_log(self._path, LOG_BYTES)

    def _mistrusts_clock(self) -> bool:
        """A clock that has just leapt takes nothing out: it may come back, and what is gone does not."""
        if self._wall.leapt():
            self.mistrust()
        return self._leapt_at is not None and self._clock.monotonic() - self._leapt_at < MISTRUST_S

    def mistrust(self) -> None:
        """Take nothing out for a while: the clock has leapt, or stands before what was written by it."""
        self._leapt_at = self._clock.monotonic()

    def _close(self, hour: int) -> None:
        lookup = self._memory.lookup
        step = max(1, BUCKETS * CLOSE_ASSETS // max(1, len(lookup.ids)))
        for first in range(0, BUCKETS, step):

            def piece(conn: sqlite3.Connection, first: int = first) -> None:
                for bucket in range(first, min(first + step, BUCKETS)):
                    close_bucket(conn, lookup, hour, bucket)

            self._do(piece)

    def _seal_raw(self, now: Now) -> None:
        with self._read() as conn:
            parts = [tuple(r) for r in conn.execute("SELECT hour, sealed FROM raw_part ORDER BY hour")]
        for hour, sealed in parts:
            old = now.past((hour + 1) * HOUR_MS, retention.SEAL_MS)
            while True:
                top = self._memory.raw.top.get(hour, 0)
                if top <= sealed or (not old and top - sealed < self._early):
                    break
                sealed = self._seal_some(hour, sealed)
            if old:
                self._drop(hour)

    def _seal_some(self, hour: int, above: int) -> int:
        """Pack the next rows of an hour, a part of the assets at a time: memory stays small."""
        # Rows of a raw table are only ever appended and leave together: rowids have no gaps.
        top = min(self._memory.raw.top.get(hour, 0), above + max(SEAL_ROWS, self._early))
        packed = []
        for first, last in self._parts(-(-(top - above) // SEAL_ROWS)):
            with self._read() as conn:
                table = blocks.read_raw(conn, hour, (above, top), (first, last))
                packed += blocks.pack_hour(conn, hour, table)
        self._do(lambda c: blocks.write_blocks(c, hour, packed, above, top))
        return top

    def _parts(self, count: int) -> list[tuple[AssetId, AssetId]]:
        """All numbers of assets as so many ranges, first and last, each with its share of the assets."""
        ids = self._memory.lookup.ids
        edges = [int(ids[len(ids) * n // count]) for n in range(1, count)] if len(ids) >= count else []
        starts, ends = [0, *edges], [*(e - 1 for e in edges), 2**48]
        return list(zip(map(AssetId, starts), map(AssetId, ends), strict=True))

    def _drop(self, hour: int) -> None:
        with self._read() as conn:
            row = conn.execute("SELECT rolled, sealed FROM raw_part WHERE hour = ?", (hour,)).fetchone()
        if row is not None and row[0] < row[1]:
            self._writer.flush().result()
        self._do(
            lambda c: blocks.drop_raw(c, hour),
            lambda dropped: self._memory.raw.dropped(hour) if dropped else None,
        )

    def _seal_identities(self, now: Now) -> None:
        seen = self._memory.seen
        with self._read() as conn:
            lots = retention.distinct(conn, "seen_part", "slot")
        old = [lot for lot in lots if now.past(retention.end_of_lot(lot), retention.SEAL_MS)]
        while old:

            def piece(conn: sqlite3.Connection, left: list[int] = old) -> list[int]:
                rows, moved = 0, []
                for lot in left:
                    if rows >= IDENTITIES_A_PIECE:
                        break
                    rows += seen.seal(conn, lot)
                    moved.append(lot)
                return moved

            old = old[len(self._do(piece, lambda moved: seen.sealed_now(moved, []))) :]

    def _expire(self, now: Now) -> None:
        lookup = self._memory.lookup
        with self._read() as conn:
            gone = {t: retention.expired_lots(conn, t, lookup, now) for t in ("seen_part", "seen_block")}
            pieces = list(retention.pieces(conn, lookup, now))
            pieces += evidence.orphans(conn, self._path, now.clocks[-1])
        for table, lots in gone.items():
            for at in range(0, len(lots), 20):
                self._drop_identities(table, lots[at : at + 20])
        for piece in pieces:
            self._do(piece)

    def _drop_identities(self, table: str, lots: list[int]) -> None:
        seen = self._memory.seen
        self._do(
            lambda c: c.executemany(f"DELETE FROM {table} WHERE slot = ?", [(lot,) for lot in lots]),
            lambda _: seen.sealed_now([], lots),
        )
