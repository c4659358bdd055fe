"""One request for an explanation: what was asked, what was answered, what shows it, and what comes next."""

from __future__ import annotations

import msgspec
import streamlit as st

from cockpit.commands.requests import MAX_ANSWER, Accept, Answer, SendBack
from cockpit.domain.registers import Step
from cockpit.domain.requests import Piece, Request
from cockpit.domain.text import MAX_NOTE
from cockpit.ui import figures, people, request_files, tables
from cockpit.ui import request_words as words
from cockpit.ui.act import act, may
from cockpit.ui.marks import badge, escape, icon, lower, quiet
from cockpit.ui.plan_words import body
from cockpit.ui.words import has, lang, t
from cockpit.views.requests import RequestView

MACHINE = "engine"
"""Who takes the steps that nobody takes."""


def detail(found: RequestView) -> None:
    """Draw it into the current container."""
    request, now_ms, language = found.request, found.now_ms, lang()
    look = words.look_of(request, now_ms)
    marks = [
        badge(f"{look.glyph} {escape(words.state_word(request, now_ms))}", look.tone),
        badge(words.code(request)),
    ]
    st.markdown(
        f"## {icon(look.icon, look.tone)} {escape(words.about(request))}\n\n{' '.join(marks)}", anchors=False
    )
    words.link(request)
    tables.facts(_facts(request, now_ms, language), alt=t("requests.facts_alt"))
    if request.facts.evidence:
        request_files.download(request.facts.evidence, f"request-file-{request.entry.id}")
    if request.waiting:
        _answer(request)
    elif request.state == "answered":
        _judge(request)
    _history(found)


def gone(asked: str) -> str:
    """The address names a request that is not there."""
    return quiet(t("requests.gone", id=escape(asked[:40])))


def _facts(request: Request, now_ms: int, language: str) -> list[tuple[str, str]]:
    facts, entry = request.facts, request.entry
    pairs = [
        (t("requests.to"), escape(body(entry.owner, language))),
        (t("requests.asker"), f"{escape(facts.asker)} ({t(f'role.{facts.role}')})"),
        (t("requests.opened"), figures.both(entry.opened, now_ms)),
        (t("requests.question"), escape(facts.question) or quiet(t("requests.no_question"))),
    ]
    if request.waiting:
        told = words.due(request, now_ms)
        pairs.append((t("requests.due"), f":red[**{told}**]" if request.late(now_ms) else told))
        if pressed := words.pressed(request, language):
            pairs.append((t("requests.pressed"), pressed))
    else:
        pairs.append((t("requests.due"), figures.instant(facts.due, now_ms)))
    if facts.answered is not None:
        late = "" if facts.in_time else f" {badge(t('requests.answered_late'), 'orange')}"
        pairs.append((t("requests.answered_at"), figures.both(facts.answered, now_ms) + late))
        pairs.append((t("requests.answer"), escape(facts.text)))
    return pairs


def _answer(request: Request) -> None:
    """The form of the unit that is to answer; others read whose it is."""
    entry, code = request.entry, words.code(request)
    if not (may(Answer) and people.current().unit == entry.owner):
        st.markdown(quiet(f"{icon('lock')} {t('requests.not_mine', unit=escape(body(entry.owner)))}"))
        return
    text_key, files_key = (f"request-{name}-{entry.id}-{entry.version}" for name in ("text", "files"))

    def clicked() -> None:
        text = str(st.session_state.get(text_key) or "")
        st.query_params["id"] = str(entry.id)  # the panel stays with it when the list moves on
        names = request_files.hand_in(request_files.chosen(files_key))
        if names is not None:
            order = Answer(request=entry.id, text=text, evidence=names, version=entry.version)
            act(order, what=code)

    with st.container(border=True, gap="xsmall", key=f"request-answer-{entry.id}"):
        st.text_area(
            t("requests.answer_ask"), key=text_key, max_chars=MAX_ANSWER, height=140, on_change="ignore"
        )
        request_files.choose(files_key)
        st.button(
            t("requests.answer_do"), icon=":material/send:", key=f"request-do-{entry.id}", on_click=clicked
        )


def _judge(request: Request) -> None:
    """The two ways on for who asked, or a leader."""
    entry, code, person = request.entry, words.code(request), people.current()
    mine = person.name == request.facts.asker and person.unit == entry.owner
    if not may(Accept) or not (person.role == "leader" or mine):
        st.markdown(quiet(f"{icon('lock')} {t('requests.judged_by', who=escape(request.facts.asker))}"))
        return
    note_key = f"request-note-{entry.id}-{entry.version}"

    def accept() -> None:
        st.query_params["id"] = str(entry.id)
        note = str(st.session_state.get(note_key) or "")
        act(Accept(request=entry.id, version=entry.version), what=code, reason=note)

    def send_back() -> None:
        st.query_params["id"] = str(entry.id)
        note = str(st.session_state.get(note_key) or "")
        act(SendBack(request=entry.id, version=entry.version), what=code, reason=note)

    with st.container(border=True, gap="xsmall", key=f"request-judge-{entry.id}"):
        st.text_input(t("requests.note"), key=note_key, max_chars=MAX_NOTE, on_change="ignore")
        with st.container(horizontal=True, gap="small"):
            st.button(
                t("requests.accept"),
                icon=":material/check:",
                key=f"request-accept-{entry.id}",
                on_click=accept,
            )
            st.button(
                t("requests.send_back"),
                icon=":material/undo:",
                key=f"request-back-{entry.id}",
                on_click=send_back,
            )


def _history(found: RequestView) -> None:
    """The steps of its life, newest first."""
    language, steps = lang(), found.history[::-1]
    entry = found.request.entry
    counted = quiet(t("requests.history_n", n=len(steps), version=entry.version))
    st.markdown(f"### {t('requests.history')} {counted}", anchors=False)
    tables.read(
        {
            t("requests.col_when"): [figures.compact(s.t, found.now_ms) for s in steps],
            t("requests.col_step"): [_what(s, language) for s in steps],
            t("requests.col_actor"): [
                t("gaps.by_cockpit") if s.actor == MACHINE else escape(s.actor) for s in steps
            ],
            t("requests.col_shown"): [_shown(s, found.now_ms) for s in steps],
        },
        alt=t("requests.history_alt"),
    )


def _what(step: Step, language: str) -> str:
    key = f"requests.step_{step.what}"
    return t(key, language) if has(key) else escape(step.what)


def _shown(step: Step, now_ms: int) -> str:
    """What was said, by when, and the files, in one line."""
    parts = [escape(str(step.evidence["note"]))] if step.evidence.get("note") else []
    if "due" in step.evidence:
        parts.append(t("time.due", when=figures.instant(int(step.evidence["due"]), now_ms)))
    if "to" in step.evidence:
        parts.append(t("requests.told_to", who=lower(t(f"role.{step.evidence['to']}"))))
    pieces = msgspec.convert(step.evidence.get("evidence", []), list[Piece])
    parts += [f"{icon('attach_file')} {escape(piece.name)}" for piece in pieces]
    return " · ".join(parts) or figures.NOTHING
