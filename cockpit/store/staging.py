"""What a transaction does with a group of batches, and what memory takes over once it is on disk.

Nothing in memory changes before the commit, so that a transaction that fails leaves no trace.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cockpit.store import apart, coverage, records, reports
from cockpit.store.batch import AGAIN, NEW, REFUSED, Batch, Committed, Flags, Heard, Ints, Outcome, Record
from cockpit.store.catalogue import Catalogue, Lookup
from cockpit.store.counters import SourceHours
from cockpit.store.groups import GroupSums
from cockpit.store.history import History, Imported
from cockpit.store.identity import Fresh, Identities, LastingIdentities, follow_terms, lots_of
from cockpit.store.observations import Chunk, RawTables, write_latest
from cockpit.store.quarantine import Quarantine
from cockpit.store.rollups import OpenHours
from cockpit.store.sampled import columns_of, joined


@dataclass(slots=True)
class Staged:
    """The answer to a transaction, valid if it is committed."""

    outcomes: list[Outcome]
    committed: Committed
    chunks: list[Chunk]
    history: Imported | None
    lasting: Ints
    identities: Fresh
    groups: coverage.Added


@dataclass(slots=True)
class _Columns:
    """Batches laid end to end. `batch` says which one an event came in."""

    batch: Ints
    key: Ints
    source: Ints
    time: Ints
    received: Ints
    obs_event: Ints
    obs_series: Ints
    obs_value: Ints
    first: list[int]

    @property
    def minute(self) -> Ints:
        return self.time // 60_000


def _columns(batches: Sequence[Batch]) -> _Columns:
    sizes = [len(b) for b in batches]
    first = [0, *np.cumsum(sizes).tolist()]

    def joined(name: str) -> Ints:
        return np.concatenate([getattr(b, name) for b in batches])

    return _Columns(
        batch=np.repeat(np.arange(len(batches)), sizes),
        key=joined("key"),
        source=joined("source"),
        time=joined("time"),
        received=joined("received"),
        obs_event=np.concatenate([b.obs_event + at for b, at in zip(batches, first, strict=False)]),
        obs_series=joined("obs_series"),
        obs_value=joined("obs_value"),
        first=first,
    )


def _heard(
    c: _Columns, told: Ints, kind: Ints, asset: Ints, lasting_at: Flags, batches: Sequence[Batch]
) -> Heard:
    """The events at the places `told`, and those that were refused, each with its fate."""
    refused = [r for b in batches if not b.past for r in b.refused if r.source]
    taken = Heard(
        c.source[told], asset[told], c.received[told], np.where(lasting_at, 0, c.time)[told], kind[told]
    )
    if not refused:
        return taken
    source, device, received, time = (
        np.array(column, np.int64)
        for column in zip(*((r.source, r.asset, r.heard or r.received, r.time) for r in refused), strict=True)
    )
    return Heard(
        np.concatenate((taken.source, source)),
        np.concatenate((taken.asset, device)),
        np.concatenate((taken.received, received)),
        np.concatenate((taken.time, time)),
        np.concatenate((taken.kind, np.full(len(refused), REFUSED))),
    )


class Memory:
    """All that the writer knows beside the database, rebuilt from it at the start."""

    def __init__(self, conn: sqlite3.Connection, profile: Catalogue) -> None:
        self.lookup = Lookup(profile)
        self.limits = profile.coverage
        follow_terms(conn, {s.id: int(self.lookup.term[s.id]) for s in profile.sources})
        self.seen = Identities(conn)
        self.lasting = LastingIdentities(conn)
        self.raw = RawTables(conn)
        self.groups = GroupSums(self.lookup, {int(r[0]) for r in conn.execute("SELECT day FROM regroup")})
        self.open = OpenHours(self.lookup, self.groups)
        self.history = History(self.lookup, self.groups, self.open)
        self.quarantine = Quarantine(conn)
        self.had = coverage.Had(conn)

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
        fresh, identities = self._identify(conn, c, lasting)
        hours = SourceHours(self.lookup)
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
        samples, groups = self._samples(conn, batches, c, fresh)
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
        told = news[event]
        events = _heard(c, np.flatnonzero(news), np.where(fresh, NEW, AGAIN), asset, lasting_at, batches)
        committed = Committed(
            series[told], t[told], received[told], value[told], events=events, records=taken, samples=samples
        )
        return Staged(outcomes, committed, chunks, imported, c.minute[lasting], identities, groups)

    def committed(self, staged: Staged) -> None:
        """The transaction is on disk."""
        self.raw.committed(staged.chunks)
        self.open.committed(staged.chunks)
        self.lasting.committed(staged.lasting)
        self.seen.committed(staged.identities)
        self.had.committed(staged.groups)
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

    def _identify(self, conn: sqlite3.Connection, c: _Columns, lasting: Ints) -> tuple[Flags, Fresh]:
        found: Fresh = []
        fresh = np.zeros(len(c.key), np.bool_)
        if len(lasting):
            fresh[lasting] = self.lasting.new(conn, c.minute[lasting], c.key[lasting])
            timed = np.setdiff1d(np.arange(len(c.key)), lasting, assume_unique=True)
        else:
            timed = np.arange(len(c.key))
        if len(timed):
            lot = lots_of(c.minute[timed], self.lookup.term[c.source[timed]])
            fresh[timed], found = self.seen.new(conn, lot, c.key[timed])
        return fresh, found

    def _records(
        self, conn: sqlite3.Connection, batches: Sequence[Batch], c: _Columns, fresh: Flags
    ) -> list[Record]:
        events = []
        typed = []
        for b, first in zip(batches, c.first, strict=False):
            for i, record in b.records:
                if fresh[first + i]:
                    events.append(records.Event(int(b.key[i]), int(b.time[i]), int(b.source[i]), record))
            for i, report in b.reports:
                if fresh[first + i]:
                    row = (int(b.key[i]), int(b.time[i]), int(b.received[i]), int(b.source[i]), report)
                    typed.append(row)
        if events:
            records.write(conn, events, self.lookup.offset_hours * 3_600_000, self.lookup.tallied)
        if typed:
            reports.write(conn, typed)
        return [e.record for e in events]

    def _samples(
        self, conn: sqlite3.Connection, batches: Sequence[Batch], c: _Columns, fresh: Flags
    ) -> tuple[int, coverage.Added]:
        parts, times, receiveds, sources = [], [], [], []
        for b, first in zip(batches, c.first, strict=False):
            for found in (columns_of(b.samples) if b.samples else None, b.sampled):
                if found is None:
                    continue
                event = first + found.event
                new = fresh[event]
                event = event[new]
                parts.append(found.at(new))
                times.append(c.time[event])
                sources.append(c.source[event])
                receiveds.append(np.where(b.past, coverage.AT_ONCE, c.received[event]))
        if not any(map(len, parts)):
            return 0, coverage.Added()
        samples, t, source = joined(parts), np.concatenate(times), np.concatenate(sources)
        received = np.concatenate(receiveds)
        received[np.isin(source, self.lookup.real)] = coverage.AT_ONCE
        good = samples.why == 0
        groups = coverage.Added()
        if good.any():
            taken = coverage.Taken(t[good], received[good], samples.at(good))
            groups = coverage.write(conn, taken, self.had, self.lookup, self.limits)
        if not good.all():
            rest = samples.at(~good)
            days = self.lookup.days_of(t[~good]).tolist()
            operators = [rest.operators[n] for n in rest.operator.tolist()]
            reasons = [rest.reasons[n] for n in rest.why.tolist()]
            apart.write(conn, zip(days, source[~good].tolist(), operators, reasons, strict=True))
        return len(samples), groups

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
