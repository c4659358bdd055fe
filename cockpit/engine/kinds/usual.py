"""A value that a device sends lies far from what was usual in this hour of this weekday."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, cast, get_args

import numpy as np

from cockpit.domain.alerting import Level, key_of
from cockpit.domain.alerting.usual import LEAST_WEEKS, MOST_WEEKS, apart, days_before, unit_of, usual
from cockpit.domain.catalog import Metric, Rule
from cockpit.domain.numbers import AssetId
from cockpit.domain.periods import DAY_MS, DAY_S, HOUR_MS
from cockpit.engine.columns import Columns, Ints
from cockpit.engine.kinds.kind import Facts, Kept, Newest, Problem
from cockpit.engine.kinds.metric import OfMetric
from cockpit.engine.numbers import AssetAt, SlotNo
from cockpit.engine.rolled import Hours, spells
from cockpit.engine.senses import LongAgo, Memory, Senses, Step, Values
from cockpit.engine.silence import SILENT
from cockpit.engine.slots import News, Slot, Survey
from cockpit.engine.thresholds import GONE, Crossing, Floats, Thresholds
from cockpit.store.alerts import Alert

SETTLED_S = 6 * DAY_S
"""When a day is first compared with the one a week before, so much time has passed since that ended."""

KEPT_DAYS = 3
"""Of so many days what is usual is kept: today's, and those of values that come late or early."""


class UsualHour(OfMetric):
    code = "usual"
    limits_values = False
    claim = "usual"

    def problems(self, rule: Rule, survey: Survey) -> Iterator[Problem]:
        yield from super().problems(rule, survey)
        if not LEAST_WEEKS <= rule.weeks <= MOST_WEEKS:
            yield Problem("weeks", rule.weeks, f"{LEAST_WEEKS} to {MOST_WEEKS}")
        for key, value in (("raise_at", rule.raise_at), ("clear_at", rule.clear_at)):
            if value is not None and (value <= 0 if rule.op == ">" else value >= 0):
                yield Problem(key, value, "more than 0 where op is '>', less where it is '<'")
        if rule.least < 0:
            yield Problem("least", rule.least, "0 or more, in the metric's unit")
        metric = survey.profile.metric.get(rule.metric)
        if metric is not None and metric.flag:
            yield Problem("metric", rule.metric, "one that is more than yes or no")
        sources = {place.source for place in survey.of_kind.get(rule.asset_kind, ())}
        for source in survey.profile.sources:
            if source.code in sources and source.window_s > SETTLED_S:
                why = f"{source.code} may bring what is {source.window_s} seconds old"
                expected = f"one whose past is settled after six days: {why}"
                yield Problem("asset_kind", rule.asset_kind, expected)

    def memory(self, columns: Columns, rules: Sequence[Rule], by_key: Mapping[str, SlotNo]) -> Memory:
        return Weeks(columns, rules, by_key)

    def news(self, senses: Senses, step: Step) -> Iterable[News]:
        weeks = _weeks(senses)
        for t, asset, state in step.assets:
            if state == SILENT:
                for watch in weeks.watches.watches_of(asset):
                    yield News(t, SlotNo(weeks.watches.slot_of[watch]), Level.GONE)
        for c in weeks.crossings:
            value = None if c.level == Level.GONE else c.value
            yield News(c.t, SlotNo(weeks.watches.slot_of[c.watch]), c.level, value)

    def levels(self, senses: Senses) -> Iterable[tuple[SlotNo, int]]:
        watches = _weeks(senses).watches
        watches.level[senses.assets.state[watches.asset] == SILENT] = Level.GONE
        return zip(map(SlotNo, watches.slot_of), watches.level.tolist(), strict=True)

    def past(self, rule: Rule) -> frozenset[Kept]:
        return frozenset(get_args(Kept))

    def rolled(self, rule: Rule, senses: Senses, hours: Hours) -> Iterable[News]:
        metric = senses.profile.metric[rule.metric]
        assets = senses.profile.assets
        rows, slots = list[int](), list[SlotNo]()
        for row, asset in enumerate(hours.assets):
            slot = senses.slots.by_key.get(key_of(rule.code, assets[asset].code))
            if slot is not None and metric.sent_by(assets[asset]):
                rows.append(row)
                slots.append(slot)
        if not rows:
            return
        own = [hours.assets[row] for row in rows]
        told, centre, unit = _weeks(senses).of_hours(rule, own, hours.metrics[metric.id][rows], hours.start)
        for at, slot in enumerate(slots):
            for s in spells(rule, 1, told[at], hours.start):
                hour = (s.t - hours.start) // HOUR_MS
                value = None if s.value is None else float(centre[at, hour] + s.value * unit[at, hour])
                yield News(s.t, slot, s.level, value)

    def facts(self, senses: Senses, slot: Slot, number: SlotNo, t: int, value: float | None) -> Facts:
        rule, watches = slot.rule, _weeks(senses).watches
        found = watches.told(watches.watch_at[number])
        shown = found.value if value is None else value
        return {
            "metric": rule.metric,
            "op": rule.op,
            "by": rule.by,
            "raise_at": rule.raise_at,
            "clear_at": rule.clear_at,
            "weeks": found.weeks,
            "value": shown,
            **({} if found.usual is None else {"usual": found.usual, "apart": found.apart}),
        }

    def last(self, senses: Senses, number: SlotNo) -> float | None:
        watches = _weeks(senses).watches
        watch = watches.watch_at[number]
        return watches.value_of(watch) if watches.times[watches.series[watch]] else None

    def newest(self, senses: Senses, slot: Slot, number: SlotNo, alert: Alert, t: int) -> Newest | None:
        watches = _weeks(senses).watches
        watch = watches.watch_at[number]
        worst = watches.worst_value[watch]
        return Newest(watches.value_of(watch), alert.value or 0.0 if np.isnan(worst) else float(worst), "")


