"""One step of evaluation: from what arrived and what time it is to alerts, in order of time.

The result depends on the events and on the instants of the rules only. A tick of a minute yields the
same log as sixty ticks of a second, because every transition happens at the instant it was due.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from typing import Any

import numpy as np

from cockpit.domain.alerting import CLEAR, Level
from cockpit.domain.alerting.subjects import Subject
from cockpit.domain.catalog import Rule, Text
from cockpit.domain.freshness import WorkTime
from cockpit.domain.incoming import Incoming
from cockpit.domain.registers import Entry
from cockpit.engine.alerts import Desk
from cockpit.engine.clocks import Clocks
from cockpit.engine.columns import DOMAIN, LANES, Columns, columns_of
from cockpit.engine.entries import Entries
from cockpit.engine.feeds import Feeds
from cockpit.engine.groups import Groups
from cockpit.engine.incoming import AGAIN, STALE, IncomingAlerts
from cockpit.engine.intake import Due, Events, Intake
from cockpit.engine.kinds import ALL, FEEDS, kind_of
from cockpit.engine.kinds.kind import Sense, Sight
from cockpit.engine.layout import slots_of, slots_of_entry, slots_of_incoming, survey_of
from cockpit.engine.numbers import AssetAt, Lane, SlotNo
from cockpit.engine.senses import LongAgo, Memory, Senses, Step, Values
from cockpit.engine.silence import NAMES, SILENT, Change
from cockpit.engine.slots import News, Slot, Slots
from cockpit.engine.sources import SourceStates, silence_of_assets, silence_of_sources
from cockpit.engine.surges import Surges
from cockpit.engine.thresholds import Thresholds
from cockpit.profiles import Profile
from cockpit.store.alerting import REFUSED as REFUSED_NOW
from cockpit.store.alerting import Changes, dump
from cockpit.store.batch import REFUSED

FEW, KEEPS = 200, 10
"""Up to so many devices that are refused are written down at every step, more at every tenth."""

FEEDS_KEY = "engine_feeds"
"""Key of the counts of feeds among the values of the engine."""

ANEW_KEY = "engine_anew"
"""Key of the instants by lane since which timers run, what was heard before tells of no silence; and at which
the clock stood after it leapt last."""


class Core:
    """All that is known in memory. `now` is how far each lane has been evaluated."""

    def __init__(
        self, profile: Profile, work: WorkTime, *, virtual: bool, ago: LongAgo | None = None
    ) -> None:
        """`ago` tells of days gone by; without it nothing is known of them."""
        self.profile = profile
        self.work = work
        self.virtual = virtual  # domain time is played: everything on it is simulated
        self.changes = Changes()
        self.senses = senses = sense(profile, work)
        if ago is not None:
            for memory in senses.memory.values():
                memory.look_back(ago)
        self.columns, self.slots = senses.columns, senses.slots
        self.assets, self.sources = senses.assets, senses.sources
        self.thresholds, self.clocks = senses.thresholds, senses.clocks
        self.feeds, self.groups, self.entries = senses.feeds, senses.groups, senses.entries
        self.incoming = senses.incoming
        self.intake = Intake(self.columns)
        self._survey = survey_of(profile)
        self._leaving: set[SlotNo] = set()  # slots of entries that have closed
        self.source_states = SourceStates(self.columns, self.assets, self.sources)
        self.desk = Desk(
            profile, self.slots, senses.levels, senses.surges, self.changes, self.facts, self._simulated,
            self._waits, self._owner,
        )  # fmt: skip
        self._sight = _sight(senses, self.desk)
        self.refused: dict[AssetAt, int] = {}  # assets whose newest event was refused -> when it was received
        self._refused_changed = False
        self._keeps = 0
        self.now = dict.fromkeys(LANES, 0)
        self.anew = dict.fromkeys(LANES, 0)  # since when timers run
        self.leapt = dict.fromkeys(LANES, 0)  # where it stood after it leapt last

    def step(self, lane: Lane, upto: int) -> Due:
        """Evaluate a lane up to `upto`."""
        due = self.intake.release(lane, self.now[lane], upto)
        self._note_refused(due.events)
        step = self._sensed(lane, due, upto)
        self._note_changed(step.assets)
        news: list[News] = []
        for kind in ALL:
            news.extend(kind.news(self.senses, step))
        self.desk.process(news, lane, upto)
        self.explain_incoming(upto, [heard.subject for heard in step.incoming])
        self._retire()
        self.now[lane] = upto
        if step.assets:
            self.source_states.count()
        return due

    def _sensed(self, lane: Lane, due: Due, upto: int) -> Step:
        """What has come of what is due, each by the one who finds it out."""
        step = Step()
        step.assets = self.assets.step(due.asset, due.asset_received, upto, self.columns.members[lane])
        members = self.columns.source_members[lane]
        step.sources = self.sources.step(due.source, due.source_received, upto, members)
        gaps: dict[int, list[int]] = {}  # by position of the asset
        for change in step.assets:
            if change.state == SILENT:
                gaps.setdefault(change.thing, []).append(change.t)
        values = Values(due.series, due.series_time, due.series_received, due.value)
        step.crossings = self.thresholds.step(*values, gaps)
        for memory in self.senses.memory.values():
            memory.take(values, gaps)
        step.clocks, off = self.clocks.step(due.events)
        step.clocks_of_feeds = self.clocks.feed_turns()
        step.feeds = self.feeds.step(lane, due.events, off, upto)
        for asset, instants in gaps.items():
            self.thresholds.gone(asset, instants[-1])
        step.groups = self.groups.step(step.assets, step.crossings, step.sources)
        if lane == DOMAIN:
            step.entries = self.entries.step(upto)
        else:
            step.incoming = self.incoming.step(upto)
        return step

    def watch(self, entry: Entry, t: int) -> None:
        """Look after an open entry of a register from `t` on, as it is now."""
        self.entries.note(entry, t)
        waiting = self.slots.entries.get(entry.subject)
        if waiting:  # it has closed and opened again before its slots were forgotten
            self._leaving.difference_update(waiting)
        else:
            self._add(slots_of_entry(self._survey, entry))

    def unwatch(self, subject: Subject, t: int) -> None:
        """An entry has closed at `t`: nothing about it is due any more."""
        self.entries.forget(subject, t)
        self._leaving.update(self.slots.entries.get(subject, ()))

    def hear(self, told: Incoming, t: int) -> None:
        """An alert of another system is as it is here from `t` on."""
        subject = told.subject
        if subject not in self.slots.entries:
            self._add(slots_of_incoming(self._survey, told))
        mine = self.slots.entries.get(subject, ())
        if told.ended is None:
            self._leaving.difference_update(mine)
        else:
            self._leaving.update(mine)
        self.incoming.note(told, t)

    def explain_incoming(self, t: int, subjects: Iterable[Subject]) -> None:
        """What our open alerts about these say is as it was told last."""
        for subject in subjects:
            stale = self.incoming.stale(subject)
            for number in self.slots.entries.get(subject, ()):
                alert = self.desk.folds.open.get(number)
                if alert is None:
                    continue
                was = "stale" in json.loads(alert.facts)
                if was != stale and self.incoming.told[subject].ended is None:
                    self.desk.note(number, t, STALE if stale else AGAIN)
                self.desk.folds.explain(number, t, self.facts(self.slots.all[number], t, None))

    def _add(self, slots: list[Slot]) -> None:
        for slot in slots:
            self.slots.add(slot)
            self.senses.levels.append(Level.GONE)

    def _retire(self) -> None:
        """Forget the slots of entries that have closed, and of alerts of others that are over, once ours
        about them have."""
        for number in sorted(self._leaving):
            if self.desk.condition(number) == CLEAR and number not in self.desk.folds.open:
                subject = self.slots.all[number].subject
                self.slots.remove(number)
                if subject not in self.slots.entries:
                    self.incoming.forget(subject)
                self._leaving.discard(number)

    def _note_refused(self, events: Events) -> None:
        """Which devices are alive and yet tell nothing that can be taken."""
        refused = (events.kind == REFUSED) & (events.asset >= 0)
        if not self.refused and not refused.any():
            return
        concerned = refused | np.isin(events.asset, np.array(list(self.refused), dtype=np.int64))
        columns = (events.asset[concerned], events.received[concerned], refused[concerned])
        for asset, received, bad in zip(*(c.tolist() for c in columns), strict=True):
            self._refused_changed = True
            if bad:
                self.refused[asset] = received
            else:
                self.refused.pop(asset, None)

    def _note_changed(self, changed: list[Change[AssetAt]]) -> None:
        for t, asset, state in changed:
            self.changes.assets[self.profile.assets[asset].id] = NAMES[state], t

    def jump(self, lane: Lane, to: int) -> None:
        """The clock of a lane stands somewhere else: timers begin anew, nothing else changes."""
        self.now[lane] = self.anew[lane] = self.leapt[lane] = to
        self.assets.rebase(self.columns.members[lane], to)
        self.sources.rebase(self.columns.source_members[lane], to)
        self.clocks.rebase(self.columns.members[lane], to)
        self.feeds.reset(lane, to)
        if lane == DOMAIN:
            self.entries.rebase(to)
        self.desk.restart_timers(lane, to)

    def refresh_values(self, t: int) -> None:
        """Newest and worst value of every open alert that has one."""
        for number, alert in self.desk.folds.open.items():
            slot = self.slots.all[number]
            found = kind_of(slot.rule).newest(self.senses, slot, number, alert, t)
            if found is not None:
                self.desk.folds.update(number, t, *found)

    def keep(self) -> None:
        """Put what a restart needs of feeds and clocks among the changes."""
        self.changes.meta[FEEDS_KEY] = dump({str(lane): self.feeds.save(lane) for lane in LANES})
        self.changes.meta[ANEW_KEY] = dump({str(x): (self.anew[x], self.leapt[x]) for x in LANES})
        for asset in self.clocks.changed:
            streak = self.clocks.streaks.get(asset)
            self.changes.clocks[self.profile.assets[asset].id] = (
                None if streak is None else (streak.n, streak.offset, streak.last, int(streak.refused))
            )
        self.clocks.changed.clear()
        self._keeps += 1
        if self._refused_changed and (len(self.refused) <= FEW or self._keeps % KEEPS == 0):
            self._refused_changed = False
            ids = self.profile.assets
            self.changes.meta[REFUSED_NOW] = dump(
                {str(ids[a].id): t for a, t in sorted(self.refused.items())}
            )

    def facts(self, slot: Slot, t: int, value: float | None) -> dict[str, Any]:
        """What explains an alert of a slot at instant `t`."""
        number = self.slots.by_key[slot.key]
        found = kind_of(slot.rule).facts(self.senses, slot, number, t, value)
        return {"for_s": slot.rule.for_s} | found

    def _waits(self, number: SlotNo, t: int) -> bool:
        slot = self.slots.all[number]
        return kind_of(slot.rule).waits(self._sight, number, slot, t)

    def _owner(self, slot: Slot) -> Text | None:
        """Who answers for the entry of a register that a slot is about."""
        entry = self.entries.open.get(slot.subject)
        return None if entry is None else self.profile.owner_name(entry.owner)

    def _simulated(self, slot: Slot) -> bool:
        source = self.profile.source.get(slot.source)
        return self.virtual and (source is None or source.time == "domain")


def sense(profile: Profile, work: WorkTime) -> Senses:
    """Everything that finds something out about the world of a profile; nothing is known yet."""
    columns, slots = columns_of(profile), slots_of(profile)
    thresholds = Thresholds(columns, _rules_that_look_at("values", profile), slots.by_key)
    rules = {number: slot.rule for number, slot in slots.numbered()}
    minutes = [(rule, FEEDS[rule.kind].measure) for rule in profile.rules if rule.kind in FEEDS]
    groups: dict[AssetAt, list[SlotNo]] = {}
    for code in {rule.kind for rule in _rules_that_look_at("members", profile)}:
        groups |= slots.of_assets(code)
    return Senses(
        profile=profile,
        columns=columns,
        slots=slots,
        levels=bytearray([Level.GONE]) * len(slots.all),
        assets=silence_of_assets(profile, work),
        sources=silence_of_sources(profile, work),
        thresholds=thresholds,
        clocks=Clocks(columns, _rules_that_look_at("clocks", profile)),
        feeds=Feeds(columns, slots, minutes),
        groups=Groups(profile, groups, rules, thresholds),
        entries=Entries(),
        incoming=IncomingAlerts(),
        surges=Surges(slots, _gathered(slots)),
        memory=_memories(columns, slots),
    )


def _gathered(slots: Slots) -> dict[SlotNo, list[SlotNo]]:
    """What slots count and explain of others, by their number."""
    every = {number: list(kind_of(slot.rule).gathers(slot, slots)) for number, slot in slots.numbered()}
    return {number: members for number, members in every.items() if members}


def _memories(columns: Columns, slots: Slots) -> dict[str, Memory]:
    """What kinds keep for themselves."""
    found = {}
    for kind in ALL:
        rules = [rule for rule in columns.profile.rules if rule.kind == kind.code]
        memory = kind.memory(columns, rules, slots.by_key)
        if memory is not None:
            found[kind.code] = memory
    return found


def _rules_that_look_at(sense: Sense, profile: Profile) -> list[Rule]:
    return [rule for rule in profile.rules if kind_of(rule).looks_at == sense]


def _sight(senses: Senses, desk: Desk) -> Sight:
    causes: dict[AssetAt, list[SlotNo]] = {}
    for number, slot in senses.slots.numbered():
        if slot.explains and slot.subject.asset and kind_of(slot.rule).waited_for:
            causes.setdefault(senses.asset_at[slot.subject.asset], []).append(number)
    senders = Counter(a.source for a in senses.profile.assets if a.rhythm_s)
    return Sight(
        senses=senses,
        condition=desk.condition,
        off=lambda rule: rule.code in desk.off,
        kind_of=kind_of,
        causes=causes,
        lone=frozenset(code for code, n in senders.items() if n == 1),
        alone=desk.stands_alone,
    )
