"""Counts of every feed by whole minutes of its time line, and what the rules make of them.

A minute is judged at its end, once. So the log does not depend on how often somebody looks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from cockpit.domain.alerting.minutes import MINUTE_MS, MOST_MINUTES, Count, Measure, levels, values
from cockpit.domain.catalog import Rule
from cockpit.engine.columns import LANES, Bools, Columns, Ints
from cockpit.engine.intake import AGAIN, NEW, REFUSED, Events
from cockpit.engine.slots import Slots

COLUMNS = len(Count._fields)
UNKNOWN = -1
"""Level of a slot that was not judged yet."""


class Verdict(NamedTuple):
    """Slot `slot` stands at `level` from instant `t` on, by `value` of `measure`."""

    t: int
    slot: int
    level: int
    value: float
    measure: Measure


@dataclass(slots=True)
class _Group:
    """The slots of one rule on one lane, as columns."""

    rule: Rule
    measure: Measure
    slot: Ints
    source: Ints
    per_hour: npt.NDArray[np.float64]
    minutes: Ints
    level: npt.NDArray[np.int8]


class Feeds:
    """Counts are (sources, minutes, columns of `Count`); the last minute is the open one."""

    def __init__(self, columns: Columns, slots: Slots, rules: Sequence[tuple[Rule, Measure]]) -> None:
        """`rules`: those that count by minutes, each with what it compares."""
        profile = columns.profile
        self._ids = [s.id for s in profile.sources]
        self._late_ms = np.array([s.late_s * 1000 for s in profile.sources], dtype=np.int64)
        self._groups: dict[int, list[_Group]] = {lane: [] for lane in LANES}
        self._where: dict[int, tuple[int, _Group, int]] = {}
        for rule, measure in rules:
            for lane in LANES:
                self._group(columns, slots, rule, measure, lane)
        shape = (len(profile.sources), MOST_MINUTES + 1, COLUMNS)
        self._counts = {lane: np.zeros(shape, dtype=np.int64) for lane in LANES}
        self._first = dict.fromkeys(LANES, -MOST_MINUTES)  # number of the first minute of the counts
        self._full = dict(self._counts)  # the same with all minutes of the last step

    def _group(self, columns: Columns, slots: Slots, rule: Rule, measure: Measure, lane: int) -> None:
        at = {s.code: i for i, s in enumerate(columns.profile.sources)}
        own = [n for n in slots.by_rule[rule.code] if slots.all[n].lane == lane]
        source = [at[slots.all[n].subject.source] for n in own]
        feeds = [columns.profile.sources[s] for s in source]
        group = _Group(
            rule,
            measure,
            np.array(own, dtype=np.int64),
            np.array(source, dtype=np.int64),
            np.array([s.per_hour for s in feeds], dtype=np.float64),
            np.array([measure.minutes_of(s) for s in feeds], dtype=np.int64),
            np.full(len(own), UNKNOWN, dtype=np.int8),
        )
        if own:
            self._groups[lane].append(group)
            self._where |= {slot: (lane, group, row) for row, slot in enumerate(own)}

    def reset(self, lane: int, at: int) -> None:
        """Begin anew with the minute of `at`: nobody listened before, or the clock was set."""
        self._first[lane] = at // MINUTE_MS - MOST_MINUTES
        self._counts[lane] = np.zeros_like(self._counts[lane][:, : MOST_MINUTES + 1])
        self._full[lane] = self._counts[lane]
        for group in self._groups[lane]:
            group.level[:] = UNKNOWN

    def step(self, lane: int, events: Events, off: Bools, upto: int) -> list[Verdict]:
        """Take a step's events, `off` flags those with a wrong time, and judge every minute that has
        ended by `upto`."""
        counts, first = self._counts[lane], self._first[lane]
        ended = upto // MINUTE_MS - (first + MOST_MINUTES)
        if ended > 0:
            more = np.zeros((counts.shape[0], ended, COLUMNS), dtype=np.int64)
            counts = np.concatenate((counts, more), axis=1)
        if len(events):
            self._add(counts, events, off, first)
        self._full[lane] = counts
        if ended <= 0:
            return []
        verdicts = [v for group in self._groups[lane] for v in _judge(group, counts, first, ended)]
        self._counts[lane] = counts[:, ended:].copy()
        self._first[lane] = first + ended
        return verdicts

    def _add(self, counts: Ints, events: Events, off: Bools, first: int) -> None:
        minute = np.clip(events.received // MINUTE_MS - first, MOST_MINUTES, counts.shape[1] - 1)
        lag = np.where(events.time > 0, events.received - events.time, 0)
        late = (lag > self._late_ms[events.source]) & ~off
        new, again = events.kind == NEW, events.kind == AGAIN
        added = Count(
            new=new.astype(np.int64),
            late=(new & late).astype(np.int64),
            lag_ms=np.where(new & late, lag, 0),
            again=again.astype(np.int64),
            flow=(~late).astype(np.int64),
            refused=((events.kind == REFUSED) & (events.time == 0)).astype(np.int64),
        )
        place = events.source * counts.shape[1] + minute
        size = counts.shape[0] * counts.shape[1]
        for column, amount in enumerate(added):
            sums = np.bincount(place, weights=amount, minlength=size)
            counts[:, :, column] += sums.astype(np.int64).reshape(counts.shape[:2])

    def restored(self, measure: Measure) -> Iterator[tuple[int, int]]:
        """(slot, level) of what is compared so, by the last minutes that had ended when `restore` was called;
        without those that are unknown."""
        for slot, (_, group, row) in self._where.items():
            if group.measure is measure and group.level[row] != UNKNOWN:
                yield slot, int(group.level[row])

    def at(self, slot: int, t: int) -> Count:
        """The counts that the last verdict at or before `t` rests on, as arrays of one element."""
        lane, group, row = self._where[slot]
        counts, source = self._full[lane], group.source[row]
        end = min(max(t // MINUTE_MS - self._base(lane), 1), counts.shape[1] - 1)
        begin = max(0, end - int(group.minutes[row]))
        return Count(*(np.array([n]) for n in counts[source, begin:end].sum(axis=0).tolist()))

    def value(self, slot: int, t: int) -> float:
        """Share or multiple by the last verdict at or before `t`."""
        _, group, row = self._where[slot]
        return float(values(group.measure, float(group.per_hour[row]), self.at(slot, t))[0])

    def minutes(self, slot: int) -> int:
        _, group, row = self._where[slot]
        return int(group.minutes[row])

    def _base(self, lane: int) -> int:
        """Number of the first minute of the full counts."""
        return self._first[lane] + self._counts[lane].shape[1] - self._full[lane].shape[1]

    def save(self, lane: int) -> dict[str, object]:
        """What a restart needs, for JSON: the first minute, and by source id the counts of what sent."""
        counts = self._counts[lane]
        busy = np.flatnonzero(counts.any(axis=(1, 2))).tolist()
        return {"first": self._first[lane], "counts": {str(self._ids[i]): counts[i].tolist() for i in busy}}

    def restore(self, lane: int, kept: dict[str, Any]) -> None:
        """Take up what `save` gave."""
        self._first[lane] = int(kept["first"])
        shape = self._counts[lane].shape[1:]
        if any(np.shape(rows) != shape for rows in kept["counts"].values()):
            return  # of another version, which counted other things: nothing is known yet
        for source_id, rows in kept["counts"].items():
            if int(source_id) in self._ids:
                self._counts[lane][self._ids.index(int(source_id))] = rows
        self._full[lane] = self._counts[lane]
        for group in self._groups[lane]:
            group.level[:] = _window(group, self._counts[lane], 0, 1)[1][:, 0]


def _window(group: _Group, counts: Ints, start: int, ended: int) -> tuple[Count, npt.NDArray[np.int8]]:
    """Counts and levels (slots, ended) of the minutes that end after `start` + MOST_MINUTES + 1 …"""
    sums = np.concatenate((np.zeros_like(counts[:, :1]), np.cumsum(counts, axis=1)), axis=1)
    last = start + MOST_MINUTES + np.arange(ended)[None, :]
    source = group.source[:, None]
    seen = sums[source, last] - sums[source, last - group.minutes[:, None]]
    count = Count(*np.moveaxis(seen, 2, 0))
    return count, levels(group.measure, group.rule, group.per_hour[:, None], count)


def _judge(group: _Group, counts: Ints, first: int, ended: int) -> list[Verdict]:
    count, level = _window(group, counts, 1, ended)
    value = values(group.measure, group.per_hour[:, None], count)
    before = np.concatenate((group.level[:, None], level[:, :-1]), axis=1)
    group.level[:] = level[:, -1]
    base = first + MOST_MINUTES + 1
    return [
        Verdict(
            (base + n) * MINUTE_MS,
            int(group.slot[row]),
            int(level[row, n]),
            float(value[row, n]),
            group.measure,
        )
        for row, n in np.argwhere(level != before).tolist()
    ]
