"""Indicators as figures with their passport, for every screen that shows them."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from cockpit.domain.catalog import Indicator, Source, SourceKind, Text
from cockpit.domain.indicators import due_now
from cockpit.domain.numbers import SourceId
from cockpit.domain.periods import DAY_MS, is_report_period, report_days, year_gone
from cockpit.domain.spans import Finality
from cockpit.domain.targets import Paths, labels, of_figure
from cockpit.store import filed
from cockpit.store.handles import Read
from cockpit.store.queries import coverage, targets
from cockpit.store.queries import figures as q
from cockpit.store.queries import sources as source_rows
from cockpit.store.rows import IndicatorNow, SourceNow
from cockpit.views.context import ViewContext
from cockpit.views.figure import Figure, Status

HISTORY_DAYS = 30
DOUBTS = ("suspect", "stale", "nodata", "samples")
ARRIVES = ("latest", "report")
"""Measures of figures that arrive: with their parts, or finished."""

ESTIMATED = ("coverage_weak_share", "coverage_gaps", "coverage_speed")
"""Measures that rest on samples."""

WARM_UP_DAYS = 14
"""Days at the beginning of a history for which figures of records and coverage gaps are not compared with
later ones.

What was open when the history begins is not known, so its first days show too little that is overdue and
only what was settled quickly. Most legal times are over within two weeks. About as long it takes until a
place has been measured often enough to be called bad with certainty."""

_UNKNOWN = IndicatorNow("", "", None, None, None, "nodata", "{}", 0)


def day_of(ms: int, offset_s: int) -> int:
    """The day of an instant in provincial time, counted from the epoch."""
    return (ms + offset_s * 1000) // DAY_MS


def comparable(conn: Read, indicator: Indicator) -> int:
    """The first day from which on the daily figures of an indicator tell the same as today's."""
    firsts = [q.first_records(conn, kind) for kind in records_of(indicator)]
    if indicator.measure["kind"] == "coverage_gaps":
        firsts.append(coverage.first_day(conn))
    return max((first + WARM_UP_DAYS for first in firsts if first is not None), default=0)


def records_of(indicator: Indicator) -> set[str]:
    """The kinds of records that it is computed from."""
    counted = {count.records for count in indicator.counts.values() if count.records}
    return counted | {str(indicator.measure[key]) for key in ("record",) if key in indicator.measure}


def counts_of(indicator: Indicator, counts: dict[str, float | None]) -> tuple[tuple[Text, float], ...]:
    """What a formula names with its words, in the order of the profile."""
    told = ((one.name, counts.get(name)) for name, one in indicator.counts.items())
    return tuple((name, n) for name, n in told if n is not None)


def _finality(indicator: Indicator, period: str | None, today: int) -> Finality:
    """What a figure of now is: final where it was reported for a period that is over, estimated where it
    rests on samples; everything else may still change."""
    if indicator.measure["kind"] in ESTIMATED:
        return "estimated"
    over = period is not None and is_report_period(period) and report_days(period)[1] < today
    return "final" if over else "partial"


def figures(
    conn: Read,
    ctx: ViewContext,
    codes: Collection[str] | None = None,
    *,
    with_past: Collection[str] | None = None,
) -> dict[str, Figure]:
    """The province's figures by code: of all indicators unless told which.

    Those in `with_past` (all unless told) carry their last 30 days and the change.
    """
    profile = ctx.profile
    wanted = list(profile.indicator) if codes is None else list(codes)
    now = q.province(conn, wanted)
    states = source_rows.now(conn)
    today = day_of(ctx.now_ms, profile.utc_offset_s)
    days = q.days(conn, wanted if with_past is None else with_past, today - HISTORY_DAYS, today)
    for code, past in days.items():
        begin = comparable(conn, profile.indicator[code])
        days[code] = [(day, value) for day, value in past if day >= begin]
    rows = {code: now.get(code, _UNKNOWN) for code in wanted}
    details = {code: json.loads(row.detail) for code, row in rows.items()}
    asked = {of_figure(told.get("period"), today) for told in details.values()}
    spans = filed.spans(conn)
    by_file = {code for code, row in states.items() if filed.within(spans, code, row.last)}
    paths = Paths(targets.of_periods(conn, {p for days in asked for p in labels(days.first, days.last)}))
    return {
        code: _figure(
            ctx, profile.indicator[code], rows[code], details[code], paths, states, days, today, by_file
        )
        for code in wanted
    }


