"""One step of evaluation: from what arrived and what time it is to alerts, in order of time.

The result depends on the events and on the instants of the rules only. A tick of a minute yields the
same log as sixty ticks of a second, because every transition happens at the instant it was due.
"""

from __future__ import annotations

from typing import Any

from cockpit.domain.alerting import Level, key_of
from cockpit.domain.freshness import WorkTime
from cockpit.engine.alerts import Desk, News
from cockpit.engine.columns import LANES, Columns, columns_of
from cockpit.engine.intake import Due, Intake
from cockpit.engine.silence import FRESH, NAMES, SILENT, Change
from cockpit.engine.slots import Slot, slots_of
from cockpit.engine.sources import SourceBoard, silence_of_assets, silence_of_sources
from cockpit.engine.thresholds import Thresholds
from cockpit.profiles import Profile
from cockpit.store.alerting import Changes


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
        self.desk = Desk(profile, self.slots, self.changes, self._facts, self._simulated)
        self.now = dict.fromkeys(LANES, 0)
        self._asset_at = {a.code: i for i, a in enumerate(profile.assets)}
        self._source_at = {s.code: i for i, s in enumerate(profile.sources)}
        self.slot_of_watch = [
            self.slots.by_key[key_of(self.thresholds.rules[rule].code, profile.assets[asset].code)]
            for rule, asset in zip(
                self.thresholds.rule_of.tolist(), self.thresholds.asset.tolist(), strict=True
            )
        ]
        self._watch_at = {slot: watch for watch, slot in enumerate(self.slot_of_watch)}

    def step(self, lane: int, upto: int) -> Due:
        """Evaluate a lane up to `upto`."""
        due = self.intake.release(lane, self.now[lane], upto)
        news: list[News] = []
        changed = self.assets.step(due.asset, due.asset_received, upto, self.columns.members[lane])
        heard = self.sources.step(due.source, due.source_received, upto, self.columns.source_members[lane])
        gaps: dict[int, list[int]] = {}
        for change in changed:
            if change.state == SILENT:
                gaps.setdefault(change.thing, []).append(change.t)
        crossings = self.thresholds.step(due.series, due.series_time, due.series_received, due.value, gaps)
        self._assets_changed(changed, news)
        self._sources_changed(heard, news)
        news.extend(News(c.t, self.slot_of_watch[c.watch], c.level, c.value) for c in crossings)
        self.desk.process(news, lane, upto)
        self.now[lane] = upto
        if changed:
            self.board.count()
        return due

    def _assets_changed(self, changed: list[Change], news: list[News]) -> None:
        silences = self.slots.of_assets("asset_silent")
        for t, asset, state in changed:
            self.changes.assets[self.profile.assets[asset].id] = NAMES[state], t
            if state == SILENT:
                news.extend(News(t, slot, Level.RAISE) for slot in silences.get(asset, ()))
                news.extend(
                    News(t, self.slot_of_watch[w], Level.GONE) for w in self.thresholds.watches_of(asset)
                )
                self.thresholds.gone(asset, t)
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
        self.desk.restart_timers(lane, to)

    def refresh_values(self, t: int) -> None:
        """Newest and worst value of every open threshold alert."""
        for slot in self.desk.folds.open:
            watch = self._watch_at.get(slot)
            if watch is not None:
                self.desk.update(slot, t, self.thresholds.value_of(watch), self.thresholds.worst_of(watch))

    def _simulated(self, slot: Slot) -> bool:
        source = self.profile.source.get(slot.source)
        return self._virtual and (source is None or source.time == "domain")

    def _facts(self, slot: Slot, t: int, value: float | None) -> dict[str, Any]:
        """Numbers and codes that explain an alert; sentences are made of them by the words catalogue."""
        rule = slot.rule
        facts: dict[str, Any] = {"for_s": rule.for_s}
        if rule.kind == "asset_silent":
            at = self._asset_at[slot.subject.asset]
            facts |= {"last": int(self.assets.last[at]), "rhythm_s": slot.rhythm_s}
        elif rule.kind in ("source_silent", "source_late"):
            source = self.profile.source[slot.subject.source]
            limit = source.silent_s if rule.kind == "source_silent" else source.late_s
            last = int(self.sources.last[self._source_at[source.code]])
            facts |= {"last": last, "rhythm_s": source.rhythm_s, "limit_s": limit}
        elif rule.kind == "threshold":
            watch = self._watch_at[self.slots.by_key[slot.key]]
            facts |= {
                "metric": rule.metric, "op": rule.op, "raise_at": rule.raise_at, "clear_at": rule.clear_at,
                "value": self.thresholds.value_of(watch) if value is None else value,
            }  # fmt: skip
        else:
            indicator = self.profile.indicator[slot.subject.indicator]
            facts |= {"target": indicator.target, "op": rule.op, "raise_at": rule.raise_at, "value": value}
        return facts
