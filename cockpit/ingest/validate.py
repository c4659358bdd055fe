"""From events to the columns of a Batch, checked against the catalogue.

Values become integers of their metric's resolution: the nearest to `value * scale`, halves to even.
An event is taken whole or refused whole.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from typing import Protocol

import numpy as np

from cockpit.clock import Clock
from cockpit.domain.catalog import asset_of
from cockpit.domain.identity import event_key
from cockpit.domain.instants import iso
from cockpit.ingest import alike, bodies, rights
from cockpit.ingest.codes import Code, Refusal, shown
from cockpit.ingest.columns import Columns
from cockpit.ingest.events import (
    MAX_ID,
    Event,
    Observation,
    RecordEvent,
    ReportEvent,
    RollupEvent,
    SampleEvent,
)
from cockpit.ingest.rollups import Rollups
from cockpit.ingest.tables import AssetRow, SourceRow, Tables
from cockpit.ingest.times import to_ms
from cockpit.store.batch import Batch, Refused

MAX_NAME = 256
AHEAD_MS = 3_600_000
"""How far the sending time of a simulated event may lie ahead of the domain clock: a simulator plays
ahead of the clock by as much as it was granted, which grows with the speed."""


class ForeignSource(Exception):
    """An event of a source that the sender may not speak for: the whole body is refused."""


class Payloads(Protocol):
    """Where the bytes of refused events come from."""

    def payload(self, i: int) -> bytes: ...


class Validator:
    """Checks events. `simulated`: the domain clock is virtual, `sent` counts for sources that live on it."""

    def __init__(self, tables: Tables, clock: Clock, *, simulated: bool) -> None:
        self._tables = tables
        self._clock = clock
        self._simulated = simulated

    def check(
        self,
        items: Sequence[Event | Refusal],
        allowed: Container[str] | None,
        payloads: Payloads,
        *,
        first: int = 0,
        fallback_source: int = 0,
        spoiled: Mapping[int, Refusal] | None = None,
    ) -> Batch:
        """The batch of a slice; refused events are in `refused`, in order.

        `allowed`: sources the sender may speak for, None for all. `fallback_source`: source id to book
        events on that name none. Raises ForeignSource.
        """
        if len(items) >= alike.FEWEST and not spoiled:
            found = self._alike(items, allowed)
            if found is not None:
                return found
        batch = Batch()
        columns, rollups = Columns(), Rollups(self._tables)
        now = {True: self._clock.domain_ms(), False: self._clock.real_ms()}
        tables, sources = self._tables, self._tables.sources
        keys: list[int] = []
        source_ids: list[int] = []
        times: list[int] = []
        receiveds: list[int] = []
        last_code, source, received_now, sim = "", None, now[False], False
        for i, e in enumerate(items):
            try:
                if isinstance(e, Refusal):
                    if allowed is not None and e.source in sources and e.source not in allowed:
                        raise ForeignSource(e.source)
                    raise e
                code = e.source
                if code != last_code or source is None:
                    if allowed is not None and code not in allowed:
                        raise ForeignSource(code)
                    source = sources.get(code)
                    if source is None:
                        raise Refusal(Code.UNKNOWN_SOURCE, f"source {shown(code)} is not in the catalogue")
                    last_code = code
                    received_now = now[source.domain]
                    sim = source.domain and self._simulated
                event_id = e.id
                if not 0 < len(event_id) <= MAX_ID or not event_id.isprintable():
                    raise _bad_id(event_id)
                t = to_ms(e.time)
                received = received_now
                if sim and e.sent is not None:
                    received = to_ms(e.sent, "sent")
                    if received > received_now + AHEAD_MS:
                        raise Refusal(
                            Code.FAR_FUTURE,
                            f"sent {shown(e.sent)} is far ahead of the clock, {iso(received_now)}",
                        )
                if t > received + source.early_ms:
                    raise Refusal(Code.FAR_FUTURE, _outside(e.time, received, "after", source.early_ms))
                if spoiled and i in spoiled:
                    raise spoiled[i]
                n = len(keys)
                if type(e) is Observation:
                    if t < received - source.window_ms:
                        raise Refusal(Code.TOO_OLD, _outside(e.time, received, "before", source.window_ms))
                    asset = tables.assets.get(e.subject)
                    if asset is None or asset[0] != code:
                        raise _bad_asset(e.subject, asset, code)
                    columns.add(e.data, asset, i, n)
                else:
                    self._other(e, i, t, received, n, batch, rollups, source)
            except Refusal as r:
                owner = sources.get(e.source)
                source_id = owner.id if owner else fallback_source
                payload = payloads.payload(i)
                batch.refused.append(
                    Refused(
                        first + i, e.id[:MAX_ID], source_id, r.code, r.reason, payload, received_now,
                        *self._heard(e, r, owner, received_now),
                    )
                )  # fmt: skip
                continue
            keys.append(event_key(code, event_id))
            source_ids.append(source.id)
            times.append(t)
            receiveds.append(received)
        batch.key, batch.source, batch.time, batch.received = (
            np.array(column, np.int64) for column in (keys, source_ids, times, receiveds)
        )
        bad = columns.finish(batch)
        if rollups.waiting:
            batch.rollups, more = rollups.finish()
            bad.update(more)
        if bad:
            # Their places in the columns are taken: once more without them. Rare, so simple.
            again = {**(spoiled or {}), **bad}
            return self.check(
                items, allowed, payloads, first=first, fallback_source=fallback_source, spoiled=again
            )
        return batch

    def _alike(self, items: Sequence[Event | Refusal], allowed: Container[str] | None) -> Batch | None:
        """The batch of what can be taken at once, or None: then each item is looked at by itself."""
        code = items[0].source
        source = self._tables.sources.get(code)
        if source is None or (allowed is not None and code not in allowed):
            return None
        now = self._clock.domain_ms() if source.domain else self._clock.real_ms()
        sent = source.domain and self._simulated
        return alike.batch_of(items, source, self._tables, now, AHEAD_MS, sent=sent)

    def _heard(
        self, e: Event | Refusal, r: Refusal, owner: SourceRow | None, now: int
    ) -> tuple[int, int, int]:
        """Of a refused event: the device of its own source that sent it and so is alive, its time where that
        was wrong, and when it came."""
        if owner is None:
            return 0, 0, now
        wrong_time = r.code in (Code.FAR_FUTURE, Code.TOO_OLD)
        heard = now
        try:
            if owner.domain and self._simulated and e.sent is not None:
                sent = to_ms(e.sent, "sent")
                if sent > now + AHEAD_MS:
                    return 0, 0, now
                heard = sent
            t = to_ms(e.time) if wrong_time and not isinstance(e, Refusal) else 0
        except Refusal:
            return 0, 0, heard
        told = isinstance(e, Observation | Refusal)
        asset = self._tables.assets.get(e.subject) if told else None
        if asset is None or asset[0] != owner.code:
            return 0, t, heard
        return asset_of(asset[1]), t, heard

    def _other(
        self,
        e: Event,
        i: int,
        t: int,
        received: int,
        n: int,
        batch: Batch,
        rollups: Rollups,
        source: SourceRow,
    ) -> None:
        """Everything that is no observation: whose it is to send before what is in it. Raises Refusal before
        it has touched the batch."""
        if type(e) is RollupEvent:
            asset = self._tables.assets.get(e.subject)
            if asset is None or asset[0] != source.code:
                raise _bad_asset(e.subject, asset, source.code)
            rollups.add(e, asset, i, n, received)
            return
        if t < received - source.window_ms:
            raise Refusal(Code.TOO_OLD, _outside(e.time, received, "before", source.window_ms))
        if len(e.subject) > MAX_NAME:
            raise Refusal(
                Code.TEXT_TOO_LONG, f"subject has {len(e.subject)} characters, expected at most {MAX_NAME}"
            )
        if type(e) is SampleEvent:
            rights.must_bring_samples(source)
            batch.samples.append((n, bodies.sample(e, self._tables)))
        elif type(e) is RecordEvent:
            rights.must_bring_records(source, bodies.kind(e.data.kind))
            batch.records.append((n, bodies.record(e, self._tables)))
        elif type(e) is ReportEvent:
            rights.must_report(source, bodies.indicator(e.data.indicator, self._tables))
            report = bodies.report(e, self._tables)
            rights.must_have_begun(report.period, received + source.early_ms, self._tables.offset_ms)
            batch.reports.append((n, report))


def _bad_asset(subject: str, asset: AssetRow | None, source: str) -> Refusal:
    if not subject:
        return Refusal(Code.SUBJECT_MISSING, "subject is empty, expected the code of an asset")
    if asset is None:
        return Refusal(Code.UNKNOWN_ASSET, f"asset {shown(subject)} is not in the catalogue")
    return Refusal(
        Code.FOREIGN_ASSET, f"asset {shown(subject)} belongs to source {asset[0]}, not to {source}"
    )


def _bad_id(event_id: str) -> Refusal:
    if not event_id:
        return Refusal(Code.MISSING_FIELD, "id is empty, expected 1 to 128 characters")
    if len(event_id) > MAX_ID:
        return Refusal(Code.ID_TOO_LONG, f"id has {len(event_id)} characters, expected 1 to {MAX_ID}")
    return Refusal(Code.CONTROL_CHARACTER, f"id {shown(event_id)} holds a control character")


def _outside(time: str, received: int, side: str, limit_ms: int) -> str:
    limit = f"{limit_ms // 3_600_000} h" if limit_ms % 3_600_000 == 0 else f"{limit_ms // 1000} s"
    return f"time {shown(time)} is more than {limit} {side} the time of reception, {iso(received)}"
