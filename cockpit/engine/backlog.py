"""Daily figures: what is known as a day ends is kept; of days gone by the rest is reckoned, a few a tick."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence

from cockpit.domain.catalog import Indicator
from cockpit.domain.periods import HOUR_MS
from cockpit.engine.days import AT_MIDNIGHT, of_day
from cockpit.engine.figure import NOTHING, Context
from cockpit.engine.past import Past
from cockpit.profiles.formulas import ranks
from cockpit.store.indicators import Day
from cockpit.store.queries import indicators as queries
from cockpit.store.queries import loading

log = logging.getLogger(__name__)

TICK_S = 0.1
"""Time a tick may spend on days gone by."""

REACH_DAYS, SHOWN_DAYS = 400, 90
"""How far back days are looked for that have no figures at all, and how far those that lack some: as far as a
trend goes."""

FRESH_MS = HOUR_MS
"""What was known longer than this before a day ended is not how it ended: the clock has leapt."""


class Backlog:
    """Days of a province that wait for their figures. `rows` wait to be written."""

    def __init__(self, indicators: Sequence[Indicator]) -> None:
        self._indicators = indicators
        self._ranks = ranks(indicators)
        self._waiting: list[tuple[int, int]] | None = None  # (day, position), the next one last
        self._past: Past | None = None
        self._filling = False
        self._today = self._ran = 0
        self.rows: list[Day] = []

    def run(self, ctx: Context, monotonic: Callable[[], float]) -> None:
        """Keep what a day that has just ended was like, and work on those gone by for a while."""
        filling = loading.start(ctx.conn) is not None
        if self._waiting is None:
            self._waiting = self._missing(ctx)
            self._today = ctx.today
        elif self._filling and not filling:
            # The rest of the past is in: what was reckoned from a part of it is reckoned again.
            self._waiting = self._missing(ctx, again=True)
            self._past = None
        if ctx.today > self._today:
            kept = () if filling or ctx.now - self._ran > FRESH_MS else self._keep(ctx, self._today)
            days = range(self._today, ctx.today)
            self._waiting += self._ordered((d, p) for d in days for p in self._all if (d, p) not in kept)
            self._past = None
            self._today = ctx.today
        self._filling, self._ran = filling, ctx.now
        begun = monotonic()
        while self._waiting and monotonic() - begun < TICK_S:
            if self._past is None:
                self._past = Past(ctx)
            self._past.ctx = ctx
            self._reckon(self._past, *self._waiting.pop())
        if not self._waiting:
            self._past = None

    @property
    def _all(self) -> range:
        return range(len(self._indicators))

    def _keep(self, ctx: Context, day: int) -> set[tuple[int, int]]:
        """Keep what the engine knows best itself as it was when `day` ended. What that was."""
        kept = set()
        for position, indicator in enumerate(self._indicators):
            measured = ctx.values.get(indicator.code, NOTHING)
            if indicator.measure["kind"] in AT_MIDNIGHT and measured.value is not None:
                self.rows.append(Day(day, indicator.code, measured.value, measured.n))
                kept.add((day, position))
        return kept

    def _missing(self, ctx: Context, *, again: bool = False) -> list[tuple[int, int]]:
        """Figures that days gone by have not; with `again` all others after them."""
        first = queries.first_day(ctx.conn)
        if first is None:
            return []
        known = queries.days_known(ctx.conn)
        days = range(max(first, ctx.today - REACH_DAYS), ctx.today)
        places = [
            (d, p) for d in days if again or d not in known or d >= ctx.today - SHOWN_DAYS for p in self._all
        ]
        there = {(d, p) for d, p in places if self._indicators[p].code in known.get(d, ())}
        missing = self._ordered(place for place in places if place not in there)
        return self._ordered(there) + missing if again else missing

    def _ordered(self, places: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
        """The first one last: what the home page shows, then the rest, then what is reckoned from others; of
        each the newest day first."""

        def turn(place: tuple[int, int]) -> tuple[int, bool, int, int]:
            day, position = place
            indicator = self._indicators[position]
            return self._ranks[indicator.code], not indicator.headline, -day, position

        return sorted(places, key=turn, reverse=True)

    def _reckon(self, past: Past, day: int, position: int) -> None:
        indicator = self._indicators[position]
        try:
            measured = of_day(past, indicator, day)
        except Exception:
            log.exception("indicator %s of day %d could not be computed", indicator.code, day)
            return
        past.note(indicator.code, day, measured.value)
        if measured.value is not None:
            self.rows.append(Day(day, indicator.code, measured.value, measured.n))