def _weeks(senses: Senses) -> Weeks:
    return cast(Weeks, senses.memory[UsualHour.code])


class Table(NamedTuple):
    """What is usual on one day: (watches, 24) in the metric's unit, NaN where nothing is; on how many weeks
    it rests."""

    centre: Floats
    spread: Floats
    weeks: Ints


class Told(NamedTuple):
    """The newest value of a watch, what was usual in its hour, and how far they lie apart as its rule
    measures it; None where nothing was usual."""

    value: float
    usual: float | None
    apart: float | None
    weeks: int


class FromUsual(Thresholds):
    """Watches whose values are compared by how far they lie from what was usual in their hour. What that was
    is read once for every day that values are of."""

    def __init__(self, columns: Columns, rules: Sequence[Rule], by_key: Mapping[str, SlotNo]) -> None:
        super().__init__(columns, rules, by_key)
        self.worst_value: Floats = np.full(len(self.series), np.nan)
        """The value that lay furthest from what was usual since it last crossed its threshold."""
        self.ago: LongAgo | None = None
        self._tables: dict[int, Table] = {}
        self._offset_ms = columns.profile.utc_offset_s * 1000
        self._of_rule = [np.flatnonzero(self.rule_of == number) for number in range(len(self.rules))]

    def told(self, watch: int) -> Told:
        """What a watch knows by now."""
        series, rule = self.series[watch], self.rules[self.rule_of[watch]]
        value, day, hour = self.value_of(watch), *self._when(self.times[series])
        if not self.times[series]:  # nothing was ever heard
            return Told(value, None, None, 0)
        table = self._table(int(day))
        centre = table.centre[watch, hour]
        weeks = int(table.weeks[watch, hour])
        if np.isnan(centre):
            return Told(value, None, None, weeks)
        off = float(apart(rule, np.asarray(value), centre, table.spread[watch, hour]))
        return Told(value, float(centre), None if np.isnan(off) else off, weeks)

    def _when(self, time: Ints) -> tuple[Ints, Ints]:
        """Provincial day and hour of the day of instants."""
        local = time + self._offset_ms
        return local // DAY_MS, local % DAY_MS // HOUR_MS

    def _signed(self, watch: Ints, values: Floats, time: Ints) -> Floats:
        day, hour = self._when(time)
        found = np.full(len(watch), np.nan)
        rule_of = self.rule_of[watch]
        for one in np.unique(day[time > 0]).tolist():
            table = self._table(one)
            for number in np.unique(rule_of).tolist():
                rows = np.flatnonzero((day == one) & (rule_of == number))
                w, h = watch[rows], hour[rows]
                off = apart(self.rules[number], values[rows], table.centre[w, h], table.spread[w, h])
                found[rows] = off * self._sign[w]
        return found

    def _levels(self, watch: Ints, signed: Floats) -> np.ndarray[tuple[int, ...], np.dtype[np.int8]]:
        levels = super()._levels(watch, signed)
        levels[np.isnan(signed)] = GONE
        return levels

    def _note_worst(self, watch: Ints, signed: Floats, values: Floats) -> None:
        for i in np.flatnonzero(signed > self._worst[watch]).tolist():
            if signed[i] > self._worst[watch[i]]:
                self._worst[watch[i]], self.worst_value[watch[i]] = signed[i], values[i]

    def go_on(self, before: FromUsual) -> None:
        """The worst values that another knows of the watches of rules that are as they were."""
        was = {(before.rules[r], s): w for w, (r, s) in enumerate(before.keys())}
        for watch, (rule, series) in enumerate(self.keys()):
            then = was.get((self.rules[rule], series))
            if then is not None:
                self._worst[watch], self.worst_value[watch] = before._worst[then], before.worst_value[then]

    def keys(self) -> Iterator[tuple[int, int]]:
        """Number of the rule and position of the series of each watch."""
        return zip(self.rule_of.tolist(), self.series.tolist(), strict=True)

    def _table(self, day: int) -> Table:
        if day not in self._tables:
            shape = len(self.series), 24
            table = Table(np.full(shape, np.nan), np.full(shape, np.nan), np.zeros(shape, np.int64))
            for rule, watches in zip(self.rules, self._of_rule, strict=True):
                before = days_before(day, rule.weeks)
                if not len(watches) or len(before) < LEAST_WEEKS or self.ago is None:
                    continue
                ids = [self._columns.profile.assets[a].id for a in self.asset[watches].tolist()]
                metric = self._columns.profile.metric[rule.metric]
                sums = self.ago(ids, metric.id, before)
                if sums is None:
                    return table  # it is on its way: asked again with the next value
                found = usual(sums, _due(self._columns, self.asset[watches].tolist()), metric.scale)
                table.centre[watches], table.spread[watches], table.weeks[watches] = found
            self._tables[day] = table
            for old in sorted(self._tables)[:-KEPT_DAYS]:
                del self._tables[old]
            return table
        return self._tables[day]


