"""What the writer has committed, held until the clock of its source has come to it."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass

import numpy as np

from cockpit.engine.columns import LANES, Columns, Ints
from cockpit.store.batch import NEW, REFUSED, Committed

MAX_ROWS = 4_000_000
"""Observations held while the engine does not come. Beyond, they are dropped and it starts over from
the store, which has them all."""

EVENT_COLUMNS = ("source", "asset", "received", "time", "kind")

_NONE = np.empty(0, dtype=np.int64)


@dataclass(slots=True)
class Events:
    """Events of a feed in order of (received, source, asset, time), whatever became of them."""

    source: Ints  # position
    asset: Ints  # position, -1 where it is about none, or nobody could tell
    received: Ints
    time: Ints  # its own, 0 where it is of no use; of refused ones where it alone was wrong
    kind: Ints

    def __len__(self) -> int:
        return len(self.source)


@dataclass(slots=True)
class Due:
    """Columns whose time has come, each ordered by (received, position, time)."""

    series: Ints  # positions; -1 never occurs
    series_time: Ints
    series_received: Ints
    value: Ints
    events: Events
    source: Ints  # what shows that a source is alive: new events, and refused ones of its own devices
    source_received: Ints
    asset: Ints  # the same of assets
    asset_received: Ints

    def __len__(self) -> int:
        return len(self.series) + len(self.events)


class Intake:
    """Buffer between the writer's thread, which only appends, and the engine's, which takes by time."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._lock = threading.Lock()
        self._arrived: deque[Committed] = deque()
        self._rows = 0
        self._lost = False
        self._obs: dict[int, list[Ints]] = {lane: [_NONE] * 4 for lane in LANES}
        self._events: dict[int, list[Ints]] = {lane: [_NONE] * 5 for lane in LANES}

    def push(self, committed: Committed) -> None:
        """Called on the writer's thread after each commit."""
        rows = len(committed.series) + len(committed.events)
        with self._lock:
            if self._rows + rows > MAX_ROWS:
                self._arrived.clear()
                self._rows, self._lost = 0, True
            self._arrived.append(committed)
            self._rows += rows

    def lost(self) -> bool:
        """Whether something had to be dropped since the last call."""
        with self._lock:
            lost, self._lost = self._lost, False
            return lost

    def release(self, lane: int, start: int, upto: int) -> Due:
        """Everything of a lane received up to `upto`.

        What comes after its time, because its commit took longer than the tick, counts as received at
        `start`, the end of the step before: time never runs backwards.
        """
        self._collect()
        series, time, received, value = _split(self._obs, lane, 2, start, upto)
        order = np.lexsort((time, series, received))
        source, asset, heard, own, kind = _split(self._events, lane, 2, start, upto)
        by = np.lexsort((kind, own, asset, source, heard))
        events = Events(source[by], asset[by], heard[by], own[by], kind[by])
        alive = (events.kind == NEW) | ((events.kind == REFUSED) & (events.asset >= 0))
        with_asset = alive & (events.asset >= 0)
        return Due(
            series=series[order],
            series_time=time[order],
            series_received=received[order],
            value=value[order],
            events=events,
            source=events.source[alive],
            source_received=events.received[alive],
            asset=events.asset[with_asset],
            asset_received=events.received[with_asset],
        )

    def _collect(self) -> None:
        with self._lock:
            arrived, self._arrived = self._arrived, deque()
            self._rows = 0
        if not arrived:
            return
        c = self._columns
        series = c.series_at(_join([x.series for x in arrived]))
        known = series >= 0
        columns = [
            series[known],
            _join([x.time for x in arrived])[known],
            _join([x.received for x in arrived])[known],
            _join([x.value for x in arrived])[known],
        ]
        _add(self._obs, columns, c.series_lane[columns[0]])
        heard = [x.events for x in arrived]
        events = [_join([getattr(x, name) for x in heard]) for name in EVENT_COLUMNS]
        source = c.sources_at(events[0])
        known = source >= 0
        events[0], events[1] = source, c.assets_at(events[1])
        events = [column[known] for column in events]
        _add(self._events, events, c.source_lane[events[0]])


def _join(parts: list[Ints]) -> Ints:
    return np.concatenate(parts) if len(parts) > 1 else np.asarray(parts[0], dtype=np.int64)


def _add(held: dict[int, list[Ints]], columns: list[Ints], lane_of: Ints) -> None:
    for lane in LANES:
        mine = lane_of == lane
        if mine.any():
            held[lane] = [
                np.concatenate((old, new[mine])) for old, new in zip(held[lane], columns, strict=True)
            ]


def _split(held: dict[int, list[Ints]], lane: int, key: int, start: int, upto: int) -> list[Ints]:
    """Take the rows whose column `key` is at most `upto`, lifted to `start` where they are older."""
    columns = held[lane]
    if not len(columns[key]):
        return columns
    due = columns[key] <= upto
    if due.all():
        held[lane] = [_NONE] * len(columns)
        taken = columns
    else:
        held[lane] = [column[~due] for column in columns]
        taken = [column[due] for column in columns]
    taken[key] = np.maximum(taken[key], start)
    return taken
