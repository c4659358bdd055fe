"""The alert desk: causes by urgency, and the rules with their switches."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import msgspec

from cockpit.domain.alerting.subjects import INCOMING
from cockpit.domain.catalog import Priority, Rule, Text
from cockpit.domain.numbers import AlertId
from cockpit.store.alerts import Alert as AlertRow
from cockpit.store.handles import Read
from cockpit.store.queries import alerts as q
from cockpit.views.context import ViewContext
from cockpit.views.desk import (
    Desk,
    Row,
    desk,
    instants,
    kind_of_asset,
    owner_then,
    rules_then,
    subject_of,
    within,
)
from cockpit.views.muting import Muting, ledger

LIST_LIMIT = 200
"""Alerts shown of what is hidden or closed; counts are of all, and open causes are all shown."""

CLOSED_WINDOW_MS = 24 * 3600 * 1000


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert with the names that go with its codes. Times in ms on the clock of its source."""

    id: AlertId
    rule: str
    rule_version: int
    rule_kind: str
    rule_name: Text
    about: Text | None  # a sentence with {subject}; None where its rule has none
    next_step: Text
    of_today: bool  # the rule as it was when the alert opened is not known; what is said of it is today's
    metric: str
    priority: Priority
    subject: str  # code of what it is about
    subject_name: Text
    kind: Text | None  # of thing: camera, power feeder
    asset: str
    source: str
    indicator: str
    unit: str  # code, "" for the whole province
    place: str  # short name of the unit, "" for the whole province
    owner: Text
    simulated: bool
    folded: int
    cause: AlertId | None
    first_seen: int  # when it first was bad, before `for` had passed
    opened: int
    due: int
    closed: int | None
    close_reason: str
    value: float | None
    peak: float | None
    facts: Annotated[Mapping[str, Any], msgspec.Meta(description="The figures that explain it, by name.")]
    ack_by: str
    ack_at: int | None
    ack_note: str
    ack_until: int | None
    version: int
    muted: str  # why it is hidden while it is open: a kind of mute, or ""
    assigned: str  # code of the unit or department that has it
    escalated: str  # the role it was brought to
    outcome: str  # what somebody said last of how it ended
    real: bool  # its times are of the real clock, not of domain time
    subject_kind: str = ""  # what it is about: asset, source, indicator, unit, incoming, or a register

    @property
    def since(self) -> int:
        """Since when it is so (ms): what is silent, since it was last heard, however late that was seen."""
        last = self.facts.get("last")
        if not isinstance(last, int) or not last:
            return self.first_seen
        return min(last, self.first_seen)

    @property
    def reckoned(self) -> bool:
        """Whether nobody watched: it was found afterwards in the roll-ups of a demo's past."""
        return self.id < 0

    @property
    def stale(self) -> bool:
        """Whether another system sent it and does not repeat it any more: nobody knows whether it is over."""
        return self.subject_kind == INCOMING and self.closed is None and "stale" in self.facts

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

    desk: Desk
    hidden: tuple[Alert, ...]  # open and muted, folded ones too
    closed: tuple[Alert, ...]
    rules: tuple[RuleState, ...]
    ledger: tuple[Muting, ...]  # what is muted, the one that ends first at the top
    n_hidden: int
    n_closed: int
    symptoms: int
    overdue: int
    oldest_waiting_s: float | None
    last_closed: int | None  # ms

    @property
    def waiting(self) -> tuple[Row, ...]:
        """Open causes that nobody has acknowledged, by urgency."""
        return self.desk.waiting

    @property
    def working(self) -> tuple[Row, ...]:
        """Open causes that somebody has acknowledged, by urgency."""
        return self.desk.working

    @property
    def n_waiting(self) -> int:
        return len(self.desk.waiting)

    @property
    def n_working(self) -> int:
        return len(self.desk.working)

    @property
    def muted(self) -> tuple[RuleState, ...]:
        """Rules that are off, the one that comes back first at the top."""
        return tuple(sorted((r for r in self.rules if r.off), key=lambda r: r.off.until if r.off else 0))


def build(ctx: ViewContext, unit: str = "") -> AlertsView:
    """The desk at `ctx.now_ms`; of a unit: what lies in it or is its own, but all rules and mutes."""
    since = instants(ctx, CLOSED_WINDOW_MS)
    here = q.Within(unit, ctx.profile.unit[unit].name) if unit else q.EVERYWHERE
    with ctx.store.read() as conn:
        found = desk(ctx, conn)
        if unit:
            found = within(found, unit, q.numbers_in(conn, here))
        hidden = q.muted(conn, LIST_LIMIT, here)
        closed = q.closed_since(conn, since, LIST_LIMIT, here)
        counted = q.counts(conn, here)
        n_closed = q.closed_count(conn, since, here)
        last_closed = q.last_closed(conn, here)
        hidden_, ended = (named(ctx, conn, rows) for rows in (hidden, closed))
        off = {m.rule: RuleOff(m.since, m.until, m.actor, m.reason) for m in q.rules_off(conn, ctx.now_ms)}
        per_rule = q.open_by_rule(conn)
        muted = ledger(ctx, conn)
    domain, real = found.oldest
    waited = [now - since for now, since in ((ctx.now_ms, domain), (ctx.real_ms, real)) if since is not None]
    return AlertsView(
        desk=found,
        hidden=hidden_,
        closed=ended,
        rules=tuple(RuleState(r, off.get(r.code), per_rule.get(r.code, 0)) for r in ctx.profile.rules),
        ledger=muted,
        n_hidden=counted.muted,
        n_closed=n_closed,
        symptoms=counted.symptoms,
        overdue=found.overdue(ctx),
        oldest_waiting_s=max(waited) / 1000 if waited else None,
        last_closed=last_closed,
    )


def named(ctx: ViewContext, conn: Read, rows: Sequence[AlertRow]) -> tuple[Alert, ...]:
    """Stored alerts with the names that go with their codes, of the rules as they were when each opened."""
    then = rules_then(conn, {row.born for row in rows})
    return tuple(_named(ctx, row, then.get(row.born)) for row in rows)


def _named(ctx: ViewContext, row: AlertRow, then: Rule | None) -> Alert:
    """An alert with its names; a code nobody knows stands for itself."""
    profile = ctx.profile
    rule = then or profile.rule.get(row.rule)
    unit = profile.unit.get(row.unit)
    facts = json.loads(row.facts)
    subject, shown = subject_of(profile, row, facts.get("name"))
    return Alert(
        id=row.id,
        rule=row.rule,
        rule_version=row.rule_version,
        rule_kind=rule.kind if rule else "",
        rule_name=rule.name if rule else Text(row.rule, row.rule),
        about=rule.about if rule else None,
        metric=rule.metric if rule else "",
        priority=row.priority,
        subject=subject,
        subject_name=shown,
        kind=kind_of_asset(profile, row.asset),
        asset=row.asset,
        source=row.source,
        indicator=row.indicator,
        unit=row.unit,
        place=unit.short if unit else "",
        owner=owner_then(profile, row.owner, row.owner_en, row.source, rule),
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
        facts=facts,
        ack_by=row.ack_by or "",
        ack_at=row.ack_at,
        ack_note=row.ack_note or "",
        ack_until=row.ack_until,
        version=row.version,
        muted=row.muted,
        assigned=row.assigned,
        escalated=row.escalated,
        outcome=row.outcome,
        real=row.source in profile.source and profile.source[row.source].time == "real",
        subject_kind=row.subject_kind,
    )
