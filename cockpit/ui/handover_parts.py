"""The page of a handover: what changed, what is open by owner, what is asked and muted, and who signed."""

from __future__ import annotations

import html
from collections.abc import Sequence

import streamlit as st

from cockpit.commands.handover import MAX_WORDS, HandOver, TakeOver
from cockpit.domain.alerting.mutes import Mute
from cockpit.domain.registers import GAP, HANDOVER, MUTE, REQUEST, TASK, code_of, number_of
from cockpit.domain.text import MAX_NOTE
from cockpit.ui import figures, links, mute_words, people, sheets
from cockpit.ui.act import act, may
from cockpit.ui.alert_words import matter
from cockpit.ui.links import to
from cockpit.ui.marks import escape, quiet
from cockpit.ui.plain import mark, to_html
from cockpit.ui.plan_words import body as body_name
from cockpit.ui.status import LOOKS, PRIORITIES
from cockpit.ui.words import has, lang, t
from cockpit.views.handover import HandoverView, Item, Owed, Page

PAPER = """@page { size: A4; margin: 15mm }
body { font: 10.5pt/1.35 "Times New Roman", serif; color: #000 }
h1 { font-size: 15pt } h2 { font-size: 12pt; margin: 12pt 0 4pt } h3 { font-size: 11pt; margin: 8pt 0 3pt }
table { border-collapse: collapse; width: 100% } tr { break-inside: avoid }
th, td { border: 1px solid #999; padding: 2pt 4pt; text-align: left; vertical-align: top }
.gray { color: #444 } .signed { display: flex; gap: 20mm; margin-top: 12mm } .signed p { width: 70mm }"""
"""How it looks on paper."""


def number(text: str | None) -> int | None:
    """The handover that an address names."""
    return number_of(HANDOVER, text) if text else None


def escaped(text: str | None) -> str:
    """What an address names, to be shown."""
    return escape((text or "")[:40])


def head(page: Page, now_ms: int) -> str:
    """The shift in a sentence: HTML."""
    sheet = page.sheet
    overdue = sum(owned.overdue for owned in page.owners)
    look = LOOKS["red" if overdue else "green"]
    said = t("handover.verdict", n=sheet.standing, opened=sheet.opened, over=sheet.over)
    span = t(
        "handover.span",
        since=figures.instant(sheet.since, now_ms),
        until=figures.instant(sheet.until, now_ms),
    )
    if overdue:
        span += " " + t("handover.overdue", n=overdue)
    return f'<h1 class="verdict">{mark(look)}{to_html(said)}</h1>{sheets.quiet(span)}'


def body(page: Page, now_ms: int) -> str:
    """All that is handed over: HTML."""
    parts = []
    if page.facts is not None and page.facts.note:
        parts += [_title("note"), f"<p>{_lines(page.facts.note)}</p>"]
    parts += [_title("changed"), _changed(page), _title("open")]
    if not page.owners:
        parts.append(sheets.quiet(t("handover.open_none")))
    for owned in page.owners:
        name = t("handover.owner", owner=escape(owned.owner.get(lang())), n=len(owned.items))
        heads = tuple(t(f"handover.col_{one}") for one in ("code", "matter", "place", "since", "state"))
        rows = [_row(item, now_ms) for item in owned.items]
        parts.append(f"<h3>{to_html(name)}</h3>{sheets.table(heads, rows, alt=name, whole=True)}")
    if page.left["alerts"]:
        parts.append(sheets.quiet(t("handover.left", n=page.left["alerts"])))
    parts += [_title("asked"), _owed(page.requests, "requests", now_ms), _left(page, "requests")]
    if not page.of_today:
        parts += [_title("tasks"), _owed(page.tasks, "tasks", now_ms), _left(page, "tasks")]
        parts += [_title("gaps"), _owed(page.gaps, "gaps", now_ms), _left(page, "gaps")]
    parts += [_title("muted"), _muted(page, now_ms), _left(page, "mutes")]
    if page.of_today:
        parts.append(sheets.quiet(t("handover.of_today")))
    return f'<div class="paper">{"".join(parts)}</div>'


def _lines(text: str) -> str:
    """What somebody wrote, line by line: HTML."""
    return "<br>".join(to_html(escape(line)) for line in text.splitlines())


def _title(name: str) -> str:
    return f"<h2>{to_html(t(f'handover.{name}'))}</h2>"


