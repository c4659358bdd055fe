"""One step of evaluation: from what arrived and what time it is to alerts, in order of time.

The result depends on the events and on the instants of the rules only. A tick of a minute yields the
same log as sixty ticks of a second, because every transition happens at the instant it was due.
"""

from __future__ import annotations

import numpy as np

from cockpit.domain.alerting import Level, key_of
from cockpit.domain.freshness import WorkTime
from cockpit.engine.alerts import Desk, News
from cockpit.engine.clocks import Clocks
from cockpit.engine.columns import LANES, Columns, columns_of
from cockpit.engine.facts import Facts
from cockpit.engine.feeds import Feeds
from cockpit.engine.groups import Groups
from cockpit.engine.intake import REFUSED, Due, Events, Intake
from cockpit.engine.silence import FRESH, NAMES, SILENT, Change
from cockpit.engine.slots import Slot, slots_of
from cockpit.engine.sources import SourceBoard, silence_of_assets, silence_of_sources
from cockpit.engine.suspects import Suspects
from cockpit.engine.thresholds import Thresholds
from cockpit.profiles import Profile
from cockpit.store.alerting import REFUSED as REFUSED_NOW
from cockpit.store.alerting import Changes, dump

FEW, KEEPS = 200, 10
"""Up to so many devices that are refused are written down at every step, more at every tenth."""

FEEDS = "engine_feeds"
"""Key of the counts of feeds among the values of the engine."""


class Core:
    """All that is known in memory. `now` is how far each lane has been evaluated."""

    def __init__(self, profile: Profile, work: WorkTime, *, virtual: bool) -> None:
        self.profile = profile
        self._virtual = virtual  # domain time is played: everything on it is simulated
        self.changes = Changes()
        self.columns: Columns = columns_of(profile)
        self.slots = slots_of(profile)
        self.intake = Intake(self.columns)
        self.assets = silence_of_assets(profile, work)
        self.sources = silence_of_sources(profile, work)
        self.thresholds = Thresholds(self.columns, profile.rules)
        self.board = SourceBoard(self.columns, self.assets, self.sources)
        self.clocks = Clocks(self.columns, profile.rules)
        self.feeds = Feeds(self.columns, self.slots)
        self.groups = Groups(profile, self.slots, self.thresholds)
        self._suspects = Suspects(profile, self.slots, self.assets, self.sources, self.groups)
        self._facts = Facts(self)
        self.desk = Desk(profile, self.slots, self.changes, self._facts.of, self._simulated, self._waits)
        self.refused: dict[int, int] = {}  # assets whose newest event was refused -> when it was received
        self._refused_changed = False
        self._keeps = 0
        self.now = dict.fromkeys(LANES, 0)
        self.slot_of_watch = [
            self.slots.by_key[key_of(self.thresholds.rules[rule].code, profile.assets[asset].code)]
            for rule, asset in zip(
                self.thresholds.rule_of.tolist(), self.thresholds.asset.tolist(), strict=True
            )
        ]
        self.watch_at = {slot: watch for watch, slot in enumerate(self.slot_of_watch)}

    def step(self, lane: int, upto: int) -> Due:
        """Evaluate a lane up to `upto`."""
        due = self.intake.release(lane, self.now[lane], upto)
        self._note_refused(due.events)
        news: list[News] = []
        changed = self.assets.step(due.asset, due.asset_received, upto, self.columns.members[lane])
        heard = self.sources.step(due.source, due.source_received, upto, self.columns.source_members[lane])
        gaps: dict[int, list[int]] = {}
        for change in changed:
            if change.state == SILENT:
                gaps.setdefault(change.thing, []).append(change.t)
        crossings = self.thresholds.step(due.series, due.series_time, due.series_received, due.value, gaps)
        turns, off = self.clocks.step(due.events)
        minutes = self.feeds.step(lane, due.events, off, upto)
        self._assets_changed(changed, news)
        self._sources_changed(heard, news)
        skews = self.slots.of_assets("asset_skew")
        for t, asset, level, offset in turns:
            news.extend(News(t, slot, level, offset / 1000) for slot in skews.get(asset, ()))
        feeds = self.slots.of_sources("asset_skew")
        for t, source, level, share in self.clocks.feed_turns():
            news.extend(News(t, slot, level, share) for slot in feeds.get(source, ()))
        news.extend(News(v.t, v.slot, v.level, v.value) for v in minutes)
        news.extend(News(v.t, v.slot, v.level, v.share) for v in self.groups.step(changed, crossings, heard))
        news.extend(News(c.t, self.slot_of_watch[c.watch], c.level, c.value) for c in crossings)
        self.desk.process(news, lane, upto)
        self.now[lane] = upto
        if changed:
            self.board.count()
        return due

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

    def _assets_changed(self, changed: list[Change], news: list[News]) -> None:
        silences, skews = self.slots.of_assets("asset_silent"), self.slots.of_assets("asset_skew")
        for t, asset, state in changed:
            self.changes.assets[self.profile.assets[asset].id] = NAMES[state], t
            if state == SILENT:
                news.extend(News(t, slot, Level.RAISE) for slot in silences.get(asset, ()))
                news.extend(
                    News(t, self.slot_of_watch[w], Level.GONE) for w in self.thresholds.watches_of(asset)
                )
                self.thresholds.gone(asset, t)
                if asset in self.clocks.streaks:
                    news.extend(News(t, slot, Level.GONE) for slot in skews.get(asset, ()))
            elif state == FRESH:
                news.extend(News(t, slot, Level.CLEAR) for slot in silences.get(asset, ()))

    def _sources_changed(self, heard: list[Change], news: list[News]) -> None:
        silences, lates = self.slots.of_sources("source_silent"), self.slots.of_sources("source_late")
        for t, source, state in heard:
            silent = Level.RAISE if state == SILENT else Level.CLEAR
            late = Level.CLEAR if state == FRESH else Level.RAISE
            news.extend(News(t, slot, silent) for slot in silences.get(source, ()))
            news.extend(News(t, slot, late) for slot in lates.get(source, ()))

    def jump(self, lane: int, to: int) -> None:
        """The clock of a lane stands somewhere else: timers begin anew, nothing else changes."""
        self.now[lane] = to
        self.assets.rebase(self.columns.members[lane], to)
        self.sources.rebase(self.columns.source_members[lane], to)
        self.clocks.rebase(self.columns.members[lane], to)
        self.feeds.reset(lane, to)
        self.desk.restart_timers(lane, to)

    def refresh_values(self, t: int) -> None:
        """Newest and worst value of every open alert that has one."""
        for slot, alert in self.desk.folds.open.items():
            found = self._facts.newest(slot, alert, t)
            if found is not None:
                self.desk.update(slot, t, *found)

    def keep(self) -> None:
        """Put what a restart needs of feeds and clocks among the changes."""
        self.changes.meta[FEEDS] = dump({str(lane): self.feeds.save(lane) for lane in LANES})
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

    def _waits(self, slot: int, t: int) -> bool:
        return self._suspects.waits(slot, t, self.desk.condition, lambda rule: rule.code in self.desk.off)

    def _simulated(self, slot: Slot) -> bool:
        source = self.profile.source.get(slot.source)
        return self._virtual and (source is None or source.time == "domain")
