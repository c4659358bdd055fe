"""Counts of every feed by whole minutes of its time line, and what the rules make of them.

A minute is judged at its end, once. So the log does not depend on how often somebody looks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from cockpit.domain.alerting.minutes import MOST_MINUTES, Count, Measure, levels, values
from cockpit.domain.catalog import Rule
from cockpit.domain.numbers import SourceId
from cockpit.domain.periods import MINUTE_MS
from cockpit.engine.columns import LANES, Bools, Columns, Ints
from cockpit.engine.intake import Events
from cockpit.engine.numbers import Lane, SlotNo
from cockpit.engine.slots import Slots
from cockpit.store.batch import AGAIN, NEW, REFUSED

COLUMNS = len(Count._fields)
UNKNOWN = -1
"""Level of a slot that was not judged yet."""


class FeedVerdict(NamedTuple):
    """Slot `slot` stands at `level` from instant `t` on, by `value` of `measure`."""

    t: int
    slot: SlotNo
    level: int
    value: float
    measure: Measure


@dataclass(slots=True)
class _RuleSlots:
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
        self._of_rules: dict[Lane, list[_RuleSlots]] = {lane: [] for lane in LANES}
        self._where: dict[SlotNo, tuple[Lane, _RuleSlots, int]] = {}
        for rule, measure in rules:
            for lane in LANES:
                self._add_rule(columns, slots, rule, measure, lane)
        shape = (len(profile.sources), MOST_MINUTES + 1, COLUMNS)
        self._counts = {lane: np.zeros(shape, dtype=np.int64) for lane in LANES}
        self._first = dict.fromkeys(LANES, -MOST_MINUTES)  # number of the first minute of the counts
        self._full = dict(self._counts)  # the same with all minutes of the last step

    def _add_rule(self, columns: Columns, slots: Slots, rule: Rule, measure: Measure, lane: Lane) -> None:
        at = {s.code: i for i, s in enumerate(columns.profile.sources)}
        own = [n for n in slots.by_rule[rule.code] if slots.all[n].lane == lane]
        source = [at[slots.all[n].subject.source] for n in own]
        feeds = [columns.profile.sources[s] for s in source]
        of_rule = _RuleSlots(
            rule,
            measure,
            np.array(own, dtype=np.int64),
            np.array(source, dtype=np.int64),
            np.array([s.per_hour for s in feeds], dtype=np.float64),
            np.array([measure.minutes_of(s) for s in feeds], dtype=np.int64),
            np.full(len(own), UNKNOWN, dtype=np.int8),
        )
        if own:
            self._of_rules[lane].append(of_rule)
            self._where |= {slot: (lane, of_rule, row) for row, slot in enumerate(own)}

    def reset(self, lane: Lane, at: int) -> None:
        """Begin anew with the minute of `at`: nobody listened before, or the clock was set."""
        self._first[lane] = at // MINUTE_MS - MOST_MINUTES
        self._counts[lane] = np.zeros_like(self._counts[lane][:, : MOST_MINUTES + 1])
        self._full[lane] = self._counts[lane]
        for of_rule in self._of_rules[lane]:
            of_rule.level[:] = UNKNOWN

    def step(self, lane: Lane, events: Events, off: Bools, upto: int) -> list[FeedVerdict]:
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
        verdicts = [v for of_rule in self._of_rules[lane] for v in _judge(of_rule, counts, first, ended)]
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

    def restored(self, measure: Measure) -> Iterator[tuple[SlotNo, int]]:
        """(slot, level) of what is compared so, by the last minutes that had ended when `restore` was called;
        without those that are unknown."""
        for slot, (_, of_rule, row) in self._where.items():
            if of_rule.measure is measure and of_rule.level[row] != UNKNOWN:
                yield slot, int(of_rule.level[row])

    def at(self, slot: SlotNo, t: int) -> Count:
        """The counts that the last verdict at or before `t` rests on, as arrays of one element."""
        lane, of_rule, row = self._where[slot]
        counts, source = self._full[lane], of_rule.source[row]
        end = min(max(t // MINUTE_MS - self._base(lane), 1), counts.shape[1] - 1)
        begin = max(0, end - int(of_rule.minutes[row]))
        return Count(*(np.array([n]) for n in counts[source, begin:end].sum(axis=0).tolist()))

    def value(self, slot: SlotNo, t: int) -> float:
        """Share or multiple by the last verdict at or before `t`."""
        _, of_rule, row = self._where[slot]
        return float(values(of_rule.measure, float(of_rule.per_hour[row]), self.at(slot, t))[0])

    def minutes(self, slot: SlotNo) -> int:
        _, of_rule, row = self._where[slot]
        return int(of_rule.minutes[row])

    def _base(self, lane: Lane) -> int:
        """Number of the first minute of the full counts."""
        return self._first[lane] + self._counts[lane].shape[1] - self._full[lane].shape[1]

    def save(self, lane: Lane) -> dict[str, object]:
        """What a restart needs, for JSON: the first minute, and by source id the counts of what sent."""
        counts = self._counts[lane]
        busy = np.flatnonzero(counts.any(axis=(1, 2))).tolist()
        return {"first": self._first[lane], "counts": {str(self._ids[i]): counts[i].tolist() for i in busy}}

    def restore(self, lane: Lane, kept: dict[str, Any]) -> None:
        """Take up what `save` gave."""
        self._first[lane] = int(kept["first"])
        shape = self._counts[lane].shape[1:]
        if any(np.shape(rows) != shape for rows in kept["counts"].values()):
            return  # of another version, which counted other things: nothing is known yet
        for source_id, rows in kept["counts"].items():
            source = SourceId(int(source_id))
            if source in self._ids:
                self._counts[lane][self._ids.index(source)] = rows
        self._full[lane] = self._counts[lane]
        for of_rule in self._of_rules[lane]:
            of_rule.level[:] = _window(of_rule, self._counts[lane], 0, 1)[1][:, 0]


def _window(of_rule: _RuleSlots, counts: Ints, start: int, ended: int) -> tuple[Count, npt.NDArray[np.int8]]:
    """Counts and levels (slots, ended) of the minutes that end after `start` + MOST_MINUTES + 1 …"""
    sums = np.concatenate((np.zeros_like(counts[:, :1]), np.cumsum(counts, axis=1)), axis=1)
    last = start + MOST_MINUTES + np.arange(ended)[None, :]
    source = of_rule.source[:, None]
    seen = sums[source, last] - sums[source, last - of_rule.minutes[:, None]]
    count = Count(*np.moveaxis(seen, 2, 0))
    return count, levels(of_rule.measure, of_rule.rule, of_rule.per_hour[:, None], count)


def _judge(of_rule: _RuleSlots, counts: Ints, first: int, ended: int) -> list[FeedVerdict]:
    count, level = _window(of_rule, counts, 1, ended)
    value = values(of_rule.measure, of_rule.per_hour[:, None], count)
    before = np.concatenate((of_rule.level[:, None], level[:, :-1]), axis=1)
    of_rule.level[:] = level[:, -1]
    base = first + MOST_MINUTES + 1
    return [
        FeedVerdict(
            (base + n) * MINUTE_MS,
            SlotNo(int(of_rule.slot[row])),
            int(level[row, n]),
            float(value[row, n]),
            of_rule.measure,
        )
        for row, n in np.argwhere(level != before).tolist()
    ]
