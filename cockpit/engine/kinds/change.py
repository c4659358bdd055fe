"""A value that a device sends leaps or sinks faster than so much an hour."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from cockpit.domain.alerting import Level
from cockpit.domain.catalog import Rule
from cockpit.engine.kinds.kind import Kind, Newest, Problem, of_asset_kind, of_metric
from cockpit.engine.senses import Senses, Step
from cockpit.engine.silence import SILENT
from cockpit.engine.slots import News, Place, Register, Slot
from cockpit.store.alerts import Alert

LEAST_S, MOST_S = 60, 86_400
"""Shortest and longest span over which a change is reckoned."""


class Change(Kind):
    code = "change"
    limits_values = False
    claim = "change"

    def problems(self, rule: Rule, register: Register) -> Iterator[Problem]:
        yield from of_asset_kind(rule, register)
        yield from of_metric(rule, register)
        if not LEAST_S <= rule.span_s <= MOST_S:
            yield Problem("span_s", rule.span_s, f"{LEAST_S} to {MOST_S} seconds")

    def places(self, rule: Rule, register: Register) -> Iterator[Place]:
        return (p for a, p in register.of_assets() if a.kind == rule.asset_kind)

    def lead_ms(self, rule: Rule, place: Place, register: Register) -> int:
        return place.rhythm_s * 1000 if rule.cause else 0

    def news(self, senses: Senses, step: Step) -> Iterable[News]:
        rates = senses.rates
        for t, asset, state in step.assets:
            if state == SILENT:
                yield from (News(t, rates.slot_of[w], Level.GONE) for w in rates.watches_of(asset))
        yield from (News(s.t, rates.slot_of[s.watch], s.level, s.value) for s in step.shifts)

    def levels(self, senses: Senses) -> Iterable[tuple[int, int]]:
        for watch, level in enumerate(senses.rates.level):
            asset = senses.columns.series_asset[senses.rates.series[watch]]
            if senses.assets.state[asset] != SILENT:
                yield senses.rates.slot_of[watch], level

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
        return Newest(senses.rates.value[watch], senses.rates.worst[watch], "")
