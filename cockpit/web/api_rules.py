"""Rules over HTTP: all of them, and why one fires on a subject or is quiet."""

from __future__ import annotations

from typing import Literal

from starlette.requests import Request

from cockpit.domain.alerting.subjects import ASSET, INDICATOR, SOURCE, UNIT
from cockpit.domain.catalog import Rule
from cockpit.domain.instants import iso, iso_or_none
from cockpit.domain.registers import KINDS
from cockpit.engine.why import subject_of, watched
from cockpit.parts import Parts
from cockpit.profiles import Profile
from cockpit.store.queries import alerts as queries
from cockpit.store.rows import Off
from cockpit.views import why
from cockpit.views.context import ViewContext
from cockpit.views.why import LEVELS
from cockpit.web.answers.rules import (
    RuleAnswer,
    RulesAnswer,
    RuleSelector,
    RuleSwitch,
    WhyAnswer,
    WhyHidden,
    WhyPart,
)
from cockpit.web.api_params import BadParameter, Params

Group = Literal["device", "feed", "indicator", "register"]
GROUPS: dict[str, Group] = {ASSET: "device", SOURCE: "feed", INDICATOR: "indicator", UNIT: "indicator"}
SUBJECTS = "the code of an asset, a source, an indicator or a unit, or an entry of a register such as gap-12"


class RuleReading:
    """Handlers that read."""

    def __init__(self, cockpit: Parts) -> None:
        self._cockpit = cockpit

    def listed(self, request: Request) -> RulesAnswer:
        """Every rule as it is now."""
        Params(request, ())
        c = self._cockpit
        now = c.clock.domain_ms()
        with c.store.read() as conn:
            off = {one.rule: one for one in queries.rules_off(conn, now) if one.since <= now}
            opened = queries.open_by_rule(conn)
        return RulesAnswer(
            [_rule(c.profile, r, off.get(r.code), opened.get(r.code, 0)) for r in c.profile.rules]
        )

    def why(self, request: Request) -> WhyAnswer:
        """Where a rule stands on a subject, in words and in numbers."""
        c = self._cockpit
        p = Params(request, ("subject", "rule"))
        rule, code = p.of("rule", c.profile.rule), p.text("subject")
        subject = subject_of(c.profile, code) if code else None
        if subject is None:
            raise BadParameter("subject", code, SUBJECTS)
        ctx = ViewContext(c.store, c.profile, c.clock.domain_ms(), c.clock.real_ms(), c.demo is not None)
        found = why.build(ctx, rule, subject)
        # Not at the start: sentences are of the pages, and whoever serves no page loads nothing of them.
        from cockpit.ui import why_words

        return WhyAnswer(
            rule=rule.code,
            version=rule.version,
            kind=rule.kind,
            subject_kind=found.subject_kind,
            subject=found.subject,
            subject_name=found.subject_name,
            state=found.state,
            firing=found.alert is not None,
            level=found.level,
            at=iso_or_none(found.at),
            value=found.value,
            op=rule.op,
            raise_at=rule.raise_at,
            clear_at=rule.clear_at,
            for_s=rule.for_s,
            keep_s=rule.keep_s,
            since=iso_or_none(found.since),
            left_s=found.left_s,
            figure=found.figure or None,
            alert=found.alert.id if found.alert else None,
            cause=found.cause.id if found.cause else None,
            hidden=[WhyHidden(m.what, m.actor, m.reason, iso(m.until)) for m in found.hidden],
            parts=[WhyPart(part.rule.code, LEVELS[part.level]) for part in found.parts],
            facts=dict(found.facts),
            sentence=why_words.as_text(found, c),
        )


def _rule(profile: Profile, rule: Rule, off: Off | None, opened: int) -> RuleAnswer:
    subjects = watched(profile, rule)
    return RuleAnswer(
        code=rule.code,
        version=rule.version,
        group=GROUPS.get(subjects[0].kind, "device") if subjects else _unseen(rule),
        kind=rule.kind,
        selector=RuleSelector(rule.asset_kind, rule.metric, rule.each_unit, list(rule.of), len(subjects)),
        op=rule.op,
        raise_at=rule.raise_at,
        clear_at=rule.clear_at,
        least=rule.least,
        span_s=rule.span_s,
        by=rule.by,
        weeks=rule.weeks,
        for_s=rule.for_s,
        keep_s=rule.keep_s,
        priority=rule.priority,
        respond_s=rule.respond_s,
        name=rule.name,
        about=rule.about,
        owner=rule.owner,
        next_step=rule.next_step,
        cause=rule.cause,
        announce=rule.announce,
        detects=list(rule.detects),
        on=off is None,
        off=None if off is None else RuleSwitch(iso(off.since), iso(off.until), off.actor, off.reason),
        open=opened,
    )


def _unseen(rule: Rule) -> Group:
    """What a rule is about of whose kind nothing is there that stays."""
    return "register" if rule.metric in KINDS else "device"