def _changed(page: Page) -> str:
    sheet = page.sheet
    pairs = [
        (t("handover.opened"), figures.number(sheet.opened)),
        (t("handover.over"), figures.number(sheet.over)),
        (t("handover.unwatched"), figures.number(sheet.unwatched)),
        *(
            (t(f"audit.did_{name}"), figures.number(n))
            for name, n in sheet.did.items()
            if has(f"audit.did_{name}")
        ),
    ]
    return sheets.facts(pairs, alt=t("handover.changed"))


def _row(item: Item, now_ms: int) -> tuple[str, ...]:
    then, alert = item.then, item.alert
    states = [t("alerts.state_ack" if then.acknowledged else "alerts.state_unack")]
    if then.new:
        states.append(t("handover.new"))
    if then.overdue:
        states.append(t("handover.late"))
    if has(f"acting.to_{then.escalated}"):
        states.append(t("acting.escalated", to=t(f"acting.to_{then.escalated}")).rstrip("."))
    code, said = t("alerts.code", id=str(then.alert)), ", ".join(states)
    if alert is None:
        return code, t("handover.forgotten"), "", "", said
    look = PRIORITIES[alert.priority]
    what = f":{look.tone}[{look.glyph}] {escape(matter(alert))}"
    place = escape(alert.place) if alert.place else t("alerts.province")
    return code, what, place, figures.compact(alert.since, now_ms), said


def _owed(rows: Sequence[Owed], name: str, now_ms: int) -> str:
    """What is asked, to be done, or to be looked at, by whom and by when."""
    if not rows:
        return sheets.quiet(t(f"handover.{name}_none"))
    kind, words = _KINDS[name]
    second = "place" if kind == GAP else "what"
    heads = tuple(t(f"handover.col_{one}") for one in ("code", second, "owner", "due", "state"))
    lines = [
        (
            code_of(kind, one.number),
            escape(body_name(one.unit) if kind == GAP else one.name.get(lang())),
            escape(body_name(one.owner)),
            figures.NOTHING if one.due is None else figures.instant(one.due, now_ms),
            ", ".join(
                told
                for told in (
                    t(f"{words}.state_{one.state}") if has(f"{words}.state_{one.state}") else "",
                    t("handover.late") if one.late else "",
                )
                if told
            ),
        )
        for one in rows
    ]
    return sheets.table(heads, lines, alt=t(f"handover.{'asked' if kind == REQUEST else name}"), whole=True)


_KINDS = {"requests": (REQUEST, "requests"), "tasks": (TASK, "plans"), "gaps": (GAP, "gaps")}
"""By the list: the register, and the section of its words."""


def _left(page: Page, name: str) -> str:
    """That a list is not whole, with how many are not in it."""
    left = page.left[name]
    if left is None:
        return sheets.quiet(t("handover.cut"))
    return sheets.quiet(t(f"handover.left_{name}", n=left)) if left else ""


def _muted(page: Page, now_ms: int) -> str:
    if not page.mutes:
        return sheets.quiet(t("mutes.none"))
    heads = (
        t("handover.col_code"),
        *(t(f"mutes.col_{one}") for one in ("what", "matter", "until", "owner", "reason")),
    )
    rows = [
        (
            code_of(MUTE, mute.number),
            t(f"mutes.what_{mute.what}"),
            escape(mute_words.matter(mute.matcher)),
            _mute_until(mute, now_ms),
            escape(mute.actor),
            escape(mute.reason),
        )
        for mute in page.mutes
    ]
    return sheets.table(heads, rows, alt=t("handover.muted"), whole=True)


def _mute_until(mute: Mute, now_ms: int) -> str:
    until = figures.instant(mute.until, now_ms)
    return until if mute.weekly is None else f"{until} ({mute_words.weekly(mute.weekly)})"


def _signed(page: Page, now_ms: int) -> list[tuple[str, str]]:
    """Who gave and who took it."""
    entry, facts = page.entry, page.facts
    if entry is None or facts is None:
        return []
    pairs = [(t("handover.by"), f"{escape(facts.by)} · {figures.instant(entry.opened, now_ms)}")]
    if entry.closed is None:
        return [*pairs, (t("handover.to"), t("handover.nobody"))]
    pairs.append((t("handover.to"), f"{escape(facts.to)} · {figures.instant(entry.closed, now_ms)}"))
    return [*pairs, (t("handover.remark"), escape(facts.remark))] if facts.remark else pairs


