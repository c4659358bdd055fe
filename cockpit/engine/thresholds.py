"""Threshold rules over many series at once: only a change of level reaches Python code."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from cockpit.domain.alerting import Level, thresholds
from cockpit.domain.catalog import Rule
from cockpit.engine.columns import Columns, Ints

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

    def __init__(self, columns: Columns, rules: Sequence[Rule]) -> None:
        self._columns = columns
        n = len(columns.series)
        self.values = np.zeros(n, dtype=np.int64)
        self.times = np.zeros(n, dtype=np.int64)
        self.heard = np.zeros(n, dtype=np.int64)
        self.rules = [r for r in rules if r.kind == "threshold"]
        metrics = columns.profile.metric
        series: list[Ints] = []
        self._spans: list[tuple[int, int]] = []  # watches of each rule
        start = 0
        for rule in self.rules:
            of_kind = np.zeros(len(columns.profile.assets), dtype=np.bool_)
            of_kind[columns.assets_of_kind.get(rule.asset_kind, np.empty(0, dtype=np.int64))] = True
            found = np.flatnonzero(
                (columns.series_metric == metrics[rule.metric].id) & of_kind[columns.series_asset]
            )
            series.append(found)
            self._spans.append((start, start + len(found)))
            start += len(found)
        self.series = np.concatenate(series) if series else np.empty(0, dtype=np.int64)
        self.asset = columns.series_asset[self.series]
        self.rule_of: Ints = np.repeat(
            np.arange(len(self.rules), dtype=np.int64), [b - a for a, b in self._spans]
        )
        self.level: npt.NDArray[np.int8] = np.full(start, Level.GONE, dtype=np.int8)
        self.peak = np.zeros(start, dtype=np.float64)
        self._watch_of = [np.full(n, -1, dtype=np.int64) for _ in self.rules]
        for at, (a, b) in zip(self._watch_of, self._spans, strict=True):
            at[self.series[a:b]] = np.arange(a, b)
        self._scale = [float(metrics[r.metric].scale) for r in self.rules]
        self._of_asset: dict[int, list[int]] = {}
        for watch, asset in enumerate(self.asset.tolist()):
            self._of_asset.setdefault(asset, []).append(watch)

    def watches_of(self, asset: int) -> list[int]:
        return self._of_asset.get(asset, [])

    def value_of(self, watch: int) -> float:
        return float(self.values[self.series[watch]]) / self._scale[int(self.rule_of[watch])]

    def restore(self, series: Ints, value: Ints, time: Ints, received: Ints) -> None:
        """Take up the newest values without reporting a crossing; levels follow from them."""
        self.values[series], self.times[series], self.heard[series] = value, time, received
        for number, rule in enumerate(self.rules):
            a, b = self._spans[number]
            known = self.heard[self.series[a:b]] > 0
            values = self.values[self.series[a:b]] / self._scale[number]
            self.level[a:b] = np.where(known, _levels(rule, values), Level.GONE)
            self.peak[a:b] = values

    def gone(self, asset: int, at: int) -> None:
        """The asset fell silent at `at`: nothing is known of its series until they are heard again."""
        for watch in self.watches_of(asset):
            if self.heard[self.series[watch]] <= at:
                self.level[watch] = Level.GONE

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
        for number, rule in enumerate(self.rules):
            watch = self._watch_of[number][s]
            rows = np.flatnonzero(watch >= 0)
            if len(rows):
                self._cross(number, rule, watch[rows], r[rows], v[rows], first[rows], gaps, out)
        ends = np.flatnonzero(np.append(s[1:] != s[:-1], True))
        self.values[s[ends]], self.times[s[ends]] = v[ends], t[ends]
        self.heard[s[ends]] = r[ends]
        return out

    def _cross(
        self,
        number: int,
        rule: Rule,
        watch: Ints,
        received: Ints,
        raw: Ints,
        first: npt.NDArray[np.bool_],
        gaps: dict[int, list[int]],
        out: list[Crossing],
    ) -> None:
        values = raw / self._scale[number]
        level = _levels(rule, values)
        before = np.empty_like(level)
        before[1:] = level[:-1]
        before[first] = self.level[watch[first]]
        if gaps:
            self._forget(watch, received, first, gaps, before)
        for i in np.flatnonzero(level != before).tolist():
            w = int(watch[i])
            out.append(Crossing(int(received[i]), w, int(level[i]), float(values[i])))
            if level[i] == Level.RAISE and before[i] in (Level.CLEAR, Level.GONE):
                self.peak[w] = values[i]
        worst = np.maximum if rule.op == ">" else np.minimum
        worst.at(self.peak, watch, values)
        ends = np.append(first[1:], True)
        self.level[watch[ends]] = level[ends]

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
                before[i] = Level.GONE


def _levels(rule: Rule, values: npt.NDArray[np.float64]) -> npt.NDArray[np.int8]:
    raise_at, clear_at = thresholds(rule)
    if rule.op == ">":
        over, off = values > raise_at, values > clear_at
    else:
        over, off = values < raise_at, values < clear_at
    return np.where(over, Level.RAISE, np.where(off, Level.BAND, Level.CLEAR)).astype(np.int8)
