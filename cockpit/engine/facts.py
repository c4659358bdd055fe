"""The figures that explain an alert: numbers and codes, of which the words catalogue makes sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cockpit.domain.alerting import minutes
from cockpit.engine.slots import Slot
from cockpit.store.alerting import Alert, dump

if TYPE_CHECKING:
    from cockpit.engine.core import Core


class Facts:
    """Looks into what the engine knows, as of an instant of the step at hand."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._asset_at = {a.code: i for i, a in enumerate(core.profile.assets)}
        self._source_at = {s.code: i for i, s in enumerate(core.profile.sources)}

    def of(self, slot: Slot, t: int, value: float | None) -> dict[str, Any]:
        """Facts of an alert that opens at `t` by `value`, if that is known. `value` among them is what
        the alert begins with."""
        core, rule = self._core, slot.rule
        number = core.slots.by_key[slot.key]
        facts: dict[str, Any] = {"for_s": rule.for_s}
        if rule.kind == "asset_silent":
            at = self._asset_at[slot.subject.asset]
            facts |= {"last": core.assets.heard_by(at, t), "rhythm_s": slot.rhythm_s}
        elif rule.kind in ("source_silent", "source_late"):
            source = core.profile.source[slot.subject.source]
            limit = source.silent_s if rule.kind == "source_silent" else source.late_s
            last = core.sources.heard_by(self._source_at[source.code], t)
            facts |= {"last": last, "rhythm_s": source.rhythm_s, "limit_s": limit}
        elif rule.kind == "threshold":
            watch = core.watch_at[number]
            facts |= {
                "metric": rule.metric, "op": rule.op, "raise_at": rule.raise_at, "clear_at": rule.clear_at,
                "value": core.thresholds.value_of(watch) if value is None else value,
            }  # fmt: skip
        elif rule.kind == "group":
            facts |= self._group(number, t)
        elif rule.kind == "asset_skew":
            facts |= self._clock(slot)
        elif rule.kind in minutes.KINDS:
            facts |= self._feed(slot, number, t)
        else:
            indicator = core.profile.indicator[slot.subject.indicator]
            facts |= {"target": indicator.target, "op": rule.op, "raise_at": rule.raise_at, "value": value}
        return facts

    def newest(self, number: int, alert: Alert, t: int) -> tuple[float, float, str] | None:
        """Value, worst value and facts of an open alert by now; None where it has no value."""
        core = self._core
        slot = core.slots.all[number]
        kind = slot.rule.kind
        watch = core.watch_at.get(number)
        if watch is not None:
            return core.thresholds.value_of(watch), core.thresholds.worst_of(watch), ""
        facts: dict[str, Any] = {"for_s": slot.rule.for_s}
        if kind == "group":
            facts |= self._group(number, t)
        elif kind == "asset_skew" and (
            slot.subject.source or self._asset_at[slot.subject.asset] in core.clocks.streaks
        ):
            facts |= self._clock(slot)
        elif kind in minutes.KINDS:
            facts |= self._feed(slot, number, t)
        else:
            return None
        value, peak = float(facts["value"]), alert.peak if alert.peak is not None else 0.0
        if abs(value) < abs(peak):  # it is getting better: what explains it is how bad it was
            return value, peak, ""
        return value, value, dump(facts)

    def _group(self, number: int, t: int) -> dict[str, Any]:
        members = self._core.groups.at(number, t)
        return {
            "known": members.known, "bad": members.bad, "dark": members.dark,
            "silent": self._core.groups.silent(number), "value": members.share,
        }  # fmt: skip

    def _clock(self, slot: Slot) -> dict[str, Any]:
        if slot.subject.source:
            at = self._source_at[slot.subject.source]
            wrong, devices = self._core.clocks.wrong[at], self._core.clocks.devices[at]
            return {"wrong": wrong, "known": devices, "value": wrong / devices}
        streak = self._core.clocks.streaks.get(self._asset_at[slot.subject.asset])
        if streak is None:
            return {"offset_s": 0, "refused": 0, "value": None}
        offset = round(streak.offset / 1000)
        return {"offset_s": offset, "refused": int(streak.refused), "value": float(offset)}

    def _feed(self, slot: Slot, number: int, t: int) -> dict[str, Any]:
        feeds, rule = self._core.feeds, slot.rule
        source = self._core.profile.source[slot.subject.source]
        count = feeds.at(number, t)
        new, late, lag, again, flow, refused = (int(column[0]) for column in count)
        facts: dict[str, Any] = {"value": feeds.value(number, t), "minutes": feeds.minutes(number)}
        if rule.kind == "source_lag":
            return facts | {"events": new, "late": late, "lag_s": round(lag / 1000 / max(1, late)),
                            "limit_s": source.late_s}  # fmt: skip
        if rule.kind == "source_duplicates":
            return facts | {"events": new + again, "repeats": again}
        if rule.kind == "source_refused":
            return facts | {"events": new + again + refused, "refused": refused}
        return facts | {"events": flow, "promised": round(source.per_hour / 60, 2)}
