"""A value that a device sends is beyond a threshold."""

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


class Threshold(Kind):
    code = "threshold"
    claim = "value"

    def problems(self, rule: Rule, register: Register) -> Iterator[Problem]:
        yield from of_asset_kind(rule, register)
        yield from of_metric(rule, register)

    def places(self, rule: Rule, register: Register) -> Iterator[Place]:
        return iter(register.of_kind.get(rule.asset_kind, ()))

    def lead_ms(self, rule: Rule, place: Place, register: Register) -> int:
        return place.rhythm_s * 1000 if rule.cause else 0

    def news(self, senses: Senses, step: Step) -> Iterable[News]:
        watches = senses.thresholds
        for t, asset, state in step.assets:
            if state == SILENT:
                yield from (News(t, watches.slot_of[w], Level.GONE) for w in watches.watches_of(asset))
        yield from (News(c.t, watches.slot_of[c.watch], c.level, c.value) for c in step.crossings)

    def levels(self, senses: Senses) -> Iterable[tuple[int, int]]:
        levels = senses.thresholds.level
        levels[senses.assets.state[senses.thresholds.asset] == SILENT] = Level.GONE
        return zip(senses.thresholds.slot_of, levels.tolist(), strict=True)

    def facts(self, senses: Senses, slot: Slot, number: int, t: int, value: float | None) -> dict[str, Any]:
        rule, watch = slot.rule, senses.thresholds.watch_at[number]
        return {
            "metric": rule.metric,
            "op": rule.op,
            "raise_at": rule.raise_at,
            "clear_at": rule.clear_at,
            "value": senses.thresholds.value_of(watch) if value is None else value,
        }

    def newest(self, senses: Senses, slot: Slot, number: int, alert: Alert, t: int) -> Newest | None:
        watch = senses.thresholds.watch_at[number]
        return Newest(senses.thresholds.value_of(watch), senses.thresholds.worst_of(watch), "")
