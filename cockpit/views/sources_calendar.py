"""A calendar of days by sources: on which days a feed was whole."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cockpit.domain.catalog import Source
from cockpit.domain.feeds import DayClass, day_class
from cockpit.domain.periods import HOUR_MS
from cockpit.store.queries import loading
from cockpit.store.queries import sources as q
from cockpit.views.context import ViewContext
from cockpit.views.norms import Norm, norms, workdays
from cockpit.views.sources import of_unit

KEEP_S = 30.0
"""Seconds a computed calendar is good for: days do not change by the second."""

DAYS = 90


@dataclass(frozen=True, slots=True)
class Day:
    """One day (since the epoch, provincial time) of one source."""

    day: int
    state: DayClass
    events: int
    normal: float | None


@dataclass(frozen=True, slots=True)
class Calendar:
    """Sources in the order of the profile, each with its days from `first` to `last`."""

    first: int
    last: int
    rows: tuple[tuple[Source, tuple[Day, ...]], ...]


def build(ctx: ViewContext, days: int = DAYS, unit: str = "") -> Calendar:
    """The last `days` days, or as many as there is anything of, today's part included; of all feeds, or of
    those that tell something of a unit."""
    offset_h = ctx.profile.utc_offset_s // 3600
    usual = norms(ctx)
    with ctx.store.read() as conn:
        span = max(ctx.now_ms, ctx.real_ms) // HOUR_MS + 1
        last = (ctx.now_ms // HOUR_MS + offset_h) // 24
        rows = q.days(conn, (last - days + 1) * 24 - offset_h, span, offset_h)
        filling = loading.start(conn)
    by_source = {s.id: rows[rows[:, 1] == s.id] for s in ctx.profile.inputs}
    first = _begin(rows, last)
    whole = None if filling is None else filling // HOUR_MS + offset_h
    return Calendar(
        first=first,
        last=last,
        rows=tuple(
            (s, _days(ctx, s, by_source[s.id], usual[s.id], first, last, whole)) for s in of_unit(ctx, unit)
        ),
    )


def _begin(rows: q.Ints, last: int) -> int:
    """The day on which the store begins: a third of the sources have sent. Before it there are only
    reports about times that were over when they came, and a day without a report proves nothing."""
    begins = sorted(int(rows[rows[:, 1] == s, 0].min()) for s in np.unique(rows[:, 1]))
    return begins[len(begins) // 3] if begins else last


def _days(
    ctx: ViewContext, source: Source, rows: q.Ints, norm: Norm, first: int, last: int, whole: int | None
) -> tuple[Day, ...]:
    """`whole`: provincial hour from which on the past is still being brought in."""
    offset_h = ctx.profile.utc_offset_s // 3600
    now_local = ctx.now_of(source.code) // HOUR_MS + offset_h
    if whole is not None and source.time == "domain":
        now_local = min(now_local, whole)
    found = {int(r[0]): r for r in rows}
    begun = min(found, default=None)
    days = np.arange(first, last + 1)
    works = workdays(days)
    out = []
    for day, working in zip(days.tolist(), works.tolist(), strict=True):
        # Today is measured by the hours that are over.
        hours = np.arange(day * 24, min((day + 1) * 24, now_local))
        # The first hour hardly is a whole one; where it is not over yet, nothing can be expected.
        hours = hours[hours > (now_local if norm.first_hour is None else norm.first_hour + offset_h)]
        normal = _normal(source, norm, hours, working)
        _, _, events, duplicates, rejected, late = (
            found[day].tolist() if day in found else (day, source.id, 0, 0, 0, 0)
        )
        state = day_class(
            events=events,
            normal=normal,
            rejected=rejected,
            duplicates=duplicates,
            late=late,
            due=working or source.calendar == "always",
            seen=begun is not None and begun <= day,
        )
        out.append(Day(day, state, events, normal))
    return tuple(out)


def _normal(source: Source, norm: Norm, hours: np.ndarray, working: bool) -> float | None:
    if not source.per_hour or not len(hours):
        # No volume is promised, or no hour of the day is over: a day without an event is none of silence.
        return 0.0
    if source.calendar == "always" and source.kind == "machine":
        return source.per_hour * len(hours)
    if len(hours) == 24:
        whole = norm.work_day if working else norm.free_day
        return None if np.isnan(whole) else whole
    expected = norm.expected(hours, np.full(len(hours), working))
    return None if np.isnan(expected).all() else float(np.nansum(expected))
