"""What a transaction does with a group of batches, and what memory takes over once it is on disk.

Nothing in memory changes before the commit, so that a transaction that fails leaves no trace.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cockpit.store import apart, coverage, records, reports
from cockpit.store.batch import Batch, Committed, Ints, Outcome, Record
from cockpit.store.catalogue import Catalogue, Register
from cockpit.store.counters import SourceHours
from cockpit.store.groups import GroupSums
from cockpit.store.history import History, Imported
from cockpit.store.identity import Flags, Identities, LastingIdentities, follow_terms, slots
from cockpit.store.observations import Chunk, RawTables, write_latest
from cockpit.store.quarantine import Quarantine
from cockpit.store.rollups import OpenHours


@dataclass(slots=True)
class Staged:
    """The answer to a transaction, valid if it is committed."""

    outcomes: list[Outcome]
    committed: Committed
    chunks: list[Chunk]
    history: Imported | None
    lasting: Ints


@dataclass(slots=True)
class _Columns:
    """Batches laid end to end. `batch` says which one an event came in."""

    batch: Ints
    minute: Ints
    key: Ints
    source: Ints
    time: Ints
    received: Ints
    obs_event: Ints
    obs_series: Ints
    obs_value: Ints
    first: list[int]


def _columns(batches: Sequence[Batch]) -> _Columns:
    sizes = [len(b) for b in batches]
    first = [0, *np.cumsum(sizes).tolist()]

    def joined(name: str) -> Ints:
        return np.concatenate([np.array(getattr(b, name), np.int64) for b in batches])

    return _Columns(
        batch=np.repeat(np.arange(len(batches)), sizes),
        minute=joined("minute"),
        key=joined("key"),
        source=joined("source"),
        time=joined("time"),
        received=joined("received"),
        obs_event=np.concatenate(
            [np.array(b.obs_event, np.int64) + at for b, at in zip(batches, first, strict=False)]
        ),
        obs_series=joined("obs_series"),
        obs_value=joined("obs_value"),
        first=first,
    )


class Memory:
    """All that the writer knows beside the database, rebuilt from it at the start."""

    def __init__(self, conn: sqlite3.Connection, profile: Catalogue) -> None:
        self.register = Register(profile)
        self.limits = profile.coverage
        follow_terms(conn, {s.id: int(self.register.term[s.id]) for s in profile.sources})
        self.seen = Identities(conn)
        self.lasting = LastingIdentities(conn)
        self.raw = RawTables(conn)
        self.groups = GroupSums(self.register, {int(r[0]) for r in conn.execute("SELECT day FROM regroup")})
        self.open = OpenHours(self.register, self.groups)
        self.history = History(self.register, self.groups, self.open)
        self.quarantine = Quarantine(conn)

    def recover(self, conn: sqlite3.Connection) -> None:
        """Take up what a crash left: raw rows not yet rolled up, days whose groups are behind."""
        if self.groups.dirty:
            conn.execute("BEGIN IMMEDIATE")
            for day in sorted(self.groups.dirty):
                self.groups.rebuild(conn, day)
            self.groups.write(conn)
            conn.execute("COMMIT")
            self.groups.written()
        self.open.recover(conn)

    def stage(self, conn: sqlite3.Connection, batches: Sequence[Batch]) -> Staged:
        """Write the batches inside the open transaction. Raises KeyError for an unknown asset's roll-up."""
        c = _columns(batches)
        lasting, lasting_at = self._lasting(batches, c)
        fresh = self._identify(conn, c, lasting)
        hours = SourceHours(self.register)
        mine = fresh[c.obs_event]
        event, series, value = c.obs_event[mine], c.obs_series[mine], c.obs_value[mine]
        t, received = c.time[event], c.received[event]
        chunks = self.raw.insert(conn, series, t, value)
        write_latest(conn, series, t, received, value)
        new = np.flatnonzero(fresh)
        per_event = np.bincount(event, minlength=len(fresh))
        counted = new[~lasting_at[new]]
        hours.events(c.source[counted], c.time[counted], c.received[counted], per_event[counted])
        again = np.flatnonzero(~fresh)
        hours.duplicates(c.source[again], c.received[again])
        taken = self._records(conn, batches, c, fresh)
        samples = self._samples(conn, batches, c, fresh)
        imported, ignored = self._history(conn, batches, c, fresh, chunks)
        if imported is not None:
            hours.history(imported.day, imported.asset, imported.hours[:, 0])
        refused = [r for b in batches for r in b.refused]
        hours.refused(refused)
        self.quarantine.write(conn, refused)
        hours.write(conn)
        asset = np.zeros(len(fresh), np.int64)
        asset[event] = series >> 8
        accepted = np.bincount(c.batch[new], minlength=len(batches)).tolist()
        repeats: list[dict[int, int]] = [{} for _ in batches]
        for batch, source in zip(c.batch[again].tolist(), c.source[again].tolist(), strict=True):
            repeats[batch][source] = repeats[batch].get(source, 0) + 1
        outcomes = [
            Outcome(n, len(b) - n, left, known)
            for n, b, left, known in zip(accepted, batches, ignored, repeats, strict=True)
        ]
        news = ~np.array([b.past for b in batches], bool)[c.batch]
        told, heard, twice = news[event], new[news[new]], again[news[again]]
        refusals = [r for b in batches if not b.past for r in b.refused if r.source]
        committed = Committed(
            series[told],
            t[told],
            received[told],
            value[told],
            c.source[heard],
            c.received[heard],
            asset[heard],
            taken,
            samples,
            event_time=np.where(lasting_at, 0, c.time)[heard],
            again_source=c.source[twice],
            again_received=c.received[twice],
            again_time=np.where(lasting_at, 0, c.time)[twice],
            refused_source=np.array([r.source for r in refusals], np.int64),
            refused_received=np.array([r.heard or r.received for r in refusals], np.int64),
            refused_asset=np.array([r.asset for r in refusals], np.int64),
            refused_time=np.array([r.time for r in refusals], np.int64),
        )
        return Staged(outcomes, committed, chunks, imported, c.minute[lasting])

    def committed(self, staged: Staged) -> None:
        """The transaction is on disk."""
        self.raw.committed(staged.chunks)
        self.open.committed(staged.chunks)
        self.lasting.committed(staged.lasting)
        self.quarantine.committed()
        if staged.history is not None:
            self.history.committed(staged.history)

    @staticmethod
    def _lasting(batches: Sequence[Batch], c: _Columns) -> tuple[Ints, Flags]:
        """Events whose identity is kept for ever, and a flag per event for those that are roll-ups."""
        at: list[int] = []
        rolled: list[int] = []
        for b, first in zip(batches, c.first, strict=False):
            at += [first + i for i, _ in b.records]
            at += [first + i for i, _ in b.reports]
            rolled += [first + i for i, _ in b.rollups]
        flags = np.zeros(len(c.key), np.bool_)
        flags[rolled] = True
        return np.array(sorted({*at, *rolled}), np.int64), flags

    def _identify(self, conn: sqlite3.Connection, c: _Columns, lasting: Ints) -> Flags:
        fresh = np.zeros(len(c.key), np.bool_)
        if len(lasting):
            fresh[lasting] = self.lasting.new(conn, c.minute[lasting], c.key[lasting])
            timed = np.setdiff1d(np.arange(len(c.key)), lasting, assume_unique=True)
        else:
            timed = np.arange(len(c.key))
        if len(timed):
            slot = slots(c.minute[timed], self.register.term[c.source[timed]])
            fresh[timed] = self.seen.new(conn, slot, c.key[timed])
        return fresh

    def _records(
        self, conn: sqlite3.Connection, batches: Sequence[Batch], c: _Columns, fresh: Flags
    ) -> list[Record]:
        events = []
        typed = []
        for b, first in zip(batches, c.first, strict=False):
            for i, record in b.records:
                if fresh[first + i]:
                    events.append(records.Event(b.key[i], b.time[i], b.source[i], record))
            for i, report in b.reports:
                if fresh[first + i]:
                    typed.append((b.key[i], b.time[i], b.received[i], b.source[i], report))
        if events:
            records.write(conn, events, self.register.offset_hours * 3_600_000)
        if typed:
            reports.write(conn, typed)
        return [e.record for e in events]

    def _samples(self, conn: sqlite3.Connection, batches: Sequence[Batch], c: _Columns, fresh: Flags) -> int:
        found = [
            (b.time[i], b.source[i], sample)
            for b, first in zip(batches, c.first, strict=False)
            for i, sample in b.samples
            if fresh[first + i]
        ]
        if found:
            day = self.register.day_of
            told = [(t, sample) for t, _, sample in found if not sample.apart]
            if told:
                coverage.write(conn, told, self.register, self.limits)
            apart.write(conn, [(day(t), source, s.operator, s.apart) for t, source, s in found if s.apart])
        return len(found)

    def _history(
        self,
        conn: sqlite3.Connection,
        batches: Sequence[Batch],
        c: _Columns,
        fresh: Flags,
        chunks: list[Chunk],
    ) -> tuple[Imported | None, list[int]]:
        items = []
        owner: list[int] = []
        for n, (b, first) in enumerate(zip(batches, c.first, strict=False)):
            for i, rollup in b.rollups:
                if fresh[first + i]:
                    items.append(rollup)
                    owner.append(n)
        if not items:
            return None, [0] * len(batches)
        done = self.history.write(conn, items, chunks)
        ignored = np.bincount(np.array(owner), weights=done.ignored, minlength=len(batches))
        return done, ignored.astype(int).tolist()