def _figure(
    ctx: ViewContext,
    indicator: Indicator,
    row: IndicatorNow,
    detail: dict[str, Any],
    paths: Paths,
    states: dict[SourceId, SourceNow],
    pasts: dict[str, list[tuple[int, float]]],
    today: int,
    by_file: Collection[SourceId],
) -> Figure:
    sources = [ctx.profile.source[code] for code in indicator.sources if code in ctx.profile.source]
    first = sources[0] if sources else None
    now = ctx.now_of(first.code) if first else ctx.now_ms
    past = pasts.get(indicator.code, [])
    change, change_days = _change(row.value, past, today)
    status: Status = row.status  # type: ignore[assignment]
    days = of_figure(detail.get("period"), today)
    aim = paths.asked(indicator, "", days, ctx.now_ms, ctx.profile.utc_offset_s)
    due_target, due_watch = due_now(indicator, year_gone(today), aim)
    part, whole = detail.get("part"), detail.get("whole")
    came = ctx.profile.source.get(detail.get("source", ""), first)
    return Figure(
        code=indicator.code,
        number=indicator.number,
        name=indicator.name,
        short=indicator.short,
        value=row.value,
        unit=indicator.unit,
        decimals=indicator.decimals,
        target=aim.target,
        watch=aim.watch,
        due_target=due_target,
        due_watch=due_watch,
        direction=indicator.direction,
        status=status,
        source_kind=_kind(came, by_file),
        simulated=ctx.simulated and any(s.time == "domain" for s in sources),
        asof_ms=row.asof,
        age_s=None if row.asof is None else max(0.0, (now - row.asof) / 1000),
        completeness=detail.get("completeness"),
        owner=indicator.owner,
        period=indicator.period,
        n=row.n or 0,
        sources=indicator.sources,
        part=part,
        whole=whole,
        counts=counts_of(indicator, detail.get("counts", {})) if part is None else (),
        finality=_finality(indicator, detail.get("period"), today),
        finished=row.value is not None and part is None and indicator.measure["kind"] in ARRIVES,
        reported_for=detail.get("period"),
        doubt=_doubt(sources, states) if status in DOUBTS else None,
        spark=_spark(row.value, past, today),
        change=change,
        change_days=change_days,
    )


def _kind(came: Source | None, by_file: Collection[SourceId]) -> SourceKind:
    """How a value came: what a machine's source brought by a file was brought by somebody."""
    if came is None:
        return "computed"
    return "file" if came.id in by_file else came.kind


def _change(value: float | None, past: list[tuple[int, float]], today: int) -> tuple[float | None, int]:
    """Difference to a week ago, else to the newest earlier day that is known, and how many days that is."""
    if value is None:
        return None, 0
    earlier = {day: v for day, v in past if day < today}
    for back in (7, 1, 30):
        if today - back in earlier:
            return value - earlier[today - back], back
    if earlier:
        last = max(earlier)
        return value - earlier[last], today - last
    return None, 0


def _spark(value: float | None, past: list[tuple[int, float]], today: int) -> tuple[float, ...]:
    trend = [v for day, v in past if day < today]
    return (*trend, value) if value is not None else tuple(trend)


def _doubt(sources: list[Source], states: dict[SourceId, SourceNow]) -> Text | None:
    """The source that is behind the doubt: the worst of those the indicator depends on."""
    order = {"never": 0, "silent": 1, "late": 2}
    wrong = [s for s in sources if s.id not in states or states[s.id].state != "fresh"]
    if not wrong:
        return None
    return min(wrong, key=lambda s: order.get(states[s.id].state, 3) if s.id in states else 0).name
