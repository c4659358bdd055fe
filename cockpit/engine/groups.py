"""Outages inferred from what a thing supplies, counted by increments: only what changes costs anything."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from cockpit.domain.alerting import Level
from cockpit.domain.alerting.group import Members, level_of_group
from cockpit.domain.catalog import Rule
from cockpit.engine.numbers import AssetAt, SlotNo, SourceAt
from cockpit.engine.silence import LATE, NEVER, SILENT, Change
from cockpit.engine.thresholds import Crossing, Thresholds
from cockpit.profiles import Profile

RAISE, GONE = int(Level.RAISE), int(Level.GONE)


class GroupVerdict(NamedTuple):
    """Slot `slot` stands at `level` from instant `t` on; `share` of its members in distress."""

    t: int
    slot: SlotNo
    level: int
    share: float


class Groups:
    """What is known of the members of each group. A member is *dark* while the rule on the group's metric is
    broken by the newest value it sent, heard from since or not."""

    def __init__(
        self,
        profile: Profile,
        slots: dict[AssetAt, list[SlotNo]],
        rules: dict[SlotNo, Rule],
        thresholds: Thresholds,
    ) -> None:
        """`slots`: those of rules about groups by their parent; `rules`: the rule of each."""
        self._thresholds = thresholds
        self.slot_of = {asset: own[0] for asset, own in slots.items()}
        self._rule = {slot: rules[slot] for slot in self.slot_of.values()}
        at = {a.code: AssetAt(i) for i, a in enumerate(profile.assets)}
        self.parent = {
            at[a.code]: self.slot_of[at[a.depends_on]]
            for a in profile.assets
            if a.depends_on and at.get(a.depends_on) in self.slot_of
        }
        self.members: dict[SlotNo, list[AssetAt]] = {}
        for member, slot in self.parent.items():
            self.members.setdefault(slot, []).append(member)
        metrics = {rule.metric for rule in self._rule.values()}
        causes = [n for n, r in enumerate(thresholds.rules) if r.cause and r.metric in metrics]
        self._tells: dict[AssetAt, list[int]] = {}  # member -> watches of causes on it
        for watch, rule in enumerate(thresholds.rule_of.tolist()):
            asset = AssetAt(int(thresholds.asset[watch]))
            if rule in causes and asset in self.parent:
                self._tells.setdefault(asset, []).append(watch)
        self._told: dict[int, bool] = {}  # watch -> broken by its newest value
        self._silent: dict[AssetAt, bool] = {}  # member ever heard -> silent
        self._mute: set[AssetAt] = set()  # members whose whole feed is late or silent: nobody knows of them
        self._of_feed: dict[SourceAt, list[AssetAt]] = {}
        feeds = {s.code: SourceAt(i) for i, s in enumerate(profile.sources)}
        for member in self.parent:
            feed = feeds.get(profile.assets[member].source)
            if feed is not None:
                self._of_feed.setdefault(feed, []).append(member)
        self._counts = {slot: [0, 0, 0, 0] for slot in self.members}
        self.levels = dict.fromkeys(self.members, GONE)
        self._history: dict[AssetAt, list[tuple[int, bool]]] = {}  # member -> (t, dark) within this step
        self._past: dict[SlotNo, list[tuple[int, Members]]] = {}  # slot -> (t, members) within this step

    def restore(self, states: Sequence[int], feeds: Sequence[int]) -> None:
        """Take up the state of every asset and feed, by position, and the newest values as they stand."""
        for feed, own in self._of_feed.items():
            if feeds[feed] in (LATE, SILENT):
                self._mute.update(own)
        told = self._thresholds.broken()
        for member in self.parent:
            if states[member] != NEVER:
                self._silent[member] = states[member] == SILENT
                for watch in self._tells.get(member, ()):
                    self._told[watch] = bool(told[watch])
        for slot in self.members:
            self._counts[slot] = list(self._count(slot))
            self.levels[slot] = int(level_of_group(self._rule[slot], self.of(slot)))

    def of(self, slot: SlotNo) -> Members:
        """What is known of a group's members now."""
        return Members(*self._counts[slot])

    def silent(self, slot: SlotNo) -> int:
        """How many members are silent now."""
        return sum(self._silent.get(member, False) for member in self.members[slot])

    def at(self, slot: SlotNo, t: int) -> Members:
        """The same as of instant `t` of this step."""
        past = self._past.get(slot)
        if not past:
            return self.of(slot)
        place = bisect_right(past, t, key=lambda entry: entry[0])
        return past[max(0, place - 1)][1]

    def dark(self, member: AssetAt) -> bool:
        """Whether the newest value of a member says that what it depends on is gone."""
        return any(self._told.get(w, False) for w in self._tells.get(member, ()))

    def dark_at(self, member: AssetAt, t: int) -> bool:
        """The same as of instant `t` of this step."""
        past = self._history.get(member)
        if not past:
            return self.dark(member)
        place = bisect_right(past, t, key=lambda entry: entry[0])
        return past[max(0, place - 1)][1]

    def tells(self, member: AssetAt) -> bool:
        """Whether a member is able to say so."""
        return member in self._tells

    def step(
        self, changed: list[Change[AssetAt]], crossings: list[Crossing], heard: list[Change[SourceAt]]
    ) -> list[GroupVerdict]:
        """Take the changes of assets, values and feeds of a step, each in order of time."""
        self._history.clear()
        self._past.clear()
        steps: list[tuple[int, AssetAt, int, int]] = [
            (c.t, c.thing, -1, int(c.state == SILENT)) for c in changed if c.thing in self.parent
        ]
        for t, feed, state in heard:
            mute = int(state in (LATE, SILENT))
            steps += [(t, member, -2, mute) for member in self._of_feed.get(feed, ())]
        asset = self._thresholds.asset
        for c in crossings:
            member = AssetAt(int(asset[c.watch]))
            if member in self.parent and c.watch in self._tells.get(member, ()):
                steps.append((c.t, member, c.watch, int(c.level == RAISE)))
        if not steps:
            return []
        steps.sort()
        verdicts: list[GroupVerdict] = []
        for i, (t, member, watch, value) in enumerate(steps):
            slot = self.parent[member]
            self._past.setdefault(slot, [(0, self.of(slot))])
            before = self._of_member(member)
            self._history.setdefault(member, [(0, self.dark(member))])
            if watch == -1:
                self._silent[member] = bool(value)
            elif watch == -2:
                (self._mute.add if value else self._mute.discard)(member)
            else:
                self._told[watch] = bool(value)
            counts = self._counts[slot]
            for n, (old, new) in enumerate(zip(before, self._of_member(member), strict=True)):
                counts[n] += new - old
            self._history[member].append((t, self.dark(member)))
            self._past[slot].append((t, self.of(slot)))
            later = steps[i + 1 :] and steps[i + 1][0] == t
            if not later:
                self._judge(t, verdicts)
        return verdicts

    def _judge(self, t: int, verdicts: list[GroupVerdict]) -> None:
        for slot, past in self._past.items():
            if past[-1][0] == t:
                members = past[-1][1]
                level = int(level_of_group(self._rule[slot], members))
                if level != self.levels[slot]:
                    self.levels[slot] = level
                    verdicts.append(GroupVerdict(t, slot, level, members.share))

    def _of_member(self, member: AssetAt) -> Members:
        if member not in self._silent:
            return Members()
        silent, dark = self._silent[member] and member not in self._mute, self.dark(member)
        bad = silent or dark
        return Members(1, int(bad), int(bad and self.tells(member)), int(dark))

    def _count(self, slot: SlotNo) -> Members:
        rows = [self._of_member(member) for member in self.members[slot]]
        return Members(*(sum(column) for column in zip(*rows, strict=True)))
