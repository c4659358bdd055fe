"""Whether an alert should wait a little because its cause is about to be found.

When a link fails, the cameras behind it are missed first: they report four times a minute, the link once.
Their alerts would stand in the list as so many matters of their own, to be folded a minute later. So what
has fallen silent waits while something above it *was not heard either since it should have been heard
again*, until that one's own alert is due. What is above a single silent camera is heard meanwhile, so its
alert comes at its time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from itertools import pairwise

from cockpit.domain.alerting import Condition
from cockpit.domain.catalog import Rule
from cockpit.engine.groups import Groups
from cockpit.engine.silence import Silence
from cockpit.engine.slots import Slot, Slots
from cockpit.profiles import Profile

SLACK_MS = 2_000
"""How far apart the ways of two events may be."""

MARGIN_MS = 60_000


class Suspects:
    """Asks what is above a silent thing. All answers are as of an instant of the step at hand."""

    def __init__(
        self, profile: Profile, slots: Slots, assets: Silence, sources: Silence, groups: Groups
    ) -> None:
        self._profile = profile
        self._slots = slots
        self._assets = assets
        self._sources = sources
        self._groups = groups
        self._asset_at = {a.code: i for i, a in enumerate(profile.assets)}
        self._source_at = {s.code: i for i, s in enumerate(profile.sources)}
        self._causes: dict[int, list[int]] = {}
        for number, slot in enumerate(slots.all):
            if slot.explains and slot.subject.asset and slot.rule.kind != "asset_skew":
                self._causes.setdefault(self._asset_at[slot.subject.asset], []).append(number)
        senders = Counter(a.source for a in profile.assets if a.rhythm_s)
        self._lone = {code for code, n in senders.items() if n == 1}

    def waits(
        self, slot: int, t: int, condition: Callable[[int], Condition], off: Callable[[Rule], bool]
    ) -> bool:
        """Whether a silence that is due should wait at `t`."""
        s = self._slots.all[slot]
        if s.rule.kind == "asset_skew" and s.subject.asset:
            return self._skewed_feed(slot, t, condition, off)
        if s.rule.kind == "group":
            return self._hearsay(slot, t)
        if s.rule.kind != "asset_silent":
            return False
        me = self._asset_at[s.subject.asset]
        last = self._assets.heard_by(me, t)
        missed = last + s.rhythm_s * 1000 + SLACK_MS
        own = last + self._assets.silent_ms(me) + s.timing.for_ms
        path = [self._asset_at[node[2:]] for node in s.chain if node.startswith("a:")]
        for below, above in pairwise(path):
            for number in self._causes.get(above, ()):
                cause = self._slots.all[number]
                if cause.lane != s.lane or off(cause.rule):
                    continue
                if cause.rule.kind == "asset_silent":
                    if self._unheard(above, cause, missed, t) or self._pending(number, condition):
                        return True
                elif cause.rule.kind == "group":
                    if self._dark(number, cause, below, missed, t):
                        return True
                elif t < own + cause.timing.for_ms + MARGIN_MS and self._pending(number, condition):
                    return True
        return self._feed_unheard(s, missed, t, off)

    def _hearsay(self, slot: int, t: int) -> bool:
        """Members of a group seem silent because nothing of their feed has come since: it will be late soon,
        and then they do not count."""
        for member in self._groups.members[slot]:
            asset = self._profile.assets[member]
            last = self._assets.heard_by(member, t)
            if not last or t < last + self._assets.silent_ms(member) or self._groups.dark_at(member, t):
                continue
            source = self._source_at.get(asset.source, -1)
            if source < 0 or asset.source in self._lone:
                continue
            heard = self._sources.heard_by(source, t)
            if heard < last + asset.rhythm_s * 1000 + SLACK_MS and t < heard + self._sources.late_ms(source):
                return True
        return False

    def _skewed_feed(
        self, slot: int, t: int, condition: Callable[[int], Condition], off: Callable[[Rule], bool]
    ) -> bool:
        """Most clocks of its feed have become wrong: one matter, about to be found."""
        s = self._slots.all[slot]
        feed = self._slots.of_sources("asset_skew").get(self._source_at.get(s.source, -1), ())
        until = condition(slot).since + 2 * s.timing.for_ms + MARGIN_MS
        return t < until and any(
            self._slots.all[n].rule == s.rule and not off(s.rule) and self._pending(n, condition)
            for n in feed
        )

    def _pending(self, number: int, condition: Callable[[int], Condition]) -> bool:
        return condition(number).state == "pending"

    def _unheard(self, above: int, cause: Slot, missed: int, t: int) -> bool:
        heard = self._assets.heard_by(above, t)
        ends = heard + self._assets.silent_ms(above) + cause.timing.for_ms
        return 0 < heard < missed and t < ends

    def _dark(self, number: int, cause: Slot, below: int, missed: int, t: int) -> bool:
        """Most of the others that were heard since say that what they depend on is gone."""
        dark = well = rhythm = 0
        for member in self._groups.members[number]:
            rhythm = max(rhythm, self._profile.assets[member].rhythm_s)
            if member == below or not self._groups.tells(member):
                continue
            if self._assets.heard_by(member, t) >= missed:
                if self._groups.dark_at(member, t):
                    dark += 1
                else:
                    well += 1
        return dark > well and t < missed + rhythm * 1000 + cause.timing.for_ms + MARGIN_MS

    def _feed_unheard(self, s: Slot, missed: int, t: int, off: Callable[[Rule], bool]) -> bool:
        """Nothing at all has come from its feed since. A feed of one device is that device."""
        if s.source in self._lone:
            return False
        source = self._source_at.get(s.source, -1)
        for number in self._slots.of_sources("source_silent").get(source, ()):
            cause = self._slots.all[number]
            heard = self._sources.heard_by(source, t)
            ends = heard + self._sources.silent_ms(source) + cause.timing.for_ms
            if not off(cause.rule) and 0 < heard < missed and t < ends:
                return True
        return False
