"""Observations that are alike, a slice at once: the way nearly all events take.

Checks are those of `validate`, on columns in place of events. Where any event is not as most are (another
type, another source, a value out of range, a time that is written differently), nothing is decided here:
`validate` then goes through them one by one and says what is wrong with which.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

import numpy as np

from cockpit.domain.identity import event_keys
from cockpit.domain.instants import parse_alike
from cockpit.ingest.codes import Refusal
from cockpit.ingest.events import MAX_ID, Event, Observation
from cockpit.ingest.tables import SourceRow, Tables
from cockpit.store.batch import Batch, Ints

FEWEST = 8
"""Of fewer events each by itself costs less."""


def batch_of(
    items: Sequence[Event | Refusal],
    source: SourceRow,
    tables: Tables,
    now_ms: int,
    ahead_ms: int,
    *,
    sent: bool,
) -> Batch | None:
    """The batch of observations of one source, or None where one of them needs a look of its own.

    `now_ms`: the clock of the source, when they were received; with `sent` they say so themselves, at most
    `ahead_ms` after it."""
    if set(map(type, items)) != {Observation}:
        return None
    events: Sequence[Observation] = items  # type: ignore[assignment]  # just looked at
    n = len(events)
    if [e.source for e in events].count(source.code) != n:
        return None
    ids = [e.id for e in events]
    lengths = list(map(len, ids))
    if min(lengths) < 1 or max(lengths) > MAX_ID or not "".join(ids).isprintable():
        return None
    time = parse_alike([e.time for e in events])
    received = _received(events, now_ms, ahead_ms) if sent else np.full(n, now_ms)
    if time is None or received is None:
        return None
    if (time > received + source.early_ms).any() or (time < received - source.window_ms).any():
        return None
    places = list(map(tables.place_of(source.code).get, [e.subject for e in events]))
    if None in places:
        return None
    batch = Batch()
    if not _values(events, np.array(places, np.int64), tables, batch):
        return None
    batch.key = event_keys(source.code, ids)
    batch.source = np.full(n, source.id)
    batch.time, batch.received = time, received
    return batch


def _received(events: Sequence[Observation], now_ms: int, ahead_ms: int) -> Ints | None:
    told = [e.sent for e in events]
    if told.count(None) == len(told):
        return np.full(len(told), now_ms)
    if None in told:
        return None
    found = parse_alike(told)  # type: ignore[arg-type]  # no None is left
    return None if found is None or (found > now_ms + ahead_ms).any() else found


def _values(events: Sequence[Observation], places: Ints, tables: Tables, batch: Batch) -> bool:
    """Fill the columns of values; False where one is not as it should be."""
    data = [e.data for e in events]
    if [d.units for d in data].count(None) != len(data):
        return False
    values = [d.values for d in data]
    count = np.array(list(map(len, values)))
    metrics = list(map(tables.metric_at.get, chain.from_iterable(values)))
    if not count.all() or None in metrics:
        return False
    metric = np.array(metrics, np.int64)
    value = np.fromiter(chain.from_iterable([v.values() for v in values]), np.float64, len(metric))
    place = np.repeat(places, count)
    known = tables.sends[tables.group_at[place], metric]
    if not (known & (value >= tables.lowest[metric]) & (value <= tables.highest[metric])).all():
        return False
    batch.obs_event = np.repeat(np.arange(len(events)), count)
    batch.obs_series = tables.base_at[place] + tables.metric_id[metric]
    batch.obs_value = np.rint(value * tables.scale[metric]).astype(np.int64)
    return True
