"""One thing done with many alerts of the desk, how many being said before it is done; and its keys."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from cockpit.commands.many import MOST, AcknowledgeMany, AssignMany
from cockpit.domain.text import MAX_NOTE
from cockpit.ui import act
from cockpit.ui.alert_parts import matching
from cockpit.ui.components import keys as component
from cockpit.ui.components.keys import Key
from cockpit.ui.context import cockpit
from cockpit.ui.plan_words import body
from cockpit.ui.words import lang, t
from cockpit.views.alerts import Alert, AlertsView
from cockpit.views.desk import Group, Row

ACTIONS = "[class*='st-key-acting-'] [data-testid='stPopoverButton']"
"""What opens the actions of the alert on the right, in the document."""


def group(group: Group) -> None:
    """What may be done with a whole group."""
    draw(group.members, key=f"bulk-{group.key}", what=t("bulk.of_group", n=group.n))


def found(view: AlertsView, name: str, query: str) -> None:
    """What may be done with all that a search has found."""
    if query.strip() and name in ("waiting", "working"):
        rows = matching(view, name, query)
        draw(rows, key="bulk-found", what=t("bulk.of_search", n=len(rows)))


def keys() -> None:
    """The keys of the desk, and the list of them."""
    component.draw(
        [
            Key("A", t("keys.acknowledge"), "[class*='st-key-ack-'] button"),
            Key("U", t("keys.undo"), "[class*='st-key-undo-'] button"),
            Key("S", t("keys.silence"), ACTIONS, t("acting.do_silence")),
            Key("E", t("keys.assign"), ACTIONS, t("acting.do_assign")),
            Key("M", t("keys.comment"), ACTIONS, t("acting.do_comment")),
        ],
        search=".st-key-q input",
    )


def draw(rows: Sequence[Row | Alert], *, key: str, what: str) -> None:
    """A button that opens what may be done with all of them; nothing where there are fewer than two, or
    nothing may be done. `what` names them in the message."""
    standing = [row for row in rows if row.state in ("unack", "ack")][:MOST]
    if len(standing) < 2 or not act.may(AcknowledgeMany):
        return
    language = lang()
    with st.popover(
        t("bulk.open", n=len(standing)), icon=":material/checklist:", key=f"{key}-open", width="content"
    ):
        chosen = st.radio(
            t("bulk.which"),
            ("acknowledge", "assign"),
            format_func=lambda name: t(f"bulk.do_{name}", language),
            key=f"{key}-which-{language}",
            horizontal=True,
            label_visibility="collapsed",
        )
        if chosen == "acknowledge":
            _acknowledge(standing, key, what)
        else:
            _assign(standing, key, what)


def _do(message: AcknowledgeMany | AssignMany, what: str, reason: str = "") -> None:
    """Carry it out, and say so where it was not done with all."""
    result = act.carry_out(message, what=what, reason=reason)
    left = sum(result.facts.get("refused", {}).values())
    if result.ok and left:
        act.tell(t("bulk.part", n=int(result.facts["n"]), left=left))


def _acknowledge(standing: Sequence[Row | Alert], key: str, what: str) -> None:
    """Those of them that nobody has yet."""
    waiting = [row.id for row in standing if row.state == "unack"]
    note_key = f"{key}-note"

    def clicked() -> None:
        note = str(st.session_state.get(note_key) or "")
        _do(AcknowledgeMany(alerts=[int(n) for n in waiting], note=note), what, note)

    critical = any(row.priority == "critical" for row in standing if row.state == "unack")
    label = t("alerts.note_needed" if critical else "alerts.note")
    st.text_input(label, key=note_key, max_chars=MAX_NOTE, on_change="ignore")
    taken = len(standing) - len(waiting)
    st.markdown(t("bulk.acknowledges", n=len(waiting)) + (f" {t('bulk.taken', n=taken)}" if taken else ""))
    st.button(
        t("bulk.acknowledge", n=len(waiting)), key=f"{key}-acknowledge", type="primary", on_click=clicked,
        disabled=not waiting,
    )  # fmt: skip


def _assign(standing: Sequence[Row | Alert], key: str, what: str) -> None:
    language, to_key = lang(), f"{key}-to"

    def clicked() -> None:
        to = str(st.session_state[to_key])
        _do(AssignMany(alerts=[int(row.id) for row in standing], to=to), what)

    st.selectbox(
        t("acting.to"),
        [*cockpit().profile.bodies, *cockpit().profile.unit],
        format_func=lambda code: body(code, language),
        key=to_key,
        on_change="ignore",
    )
    st.markdown(t("bulk.assigns", n=len(standing)))
    st.button(t("bulk.assign", n=len(standing)), key=f"{key}-assign", type="primary", on_click=clicked)
