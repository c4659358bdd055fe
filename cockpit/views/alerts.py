"""The alert desk: causes by urgency, and the rules with their switches."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cockpit.domain import registers
from cockpit.domain.alerting import of_kept, owner_of
from cockpit.domain.catalog import Priority, Rule, Text
from cockpit.engine.kinds import KINDS
from cockpit.store.alerts import Alert as Row
from cockpit.store.handles import Read
from cockpit.store.queries import alerts as q
from cockpit.views.context import ViewContext

LIST_LIMIT = 200
"""Rows shown of one list; counts are of all."""

CLOSED_WINDOW_MS = 24 * 3600 * 1000


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert with the names that go with its codes. Times in ms on the clock of its source."""

    id: int
    rule: str
    rule_version: int
    rule_kind: str
    rule_name: Text
    next_step: Text
    of_today: bool  # the rule as it was when the alert opened is not known; what is said of it is today's
    metric: str
    priority: Priority
    subject: str  # code of what it is about
    subject_name: Text
    asset: str
    source: str
    indicator: str
    unit: str  # code, "" for the whole province
    place: str  # short name of the unit, "" for the whole province
    owner: Text
    simulated: bool
    folded: int
    cause: int | None
    first_seen: int  # when it first was bad, before `for` had passed
    opened: int
    due: int
    closed: int | None
    close_reason: str
    value: float | None
    peak: float | None
    facts: Mapping[str, object]
    ack_by: str
    ack_at: int | None
    ack_note: str
    version: int
    muted: str  # why it is hidden while it is open: `rule_off`, or ""
    real: bool  # its times are of the real clock, not of domain time

    @property
    def since(self) -> int:
        """Since when it is so (ms): what is silent, since it was last heard, however late that was seen."""
        last = self.facts.get("last")
        if not isinstance(last, int) or not last:
            return self.first_seen
        return min(last, self.first_seen)

    @property
    def over(self) -> bool:
        """Whether it is closed because its condition was over, and not only watched no longer."""
        return self.closed is not None and self.close_reason in ("", q.OVER)

    @property
    def state(self) -> str:
        """unack, ack, muted or closed."""
        if self.closed is not None:
            return "closed"
        if self.muted:
            return "muted"
        return "unack" if self.ack_at is None else "ack"


@dataclass(frozen=True, slots=True)
class RuleOff:
    """Who switched a rule off, why, and until when (ms)."""

    since: int
    until: int
    actor: str
    reason: str


@dataclass(frozen=True, slots=True)
class RuleState:
    """A rule, whether it is switched off, and how many alerts of it are open."""

    rule: Rule
    off: RuleOff | None
    open: int


@dataclass(frozen=True, slots=True)
class AlertsView:
    """All lists of the desk. `symptoms` counts open alerts that are folded into a cause."""

    waiting: tuple[Alert, ...]
    working: tuple[Alert, ...]
    hidden: tuple[Alert, ...]  # open and muted, folded ones too
    closed: tuple[Alert, ...]
    rules: tuple[RuleState, ...]
    n_waiting: int
    n_working: int
    n_hidden: int
    n_closed: int
    symptoms: int
    overdue: int
    oldest_waiting_s: float | None
    last_closed: int | None  # ms

    @property
    def muted(self) -> tuple[RuleState, ...]:
        """Rules that are off, the one that comes back first at the top."""
        return tuple(sorted((r for r in self.rules if r.off), key=lambda r: r.off.until if r.off else 0))


