"""A device is not heard from for longer than two of its rhythms.

When a link fails, the cameras behind it are missed first: they report four times a minute, the link once.
Their alerts would stand in the list as so many matters of their own, to be folded a minute later. So what
has fallen silent waits while something above it *was not heard either since it should have been heard
again*, until that one's own alert is due. What is above a single silent camera is heard meanwhile, so its
alert comes at its time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import get_args

from cockpit.domain.alerting import Level, key_of
from cockpit.domain.catalog import Rule
from cockpit.engine.kinds.kind import Facts, Kept, Kind, Problem, Sight, Silent, of_asset_kind
from cockpit.engine.kinds.source_silent import SourceSilent
from cockpit.engine.numbers import SlotNo
from cockpit.engine.rolled import Hours, silences
from cockpit.engine.senses import Senses, Step
from cockpit.engine.silence import FRESH, NEVER, SILENT, SLACK_MS
from cockpit.engine.slots import News, Place, Slot, Survey


class AssetSilent(Kind):
    code = "asset_silent"
    absence = True
    judged = False
    claim = "silence"

    def problems(self, rule: Rule, survey: Survey) -> Iterator[Problem]:
        return of_asset_kind(rule, survey)

    def places(self, rule: Rule, survey: Survey) -> Iterator[Place]:
        return (p for p in survey.of_kind.get(rule.asset_kind, ()) if p.rhythm_s > 0)

    def news(self, senses: Senses, step: Step) -> Iterable[News]:
        slots = senses.slots.of_assets(self.code)
        for t, asset, state in step.assets:
            if state == SILENT:
                yield from (News(t, slot, Level.RAISE) for slot in slots.get(asset, ()))
            elif state == FRESH:
                yield from (News(t, slot, Level.CLEAR) for slot in slots.get(asset, ()))

    def levels(self, senses: Senses) -> Iterable[tuple[SlotNo, int]]:
        for position, slots in senses.slots.of_assets(self.code).items():
            if (state := senses.assets.state[position]) != NEVER:
                yield from ((slot, Level.RAISE if state == SILENT else Level.CLEAR) for slot in slots)

    def past(self, rule: Rule) -> frozenset[Kept]:
        return frozenset(get_args(Kept))

    def rolled(self, rule: Rule, senses: Senses, hours: Hours) -> Iterable[News]:
        for row, asset in enumerate(hours.assets):
            one = senses.profile.assets[asset]
            slot = senses.slots.by_key.get(key_of(rule.code, one.code))
            if slot is None or not hours.heard[row].any():
                continue
            yield News(hours.start, slot, Level.CLEAR)
            limit = senses.assets.silent_ms(asset)
            for since, until in silences(hours.heard[row], one.rhythm_s, hours.start):
                if until is None or since + limit < until:
                    yield News(since + limit, slot, Level.RAISE)
                    if until is not None:
                        yield News(until, slot, Level.CLEAR)

    def facts(self, senses: Senses, slot: Slot, number: SlotNo, t: int, value: float | None) -> Facts:
        last = senses.assets.heard_by(senses.asset_at[slot.subject.asset], t)
        return {"last": last, "rhythm_s": slot.rhythm_s}

    def waits(self, sight: Sight, number: SlotNo, slot: Slot, t: int) -> bool:
        senses = sight.senses
        me = senses.asset_at[slot.subject.asset]
        last = senses.assets.heard_by(me, t)
        missed = last + slot.rhythm_s * 1000 + SLACK_MS
        due = last + senses.assets.silent_ms(me) + slot.timing.for_ms
        path = [senses.asset_at[node[2:]] for node in slot.chain if node.startswith("a:")]
        for below, above in pairwise(path):
            silent = Silent(below, above, missed, due)
            for at in sight.causes.get(above, ()):
                cause = senses.slots.all[at]
                if cause.lane != slot.lane or sight.off(cause.rule):
                    continue
                if sight.kind_of(cause.rule).suspected(sight, at, cause, silent, t):
                    return True
        return _feed_unheard(sight, slot, missed, t)

    def suspected(self, sight: Sight, number: SlotNo, slot: Slot, silent: Silent, t: int) -> bool:
        assets = sight.senses.assets
        heard = assets.heard_by(silent.above, t)
        ends = heard + assets.silent_ms(silent.above) + slot.timing.for_ms
        return (0 < heard < silent.missed and t < ends) or sight.pending(number)


def _feed_unheard(sight: Sight, slot: Slot, missed: int, t: int) -> bool:
    """Nothing at all has come from its feed since. A feed of one device is that device."""
    senses = sight.senses
    source = senses.source_at.get(slot.source)
    if source is None or slot.source in sight.lone:
        return False
    for number in senses.slots.of_sources(SourceSilent.code).get(source, ()):
        cause = senses.slots.all[number]
        heard = senses.sources.heard_by(source, t)
        ends = heard + senses.sources.silent_ms(source) + cause.timing.for_ms
        if not sight.off(cause.rule) and 0 < heard < missed and t < ends:
            return True
    return False
