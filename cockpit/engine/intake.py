"""What the writer has committed, held until the clock of its source has come to it."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass

import numpy as np

from cockpit.engine.columns import LANES, Columns, Ints
from cockpit.store.batch import Committed

MAX_ROWS = 4_000_000
"""Observations held while the engine does not come. Beyond, they are dropped and it starts over from
the store, which has them all."""

_NONE = np.empty(0, dtype=np.int64)


@dataclass(slots=True)
class Due:
    """Columns whose time has come, each ordered by (received, position, time)."""

    series: Ints  # positions; -1 never occurs
    series_time: Ints
    series_received: Ints
    value: Ints
    source: Ints
    source_received: Ints
    asset: Ints
    asset_received: Ints

    def __len__(self) -> int:
        return len(self.series) + len(self.source)


class Intake:
    """Buffer between the writer's thread, which only appends, and the engine's, which takes by time."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._lock = threading.Lock()
        self._arrived: deque[Committed] = deque()
        self._rows = 0
        self._lost = False
        self._obs: dict[int, list[Ints]] = {lane: [_NONE] * 4 for lane in LANES}
        self._events: dict[int, list[Ints]] = {lane: [_NONE] * 3 for lane in LANES}

    def push(self, committed: Committed) -> None:
        """Called on the writer's thread after each commit."""
        rows = len(committed.series) + len(committed.event_source)
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
        source, asset, heard = _split(self._events, lane, 2, start, upto)
        heard_order = np.lexsort((asset, source, heard))
        source, asset, heard = source[heard_order], asset[heard_order], heard[heard_order]
        with_asset = asset >= 0
        return Due(
            series=series[order],
            series_time=time[order],
            series_received=received[order],
            value=value[order],
            source=source,
            source_received=heard,
            asset=asset[with_asset],
            asset_received=heard[with_asset],
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
        source = c.sources_at(_join([x.event_source for x in arrived]))
        heard = source >= 0
        events = [
            source[heard],
            c.assets_at(_join([x.event_asset for x in arrived]))[heard],
            _join([x.event_received for x in arrived])[heard],
        ]
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