class Weeks(Memory):
    """What rules of this kind watch, and what was usual of it."""

    def __init__(self, columns: Columns, rules: Sequence[Rule], by_key: Mapping[str, SlotNo]) -> None:
        self._columns = columns
        self.watches = FromUsual(columns, rules, by_key)
        self.crossings: list[Crossing] = []
        """What the last step brought."""
        self._watched = np.zeros(len(columns.series), dtype=np.bool_)
        self._watched[self.watches.series] = True

    @property
    def numbers(self) -> Ints:
        return np.empty(0, dtype=np.int64)  # the newest values are enough, see `know`

    @property
    def reach_ms(self) -> int:
        return 0

    def restore(self, series: Ints, time: Ints, value: Ints) -> None:
        pass

    def look_back(self, ago: LongAgo) -> None:
        self.watches.ago = ago

    def know(self, newest: Values) -> None:
        if len(self.watches.series):
            self.watches.restore(newest.series, newest.value, newest.time, newest.received)

    def take_over(self, before: Memory) -> None:
        if isinstance(before, Weeks):
            self.watches.go_on(before.watches)

    def take(self, values: Values, gaps: Mapping[int, Sequence[int]]) -> None:
        self.crossings = []
        if not len(self.watches.series):
            return
        rows = np.flatnonzero(self._watched[values.series])
        series, time, received, value = (column[rows] for column in values)
        self.crossings = self.watches.step(series, time, received, value, dict(gaps))  # type: ignore[arg-type]
        for asset, instants in gaps.items():
            self.watches.gone(asset, instants[-1])

    def of_hours(
        self, rule: Rule, assets: Sequence[AssetAt], sums: Ints, start: int
    ) -> tuple[Floats, Floats, Floats]:
        """Of roll-ups (assets, 4, hours) from `start` on: the same as far as they lie from what was usual
        (n is 0 where nothing was); the centre and how much one of the rule's measure is (assets, hours)."""
        profile = self._columns.profile
        metric, hours = profile.metric[rule.metric], sums.shape[2]
        first = (start + profile.utc_offset_s * 1000) // HOUR_MS
        day0, lead = divmod(first, 24)
        days = -(-(lead + hours) // 24)
        whole = np.zeros((len(assets), 4, days * 24), np.int64)
        whole[:, :, lead : lead + hours] = sums
        by_day = dict(zip(range(day0, day0 + days), np.split(whole, days, axis=2), strict=True))
        self._add_earlier(by_day, rule, metric, [profile.assets[a].id for a in assets], day0)
        due = _due(self._columns, [int(a) for a in assets])
        centre, spread = (np.full((len(assets), days * 24), np.nan) for _ in range(2))
        for day in range(day0, day0 + days):
            before = [by_day[one] for one in days_before(day, rule.weeks) if one in by_day]
            if len(before) >= LEAST_WEEKS:
                here = slice((day - day0) * 24, (day - day0 + 1) * 24)
                centre[:, here], spread[:, here], _ = usual(np.stack(before), due, metric.scale)
        centre, spread = centre[:, lead : lead + hours], spread[:, lead : lead + hours]
        n = sums[:, 0]
        mean, low, high = (
            apart(rule, column / metric.scale, centre, spread)
            for column in (sums[:, 1] / np.maximum(1, n), sums[:, 2], sums[:, 3])
        )
        known = ~np.isnan(mean) & (n > 0)
        told = np.stack([np.where(known, x, 0.0) for x in (n, mean * n, low, high)], axis=1)
        return told, centre, unit_of(rule, centre, spread)

    def _add_earlier(
        self, by_day: dict[int, Ints], rule: Rule, metric: Metric, ids: Sequence[AssetId], day0: int
    ) -> None:
        """The days before the first whole one that later ones are compared with."""
        last = max(by_day)
        wanted = {one for day in range(day0, last + 1) for one in days_before(day, rule.weeks) if one <= day0}
        days = sorted(wanted)
        found = self.watches.ago(ids, metric.id, days) if self.watches.ago is not None and days else None
        if found is not None:
            by_day |= dict(zip(days, found, strict=True))


def _due(columns: Columns, assets: Sequence[int]) -> Floats:
    """How many values an hour brings of each, by its rhythm."""
    rhythms = np.array([columns.profile.assets[a].rhythm_s for a in assets], dtype=np.float64)
    return np.asarray(np.where(rhythms > 0, 3600 / np.maximum(rhythms, 1), 0.0))
