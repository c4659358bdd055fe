"""Parts of the alert desk: verdict, list, and one alert in full."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import streamlit as st

from cockpit.domain.catalog import Rule
from cockpit.ui import charts, figures, people, tables
from cockpit.ui.act import act
from cockpit.ui.context import cockpit
from cockpit.ui.marks import badge, escape, icon, lines, quiet
from cockpit.ui.pick import pick, search_key
from cockpit.ui.status import PRIORITIES, Look
from cockpit.ui.words import has, lang, t
from cockpit.views.alert import AlertDetail, Entry, Evidence
from cockpit.views.alerts import Alert, AlertsView

WORK = {
    "unack": Look("radio_button_unchecked", "○", "", "", "gray"),
    "ack": Look("person_check", "◆", "", "", "blue"),
    "closed": Look("check", "✓", "", "", "gray"),
}


def verdict(view: AlertsView, now_ms: int) -> str:
    """The first line of the page, and under it what it leaves out."""
    parts = []
    if view.n_waiting and view.oldest_waiting is not None:
        span = figures.span((now_ms - view.oldest_waiting) / 1000)
        parts.append(t("alerts.verdict_waiting", n=view.n_waiting, span=span))
    elif view.n_working:
        parts.append(t("alerts.verdict_working", n=view.n_working))
    if view.overdue:
        parts.append(t("alerts.verdict_overdue", n=view.overdue))
    if not parts:
        head = f"# {icon('task_alt', 'green')} {t('alerts.verdict_none')}"
        last = view.last_closed
        told = (
            t("alerts.last_closed", when=figures.instant(last, now_ms)) if last else t("alerts.none_closed")
        )
        return f"{head}\n\n{quiet(told)}"
    urgent = view.overdue or any(a.priority in ("critical", "high") for a in view.waiting)
    tone = (
        ("report", "red") if urgent else ("warning", "orange") if view.n_waiting else ("person_check", "blue")
    )
    text = f"# {icon(*tone)} {' · '.join(parts)}"
    return f"{text}\n\n{quiet(t('alerts.symptoms', n=view.symptoms))}" if view.symptoms else text


def matter(alert: Alert) -> str:
    """What it is about in one line."""
    language = lang()
    return t("alerts.matter", rule=alert.rule_name.get(language), subject=alert.subject_name.get(language))


def matching(alerts: Sequence[Alert], query: str) -> list[Alert]:
    """Alerts that hold every word of the query, diacritics aside."""
    wanted = search_key(query).split()
    if not wanted:
        return list(alerts)
    language = lang()

    def text(a: Alert) -> str:
        return search_key(f"CB-{a.id} {matter(a)} {a.subject} {a.place} {a.owner.get(language)} {a.ack_by}")

    return [a for a in alerts if all(word in text(a) for word in wanted)]


def listing(alerts: Sequence[Alert], *, closed: bool, key: str) -> str | None:
    """The list; returns the id of the chosen alert."""
    language = lang()
    priorities = {p: t(f"priority.{p}") for p in PRIORITIES}
    states = {s: t(f"alerts.state_{s}") for s in WORK}
    table = tables.arrow(
        {
            "priority": [tables.badge(PRIORITIES[a.priority], priorities[a.priority]) for a in alerts],
            "matter": [matter(a) for a in alerts],
            "place": [a.place or t("alerts.province") for a in alerts],
            "folded": pa.array([a.folded for a in alerts], pa.int64()).to_pylist(),
            "state": [tables.badge(WORK[a.state], states[a.state]) for a in alerts],
            "since": [figures.naive(a.opened) for a in alerts],
            "due": [figures.naive((a.closed or a.due) if closed else a.due) for a in alerts],
            "owner": [a.owner.get(language) for a in alerts],
        }
    )
    columns = {
        "priority": tables.badge_column(
            t("alerts.col_priority"), {priorities[p]: look for p, look in PRIORITIES.items()}, 112
        ),
        "matter": tables.text_column(t("alerts.col_matter"), 280),
        "place": tables.text_column(t("alerts.col_place"), 110),
        "folded": tables.number_column(t("alerts.col_folded"), 56),
        "state": tables.badge_column(
            t("alerts.col_state"), {states[s]: look for s, look in WORK.items()}, 136
        ),
        "since": tables.instant_column(t("alerts.col_since"), 100),
        "due": tables.instant_column(t("alerts.col_closed" if closed else "alerts.col_due"), 100),
        "owner": tables.text_column(t("alerts.col_owner")),
    }
    ids = [str(a.id) for a in alerts]
    return pick(table, ids, columns, key=key, alt=t("alerts.table_alt"), required=True)


def detail(found: AlertDetail, now_ms: int) -> None:
    """One alert: what, why, evidence, facts, what followed, what happened."""
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
        f"### {icon(look.icon, look.tone)} {escape(matter(alert))}\n\n{' '.join(marks)}", anchors=False
    )
    if alert.state == "unack":
        _acknowledge(alert, code)
    st.markdown(
        t("alerts.why", sentence=why(alert, found.rule), rule=escape(alert.rule), version=alert.rule_version)
    )
    if found.evidence is not None:
        evidence(found.evidence, f"evidence-{alert.id}")
    tables.facts(_facts(found, now_ms), alt=t("alerts.facts_alt"))
    below = [t("alerts.tab_symptoms", n=len(found.symptoms)), t("alerts.tab_log", n=len(found.log))]
    symptoms, log = st.tabs(below, key=f"alert-tabs-{alert.id}")
    with symptoms:
        _symptoms(found.symptoms, alert.id)
    with log:
        _log(found.log, alert.id)


def _acknowledge(alert: Alert, code: str) -> None:
    person = people.current()
    if not person.may_act or not may(person.role, "acknowledge"):
        st.markdown(quiet(f"{icon('lock')} {t('alerts.read_only', role=t(f'role.{person.role}'))}"))
        return
    note_key = f"note-{alert.id}"

    def clicked() -> None:
        note = str(st.session_state.get(note_key) or "")
        # Identity and version are those of the snapshot that was shown, never a position in a list.
        args = {"alert": alert.id, "version": alert.version, "note": note}
        act("acknowledge", args, what=code, reason=note)

    with st.container(horizontal=True, vertical_alignment="bottom", gap="xsmall"):
        st.button(
            t("alerts.acknowledge"),
            icon=":material/check:",
            shortcut="A",
            key=f"ack-{alert.id}",
            on_click=clicked,
        )
        st.text_input(
            t("alerts.note"),
            key=note_key,
            placeholder=t("alerts.note"),
            label_visibility="collapsed",
            max_chars=500,
            on_change="ignore",
        )


def may(role: str, name: str) -> bool:
    """Whether the role may carry out this command."""
    from cockpit import commands

    return bool(commands.allowed(role, name))


def why(alert: Alert, rule: Rule | None) -> str:
    """One sentence with numbers: what broke which limit, since when."""
    language = lang()
    subject = escape(alert.subject_name.get(language))
    first = figures.instant(alert.first_seen)
    hold = figures.span(rule.for_s) if rule else ""
    if rule is not None and rule.kind in ("asset_silent", "source_silent", "source_late"):
        sentence = t(f"alerts.why_{rule.kind}", subject=subject, first=first, hold=hold)
    elif rule is not None and rule.kind in ("threshold", "indicator") and rule.raise_at is not None:
        side = "over" if rule.op == ">" else "under"
        sentence = t(
            f"alerts.why_{rule.kind}_{side}",
            metric=metric_name(rule.metric),
            subject=subject,
            value=amount(alert.value, rule.metric),
            limit=amount(rule.raise_at, rule.metric),
            first=first,
            hold=hold,
        )
    else:
        sentence = t("alerts.why_unknown", subject=subject, first=first)
    return sentence[:1].upper() + sentence[1:]


def metric_name(code: str) -> str:
    """Name of a metric or an indicator; the code itself if nobody knows it."""
    profile = cockpit().profile
    found = profile.metric.get(code) or profile.indicator.get(code)
    return found.name.get(lang()) if found else code


def amount(value: float | None, code: str) -> str:
    """A value of a metric or an indicator with its unit."""
    profile = cockpit().profile
    if code in profile.metric:
        metric = profile.metric[code]
        decimals = max(0, len(str(metric.scale)) - 1)
        text = figures.quantity(value, metric.unit, decimals)
    elif code in profile.indicator:
        found = profile.indicator[code]
        text = figures.quantity(value, found.unit.get(lang()), found.decimals)
    else:
        text = figures.number(value, 1)
    return text


def evidence(found: Evidence, key: str) -> None:
    """Values of the last day as steps, with the threshold."""
    if len(found.points) < 2:
        st.markdown(quiet(t("alerts.evidence_none")))
        return
    if found.kind == "metric" and found.metric is not None:
        title = t("alerts.evidence_metric", metric=found.metric.get(lang()), unit=found.unit)
    else:
        title = t(f"alerts.evidence_{found.kind}")
    last = figures.number(found.points[-1][1], 1)
    table = pa.table({"t": [figures.naive(ms) for ms, _ in found.points], "v": [v for _, v in found.points]})
    label = (
        t("alerts.threshold", limit=figures.number(found.threshold, 1)) if found.threshold is not None else ""
    )
    st.markdown(quiet(title))
    charts.draw(
        table,
        charts.steps(lang(), found.threshold, label),
        key=key,
        alt=t("alerts.evidence_alt", what=title, last=last),
    )


def _facts(found: AlertDetail, now_ms: int) -> list[tuple[str, str]]:
    alert, rule, language = found.alert, found.rule, lang()
    pairs = [(t("alerts.fact_since"), figures.both(alert.opened, now_ms))]
    if alert.closed is not None:
        pairs.append((t("alerts.fact_closed"), figures.both(alert.closed, now_ms)))
    pairs.append((t("alerts.fact_owner"), escape(alert.owner.get(language))))
    if alert.closed is None:
        left = figures.left(alert.due, now_ms)
        late = alert.due < now_ms
        pairs.append(
            (
                t("alerts.fact_due"),
                f"{figures.instant(alert.due, now_ms)} ({f':red[**{left}**]' if late else left})",
            )
        )
    if rule is not None:
        pairs.append((t("alerts.fact_next"), escape(rule.next_step.get(language))))
        pairs.append((t("alerts.fact_clear"), _clears(rule)))
    names = ", ".join(escape(name.get(language)) for name in found.affects)
    pairs.append((t("alerts.fact_affects"), names or t("alerts.affects_none")))
    if alert.ack_at is not None:
        key = "alerts.ack_note" if alert.ack_note else "alerts.ack_by"
        when = figures.instant(alert.ack_at, now_ms)
        pairs.append(
            (t("alerts.fact_ack"), t(key, who=escape(alert.ack_by), when=when, note=escape(alert.ack_note)))
        )
    return pairs


def _clears(rule: Rule) -> str:
    hold = figures.span(rule.keep_s)
    if rule.raise_at is None or not rule.op:
        return t("alerts.clear_silent", hold=hold)
    limit = amount(rule.clear_at if rule.clear_at is not None else rule.raise_at, rule.metric)
    return t("alerts.clear_over" if rule.op == ">" else "alerts.clear_under", limit=limit, hold=hold)


def _symptoms(symptoms: Sequence[Alert], alert_id: int) -> None:
    if not symptoms:
        st.markdown(quiet(t("alerts.symptoms_none")))
        return
    table = tables.arrow(
        {
            "matter": [matter(s) for s in symptoms],
            "place": [s.place for s in symptoms],
            "since": [figures.naive(s.opened) for s in symptoms],
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


def _log(entries: Sequence[Entry], alert_id: int) -> None:
    table = tables.arrow(
        {
            "when": [figures.naive(e.t) for e in entries],
            "what": [t(f"log.{e.what}") if has(f"log.{e.what}") else e.what for e in entries],
            "who": [e.actor or t("alerts.machine") for e in entries],
            "note": [str(e.data.get("note") or e.data.get("reason") or "") for e in entries],
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


def muted(view: AlertsView, now_ms: int) -> str:
    """The rules that are off, always listed."""
    off = view.muted
    if not off:
        return quiet(f"{icon('notifications')} {t('alerts.muted_none')}")
    items = [
        t(
            "alerts.muted_item",
            rule=escape(r.rule.name.get(lang())),
            until=figures.instant(r.off.until, now_ms),
            actor=escape(r.off.actor),
            reason=escape(r.off.reason),
        )
        for r in off
        if r.off
    ]
    soonest = figures.instant(off[0].off.until if off[0].off else None, now_ms)
    text = t("alerts.muted", n=len(off), list="; ".join(items), when=soonest)
    return lines(f"{icon('notifications_off')} {text}")
