"""The board of indicators: computes each at its own pace, a few a tick, and judges it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from cockpit.domain.alerting import Level
from cockpit.domain.alerting.figures import level_of_figure
from cockpit.domain.catalog import Indicator
from cockpit.domain.freshness import WorkTime
from cockpit.domain.indicators import status
from cockpit.domain.numbers import SourceId
from cockpit.domain.periods import HOUR_MS, aged, year_gone
from cockpit.domain.targets import Paths, of_figure
from cockpit.engine.backlog import Backlog
from cockpit.engine.columns import DOMAIN
from cockpit.engine.core import Core
from cockpit.engine.differences import Differences, level_of_difference
from cockpit.engine.figure import NOTHING, Context, Found, Measured
from cockpit.engine.formulas import by_people, of_gaps
from cockpit.engine.gaps import Gaps
from cockpit.engine.kinds import kind_of
from cockpit.engine.measures import IN_MEMORY, KINDS, RECEIVED, SLOW, measure
from cockpit.engine.plan_targets import Standing
from cockpit.engine.slots import News
from cockpit.profiles.formulas import ranks
from cockpit.store import indicators as writes
from cockpit.store import meta, reports
from cockpit.store.alerting import dump
from cockpit.store.handles import Read, Write
from cockpit.store.queries import indicators as queries
from cockpit.store.queries import reports as reported
from cockpit.store.queries import targets
from cockpit.store.rows import IndicatorNow

log = logging.getLogger(__name__)

FAST_MS, SLOWER_MS, SLOW_MS = 10_000, 60_000, 600_000
JOBS = 3
"""Indicators computed a tick, so that no tick is long; more at the first one, which fills the screen."""

REST_S = 45.0
"""Slow ones wait this long on the monotonic clock too, however fast domain time runs."""

_OF_REGISTERS = ("coverage_gaps",)
_OF_ALL = "machine_share"


class Board:
    """Figures of all indicators, and those of days that are over. `rows` wait to be written."""

    def __init__(self, core: Core, work: WorkTime, gaps: Gaps) -> None:
        self._work = work
        self._gaps = gaps
        self._indicators = core.profile.indicators
        self._ranks = ranks(core.profile.indicators)
        self._values: dict[str, Measured] = {}
        self._found: dict[str, Found] = {}
        self._cache: dict[Any, Any] = {}
        self._next: dict[str, int] = {}
        self._rested: dict[str, float] = {}
        self._written: dict[tuple[str, str], tuple[Any, ...]] = {}
        self._days = Backlog(core.profile.indicators)
        self._doubt_at = 0
        self._withdrawn: str | None = None
        self._paths = Paths()
        self._told = Differences(core.profile)
        self.rows: dict[tuple[str, str], IndicatorNow] = {}
        self.judged = core.now[DOMAIN]
        self.follow(core)

    def follow(self, core: Core) -> None:
        """Judge the figures by the rules of this core from here on."""
        self._rules = [
            (slot, core.slots.all[slot].rule) for found in core.slots.indicator.values() for slot in found
        ]
        self.has_rules = bool(self._rules)

    def save(self, conn: Write) -> None:
        """Write what waits, on the writer's connection."""
        writes.save_now(conn, list(self.rows.values()))
        writes.save_days(conn, list(self._days.rows))

    def saved(self) -> None:
        self.rows.clear()
        self._days.rows.clear()

    @property
    def waiting(self) -> bool:
        return bool(self.rows or self._days.rows)

    def run(self, conn: Read, core: Core, now: int, monotonic: Callable[[], float]) -> None:
        """Compute what is due, a few at a time, the longest overdue first."""
        ctx = Context(conn, core, now, self._work, self._values, self._gaps, self._cache, self._found)
        mono = monotonic()
        if now // SLOWER_MS != self._doubt_at:
            self._doubt_at = now // SLOWER_MS
            self._note_doubt(ctx)
        self._take_targets(conn)
        withdrawn = meta.get(conn, reports.CHANGED)
        if withdrawn != self._withdrawn:
            self._withdrawn = withdrawn
            if self._next:
                self._next |= {i.code: 0 for i in self._indicators if i.measure["kind"] in RECEIVED}
                report = reported.find(conn, int(withdrawn or 0))
                if report is not None and report.indicator in self._next:
                    self._next[report.indicator] = -1  # before the others, which may have lost one, too
        first = not self._next
        due = [
            (self._next.get(i.code, 0), position)
            for position, i in enumerate(self._indicators)
            if self._next.get(i.code, 0) <= now and mono >= self._rested.get(i.code, mono)
        ]
        due.sort()
        # Figures follow those that they are made of in the catalogue only by chance: at first they go last.
        if first:
            due.sort(key=lambda item: self._turn(self._indicators[item[1]]))
        for _, position in due if first else due[:JOBS]:
            if first and by_people(self._indicators[position]):
                self._next[self._indicators[position].code] = -1  # after the targets that follow figures
            else:
                self._compute(ctx, self._indicators[position], position, mono)
        self._days.run(ctx, monotonic)

    def _turn(self, indicator: Indicator) -> tuple[bool, int]:
        return indicator.measure["kind"] == _OF_ALL, self._ranks[indicator.code]

    def judge_rules(self, conn: Read, core: Core, t: int) -> list[News]:
        """Levels of the slots of indicator rules at `t`. A figure in doubt says nothing."""
        self.judged = t
        self._take_targets(conn)
        ctx = Context(conn, core, t, self._work, self._values, self._gaps, self._cache, self._found)
        self._told.look(conn, t)
        news: list[News] = []
        found: dict[str, dict[str, Measured]] = {}
        for slot, rule in self._rules:
            place = core.slots.all[slot]
            indicator, unit = core.profile.indicator[place.indicator], place.subject.unit
            if kind_of(rule).of_reports:
                told = core.senses.told[indicator.code, unit] = self._told.of(conn, indicator, unit)
                level, apart = level_of_difference(rule, indicator, told)
                news.append(News(t, slot, level, apart))
                if apart is not None:
                    core.desk.folds.update(slot, t, apart, apart)
                    core.desk.folds.explain(slot, t, core.facts(place, t, apart))
                continue
            if indicator.code not in found:
                found[indicator.code] = self._measured(ctx, indicator)
            measured = found[indicator.code].get(unit, NOTHING)
            state = self._status(ctx, indicator, measured, unit)
            level = level_of_figure(rule, indicator, unit, measured.value, measured.n, state)
            if measured.value is None or level == Level.GONE:
                news.append(News(t, slot, Level.GONE))
                continue
            news.append(News(t, slot, level, measured.value))
            core.desk.folds.update(slot, t, measured.value, measured.value)
        return news

    def _take_targets(self, conn: Read) -> None:
        """Take the targets that were set since the last look; their indicators are judged before others."""
        found = targets.since(conn, self._paths.last)
        self._paths.add(found)
        if self._next:
            self._next |= {one.indicator: -1 for one in found if one.indicator in self._next}

    def _compute(self, ctx: Context, indicator: Indicator, position: int, mono: float) -> None:
        kind = str(indicator.measure["kind"])
        pace = (
            SLOW_MS
            if kind in SLOW
            else FAST_MS
            if kind in IN_MEMORY and indicator.period == "RT"
            else SLOWER_MS
        )
        # Spread over the pace, so that not all fall due in one and the same tick.
        offset = position * 7919 % pace
        self._next[indicator.code] = (ctx.now - offset) // pace * pace + pace + offset
        if kind in SLOW:
            self._rested[indicator.code] = mono + REST_S
        found = self._measured(ctx, indicator)
        self._values[indicator.code] = found.get("", NOTHING)
        self._found[indicator.code] = found
        if kind in SLOW and self._values[indicator.code].value is None:
            # Nothing is known yet: the past may still be on its way, so look again before long.
            self._next[indicator.code] = ctx.now + SLOWER_MS
        for unit, measured in found.items():
            state = self._status(ctx, indicator, measured, unit)
            row = (measured.value, measured.asof, measured.n, state, dump(measured.detail))
            if self._written.get((indicator.code, unit)) != row:
                self._written[indicator.code, unit] = row
                self.rows[indicator.code, unit] = IndicatorNow(indicator.code, unit, *row, ctx.now)

    def _measured(self, ctx: Context, indicator: Indicator) -> dict[str, Measured]:
        """The figure, or nothing where computing it failed: one wrong measure harms no other."""
        try:
            return measure(ctx, indicator)
        except Exception:
            log.exception("indicator %s could not be computed", indicator.code)
            return {"": NOTHING}

    def _status(self, ctx: Context, indicator: Indicator, measured: Measured, unit: str = "") -> str:
        feeds = ctx.core.source_states
        old = measured.asof is not None and aged(indicator.period, measured.asof, ctx.now)
        period, offset_s = measured.detail.get("period"), ctx.core.profile.utc_offset_s
        aim = self._paths.asked(indicator, unit, of_figure(period, ctx.today), ctx.now, offset_s)
        ctx.core.senses.aims[indicator.code, unit] = aim
        return status(
            indicator,
            measured.value,
            {feeds.state_of(s) for s in indicator.sources},
            wrong=any(s in feeds.wrong for s in indicator.sources),
            enough=measured.enough,
            aged=old,
            due=year_gone(ctx.today),
            of_unit=bool(unit),
            aim=aim,
        )

    def _note_doubt(self, ctx: Context) -> None:
        hour = ctx.now // HOUR_MS
        sums: dict[SourceId, tuple[int, int]] = {}
        for _, source, events, rejected in queries.source_hours(ctx.conn, hour, hour + 1):
            sums[source] = events, rejected
        before = set(ctx.core.source_states.wrong)
        ctx.core.source_states.doubt(sums)
        if before != ctx.core.source_states.wrong:
            self.source_changed(ctx.core, before ^ ctx.core.source_states.wrong)

    def source_changed(self, core: Core, sources: set[str]) -> None:
        """What depends on these sources is judged at the next tick, before anything else."""
        if not self._next:  # the first tick judges everything
            return
        for indicator in self._indicators:
            if sources.intersection(indicator.sources) and indicator.measure["kind"] not in SLOW:
                self._next[indicator.code] = 0

    def stands(self, code: str) -> Standing | None:
        """The province's figure as it was computed last, written or not; None before it first is."""
        row = self._written.get((code, ""))
        return None if row is None else Standing(row[0], row[1], row[3])

    def anew(self) -> None:
        """All is computed at the next tick, as at the first."""
        self._next, self._rested, self._cache = {}, {}, {}

    def plans_moved(self) -> None:
        """Targets or tasks have taken a step: what counts them is computed before anything else."""
        self._next |= {i.code: -1 for i in self._indicators if by_people(i) and i.code in self._next}

    def gaps_found(self) -> None:
        """The register was looked over: what counts its entries is computed in the same tick."""
        if self._next:
            of_them = [i for i in self._indicators if i.measure["kind"] in _OF_REGISTERS or of_gaps(i)]
            self._next |= {i.code: 0 for i in of_them}


assert set(IN_MEMORY) | set(SLOW) <= set(KINDS)  # noqa: S101 - a misspelt kind would be computed too seldom