def build(ctx: ViewContext) -> AlertsView:
    """The desk at `ctx.now_ms`."""
    real = json.dumps([s.code for s in ctx.profile.sources if s.time == "real"])
    now = q.Instants(real, ctx.real_ms, ctx.now_ms)
    since = q.Instants(real, ctx.real_ms - CLOSED_WINDOW_MS, ctx.now_ms - CLOSED_WINDOW_MS)
    with ctx.store.read() as conn:
        waiting = q.causes(conn, acknowledged=False, limit=LIST_LIMIT)
        working = q.causes(conn, acknowledged=True, limit=LIST_LIMIT)
        hidden = q.muted(conn, LIST_LIMIT)
        closed = q.closed_since(conn, since, LIST_LIMIT)
        counted = q.counts(conn)
        n_closed = q.closed_count(conn, since)
        overdue = q.overdue(conn, now)
        last_closed = q.last_closed(conn)
        to_take = named(ctx, conn, waiting)
        taken, hidden_, ended = (named(ctx, conn, rows) for rows in (working, hidden, closed))
        off = {m.rule: RuleOff(m.since, m.until, m.actor, m.reason) for m in q.rules_off(conn, ctx.now_ms)}
        per_rule = q.open_by_rule(conn)
    return AlertsView(
        waiting=to_take,
        working=taken,
        hidden=hidden_,
        closed=ended,
        rules=tuple(RuleState(r, off.get(r.code), per_rule.get(r.code, 0)) for r in ctx.profile.rules),
        n_waiting=counted.waiting,
        n_working=counted.open - counted.waiting,
        n_hidden=counted.muted,
        n_closed=n_closed.over + n_closed.unwatched,
        symptoms=counted.symptoms,
        overdue=overdue,
        oldest_waiting_s=max(((ctx.now_of(a.source) - a.since) / 1000 for a in to_take), default=None),
        last_closed=last_closed,
    )


def named(ctx: ViewContext, conn: Read, rows: Sequence[Row]) -> tuple[Alert, ...]:
    """Stored alerts with the names that go with their codes, of the rules as they were when each opened."""
    then = rules_then(conn, rows)
    return tuple(_named(ctx, row, then.get(row.born)) for row in rows)


def rules_then(conn: Read, rows: Sequence[Row]) -> dict[str, Rule]:
    """The rules that alerts were born under, by digest; without those that nobody can read any more."""
    bodies = q.rules_kept(conn, {row.born for row in rows})
    found = ((digest, of_kept(body)) for digest, body in bodies.items())
    return {digest: rule for digest, rule in found if rule is not None and rule.kind in KINDS}


def _named(ctx: ViewContext, row: Row, then: Rule | None) -> Alert:
    """An alert with its names; a code nobody knows stands for itself."""
    profile = ctx.profile
    rule = then or profile.rule.get(row.rule)
    unit = profile.unit.get(row.unit)
    subject = row.subject
    if row.asset in profile.asset:
        name = profile.asset[row.asset].name
        shown = Text(name, name)
    elif row.indicator in profile.indicator:
        shown = profile.indicator[row.indicator].name
    elif row.subject_kind in registers.KINDS:
        subject = registers.code_of(row.subject_kind, row.subject)
        shown = Text(subject, subject)
    elif not row.asset and row.source in profile.source:
        shown = profile.source[row.source].name
    else:
        shown = Text(subject, subject)
    return Alert(
        id=row.id,
        rule=row.rule,
        rule_version=row.rule_version,
        rule_kind=rule.kind if rule else "",
        rule_name=rule.name if rule else Text(row.rule, row.rule),
        metric=rule.metric if rule else "",
        priority=row.priority,
        subject=subject,
        subject_name=shown,
        asset=row.asset,
        source=row.source,
        indicator=row.indicator,
        unit=row.unit,
        place=unit.short if unit else "",
        owner=_owner(ctx, row, rule),
        next_step=rule.next_step if rule else Text("", ""),
        of_today=then is None,
        simulated=bool(row.simulated),
        folded=row.folded,
        cause=row.cause,
        first_seen=row.first_seen,
        opened=row.opened,
        due=row.due,
        closed=row.closed,
        close_reason=row.close_reason or "",
        value=row.value,
        peak=row.peak,
        facts=json.loads(row.facts),
        ack_by=row.ack_by or "",
        ack_at=row.ack_at,
        ack_note=row.ack_note or "",
        version=row.version,
        muted=row.muted,
        real=row.source in profile.source and profile.source[row.source].time == "real",
    )


def _owner(ctx: ViewContext, row: Row, rule: Rule | None) -> Text:
    """Who had to act when it opened. Of alerts from before both languages were kept: by today's rule."""
    if row.owner_en:
        return Text(row.owner, row.owner_en)
    if rule is None:
        return Text(row.owner, row.owner)
    return owner_of(rule, ctx.profile.source.get(row.source))
