"""Alerts over HTTP: those of a state, and one in full."""

from __future__ import annotations

import json

from msgspec import structs
from starlette.requests import Request

from cockpit.domain.catalog import Rule
from cockpit.domain.instants import iso, iso_or_none
from cockpit.domain.numbers import AlertId
from cockpit.parts import Parts
from cockpit.store.alerts import Alert
from cockpit.store.queries import alerts as queries
from cockpit.store.queries import api as rows
from cockpit.views import alert as alert_view
from cockpit.views.alert import Evidence
from cockpit.views.context import ViewContext
from cockpit.views.desk import rules_then
from cockpit.web.answers.alerts import AlertAnswer, AlertEvidence, AlertInFull, Alerts, AlertStep
from cockpit.web.api_guard import Failure
from cockpit.web.api_params import MAX_LIMIT, Params

MOST = 2**53
"""No number is beyond it."""


class AlertReading:
    """Handlers that read."""

    def __init__(self, cockpit: Parts) -> None:
        self._cockpit = cockpit

    def listed(self, request: Request) -> Alerts:
        """Alerts that are open, those that are muted, or the latest that were closed. Symptoms name the alert
        that causes them."""
        p = Params(request, ("state", "limit"))
        state = p.choice("state", tuple(rows.ALERTS), "open")
        limit = p.whole("limit", 1, MAX_LIMIT, 1000)
        with self._cockpit.store.read() as conn:
            found = rows.alerts(conn, state=state, limit=limit)
            then = rules_then(conn, {row.born for row in found})
        return Alerts([self._answer(a, then.get(a.born)) for a in found])

    def one(self, request: Request) -> AlertInFull:
        """The alert of a number, open or closed."""
        number = int(request.path_params["id"])
        Params(request, ())
        c = self._cockpit
        ctx = ViewContext(c.store, c.profile, c.clock.domain_ms(), c.clock.real_ms(), c.demo is not None)
        found = alert_view.build(ctx, AlertId(number)) if abs(number) <= MOST else None
        if found is None:
            raise Failure(404, "no_such_alert", f"there is no alert {number}")
        with c.store.read() as conn:
            row = queries.one(conn, AlertId(number))
            then = rules_then(conn, {row.born}).get(row.born) if row else None
        if row is None:
            raise Failure(404, "no_such_alert", f"there is no alert {number}")
        return AlertInFull(
            **structs.asdict(self._answer(row, then)),
            symptoms=[a.id for a in found.symptoms],
            evidence=_evidence(found.evidence),
            escalates_to=found.next.to if found.next else None,
            escalates_at=iso(found.next.at) if found.next else None,
            history=[AlertStep(iso(e.t), e.actor, e.what, dict(e.data)) for e in reversed(found.log)],
        )

    def _answer(self, a: Alert, then: Rule | None) -> AlertAnswer:
        """As stored, with the rule of then; `of_today` where only today's is known."""
        rule = then or self._cockpit.profile.rule.get(a.rule)
        return AlertAnswer(
            id=a.id, key=a.key, rule=a.rule, rule_version=a.rule_version, priority=a.priority, asset=a.asset,
            source=a.source, indicator=a.indicator, unit=a.unit, owner=a.owner, owner_en=a.owner_en,
            simulated=bool(a.simulated), first_seen=iso(a.first_seen), opened=iso(a.opened),
            updated=iso(a.updated), due=iso(a.due), closed=iso_or_none(a.closed), close_reason=a.close_reason,
            value=a.value, peak=a.peak, facts=json.loads(a.facts), cause=a.cause, folded=a.folded,
            subject_kind=a.subject_kind, subject=a.subject, muted=a.muted or None, ack_by=a.ack_by,
            ack_at=iso_or_none(a.ack_at), ack_note=a.ack_note,
            ack_until=iso_or_none(a.ack_until), version=a.version,
            assigned=a.assigned or None, escalated=a.escalated or None, outcome=a.outcome or None,
            rule_name=rule.name if rule else None, next_step=rule.next_step if rule else None,
            of_today=then is None, reckoned=a.reckoned,
        )  # fmt: skip


def _evidence(found: Evidence | None) -> AlertEvidence | None:
    if found is None:
        return None
    points = [(iso(ms), value) for ms, value in found.points]
    return AlertEvidence(found.kind, found.unit, found.threshold, points)
