"""A value that a device sends leaps or sinks faster than so much an hour."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, cast

import numpy as np

from cockpit.domain.alerting import Level, key_of, level_of
from cockpit.domain.catalog import Rule
from cockpit.domain.periods import HOUR_MS
from cockpit.engine.columns import Bools, Columns, Ints
from cockpit.engine.kinds.kind import Facts, Kept, Newest, Problem
from cockpit.engine.kinds.metric import OfMetric
from cockpit.engine.numbers import AssetAt, SeriesAt, SlotNo
from cockpit.engine.senses import Memory, Senses, Step, Values
from cockpit.engine.silence import SILENT
from cockpit.engine.slots import News, Slot, Survey
from cockpit.store.alerts import Alert
from cockpit.store.observations import KEPT_MS

LEAST_S, MOST_S = 60, 86_400
"""Shortest and longest span over which a change is reckoned."""

KEPT_S = KEPT_MS // 1000
"""So far back a restart can read the past."""


PATIENT = 2
"""Rhythms by which the earlier value may be older than the span."""


class Change(OfMetric):
    code = "change"
    limits_values = False
    claim = "change"

    def past(self, rule: Rule) -> frozenset[Kept]:
        return frozenset({"values"})  # the sum of an hour does not tell how it moved within

    def problems(self, rule: Rule, survey: Survey) -> Iterator[Problem]:
        yield from super().problems(rule, survey)
        if not LEAST_S <= rule.span_s <= MOST_S:
            yield Problem("span_s", rule.span_s, f"{LEAST_S} to {MOST_S} seconds")
        else:
            yield from _out_of_reach(rule, survey)
        for key, value in (("raise_at", rule.raise_at), ("clear_at", rule.clear_at)):
            if value is not None and (value <= 0 if rule.op == ">" else value >= 0):
                yield Problem(key, value, "more than 0 where op is '>', less where it is '<'")
        metric = survey.profile.metric.get(rule.metric)
        if metric is not None and metric.flag:
            yield Problem("metric", rule.metric, "one that is more than yes or no")

    def memory(self, columns: Columns, rules: Sequence[Rule], by_key: Mapping[str, SlotNo]) -> Memory:
        return Rates(columns, rules, by_key)

    def news(self, senses: Senses, step: Step) -> Iterable[News]:
        rates = _rates(senses)
        for t, asset, state in step.assets:
            if state == SILENT:
                yield from (News(t, rates.slot_of[w], Level.GONE) for w in rates.watches_of(asset))
        yield from (News(s.t, rates.slot_of[s.watch], s.level, s.value) for s in rates.shifts)

    def levels(self, senses: Senses) -> Iterable[tuple[SlotNo, int]]:
        rates = _rates(senses)
        for watch, series in enumerate(rates.series):
            if senses.assets.state[senses.columns.series_asset[series]] == SILENT:
                rates.level[watch] = Level.GONE  # what it says next is news
            yield rates.slot_of[watch], rates.level[watch]

    def facts(self, senses: Senses, slot: Slot, number: SlotNo, t: int, value: float | None) -> Facts:
        rule, rates = slot.rule, _rates(senses)
        return {
            "metric": rule.metric,
            "op": rule.op,
            "raise_at": rule.raise_at,
            "clear_at": rule.clear_at,
            "span_s": rule.span_s,
            "value": rates.value[rates.watch_at[number]] if value is None else value,
        }

    def newest(self, senses: Senses, slot: Slot, number: SlotNo, alert: Alert, t: int) -> Newest | None:
        rates = _rates(senses)
        watch = rates.watch_at[number]
        value = rates.value[watch]
        peak = rates.worse(watch, alert.peak, rates.worst[watch])
        return None if value is None or peak is None else Newest(value, peak, "")


def _out_of_reach(rule: Rule, survey: Survey) -> Iterator[Problem]:
    """A device so slow that after a restart the value to compare with would be gone: of it nothing would be
    known for a whole span."""
    slowest = max((p.rhythm_s for p in survey.of_kind.get(rule.asset_kind, ())), default=0)
    most = KEPT_S - PATIENT * slowest
    if rule.span_s <= most:
        return
    why = f"a {rule.asset_kind} sends every {slowest} s, and values are kept one by one for {KEPT_S} s"
    if most >= LEAST_S:
        yield Problem("span_s", rule.span_s, f"at most {most} seconds: {why}")
    else:
        yield Problem("asset_kind", rule.asset_kind, f"a kind that sends more often: {why}")


def _rates(senses: Senses) -> Rates:
    return cast(Rates, senses.memory[Change.code])


class Shift(NamedTuple):
    """Watch number `watch` stands at `level` since `t`, by `value` (units of the metric an hour), None where
    nothing is known."""

    t: int
    watch: int
    level: int
    value: float | None


class _Past:
    """Values of one series by their own time, oldest first; what is older than needed goes."""

    def __init__(self) -> None:
        self.times, self.values = array("q"), array("q")

    def put(self, time: int, value: int) -> bool:
        """Keep a value. Whether it is the newest: a late one is put in its place and decides nothing."""
        if not self.times or time > self.times[-1]:
            self.times.append(time)
            self.values.append(value)
            return True
        at = bisect_left(self.times, time)
        if self.times[at] != time:
            self.times.insert(at, time)
            self.values.insert(at, value)
        return False

    def forget(self, before: int) -> None:
        """Drop what was before an instant, now and then."""
        at = bisect_left(self.times, before)
        if at > 32 and at * 2 > len(self.times):
            del self.times[:at], self.values[:at]


class Rates(Memory):
    """How fast values change. Every pair of a rule about change and a series it watches is a *watch*,
    numbered from 0. Only series that a rule is about are kept, over its span: 16 bytes a value."""

    def __init__(self, columns: Columns, rules: Sequence[Rule], by_key: Mapping[str, SlotNo]) -> None:
        """`rules`: those about change; `by_key`: number of the slot by its key."""
        self._columns = columns
        profile = columns.profile
        self.rules: list[Rule] = []
        self.series: list[SeriesAt] = []
        self.slot_of: list[SlotNo] = []
        for rule in rules:
            metric = profile.metric[rule.metric].id
            for series in map(SeriesAt, np.flatnonzero(columns.series_metric == metric).tolist()):
                asset = profile.assets[int(columns.series_asset[series])]
                if asset.kind == rule.asset_kind:
                    self.rules.append(rule)
                    self.series.append(series)
                    self.slot_of.append(by_key[key_of(rule.code, asset.code)])
        self.watch_at = {slot: watch for watch, slot in enumerate(self.slot_of)}
        self.level = [int(Level.GONE)] * len(self.rules)
        self.value: list[float | None] = [None] * len(self.rules)
        self.worst: list[float | None] = [None] * len(self.rules)
        """Newest and worst rate of each watch, None until there was one to reckon."""
        self.shifts: list[Shift] = []
        """What the last step brought."""
        self._watches: dict[SeriesAt, list[int]] = {}
        self._of_asset: dict[AssetAt, list[int]] = {}
        for watch, series in enumerate(self.series):
            self._watches.setdefault(series, []).append(watch)
            self._of_asset.setdefault(AssetAt(int(columns.series_asset[series])), []).append(watch)
        self._watched: Bools = np.zeros(len(columns.series), dtype=np.bool_)
        self._watched[self.series] = True
        self._past = {series: _Past() for series in self._watches}
        self._heard = dict.fromkeys(self._watches, 0)
        self._reach = {s: max(self._oldest(w) for w in own) for s, own in self._watches.items()}

    def _oldest(self, watch: int) -> int:
        """How much earlier the value may be that a watch compares with (ms)."""
        asset = self._columns.profile.assets[int(self._columns.series_asset[self.series[watch]])]
        return (self.rules[watch].span_s + PATIENT * asset.rhythm_s) * 1000

    @property
    def reach_ms(self) -> int:
        """How far back the past is needed after a restart."""
        return max(self._reach.values(), default=0)

    @property
    def numbers(self) -> Ints:
        """Numbers of the series that are kept, sorted."""
        return np.asarray(self._columns.series[self._watched])

    def restore(self, series: Ints, time: Ints, value: Ints) -> None:
        """Take up values, by number of the series and in order of time, that an engine has seen already."""
        at = self._columns.series_at(series)
        for position, t, v in zip(at.tolist(), time.tolist(), value.tolist(), strict=True):
            if position in self._past:
                self._past[position].put(t, v)
        for position, past in self._past.items():
            if past.times:
                self._heard[position] = past.times[-1]
                past.forget(past.times[-1] - self._reach[position])
                for watch in self._watches[position]:
                    self._judge(watch, past)

    def take_over(self, before: Memory) -> None:
        if not isinstance(before, Rates):
            return
        was = {(before.rules[w], series): w for w, series in enumerate(before.series)}
        for series, watches in self._watches.items():
            if before._reach.get(series, -1) < self._reach[series]:
                continue
            self._past[series], self._heard[series] = before._past[series], before._heard[series]
            for watch in watches:
                if self._past[series].times:
                    self._judge(watch, self._past[series])
                then = was.get((self.rules[watch], series))
                if then is not None:
                    self.level[watch], self.worst[watch] = before.level[then], before.worst[then]

    def watches_of(self, asset: AssetAt) -> list[int]:
        return self._of_asset.get(asset, [])

    def gone(self, asset: AssetAt, at: int) -> None:
        """The asset fell silent at `at`: nothing is known of its series until they are heard again."""
        for watch in self.watches_of(asset):
            if self._heard[self.series[watch]] <= at:
                self.level[watch] = Level.GONE

    def take(self, values: Values, gaps: Mapping[int, Sequence[int]]) -> None:
        self.shifts = self.step(*values, gaps)
        for asset, instants in gaps.items():
            self.gone(AssetAt(asset), instants[-1])

    def step(
        self, series: Ints, time: Ints, received: Ints, value: Ints, gaps: Mapping[int, Iterable[int]]
    ) -> list[Shift]:
        """Take rows in order of `received`. `gaps`: per asset, when it fell silent within this step."""
        if not self.rules or not len(series):
            return []
        rows = np.flatnonzero(self._watched[series])
        columns = (series[rows], time[rows], received[rows], value[rows])
        out: list[Shift] = []
        for s, t, r, v in zip(*(c.tolist() for c in columns), strict=True):
            past = self._past[s]
            lost = any(self._heard[s] < at < r for at in gaps.get(int(self._columns.series_asset[s]), ()))
            self._heard[s] = r
            newest = past.put(t, v)
            past.forget(past.times[-1] - self._reach[s])
            for watch in self._watches[s]:
                if lost:
                    self.level[watch] = Level.GONE
                before = self.level[watch]
                if newest and self._judge(watch, past) != before:
                    out.append(Shift(r, watch, self.level[watch], self.value[watch]))
                    if self.level[watch] == Level.RAISE and before != Level.BAND:
                        self.worst[watch] = None
                self.worst[watch] = self.worse(watch, self.worst[watch], self.value[watch])
        return out

    def worse(self, watch: int, one: float | None, other: float | None) -> float | None:
        """The worse of two rates in the sense of a watch's rule; None only where both are."""
        known = [rate for rate in (one, other) if rate is not None]
        return (max if self.rules[watch].op == ">" else min)(known, default=None)

    def _judge(self, watch: int, past: _Past) -> int:
        """Level of a watch by the newest value of its series; GONE where there is none to compare it with."""
        rule, t = self.rules[watch], past.times[-1]
        at = bisect_right(past.times, t - rule.span_s * 1000) - 1
        if at < 0 or t - past.times[at] > self._oldest(watch):
            self.level[watch], self.value[watch] = Level.GONE, None
            return self.level[watch]
        scale = self._columns.profile.metric[rule.metric].scale
        moved = (past.values[-1] - past.values[at]) / scale
        rate = moved * HOUR_MS / (t - past.times[at])
        self.value[watch], self.level[watch] = rate, int(level_of(rule, rate))
        return self.level[watch]
