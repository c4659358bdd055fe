"""What might be decided next, on home: each proposal with its reasons, and the button that carries it out."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from cockpit.commands import Message
from cockpit.commands.gaps import GapPlan, may_step
from cockpit.commands.proposed import message
from cockpit.commands.requests import RequestExplanation
from cockpit.domain.decisions import STAKE, WAIT
from cockpit.domain.registers import TASK, code_of
from cockpit.domain.text import MAX_NOTE
from cockpit.ui import figures, gap_words, nav, people, sheets
from cockpit.ui.act import act, may, tell
from cockpit.ui.context import view_context
from cockpit.ui.links import to
from cockpit.ui.marks import escape, icon, lines, lower, quiet
from cockpit.ui.need_parts import title
from cockpit.ui.plain import to_html
from cockpit.ui.plan_words import body
from cockpit.ui.request_words import by_when
from cockpit.ui.words import DEFAULT, lang, t
from cockpit.views import decisions as view
from cockpit.views.decisions import Decision

ICONS = {
    "give_alert": "assignment_ind",
    "ask_figure": "forum",
    "ask_task": "forum",
    "ask_gap": "forum",
    "plan_gap": "event",
}
PAGES = {"alert": "alerts", "indicator": "indicators", "task": "plans", "gap": "gaps"}


def proposals(found: Sequence[Decision]) -> None:
    """Draw them; nothing where there are none."""
    if not found:
        return
    language = lang()
    with st.container(border=True, gap="xsmall", key="decisions"):
        st.markdown(f"## {t('decisions.title', language)}", anchors=False)
        for one in found:
            mine = _mine(one)
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                told = f"{icon(ICONS[one.kind], 'blue')} {headline(one, language)}"
                below = quiet(below_line(one, language, mine=mine))
                st.markdown(lines(told, reason(one, language), below), width="stretch")
                nav.open_link(PAGES[one.about[0]], {"id": _opened(one)})
                if mine:
                    st.button(
                        t(f"decisions.do_{one.kind}", language),
                        icon=f":material/{ICONS[one.kind]}:",
                        key=f"decide-{one.kind}-{one.about[1]}",
                        help=effect(one, language),
                        on_click=_decide,
                        args=(one,),
                    )
        st.markdown(quiet(t("decisions.note", language, stake=STAKE, wait=WAIT)))


def listing(found: Sequence[Decision], query: Mapping[str, str], language: str) -> str:
    """The same as HTML, where nobody can press anything yet."""
    if not found:
        return ""
    rows = "".join(
        f'<li data-key="{html.escape("-".join(one.about))}">'
        f'<a href="{to(PAGES[one.about[0]], query, id=_opened(one))}">'
        f"{to_html(headline(one, language))}</a><span>{to_html(reason(one, language))}</span></li>"
        for one in found
    )
    head = to_html(t("decisions.title", language))
    note = sheets.quiet(t("decisions.note", language, stake=STAKE, wait=WAIT))
    return f'<section><h2>{head}</h2><ol class="rows">{rows}</ol>{note}</section>'


def headline(one: Decision, language: str) -> str:
    """What is proposed, in a sentence of markdown."""
    return t(f"decisions.{one.kind}", language, who=escape(body(one.to, language)), what=_what(one, language))


def reason(one: Decision, language: str, made: Callable[[str], str] = escape) -> str:
    """Why: the numbers, and that nobody has acted. Markdown, or plain text as of `_what`."""
    if one.figure is not None:
        figure = one.figure
        whole = one.days >= len(figure.spark) > 1  # as far back as is looked
        return t(
            f"decisions.why_figure{'_least' if whole else ''}", language, n=one.days,
            goal=figures.target(
                figure.due_target, figure.direction, made(figure.unit.get(language)), language
            ),
        )  # fmt: skip
    if one.gap is not None:
        key = "why_plan" if one.kind == "plan_gap" else "why_look"
        return t(f"decisions.{key}", language, people=gap_words.people(one.gap, language))
    if one.item is not None:
        late = figures.span((one.now_ms - (one.item.entry.due or one.now_ms)) / 1000, language)
        return t("decisions.why_task", language, span=late)
    alert = one.alert
    assert alert is not None  # noqa: S101 - one of the four is there
    told = [t("home.since", language, when=figures.instant(alert.since, one.now_ms, language))]
    if alert.folded:
        told.append(t("home.folded", language, n=alert.folded))
    told.append(figures.due(alert.due, one.now_ms, language))
    return t("decisions.why_alert", language, told=", ".join(told))


def below_line(one: Decision, language: str, *, mine: bool) -> str:
    """What it weighs, and whose decision it is where not that of who looks."""
    stake, wait = round(STAKE * one.stake), round(WAIT * one.wait)
    told = t("decisions.points", language, n=one.points, stake=stake, wait=wait)
    if mine:
        return told
    who = escape(body(one.gap.entry.unit or one.to, language)) if one.gap is not None else ""
    return f"{told} · {icon('lock')} {t(f'decisions.whose_{one.kind}', language, unit=who)}"


def effect(one: Decision, language: str) -> str:
    """What a press does."""
    when = "" if one.due is None else by_when(one.due, one.now_ms, language)
    return t(f"decisions.effect_{one.kind}", language, who=escape(body(one.to, language)), when=when)


def _what(one: Decision, language: str, made: Callable[[str], str] = escape) -> str:
    """What it is about: markdown, or plain text where nothing is `made` of what data brings."""
    if one.figure is not None:
        figure = one.figure
        unit = made(figure.unit.get(language))
        value = figures.quantity(figure.value, unit, figure.decimals, language)
        return f"{made(lower(figure.name.get(language)))} {value}"
    if one.gap is not None:
        return made(", ".join(part for part in (gap_words.code(one.gap), gap_words.place(one.gap)) if part))
    if one.item is not None:
        return f"{code_of(TASK, one.item.entry.id)} {made(one.item.facts.name.get(language))}"
    assert one.alert is not None  # noqa: S101 - one of the four is there
    return lower(title(one.alert, language))


def _opened(one: Decision) -> str:
    """What its page shall open."""
    kind, code = one.about
    return f"{kind}-{code}" if kind == TASK else code


def _message(one: Decision) -> Message:
    return message(one.kind, one.about, one.to, one.due, one.version)


def _mine(one: Decision) -> bool:
    """Whether the person in front of the screen may carry it out."""
    order, person = _message(one), people.current()
    if not may(type(order)):
        return False
    if isinstance(order, GapPlan):
        return one.gap is not None and may_step(person.actor, one.gap.entry)
    return person.role != "unit_leader" or person.unit == one.to


def _decide(one: Decision) -> None:
    """Carry it out, unless somebody has decided the same meanwhile."""
    now = {(kept.kind, kept.about) for kept in view.build(view_context())}
    if (one.kind, one.about) not in now:
        tell(t("decisions.gone"))
        return
    order, question = _message(one), ""
    if isinstance(order, RequestExplanation):
        what, why = _what(one, DEFAULT, str), reason(one, DEFAULT, str)
        question = t("decisions.question", DEFAULT, what=what, why=why)[:MAX_NOTE]
    named = _what(one, lang(), str) if one.kind == "plan_gap" else body(one.to)
    act(order, what=named, reason=question)
