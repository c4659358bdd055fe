"""Threshold rules over many series at once: only a change of level reaches Python code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from cockpit.domain.alerting import Level, key_of, thresholds
from cockpit.domain.catalog import Rule
from cockpit.engine.columns import Bools, Columns, Ints

Floats = npt.NDArray[np.float64]
BAND, RAISE, GONE = int(Level.BAND), int(Level.RAISE), int(Level.GONE)
_SHIFT = 2**42
"""More than any instant in ms until the year 2109: keeps the groups of a running maximum apart."""


class Crossing(NamedTuple):
    """Watch number `watch` stands at `level` since `t`, by `value` (in the metric's unit)."""

    t: int
    watch: int
    level: int
    value: float


class Thresholds:
    """Every pair of a threshold rule and a series it watches is a *watch*, numbered from 0.

    `values`, `times`, `heard` have one entry for each series of the catalogue: the newest value by
    event time, that time, and when it was received (0: never).
    """

    def __init__(self, columns: Columns, rules: Sequence[Rule], by_key: Mapping[str, int]) -> None:
        """`rules`: the threshold rules; `by_key`: number of the slot by its key."""
        self._columns = columns
        n = len(columns.series)
        self.values = np.zeros(n, dtype=np.int64)
        self.times = np.zeros(n, dtype=np.int64)
        self.heard = np.zeros(n, dtype=np.int64)
        self.rules = list(rules)
        found = [self._watched(rule) for rule in self.rules]
        self.series = np.concatenate(found) if found else np.empty(0, dtype=np.int64)
        self.asset = columns.series_asset[self.series]
        self.rule_of: Ints = np.repeat(
            np.arange(len(self.rules), dtype=np.int64), [len(series) for series in found]
        )
        count = len(self.series)
        self.level: npt.NDArray[np.int8] = np.full(count, GONE, dtype=np.int8)
        metrics = columns.profile.metric
        self._scale = np.array([metrics[r.metric].scale for r in self.rules], dtype=np.float64)[self.rule_of]
        # Values are compared with a sign that makes every rule one of "more is worse".
        self._sign = np.array([1.0 if r.op == ">" else -1.0 for r in self.rules])[self.rule_of]
        pairs = np.array([thresholds(r) for r in self.rules], dtype=np.float64).reshape(-1, 2)[self.rule_of]
        self._raise, self._clear = pairs[:, 0] * self._sign, pairs[:, 1] * self._sign
        self._worst = np.full(count, -np.inf)
        self._layers = self._layered(n)
        assets = columns.profile.assets
        self.slot_of = [
            by_key[key_of(self.rules[rule].code, assets[asset].code)]
            for rule, asset in zip(self.rule_of.tolist(), self.asset.tolist(), strict=True)
        ]
        self.watch_at = {slot: watch for watch, slot in enumerate(self.slot_of)}
        self._of_asset: dict[int, list[int]] = {}
        for watch, asset in enumerate(self.asset.tolist()):
            self._of_asset.setdefault(asset, []).append(watch)

    def _watched(self, rule: Rule) -> Ints:
        """Positions of the series that a rule is about."""
        c = self._columns
        of_kind = np.zeros(len(c.profile.assets), dtype=np.bool_)
        of_kind[c.assets_of_kind.get(rule.asset_kind, np.empty(0, dtype=np.int64))] = True
        metric = c.profile.metric[rule.metric].id
        return np.flatnonzero((c.series_metric == metric) & of_kind[c.series_asset])

    def _layered(self, n: int) -> list[Ints]:
        """Watch of each series (-1: none); as many layers as the most rules on one series."""
        layers: list[Ints] = []
        for watch, series in enumerate(self.series.tolist()):
            layer = next((x for x in layers if x[series] < 0), None)
            if layer is None:
                layer = np.full(n, -1, dtype=np.int64)
                layers.append(layer)
            layer[series] = watch
        return layers

    def watches_of(self, asset: int) -> list[int]:
        return self._of_asset.get(asset, [])

    def value_of(self, watch: int) -> float:
        """Newest value in the metric's unit."""
        return float(self.values[self.series[watch]] / self._scale[watch])

    def worst_of(self, watch: int) -> float:
        """Worst value since it last crossed its threshold, in the metric's unit."""
        return float(self._worst[watch] * self._sign[watch])

    def restore(self, series: Ints, value: Ints, time: Ints, received: Ints) -> None:
        """Take up the newest values without reporting a crossing; levels follow from them."""
        self.values[series], self.times[series], self.heard[series] = value, time, received
        watch = np.arange(len(self.series))
        values = self.values[self.series] / self._scale
        signed = self._signed(watch, values, self.times[self.series])
        known = self.heard[self.series] > 0
        self.level[:] = np.where(known, self._levels(watch, signed), GONE)
        self._worst[:] = -np.inf
        self._note_worst(watch[known], signed[known], values[known])

    def take_over(self, before: Thresholds, same: Mapping[int, int]) -> None:
        """Take up the newest values as another knows them. `same`: slots whose rule is as it was, with their
        number there: their worst values go on."""
        known = np.flatnonzero(before.heard)
        self.restore(known, before.values[known], before.times[known], before.heard[known])
        for slot, then in same.items():
            if slot in self.watch_at and then in before.watch_at:
                self._worst[self.watch_at[slot]] = before._worst[before.watch_at[then]]

    def broken(self) -> Bools:
        """Per watch: whether the newest value known breaks the rule, heard from since or not."""
        signed = self.values[self.series] / self._scale * self._sign
        known = self.heard[self.series] > 0
        return np.asarray(known & (self._levels(np.arange(len(self.series)), signed) == RAISE))

    def gone(self, asset: int, at: int) -> None:
        """The asset fell silent at `at`: nothing is known of its series until they are heard again."""
        for watch in self.watches_of(asset):
            if self.heard[self.series[watch]] <= at:
                self.level[watch] = GONE

    def step(
        self, series: Ints, time: Ints, received: Ints, value: Ints, gaps: dict[int, list[int]]
    ) -> list[Crossing]:
        """Take rows in order of `received`. `gaps`: per asset, when it fell silent within this step.

        A row measured before the newest one known of its series changes nothing: it is history.
        """
        if not len(series):
            return []
        order = np.argsort(series, kind="stable")
        s, t, r, v = series[order], time[order], received[order], value[order]
        first = np.empty(len(s), dtype=np.bool_)
        first[0] = True
        np.not_equal(s[1:], s[:-1], out=first[1:])
        group = np.cumsum(first) - 1
        newest = np.where(first, np.maximum(t, self.times[s]), t) + group * _SHIFT
        newest = np.maximum.accumulate(newest) - group * _SHIFT
        current = t >= newest
        if not current.all():
            s, t, r, v = s[current], t[current], r[current], v[current]
            if not len(s):
                return []
            first = np.append(True, s[1:] != s[:-1])
        out: list[Crossing] = []
        for layer in self._layers:
            watch = layer[s]
            rows = np.flatnonzero(watch >= 0)
            if len(rows):
                self._cross(watch[rows], t[rows], r[rows], v[rows], first[rows], gaps, out)
        ends = np.flatnonzero(np.append(s[1:] != s[:-1], True))
        self.values[s[ends]], self.times[s[ends]] = v[ends], t[ends]
        self.heard[s[ends]] = r[ends]
        return out

    def _cross(
        self,
        watch: Ints,
        time: Ints,
        received: Ints,
        raw: Ints,
        first: npt.NDArray[np.bool_],
        gaps: dict[int, list[int]],
        out: list[Crossing],
    ) -> None:
        values = raw / self._scale[watch]
        signed = self._signed(watch, values, time)
        level = self._levels(watch, signed)
        before = np.empty_like(level)
        before[1:] = level[:-1]
        before[first] = self.level[watch[first]]
        if gaps:
            self._forget(watch, received, first, gaps, before)
        for i in np.flatnonzero(level != before).tolist():
            w = int(watch[i])
            out.append(Crossing(int(received[i]), w, int(level[i]), float(values[i])))
            if level[i] == RAISE and before[i] != BAND:
                self._worst[w] = -np.inf
        self._note_worst(watch, signed, values)
        ends = np.append(first[1:], True)
        self.level[watch[ends]] = level[ends]

    def _signed(self, watch: Ints, values: Floats, time: Ints) -> Floats:
        """What is compared of values and their times, with the sign that makes more worse."""
        return np.asarray(values * self._sign[watch])

    def _note_worst(self, watch: Ints, signed: Floats, values: Floats) -> None:
        np.maximum.at(self._worst, watch, signed)

    def _levels(self, watch: Ints, signed: Floats) -> npt.NDArray[np.int8]:
        """0 clear, 1 between the thresholds, 2 raise: as `Level` has them."""
        over, off = signed > self._raise[watch], signed > self._clear[watch]
        return np.asarray(over.astype(np.int8) + (over | off), dtype=np.int8)

    def _forget(
        self,
        watch: Ints,
        received: Ints,
        first: npt.NDArray[np.bool_],
        gaps: dict[int, list[int]],
        before: npt.NDArray[np.int8],
    ) -> None:
        """A row after a silence within this step finds nothing known."""
        touched = np.isin(self.asset[watch], np.fromiter(gaps, dtype=np.int64))
        for i in np.flatnonzero(touched).tolist():
            since = 0 if first[i] else int(received[i - 1])
            if any(since < at < received[i] for at in gaps[int(self.asset[watch[i]])]):
                before[i] = GONE
