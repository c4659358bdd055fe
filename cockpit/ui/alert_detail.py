"""One alert in full: what, why, evidence, facts, what followed, what happened."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import streamlit as st

from cockpit.domain.catalog import Rule
from cockpit.domain.numbers import AlertId
from cockpit.domain.registers import REQUEST
from cockpit.ui import acknowledging, alert_actions, alert_history, charts, figures, nav, request_ask, tables
from cockpit.ui.alert_parts import WORK
from cockpit.ui.alert_words import clears, close_reason, matter, matter_here, why
from cockpit.ui.amounts import unit_word
from cockpit.ui.marks import badge, escape, icon, lower, quiet
from cockpit.ui.status import PRIORITIES
from cockpit.ui.words import has, lang, t
from cockpit.views.alert import AlertDetail, Evidence, Logged
from cockpit.views.alerts import Alert

MACHINE = "engine"
"""The actor of what nobody did by hand."""


def detail(found: AlertDetail, now_ms: int) -> None:
    """Draw one alert into the current container."""
    alert = found.alert
    look = PRIORITIES[alert.priority]
    code = t("alerts.code", id=str(alert.id))
    place = escape(alert.place) if alert.place else t("alerts.province")
    marks = [
        badge(f"{WORK[alert.state].glyph} {t(f'alerts.state_{alert.state}')}", WORK[alert.state].tone),
        badge(code),
        badge(place),
    ]
    if alert.simulated:
        marks.append(badge(t("kind.simulated"), "violet", "science"))
    st.markdown(
        f"## {icon(look.icon, look.tone)} {escape(matter_here(alert))}\n\n{' '.join(marks)}", anchors=False
    )
    acknowledging.draw(alert, code)
    request_ask.ask("alert", str(alert.id), alert.owner)
    alert_actions.draw(alert, code)
    if alert.cause is not None:
        cause = t("alerts.code", id=str(alert.cause))
        nav.link("alerts", t("alerts.folded_into", code=cause), icon="merge", params={"id": str(alert.cause)})
    if alert.facts.get("entry"):
        _entry(str(alert.facts["entry"]))
    st.markdown(
        t(
            "alerts.why",
            sentence=why(alert, found.rule),
            rule=escape(alert.rule_name.get(lang())),
            version=alert.rule_version,
        )
    )
    if alert.of_today:
        st.markdown(quiet(t("alerts.of_today")))
    if found.evidence is not None:
        evidence(found.evidence, f"evidence-{alert.id}")
    tables.facts(_facts(found, now_ms), alt=t("alerts.facts_alt"))
    below = [t("alerts.tab_symptoms", n=len(found.symptoms)), t("alerts.tab_log", n=len(found.log))]
    symptoms, log = st.tabs(below, key=f"alert-tabs-{alert.id}")
    with symptoms:
        _symptoms(found.symptoms, alert.id)
    with log:
        _log(found.log, alert.id)


def _entry(entry: str) -> None:
    """The way to the entry of a register that the alert is about."""
    kind, _, number = entry.partition("-")
    if kind == REQUEST:
        nav.link("requests", t("alerts.open_request"), icon="forum", params={"id": number, "view": "all"})
    else:
        nav.link("plans", t("alerts.open_entry"), icon="checklist", params={"id": entry})


def evidence(found: Evidence, key: str) -> None:
    """Values of the last day as steps, with the threshold."""
    if len(found.points) < 2:
        st.markdown(quiet(t("alerts.evidence_none")))
        return
    if found.kind == "metric" and found.metric is not None:
        name, unit = found.metric.get(lang()), unit_word(found.unit)
        if found.flag:
            title = t("alerts.evidence_flag", metric=lower(name))
        else:
            title = t("alerts.evidence_metric", metric=name, unit=unit) if unit else name
    else:
        title = t(f"alerts.evidence_{found.kind}")
    last = figures.number(found.points[-1][1], 1)
    table = pa.table({"t": [figures.naive(ms) for ms, _ in found.points], "v": [v for _, v in found.points]})
    label = (
        t("alerts.threshold", limit=figures.number(found.threshold, 1)) if found.threshold is not None else ""
    )
    st.markdown(quiet(escape(title)))
    alt = t("alerts.evidence_alt", what=title, last=last)
    charts.draw(table, charts.steps(lang(), found.threshold, label), key=key, alt=alt)
    tables.twin(
        tables.arrow(
            {
                "hour": [figures.naive(ms) for ms, _ in reversed(found.points)],
                "value": [figures.number(v, 1) for _, v in reversed(found.points)],
            }
        ),
        {
            "hour": tables.instant_column(t("alerts.col_hour"), 120),
            "value": tables.text_column(title, 330, right=True),
        },
        key=f"{key}-twin",
        alt=alt,
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
    if rule is not None:
        pairs.append((t("alerts.fact_next"), escape(rule.next_step.get(language))))
        pairs.append((t("alerts.fact_clear"), clears(rule)))
    names = ", ".join(escape(name.get(language)) for name in found.affects)
    pairs.append((t("alerts.fact_affects"), names or t("alerts.affects_none")))
    if alert.ack_at is not None:
        key = "alerts.ack_note" if alert.ack_note else "alerts.ack_by"
        when = figures.instant(alert.ack_at, now_ms)
        pairs.append(
            (t("alerts.fact_ack"), t(key, who=escape(alert.ack_by), when=when, note=escape(alert.ack_note)))
        )
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


def _symptoms(symptoms: Sequence[Alert], alert_id: AlertId) -> None:
    if not symptoms:
        st.markdown(quiet(t("alerts.symptoms_none")))
        return
    table = tables.arrow(
        {
            "matter": [_hidden(s) for s in symptoms],
            "place": [s.place for s in symptoms],
            "since": [figures.naive(s.since) for s in symptoms],
        }
    )
    columns = {
        "matter": tables.text_column(t("alerts.col_matter")),
        "place": tables.text_column(t("alerts.col_place"), 110),
        "since": tables.instant_column(t("alerts.col_since")),
    }
    tables.show(
        table,
        columns,
        key=f"symptoms-{alert_id}",
        alt=t("alerts.symptoms_alt"),
        height=_height(len(symptoms)),
    )


def _log(entries: Sequence[Logged], alert_id: AlertId) -> None:
    table = tables.arrow(
        {
            "when": [figures.naive(e.t) for e in entries],
            "what": [t(f"log.{e.what}") if has(f"log.{e.what}") else e.what for e in entries],
            "who": [t("alerts.machine") if e.actor == MACHINE else e.actor for e in entries],
            "note": [alert_history.note(e) for e in entries],
        }
    )
    columns = {
        "when": tables.instant_column(t("alerts.col_when")),
        "what": tables.text_column(t("alerts.col_what")),
        "who": tables.text_column(t("alerts.col_who")),
        "note": tables.text_column(t("alerts.col_note")),
    }
    tables.show(table, columns, key=f"log-{alert_id}", alt=t("alerts.log_alt"), height=_height(len(entries)))


def _height(rows: int) -> int | None:
    return 220 if rows > 5 else None
