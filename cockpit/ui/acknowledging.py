"""Acknowledging an alert, and taking it back: the row under its title."""

from __future__ import annotations

import streamlit as st

from cockpit.commands import Instant
from cockpit.commands.alerts import UNDO_MS, Acknowledge, AcknowledgeUndo
from cockpit.domain.periods import HOUR_MS
from cockpit.ui import figures, people
from cockpit.ui.act import act, may, role_name
from cockpit.ui.context import cockpit
from cockpit.ui.marks import icon, quiet
from cockpit.ui.words import lang, t
from cockpit.views.alerts import Alert

AGAIN_HOURS = (0, 1, 2, 4, 8)
"""After how many hours an acknowledged alert may wait again; 0: never."""

_TAKEN = "acknowledged-here"
"""Where a session holds which alert it has acknowledged last, and until when (monotonic) it may be undone."""


def draw(alert: Alert, code: str) -> None:
    """What may be done with an open alert here and now."""
    if alert.state == "unack":
        _acknowledge(alert, code)
    elif alert.state == "ack" and _undoable(alert):
        _undo(alert, code)


def _acknowledge(alert: Alert, code: str) -> None:
    if not may(Acknowledge):
        st.markdown(quiet(f"{icon('lock')} {t('alerts.read_only', role=role_name())}"))
        return
    note_key, again_key = f"note-{alert.id}", f"again-{alert.id}"
    language = lang()

    def clicked() -> None:
        note = str(st.session_state.get(note_key) or "")
        hours = int(st.session_state.get(again_key) or 0)
        until = Instant(cockpit().clock.domain_ms() + hours * HOUR_MS) if hours else None
        # The panel stays with this alert: the next of the list would come under the pointer.
        st.query_params["id"] = str(alert.id)
        # Identity and version are those of the snapshot that was shown, never a position in a list.
        if act(
            Acknowledge(alert=alert.id, version=alert.version, note=note, until=until), what=code, reason=note
        ):
            st.session_state[_TAKEN] = alert.id, cockpit().clock.monotonic() + UNDO_MS / 1000

    with st.container(horizontal=True, vertical_alignment="bottom", gap="xsmall"):
        st.button(
            t("alerts.acknowledge"),
            icon=":material/check:",
            key=f"ack-{alert.id}",
            on_click=clicked,
        )
        st.text_input(
            t("alerts.note_needed" if alert.priority == "critical" else "alerts.note"),
            key=note_key,
            placeholder=t("alerts.note_needed" if alert.priority == "critical" else "alerts.note"),
            label_visibility="collapsed",
            max_chars=500,
            on_change="ignore",
        )
        st.selectbox(
            t("alerts.again"),
            AGAIN_HOURS,
            format_func=lambda hours: (
                t("alerts.again_after", language, n=hours) if hours else t("alerts.again_never", language)
            ),
            key=again_key,
            label_visibility="collapsed",
            width=160,
            on_change="ignore",
        )


def _undoable(alert: Alert) -> bool:
    number, until = st.session_state.get(_TAKEN, (None, 0.0))
    return bool(
        number == alert.id
        and cockpit().clock.monotonic() < until
        and alert.ack_by == people.current().actor.name
    )


def _undo(alert: Alert, code: str) -> None:
    def clicked() -> None:
        act(AcknowledgeUndo(alert=alert.id, version=alert.version), what=code)
        st.session_state.pop(_TAKEN, None)

    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="undo"):
        # Words first: a second press where the button was hits nothing.
        st.markdown(f"{icon('check', 'blue')} {t('alerts.taken', code=code)}", width="content")
        st.button(t("alerts.undo"), icon=":material/undo:", key=f"undo-{alert.id}", on_click=clicked)
        st.markdown(quiet(t("alerts.undo_within", span=figures.span(UNDO_MS / 1000))), width="content")
