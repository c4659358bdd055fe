"""One alert in full: its evidence, its symptoms, its log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from cockpit.domain.alerting.escalation import Next, following, steps_of
from cockpit.domain.catalog import Rule, Text
from cockpit.domain.numbers import AlertId
from cockpit.domain.periods import HOUR_MS
from cockpit.engine.kinds import kind_of
from cockpit.engine.kinds.kind import Count, Hourly
from cockpit.store.queries import alerts as q
from cockpit.store.queries import escalation as escalation_queries
from cockpit.store.queries import sources as source_queries
from cockpit.views.alerts import Alert, named
from cockpit.views.context import ViewContext
from cockpit.views.desk import rules_then
from cockpit.views.hours import hours_of
from cockpit.views.norms import norms

SYMPTOM_LIMIT = 200
LOG_LIMIT = 100
SIMILAR_LIMIT = 8
HOURS = 24

COUNTED: dict[Count, tuple[int, ...]] = {
    "events": (2,),
    "repeats": (3,),
    "refused": (4,),
    "late": (5,),
    "arrivals": (2, 3, 4),
}
"""Columns of the counts of feeds by the hour that make each."""


@dataclass(frozen=True, slots=True)
class Logged:
    """A line of an alert's log."""

    t: int
    what: str
    actor: str
    data: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Values of the last 24 hours: (start of the hour in ms, value), oldest first.

    `presence`: per cent of the expected events; `metric`: hourly means in `unit`; `events`: events an hour,
    `late`: of these, later than the feed's limit; `repeats`: known already; `refused`: not taken;
    `arrivals`: all that came.
    """

    kind: Literal["presence", "metric", "events", "late", "repeats", "refused", "arrivals"]
    metric: Text | None
    unit: str
    points: tuple[tuple[int, float], ...]
    threshold: float | None
    flag: bool = False  # a metric that is yes or no: per cent of the time it was yes


@dataclass(frozen=True, slots=True)
class AlertDetail:
    """One alert with what belongs to it; `rule`: as it was when the alert opened, None if nobody knows it."""

    alert: Alert
    rule: Rule | None
    affects: tuple[Text, ...]  # names of the indicators that depend on its source
    evidence: Evidence | None
    symptoms: tuple[Alert, ...]
    log: tuple[Logged, ...]
    next: Next | None  # to whom it goes if nobody acknowledges it
    similar: tuple[Alert, ...] = ()  # that have closed: on the same matter first, then of the same rule


def build(ctx: ViewContext, alert_id: AlertId) -> AlertDetail | None:
    """One alert, or None if there is none with this id."""
    with ctx.store.read() as conn:
        row = q.one(conn, alert_id)
        if row is None:
            return None
        alert, *symptoms = named(ctx, conn, [row, *q.symptoms(conn, alert_id, SYMPTOM_LIMIT)])
        similar = named(ctx, conn, q.similar(conn, row, SIMILAR_LIMIT))
        log = q.log(conn, alert_id, LOG_LIMIT)
        waits = escalation_queries.waits(conn, [alert_id])
        rule = rules_then(conn, {row.born}).get(row.born, ctx.profile.rule.get(row.rule))
    source = ctx.profile.source.get(alert.source)
    feeds = source.feeds if source else ()
    return AlertDetail(
        alert=alert,
        rule=rule,
        affects=tuple(ctx.profile.indicator[c].name for c in feeds if c in ctx.profile.indicator),
        evidence=_evidence(ctx, alert, rule),
        symptoms=tuple(symptoms),
        log=tuple(Logged(e.t, e.what, e.actor, e.data) for e in log),
        next=_next(ctx, alert, waits[0].since) if waits else None,
        similar=similar,
    )


def _next(ctx: ViewContext, alert: Alert, since: int) -> Next | None:
    """What comes if it goes on waiting; None where it does not, or nothing comes."""
    if alert.state != "unack" or alert.cause is not None:
        return None
    steps = steps_of(ctx.profile.rule.get(alert.rule), alert.priority, ctx.profile.escalation)
    return following(steps, alert.escalated, since)


def _evidence(ctx: ViewContext, alert: Alert, rule: Rule | None) -> Evidence | None:
    if alert.asset in ctx.profile.asset:
        return _of_asset(ctx, alert, rule)
    hourly = _hourly(rule)
    if hourly and alert.source in ctx.profile.source and not alert.indicator:
        return _of_source(ctx, alert.source, hourly)
    return None


def _hourly(rule: Rule | None) -> Hourly:
    """What an alert about a feed shows by the hour, "" where it is about none."""
    return kind_of(rule).hourly if rule is not None else "events"


def _of_asset(ctx: ViewContext, alert: Alert, rule: Rule | None) -> Evidence | None:
    asset = ctx.profile.asset[alert.asset]
    now = ctx.now_of(asset.source)
    hours = hours_of(ctx, asset.id, now, HOURS)
    metric = ctx.profile.metric.get(alert.metric)
    if metric is not None and metric.id in hours.metrics:
        n, total = hours.metrics[metric.id][0], hours.metrics[metric.id][1]
        scale = 0.01 if metric.flag else metric.scale
        points = tuple(
            (int(t), float(s / c / scale)) for t, c, s in zip(hours.starts, n, total, strict=True) if c
        )
        if metric.flag:
            return Evidence("metric", metric.name, "%", points, None, flag=True)
        limit = rule.raise_at if rule is not None and kind_of(rule).limits_values else None
        return Evidence("metric", metric.name, metric.unit, points, limit)
    if asset.rhythm_s <= 0 or not (hours.metrics or hours.before):
        return None
    passed = now % HOUR_MS / 1000
    shares = hours.presence(asset.rhythm_s, passed) * 100
    known = [(int(t), float(v)) for t, v in zip(hours.starts, shares, strict=True) if v == v]
    return Evidence("presence", None, "%", tuple(known), None)


def _of_source(ctx: ViewContext, code: str, kind: Count) -> Evidence:
    source = ctx.profile.source[code]
    hour = ctx.now_of(code) // HOUR_MS
    with ctx.store.read() as conn:
        rows = source_queries.hours(conn, hour - HOURS + 1, hour + 1)
    counts = {int(r[0]): float(sum(r[c] for c in COUNTED[kind])) for r in rows if r[1] == source.id}
    # Hours before its first event are not empty ones: the source was not there yet.
    began = norms(ctx)[source.id].first_hour
    first = hour - HOURS + 1
    if began is None:
        first = min((h for h, n in counts.items() if n), default=hour + 1)
    points = tuple((h * HOUR_MS, counts.get(h, 0.0)) for h in range(max(first, began or 0), hour + 1))
    return Evidence(kind, None, "", points, None)
