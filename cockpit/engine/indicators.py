"""The board of indicators: computes each at its own pace, a few a tick, and judges it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from cockpit.domain.alerting import Level, level_of
from cockpit.domain.catalog import Indicator
from cockpit.domain.freshness import WorkTime
from cockpit.domain.indicators import status
from cockpit.domain.periods import aged, year_gone
from cockpit.engine.core import Core
from cockpit.engine.days import AT_MIDNIGHT, of_day
from cockpit.engine.gaps import Gaps
from cockpit.engine.measures import IN_MEMORY, KINDS, NOTHING, SLOW, Context, Measured, measure
from cockpit.engine.slots import News
from cockpit.store import indicators as writes
from cockpit.store import meta, reports
from cockpit.store.alerting import dump
from cockpit.store.handles import Read, Write
from cockpit.store.queries import indicators as queries
from cockpit.store.queries import loading

log = logging.getLogger(__name__)

FAST_MS, SLOWER_MS, SLOW_MS = 10_000, 60_000, 600_000
JOBS = 3
"""Indicators computed a tick, so that no tick is long; more at the first one, which fills the screen."""

REST_S = 45.0
"""Slow ones wait this long on the monotonic clock too, however fast domain time runs."""

BACKFILL_S = 0.05
"""Time a tick may spend on days gone by."""

_HOUR_MS = 3_600_000
_TYPED = ("report", "register")
_OF_REGISTERS = ("coverage_gaps",)
_OF_OTHERS = ("composite", "machine_share")
_RULE_STALE = ("nodata", "suspect", "stale", "samples")


class Board:
    """Figures of all indicators. `rows` and `days` wait to be written."""

    def __init__(self, core: Core, work: WorkTime, gaps: Gaps) -> None:
        self._work = work
        self._gaps = gaps
        self._indicators = core.profile.indicators
        self._values: dict[str, Measured] = {}
        self._cache: dict[Any, Any] = {}
        self._next: dict[str, int] = {}
        self._rested: dict[str, float] = {}
        self._written: dict[tuple[str, str], tuple[Any, ...]] = {}
        self._backlog: list[tuple[int, int]] | None = None  # (day, position), the next one last
        self._same_day: tuple[int, dict[str, Measured]] = (0, {})
        self._filling = False
        self._today = 0
        self._doubt_at = 0
        self._withdrawn: str | None = None
        self.rows: dict[tuple[str, str], writes.Now] = {}
        self.days: list[writes.Day] = []
        self.judged = core.now[0]
        self._rules = [
            (slot, core.slots.all[slot].rule) for found in core.slots.indicator.values() for slot in found
        ]
        self.has_rules = bool(self._rules)

    def save(self, conn: Write) -> None:
        """Write what waits, on the writer's connection."""
        writes.save_now(conn, list(self.rows.values()))
        writes.save_days(conn, list(self.days))

    def saved(self) -> None:
        self.rows.clear()
        self.days.clear()

    @property
    def waiting(self) -> bool:
        return bool(self.rows or self.days)

    def run(self, conn: Read, core: Core, now: int, monotonic: Callable[[], float]) -> None:
        """Compute what is due, a few at a time, the longest overdue first."""
        ctx = Context(conn, core, now, self._work, self._values, self._gaps, self._cache)
        mono = monotonic()
        if now // SLOWER_MS != self._doubt_at:
            self._doubt_at = now // SLOWER_MS
            self._note_doubt(ctx)
        withdrawn = meta.get(conn, reports.WITHDRAWN)
        if withdrawn != self._withdrawn:
            self._withdrawn = withdrawn
            self._next |= {i.code: 0 for i in self._indicators if i.measure["kind"] in _TYPED and self._next}
        first = not self._next
        due = [
            (self._next.get(i.code, 0), position)
            for position, i in enumerate(self._indicators)
            if self._next.get(i.code, 0) <= now and mono >= self._rested.get(i.code, mono)
        ]
        due.sort()
        # Composites follow their parts in the catalogue only by chance: at the first run they go last.
        if first:
            due.sort(key=lambda item: self._indicators[item[1]].measure["kind"] in _OF_OTHERS)
        for _, position in due if first else due[:JOBS]:
            self._compute(ctx, self._indicators[position], position, mono)
        self._days_over(ctx, monotonic)

    def judge_rules(self, conn: Read, core: Core, t: int) -> list[News]:
        """Levels of the slots of indicator rules at `t`. A figure in doubt says nothing."""
        self.judged = t
        ctx = Context(conn, core, t, self._work, self._values, self._gaps, self._cache)
        news: list[News] = []
        for slot, rule in self._rules:
            indicator = core.profile.indicator[core.slots.all[slot].subject.indicator]
            measured = self._measured(ctx, indicator).get("", NOTHING)
            state = self._status(ctx, indicator, measured)
            if measured.value is None or state in _RULE_STALE:
                news.append(News(t, slot, Level.GONE))
                continue
            if rule.raise_at is not None:
                level = level_of(rule, measured.value)
            else:
                level = {"red": Level.RAISE, "orange": Level.BAND}.get(state, Level.CLEAR)
            news.append(News(t, slot, level, measured.value))
            core.desk.update(slot, t, measured.value, measured.value)
        return news

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
        if kind in SLOW and self._values[indicator.code].value is None:
            # Nothing is known yet: the past may still be on its way, so look again before long.
            self._next[indicator.code] = ctx.now + SLOWER_MS
        for unit, measured in found.items():
            state = self._status(ctx, indicator, measured, unit)
            row = (measured.value, measured.asof, measured.n, state, dump(measured.detail))
            if self._written.get((indicator.code, unit)) != row:
                self._written[indicator.code, unit] = row
                self.rows[indicator.code, unit] = writes.Now(indicator.code, unit, *row, ctx.now)

    def _measured(self, ctx: Context, indicator: Indicator) -> dict[str, Measured]:
        """The figure, or nothing where computing it failed: one wrong measure harms no other."""
        try:
            return measure(ctx, indicator)
        except Exception:
            log.exception("indicator %s could not be computed", indicator.code)
            return {"": NOTHING}

    def _status(self, ctx: Context, indicator: Indicator, measured: Measured, unit: str = "") -> str:
        board = ctx.core.board
        old = measured.asof is not None and aged(indicator.period, measured.asof, ctx.now)
        return status(
            indicator,
            measured.value,
            {board.state_of(s) for s in indicator.sources},
            wrong=any(s in board.wrong for s in indicator.sources),
            enough=measured.enough,
            aged=old,
            due=year_gone(ctx.today),
            of_unit=bool(unit),
        )

    def _note_doubt(self, ctx: Context) -> None:
        hour = ctx.now // _HOUR_MS
        sums: dict[int, tuple[int, int]] = {}
        for _, source, events, rejected in queries.source_hours(ctx.conn, hour, hour + 1):
            sums[source] = events, rejected
        before = set(ctx.core.board.wrong)
        ctx.core.board.doubt(sums)
        if before != ctx.core.board.wrong:
            self.source_changed(ctx.core, before ^ ctx.core.board.wrong)

    def source_changed(self, core: Core, sources: set[str]) -> None:
        """What depends on these sources is judged at the next tick, before anything else."""
        for indicator in self._indicators:
            if sources.intersection(indicator.sources) and indicator.measure["kind"] not in SLOW:
                self._next[indicator.code] = 0

    def gaps_found(self) -> None:
        """The register was looked over: what counts its entries is computed in the same tick."""
        if self._next:
            self._next |= {i.code: 0 for i in self._indicators if i.measure["kind"] in _OF_REGISTERS}

    def _days_over(self, ctx: Context, monotonic: Callable[[], float]) -> None:
        filling = loading.start(ctx.conn) is not None
        if self._backlog is None:
            self._backlog = self._missing(ctx)
            self._today = ctx.today
        elif self._filling and not filling:
            # The rest of the past is in: what was reckoned from a part of it is reckoned again.
            self._backlog = self._missing(ctx, again=True)
        self._filling = filling
        if ctx.today > self._today:
            self._midnight(ctx, ctx.today - 1)
            self._today = ctx.today
        begun = monotonic()
        while self._backlog and monotonic() - begun < BACKFILL_S:
            self._of_day(ctx, *self._backlog.pop())

    def _missing(self, ctx: Context, *, again: bool = False) -> list[tuple[int, int]]:
        first = queries.first_day(ctx.conn)
        if first is None:
            return []
        known = () if again else queries.days_known(ctx.conn)
        days = [d for d in range(max(first, ctx.today - 400), ctx.today) if d not in known]
        return [(d, p) for d in days for p in self._by_need()]

    def _by_need(self) -> list[int]:
        """Positions, composites first: the backlog is worked off from its end, parts before the whole."""
        kinds = [i.measure["kind"] == "composite" for i in self._indicators]
        return sorted(range(len(kinds)), key=lambda p: (not kinds[p], -p))

    def _midnight(self, ctx: Context, day: int) -> None:
        for indicator in self._indicators:
            if indicator.measure["kind"] in AT_MIDNIGHT:
                measured = self._values.get(indicator.code, NOTHING)
                if measured.value is not None:
                    self.days.append(writes.Day(day, indicator.code, measured.value, measured.n))
        assert self._backlog is not None  # noqa: S101 - made in the tick before
        self._backlog += [(d, p) for d in range(self._today, day + 1) for p in self._by_need()]

    def _of_day(self, ctx: Context, day: int, position: int) -> None:
        indicator = self._indicators[position]
        if self._same_day[0] != day:
            self._same_day = day, {}
        try:
            measured = of_day(ctx, indicator, day, self._same_day[1])
        except Exception:
            log.exception("indicator %s of day %d could not be computed", indicator.code, day)
            return
        self._same_day[1][indicator.code] = measured
        if measured.value is not None:
            self.days.append(writes.Day(day, indicator.code, measured.value, measured.n))


assert set(IN_MEMORY) | set(SLOW) <= set(KINDS)  # noqa: S101 - a misspelt kind would be computed too seldom
