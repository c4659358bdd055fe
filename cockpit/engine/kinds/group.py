"""Most of what depends on a thing is in distress: an outage is inferred that nobody reports."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from cockpit.domain.catalog import Rule
from cockpit.engine.kinds.kind import (
    MARGIN_MS,
    Facts,
    Kept,
    Kind,
    Newest,
    Problem,
    Sight,
    Silent,
    more_is_worse,
    worst,
)
from cockpit.engine.kinds.threshold import Threshold
from cockpit.engine.numbers import SlotNo
from cockpit.engine.senses import Senses, Step
from cockpit.engine.silence import SLACK_MS
from cockpit.engine.slots import News, Place, Slot, Survey
from cockpit.store.alerts import Alert


class Group(Kind):
    code = "group"
    claim = "outage"
    looks_at = "members"

    def problems(self, rule: Rule, survey: Survey) -> Iterator[Problem]:
        yield from more_is_worse(rule, share=True)
        above = {a.depends_on for a in survey.profile.assets}
        if not any(a.kind == rule.asset_kind and a.code in above for a in survey.profile.assets):
            yield Problem("asset_kind", rule.asset_kind, "a kind of asset that others depend on")
        told = (r for r in survey.profile.rules if r.cause and r.kind == Threshold.code)
        if not any(r.metric == rule.metric for r in told):
            yield Problem("metric", rule.metric, "the metric of a threshold rule with cause = true")
        if rule.least < 2:
            yield Problem("least", rule.least, "2 or more: one alone is no group")

    def places(self, rule: Rule, survey: Survey) -> Iterator[Place]:
        for place in survey.of_kind.get(rule.asset_kind, ()):
            if survey.below[place.subject.asset] >= rule.least:
                # Inferred from what depends on it, whoever told that.
                yield replace(place, depth=1, chain=place.chain[:1])

    def past(self, rule: Rule) -> frozenset[Kept]:
        return frozenset({"values"})  # hours do not tell who was in distress together

    def hears(self, rule: Rule, rules: Iterable[Rule]) -> frozenset[str]:
        """The causes that judge what its members send."""
        return frozenset(one.code for one in rules if one.cause and one.metric == rule.metric)

    def lead_ms(self, rule: Rule, place: Place, survey: Survey) -> int:
        return survey.slowest_below.get(place.subject.asset, 0) * 1000 if rule.cause else 0

    def news(self, senses: Senses, step: Step) -> Iterable[News]:
        return (News(v.t, v.slot, v.level, v.share) for v in step.groups)

    def levels(self, senses: Senses) -> Iterable[tuple[SlotNo, int]]:
        return senses.groups.levels.items()

    def facts(self, senses: Senses, slot: Slot, number: SlotNo, t: int, value: float | None) -> Facts:
        members = senses.groups.at(number, t)
        return {
            "known": members.known,
            "bad": members.bad,
            "dark": members.dark,
            "silent": senses.groups.silent(number),
            "value": members.share,
        }

    def newest(self, senses: Senses, slot: Slot, number: SlotNo, alert: Alert, t: int) -> Newest | None:
        return worst(slot.rule, alert, self.facts(senses, slot, number, t, None))

    def waits(self, sight: Sight, number: SlotNo, slot: Slot, t: int) -> bool:
        """Members seem silent because nothing of their feed has come since: it will be late soon, and then
        they do not count."""
        senses = sight.senses
        for member in senses.groups.members[number]:
            asset = senses.profile.assets[member]
            last = senses.assets.heard_by(member, t)
            if not last or t < last + senses.assets.silent_ms(member) or senses.groups.dark_at(member, t):
                continue
            source = senses.source_at.get(asset.source)
            if source is None or asset.source in sight.lone:
                continue
            heard = senses.sources.heard_by(source, t)
            late_ms = senses.sources.late_ms(source)
            if heard < last + asset.rhythm_s * 1000 + SLACK_MS and t < heard + late_ms:
                return True
        return False

    def suspected(self, sight: Sight, number: SlotNo, slot: Slot, silent: Silent, t: int) -> bool:
        """Most of the others that were heard since say that what they depend on is gone."""
        senses = sight.senses
        dark = well = rhythm = 0
        for member in senses.groups.members[number]:
            rhythm = max(rhythm, senses.profile.assets[member].rhythm_s)
            if member == silent.below or not senses.groups.tells(member):
                continue
            if senses.assets.heard_by(member, t) >= silent.missed:
                if senses.groups.dark_at(member, t):
                    dark += 1
                else:
                    well += 1
        return dark > well and t < silent.missed + rhythm * 1000 + slot.timing.for_ms + MARGIN_MS
