"""A value that a device sends leaps or sinks faster than so much an hour."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from cockpit.domain.alerting import Level
from cockpit.domain.catalog import Rule
from cockpit.engine.kinds.kind import Newest, Problem
from cockpit.engine.kinds.metric import OfMetric
from cockpit.engine.senses import Senses, Step
from cockpit.engine.silence import SILENT
from cockpit.engine.slots import News, Register, Slot
from cockpit.store.alerts import Alert

LEAST_S, MOST_S = 60, 86_400
"""Shortest and longest span over which a change is reckoned."""


class Change(OfMetric):
    code = "change"
    limits_values = False
    claim = "change"

    def problems(self, rule: Rule, register: Register) -> Iterator[Problem]:
        yield from super().problems(rule, register)
        if not LEAST_S <= rule.span_s <= MOST_S:
            yield Problem("span_s", rule.span_s, f"{LEAST_S} to {MOST_S} seconds")
        for key, value in (("raise_at", rule.raise_at), ("clear_at", rule.clear_at)):
            if value is not None and (value <= 0 if rule.op == ">" else value >= 0):
                yield Problem(key, value, "more than 0 where op is '>', less where it is '<'")
        metric = register.profile.metric.get(rule.metric)
        if metric is not None and metric.flag:
            yield Problem("metric", rule.metric, "one that is more than yes or no")

    def news(self, senses: Senses, step: Step) -> Iterable[News]:
        rates = senses.rates
        for t, asset, state in step.assets:
            if state == SILENT:
                yield from (News(t, rates.slot_of[w], Level.GONE) for w in rates.watches_of(asset))
        yield from (News(s.t, rates.slot_of[s.watch], s.level, s.value) for s in step.shifts)

    def levels(self, senses: Senses) -> Iterable[tuple[int, int]]:
        rates = senses.rates
        for watch, series in enumerate(rates.series):
            if senses.assets.state[senses.columns.series_asset[series]] == SILENT:
                rates.level[watch] = Level.GONE  # what it says next is news
            yield rates.slot_of[watch], rates.level[watch]

    def facts(self, senses: Senses, slot: Slot, number: int, t: int, value: float | None) -> dict[str, Any]:
        rule, watch = slot.rule, senses.rates.watch_at[number]
        return {
            "metric": rule.metric,
            "op": rule.op,
            "raise_at": rule.raise_at,
            "clear_at": rule.clear_at,
            "span_s": rule.span_s,
            "value": senses.rates.value[watch] if value is None else value,
        }

    def newest(self, senses: Senses, slot: Slot, number: int, alert: Alert, t: int) -> Newest | None:
        watch = senses.rates.watch_at[number]
        value = senses.rates.value[watch]
        peak = senses.rates.worse(watch, alert.peak, senses.rates.worst[watch])
        return None if value is None or peak is None else Newest(value, peak, "")
