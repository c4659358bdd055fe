"""A value that a device sends is beyond a threshold."""

from __future__ import annotations

from collections.abc import Iterable
from typing import get_args

from cockpit.domain.alerting import Level, key_of
from cockpit.domain.catalog import Rule
from cockpit.engine.kinds.kind import Facts, Kept, Newest
from cockpit.engine.kinds.metric import OfMetric
from cockpit.engine.numbers import SlotNo
from cockpit.engine.rolled import Hours, spells
from cockpit.engine.senses import Senses, Step
from cockpit.engine.silence import SILENT
from cockpit.engine.slots import News, Slot
from cockpit.store.alerts import Alert


class Threshold(OfMetric):
    code = "threshold"
    claim = "value"
    looks_at = "values"

    def news(self, senses: Senses, step: Step) -> Iterable[News]:
        watches = senses.thresholds
        for t, asset, state in step.assets:
            if state == SILENT:
                for watch in watches.watches_of(asset):
                    yield News(t, SlotNo(watches.slot_of[watch]), Level.GONE)
        yield from (News(c.t, SlotNo(watches.slot_of[c.watch]), c.level, c.value) for c in step.crossings)

    def levels(self, senses: Senses) -> Iterable[tuple[SlotNo, int]]:
        levels = senses.thresholds.level
        levels[senses.assets.state[senses.thresholds.asset] == SILENT] = Level.GONE
        return zip(map(SlotNo, senses.thresholds.slot_of), levels.tolist(), strict=True)

    def past(self, rule: Rule) -> frozenset[Kept]:
        return frozenset(get_args(Kept))

    def rolled(self, rule: Rule, senses: Senses, hours: Hours) -> Iterable[News]:
        metric = senses.profile.metric[rule.metric]
        for row, asset in enumerate(hours.assets):
            slot = senses.slots.by_key.get(key_of(rule.code, senses.profile.assets[asset].code))
            if slot is not None and metric.sent_by(senses.profile.assets[asset]):
                found = spells(rule, metric.scale, hours.metrics[metric.id][row], hours.start)
                yield from (News(s.t, slot, s.level, s.value) for s in found)

    def facts(self, senses: Senses, slot: Slot, number: SlotNo, t: int, value: float | None) -> Facts:
        rule, watch = slot.rule, senses.thresholds.watch_at[number]
        return {
            "metric": rule.metric,
            "op": rule.op,
            "raise_at": rule.raise_at,
            "clear_at": rule.clear_at,
            "value": senses.thresholds.value_of(watch) if value is None else value,
        }

    def last(self, senses: Senses, number: SlotNo) -> float | None:
        watches = senses.thresholds
        watch = watches.watch_at[number]
        return watches.value_of(watch) if watches.times[watches.series[watch]] else None

    def newest(self, senses: Senses, slot: Slot, number: SlotNo, alert: Alert, t: int) -> Newest | None:
        watch = senses.thresholds.watch_at[number]
        return Newest(senses.thresholds.value_of(watch), senses.thresholds.worst_of(watch), "")