def sign(page: Page, view: HandoverView) -> None:
    """Who signed, and what this person may sign."""
    code = code_of(HANDOVER, page.entry.id) if page.entry is not None else ""
    st.markdown(f"## {t('handover.title', code=code) if code else t('handover.present')}", anchors=False)
    if signed := _signed(page, view.now_ms):
        st.markdown("  \n".join(f"**{name}**: {value}" for name, value in signed))
    waiting = view.waiting
    if page.entry is not None and page.entry.closed is not None:
        st.markdown(quiet(t("handover.kept")))
        return
    mine = waiting is None or (waiting.facts is not None and waiting.facts.by == people.current().actor.name)
    if waiting is not None and waiting.entry is not None and not mine and may(TakeOver):
        _take(waiting.entry.id, waiting.entry.version)
    elif mine and may(HandOver):
        _give(waiting is not None)


def _give(anew: bool) -> None:
    key = "handover-note"

    def clicked() -> None:
        if act(HandOver(note=str(st.session_state.get(key) or "")), what=t("handover.shift")):
            st.session_state[key] = ""

    st.text_area(t("handover.note_of"), key=key, max_chars=MAX_WORDS, height=140, on_change="ignore")
    st.button(
        t("handover.give_anew" if anew else "handover.give"), icon=":material/assignment_turned_in:",
        key="handover-give", on_click=clicked, type="primary",
    )  # fmt: skip


def _take(handover: int, version: int) -> None:
    key = f"handover-remark-{handover}"

    def clicked() -> None:
        said = str(st.session_state.get(key) or "")
        act(TakeOver(handover=handover, version=version, note=said), what=code_of(HANDOVER, handover))

    st.text_input(t("handover.remark_of"), key=key, max_chars=MAX_NOTE, on_change="ignore")
    st.button(
        t("handover.take"), icon=":material/how_to_reg:", key=f"handover-take-{handover}", on_click=clicked,
        type="primary",
    )  # fmt: skip


def take_along(page: Page, now_ms: int) -> None:
    """The page as a file that prints by itself on A4."""
    name = code_of(HANDOVER, page.entry.id).lower() if page.entry is not None else "ca-truc"
    st.download_button(
        t("handover.print"), data=lambda: paper(page, now_ms), file_name=f"ban-giao-ca-{name}.html",
        mime="text/html", icon=":material/print:", key="handover-print", type="tertiary", on_click="ignore",
    )  # fmt: skip


def paper(page: Page, now_ms: int) -> bytes:
    """The same as a document of its own, with room for both signatures."""
    title = (
        t("handover.title", code=code_of(HANDOVER, page.entry.id)) if page.entry else t("handover.present")
    )
    signed = _signed(page, now_ms) or [(t("handover.by"), ""), (t("handover.to"), "")]
    lines = "".join(
        f"<p>{to_html(f'**{name}**: {value}')}<br><br><br>…………………………</p>" for name, value in signed[:2]
    )
    top = f'<!doctype html><html lang="{lang()}"><head><meta charset="utf-8">'
    top += f"<title>{html.escape(title)}</title>"
    return (
        f"{top}<style>{PAPER}</style></head><body><p>{to_html(escape(title))}</p>{head(page, now_ms)}"
        f'{body(page, now_ms)}<div class="signed">{lines}</div></body></html>'
    ).encode()


def past(view: HandoverView) -> str:
    """The handovers there were: HTML."""
    head_ = f"<h2>{to_html(t('handover.past'))}</h2>"
    if not view.past:
        return head_ + sheets.quiet(t("handover.past_none"))
    query = links.here()
    items = []
    for entry, facts in view.past:
        address, code = to("handover", query, id=str(entry.id)), code_of(HANDOVER, entry.id)
        told = t(
            "handover.line",
            when=figures.instant(entry.opened, view.now_ms),
            by=escape(facts.by),
            to=escape(facts.to) if facts.to else t("handover.nobody"),
        )
        items.append(f'<li><a href="{address}">{to_html(code)}</a> {to_html(told)}</li>')
    present = f'<p><a href="{to("handover", query)}">{to_html(t("handover.present"))}</a></p>'
    return f"{head_}{present}<ul>{''.join(items)}</ul>"
