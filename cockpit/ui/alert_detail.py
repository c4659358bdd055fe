"""One alert in full: what, why, evidence, facts, what followed, what happened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from cockpit.domain.catalog import Rule
from cockpit.domain.numbers import AlertId
from cockpit.domain.registers import GAP, REQUEST
from cockpit.domain.text import plain
from cockpit.ui import (
    acknowledging,
    alert_actions,
    alert_history,
    alert_similar,
    figures,
    incoming_parts,
    links,
    request_ask,
    sheets,
    step_chart,
    why_parts,
)
from cockpit.ui.alert_parts import WORK
from cockpit.ui.alert_words import clears, close_reason, matter, matter_here, why
from cockpit.ui.amounts import unit_word
from cockpit.ui.components import sheet
from cockpit.ui.links import to
from cockpit.ui.marks import badge, escape, lower
from cockpit.ui.plain import mark, to_html
from cockpit.ui.status import PRIORITIES
from cockpit.ui.words import has, lang, t
from cockpit.views.alert import AlertDetail, Evidence, Logged
from cockpit.views.alerts import Alert

MACHINE = "engine"
"""The actor of what nobody did by hand."""


def detail(found: AlertDetail, now_ms: int) -> None:
    """Draw one alert into the current container."""
    sheet.draw(head(found), key="alert-head")
    alert, code = found.alert, alert_similar.code(found.alert.id)
    with st.container():  # a place that stays when it is empty: what follows keeps its own, and stays open
        acknowledging.draw(alert, code)
    with st.container():
        if not alert.reckoned:  # nobody was told of it, so nobody has anything to do about it
            request_ask.ask("alert", str(alert.id), alert.owner)
    if not alert.reckoned:
        alert_actions.draw(alert, code)
    why_parts.of_alert(alert)
    sheet.draw(body(found, now_ms, links.here()), key="alert-body")


def head(found: AlertDetail) -> str:
    """What it is about, and its marks: HTML."""
    alert = found.alert
    marks = [
        badge(f"{WORK[alert.state].glyph} {t(f'alerts.state_{alert.state}')}", WORK[alert.state].tone),
        badge(alert_similar.code(alert.id)),
        badge(escape(alert.place) if alert.place else t("alerts.province")),
    ]
    marks += [*incoming_parts.marks(alert), *alert_similar.marks(alert)]
    if alert.simulated:
        marks.append(badge(t("kind.simulated"), "violet"))
    title = f"{mark(PRIORITIES[alert.priority])}{to_html(escape(matter_here(alert)))}"
    return f"<h2>{title}</h2><p>{to_html(' '.join(marks))}</p>"


def body(found: AlertDetail, now_ms: int, query: Mapping[str, str]) -> str:
    """What belongs to it, why, what is known, what followed, what happened: HTML. `query` is what of the
    address its links take along."""
    alert = found.alert
    parts = []
    if alert.cause is not None:
        told = t("alerts.folded_into", code=alert_similar.code(alert.cause))
        parts.append(_link(to("alerts", query, id=str(alert.cause)), told))
    if alert.facts.get("entry"):
        parts.append(_entry(str(alert.facts["entry"]), query))
    rule, version = escape(alert.rule_name.get(lang())), alert.rule_version
    said = t("alerts.why", sentence=why(alert, found.rule), rule=rule, version=version)
    parts.append(f"<p>{to_html(said)}</p>")
    parts += [incoming_parts.body(alert), alert_similar.note(alert)]
    if alert.of_today:
        parts.append(sheets.quiet(t("alerts.of_today")))
    if found.evidence is not None:
        parts.append(evidence(found.evidence, f"evidence-{alert.id}", now_ms))
    parts.append(sheets.facts(_facts(found, now_ms), alt=t("alerts.facts_alt")))
    parts += [_symptoms(found.symptoms, alert.id, now_ms), alert_similar.similar(found, now_ms, query)]
    parts += [_log(found.log, alert.id, now_ms)]
    return "".join(parts)


def _entry(entry: str, query: Mapping[str, str]) -> str:
    """The way to the entry of a register that the alert is about."""
    kind, _, number = entry.partition("-")
    if kind == REQUEST:
        return _link(to("requests", query, id=number, view="all"), t("alerts.open_request"))
    if kind == GAP:
        return _link(to("gaps", query, id=number), t("requests.open_gap"))
    return _link(to("plans", query, id=entry), t("alerts.open_entry"))


def _link(address: str, label: str) -> str:
    return f'<p><a href="{address}">{to_html(label)}</a></p>'


def evidence(found: Evidence, key: str, now_ms: int) -> str:
    """Values of the last day as steps, with the threshold, and as a table: HTML."""
    if len(found.points) < 2:
        return sheets.quiet(t("alerts.evidence_none"))
    if found.kind == "metric" and found.metric is not None:
        name, unit = found.metric.get(lang()), unit_word(found.unit)
        if found.flag:
            title = t("alerts.evidence_flag", metric=lower(name))
        else:
            title = t("alerts.evidence_metric", metric=name, unit=unit) if unit else name
    else:
        title = t(f"alerts.evidence_{found.kind}")
    last = figures.number(found.points[-1][1], 1)
    label = (
        t("alerts.threshold", limit=figures.number(found.threshold, 1)) if found.threshold is not None else ""
    )
    alt = plain(t("alerts.evidence_alt", what=title, last=last))
    rows = [(figures.compact(ms, now_ms), figures.number(v, 1)) for ms, v in reversed(found.points)]
    heads = (t("alerts.col_hour"), escape(title))
    return (
        f"{sheets.quiet(escape(title))}"
        f"{step_chart.svg(found.points, found.threshold, label, alt=alt, language=lang())}"
        f"{sheets.fold(t('ui.as_table'), sheets.table(heads, rows, alt=alt, figures=True), key=key)}"
    )


def _facts(found: AlertDetail, now_ms: int) -> list[tuple[str, str]]:
    alert, rule, language = found.alert, found.rule, lang()
    since = figures.both(alert.since, now_ms)
    if alert.facts.get("last"):
        since = f"{since} · {t('alerts.last_record')}"
    pairs = [
        (t("alerts.fact_since"), since),
        (t("alerts.fact_known"), figures.both(alert.opened, now_ms)),
    ]
    if alert.closed is not None:
        ended = escape(close_reason(alert))
        pairs.append((t("alerts.fact_closed"), f"{figures.both(alert.closed, now_ms)} · {ended}"))
    pairs.append((t("alerts.fact_owner"), escape(alert.owner.get(language))))
    if alert.closed is None:
        left = figures.left(alert.due, now_ms)
        late = alert.due < now_ms
        pairs.append(
            (
                t("alerts.fact_due"),
                f"{figures.instant(alert.due, now_ms)} ({f':red[**{left}**]' if late else left})"
                f"{_counted(alert, rule)}",
            )
        )
    if found.next is not None:
        who, when = t(f"acting.to_{found.next.to}"), figures.instant(found.next.at, now_ms)
        pairs.append((t("alerts.fact_goes"), t("alerts.goes", who=who, when=when)))
    if rule is not None:
        pairs.append((t("alerts.fact_next"), escape(rule.next_step.get(language))))
        pairs.append((t("alerts.fact_clear"), clears(rule)))
    names = ", ".join(escape(name.get(language)) for name in found.affects)
    pairs.append((t("alerts.fact_affects"), names or t("alerts.affects_none")))
    if alert.ack_at is not None:
        key = "alerts.ack_note" if alert.ack_note else "alerts.ack_by"
        when = figures.instant(alert.ack_at, now_ms)
        told = t(key, who=escape(alert.ack_by), when=when, note=escape(alert.ack_note))
        if alert.ack_until is not None:
            told += f" · {t('alerts.ack_until', when=figures.instant(alert.ack_until, now_ms))}"
        pairs.append((t("alerts.fact_ack"), told))
    return pairs


def _counted(alert: Alert, rule: Rule | None) -> str:
    """From when the due time counts: when the cockpit knew, or when a rule that was off came back."""
    if rule is None:
        return ""
    known = alert.due == alert.opened + rule.respond_s * 1000
    key = "alerts.due_known" if known else "alerts.due_shown"
    return f" · {t(key, span=figures.span(rule.respond_s))}"


def _hidden(symptom: Alert) -> str:
    """What it is about; of one whose rule is off, that it is hidden elsewhere."""
    return f"{matter(symptom)} ({t('alerts.state_muted')})" if symptom.state == "muted" else matter(symptom)


def _symptoms(symptoms: Sequence[Alert], alert_id: AlertId, now_ms: int) -> str:
    label, key = t("alerts.tab_symptoms", n=len(symptoms)), f"symptoms-{alert_id}"
    if not symptoms:
        return sheets.quiet(t("alerts.symptoms_none"))
    heads = (t("alerts.col_matter"), t("alerts.col_place"), t("alerts.col_since"))
    rows = [(escape(_hidden(s)), escape(s.place), figures.compact(s.since, now_ms)) for s in symptoms]
    return sheets.fold(label, sheets.table(heads, rows, alt=t("alerts.symptoms_alt")), key=key)


def _log(entries: Sequence[Logged], alert_id: AlertId, now_ms: int) -> str:
    heads = tuple(t(f"alerts.col_{name}") for name in ("when", "what", "who", "note"))
    rows = [
        (
            figures.compact(entry.t, now_ms),
            t(f"log.{entry.what}") if has(f"log.{entry.what}") else escape(entry.what),
            t("alerts.machine") if entry.actor == MACHINE else escape(entry.actor),
            escape(alert_history.note(entry)),
        )
        for entry in entries
    ]
    told = sheets.table(heads, rows, alt=t("alerts.log_alt"))
    return sheets.fold(t("alerts.tab_log", n=len(entries)), told, key=f"log-{alert_id}")
