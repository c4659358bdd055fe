"""Every data source with what can be said about its feed in the last 24 hours."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Literal

import numpy as np

from cockpit.domain.catalog import Source, Text
from cockpit.domain.feeds import WRONG_SHARE, short
from cockpit.domain.freshness import Timeliness, timeliness
from cockpit.domain.numbers import SourceId
from cockpit.domain.periods import HOUR_MS
from cockpit.store.handles import Read
from cockpit.store.queries import cameras, loading
from cockpit.store.queries import sources as q
from cockpit.store.rows import SourceNow
from cockpit.views.context import ViewContext
from cockpit.views.norms import Norm, norms, workdays

SourceVerdict = Literal["silent", "wrong", "late", "missing", "never", "fresh"]
VERDICTS: tuple[SourceVerdict, ...] = ("silent", "wrong", "late", "missing", "never", "fresh")
"""In the order of attention they need."""

HOURS = 24
RECENT = 3
"""Full hours in which records must be missing or wrong for the verdict to say so."""


@dataclass(frozen=True, slots=True)
class Feed:
    """One source now. Counts are of the running hour and the 23 before it.

    `volume` holds events of the last 24 full hours as a ratio to the usual, oldest first, None where
    nothing is usual; `completeness` is a share; `last` and `since` are in ms.
    """

    source: Source
    verdict: SourceVerdict
    since: int | None
    last: int | None
    age_s: float | None
    events: int
    completeness: float | None
    volume: tuple[float | None, ...]
    rejected: int
    duplicates: int
    late_events: int
    late: int  # assets
    silent: int
    never: int
    fresh: int
    feeds: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class SourcesView:
    """All sources that somebody sends, the ones that need attention first. `timeliness` counts them by state,
    as home and the indicator do; `counts` by verdict: one on time may be wrong or short of records.
    `doubtful` counts indicators they cast doubt on."""

    feeds: tuple[Feed, ...]
    timeliness: Timeliness
    counts: dict[SourceVerdict, int]
    doubtful: int
    worst: Feed | None


def of_unit(ctx: ViewContext, unit: str) -> tuple[Source, ...]:
    """The feeds that tell something of a unit: devices of theirs stand in it, or people of it write, report
    or measure."""
    here = {a.source for a in ctx.profile.assets if a.unit == unit}
    return tuple(
        s for s in ctx.profile.inputs if not unit or s.code in here or s.records or s.reports or s.samples
    )


def _devices(ctx: ViewContext, conn: Read, now: dict[SourceId, SourceNow], unit: str) -> None:
    """Put the devices of a unit in place of all."""
    mine = [a for a in ctx.profile.assets if a.unit == unit and a.rhythm_s]
    states = cameras.states(conn, min(a.id for a in mine), max(a.id for a in mine)) if mine else {}
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    for asset in mine:
        counted[asset.source][states.get(asset.id, ("never", 0))[0]] += 1
    for source in ctx.profile.inputs:
        if source.id in now:
            n = counted[source.code]
            fresh, late, silent, never = (n[state] for state in ("fresh", "late", "silent", "never"))
            now[source.id] = now[source.id]._replace(fresh=fresh, late=late, silent=silent, never=never)


def build(ctx: ViewContext, unit: str = "") -> SourcesView:
    """The feeds at this instant; hours are of domain time, for real-time sources of real time. Of a unit: the
    feeds that tell something of it, with its own devices; what they send is counted as a whole."""
    usual, inputs = norms(ctx), of_unit(ctx, unit)
    with ctx.store.read() as conn:
        now = q.now(conn)
        if unit:
            _devices(ctx, conn, now, unit)
        hour = ctx.now_ms // HOUR_MS
        rows = q.hours(conn, hour - HOURS, hour + 1)
        real_hour = ctx.real_ms // HOUR_MS
        real_rows = rows if real_hour == hour else q.hours(conn, real_hour - HOURS, real_hour + 1)
        filling = loading.start(conn)
    whole = hour if filling is None else filling // HOUR_MS
    feeds = []
    for source in inputs:
        real = source.time == "real"
        table = real_rows if real else rows
        feeds.append(
            _feed(
                ctx,
                source,
                now.get(source.id),
                table[table[:, 1] == source.id],
                real_hour if real else hour,
                real_hour if real else whole,
                usual[source.id],
            )
        )
    feeds.sort(key=lambda f: (VERDICTS.index(f.verdict), f.source.id))
    doubtful = {code for f in feeds if f.verdict in ("silent", "wrong", "late") for code in f.source.feeds}
    bad = [f for f in feeds if f.verdict not in ("fresh", "never")]
    return SourcesView(
        feeds=tuple(feeds),
        timeliness=timeliness(now[s.id].state if s.id in now else None for s in inputs),
        counts={v: sum(f.verdict == v for f in feeds) for v in VERDICTS},
        doubtful=len(doubtful),
        worst=bad[0] if bad else None,
    )


def _feed(
    ctx: ViewContext,
    source: Source,
    now: SourceNow | None,
    rows: q.Ints,
    hour: int,
    whole: int,
    norm: Norm,
) -> Feed:
    """`whole`: the first hour whose past is still being brought in; nothing is judged by it."""
    hours = np.arange(hour - HOURS, hour)
    # "24 hours" of counts are the running hour and the 23 before it, on every page.
    day = rows[rows[:, 0] > hour - HOURS]
    counts = np.zeros(HOURS, dtype=np.int64)
    refused = np.zeros(HOURS, dtype=np.int64)
    at = rows[:, 0] - hours[0]
    past = at < HOURS
    counts[at[past]] = rows[past, 2]
    refused[at[past]] = rows[past, 4]
    local = hours + ctx.profile.utc_offset_s // 3600
    expected = norm.expected(local, workdays(local // 24))
    if source.calendar == "always":
        # A machine's rhythm is known; only what people send has to be learnt from its past.
        expected = np.where(np.isnan(expected) | (source.kind == "machine"), source.per_hour, expected)
    if not source.per_hour:  # no volume is promised: none is short
        expected = np.full(HOURS, np.nan)
    known = ~np.isnan(expected) & (hours > (norm.first_hour if norm.first_hour is not None else hour))
    known &= hours < whole
    total = float(expected[known].sum())
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(known & (expected > 0), counts / expected, np.nan)
    last = now.last if now is not None and now.last > 0 else None
    return Feed(
        source=source,
        verdict=_verdict(now, counts, refused, expected, known),
        since=None if now is None else last if now.state == "silent" and last else now.since,
        last=last,
        age_s=None if last is None else max(0.0, (ctx.now_of(source.code) - last) / 1000),
        events=int(day[:, 2].sum()),
        completeness=min(1.0, float(counts[known].sum()) / total) if total >= 1 else None,
        volume=tuple(None if np.isnan(r) else round(float(r), 3) for r in ratio),
        rejected=int(day[:, 4].sum()),
        duplicates=int(day[:, 3].sum()),
        late_events=int(day[:, 5].sum()),
        late=now.late if now else 0,
        silent=now.silent if now else 0,
        never=now.never if now else 0,
        fresh=now.fresh if now else 0,
        feeds=tuple(
            ctx.profile.indicator[code].name for code in source.feeds if code in ctx.profile.indicator
        ),
    )


def _verdict(
    now: SourceNow | None, counts: q.Ints, refused: q.Ints, expected: np.ndarray, known: np.ndarray
) -> SourceVerdict:
    if now is None or now.state == "never":
        return "never"
    if now.state == "silent":
        return "silent"
    bad, good = int(refused[-RECENT:].sum()), int(counts[-RECENT:].sum())
    if bad > WRONG_SHARE * (bad + good):
        return "wrong"
    if now.state == "late":
        return "late"
    recent = known[-RECENT:]
    usual = float(expected[-RECENT:][recent].sum())
    if recent.all() and short(int(counts[-RECENT:][recent].sum()), usual):
        return "missing"
    return "fresh"
