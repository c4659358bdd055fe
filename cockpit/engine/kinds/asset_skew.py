"""A device's clock is wrong; or, of a feed, the clocks of most of its devices."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cockpit.domain.alerting import Level
from cockpit.domain.alerting.skew import FEED_LEAST, level_of_feed
from cockpit.domain.catalog import Rule
from cockpit.engine.kinds.kind import MARGIN_MS, Facts, Kind, Newest, Problem, Sight, more_is_worse, worst
from cockpit.engine.numbers import SlotNo
from cockpit.engine.senses import Senses, Step
from cockpit.engine.silence import FRESH, LATE, SILENT
from cockpit.engine.slots import News, Place, Slot, Survey
from cockpit.store.alerts import Alert


class AssetSkew(Kind):
    code = "asset_skew"
    waited_for = False
    only = "asset_skew"  # it is the reason of wrong clocks behind it, and of nothing else
    claim = "clock"
    looks_at = "clocks"

    def problems(self, rule: Rule, survey: Survey) -> Iterator[Problem]:
        yield from more_is_worse(rule)
        if rule.asset_kind and rule.asset_kind not in survey.profile.kind:
            yield Problem(
                "asset_kind", rule.asset_kind, f"nothing or one of {', '.join(survey.profile.kind)}"
            )

    def places(self, rule: Rule, survey: Survey) -> Iterator[Place]:
        for asset, place in survey.of_assets:
            if asset.rhythm_s > 0 and rule.asset_kind in ("", asset.kind):
                yield place
        for source, place in survey.of_sources:
            many = not rule.asset_kind and survey.senders[source.code] >= FEED_LEAST
            if many and source.inward:
                yield place

    def lead_ms(self, rule: Rule, place: Place, survey: Survey) -> int:
        if not rule.cause:
            return 0
        of_feed = survey.slowest_of.get(place.subject.source, 0)
        # The second wrong time is believed.
        return 2000 * (place.rhythm_s if place.subject.asset else of_feed)

    def news(self, senses: Senses, step: Step) -> Iterable[News]:
        slots, feeds = senses.slots.of_assets(self.code), senses.slots.of_sources(self.code)
        for t, asset, state in step.assets:
            if state == SILENT and asset in senses.clocks.streaks:
                yield from (News(t, slot, Level.GONE) for slot in slots.get(asset, ()))
        for t, asset, level, offset in step.clocks:
            yield from (News(t, slot, level, offset / 1000) for slot in slots.get(asset, ()))
        for t, source, level, share in step.clocks_of_feeds:
            yield from (News(t, slot, level, share) for slot in feeds.get(source, ()))

    def levels(self, senses: Senses) -> Iterable[tuple[SlotNo, int]]:
        for asset, slots in senses.slots.of_assets(self.code).items():
            if senses.assets.state[asset] in (FRESH, LATE):
                streak = senses.clocks.streaks.get(asset)
                if streak is None or streak.wrong:
                    yield from ((slot, Level.CLEAR if streak is None else Level.RAISE) for slot in slots)
        for source, slots in senses.slots.of_sources(self.code).items():
            level = level_of_feed(senses.clocks.wrong[source], senses.clocks.devices[source])
            yield from ((slot, level) for slot in slots)

    def facts(self, senses: Senses, slot: Slot, number: SlotNo, t: int, value: float | None) -> Facts:
        if slot.subject.source:
            at = senses.source_at[slot.subject.source]
            wrong, devices = senses.clocks.wrong[at], senses.clocks.devices[at]
            return {"wrong": wrong, "known": devices, "value": wrong / devices if devices else None}
        streak = senses.clocks.streaks.get(senses.asset_at[slot.subject.asset])
        if streak is None:
            return {"offset_s": 0, "refused": 0, "value": None}
        offset = round(streak.offset / 1000)
        return {"offset_s": offset, "refused": int(streak.refused), "value": float(offset)}

    def newest(self, senses: Senses, slot: Slot, number: SlotNo, alert: Alert, t: int) -> Newest | None:
        known = slot.subject.source or senses.asset_at[slot.subject.asset] in senses.clocks.streaks
        return worst(slot.rule, alert, self.facts(senses, slot, number, t, None)) if known else None

    def waits(self, sight: Sight, number: SlotNo, slot: Slot, t: int) -> bool:
        """Most clocks of its feed have become wrong: one matter, about to be found."""
        if not slot.subject.asset:
            return False
        senses, rule = sight.senses, slot.rule
        source = senses.source_at.get(slot.source)
        feed = senses.slots.of_sources(self.code).get(source, ()) if source is not None else ()
        until = sight.condition(number).since + 2 * slot.timing.for_ms + MARGIN_MS
        return t < until and any(
            senses.slots.all[n].rule == rule and not sight.off(rule) and sight.pending(n) for n in feed
        )
