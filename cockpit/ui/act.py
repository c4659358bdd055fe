"""What a person does on a page: a command, its result in words, and the screen anew."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from cockpit.commands import Command, Result, allowed, execute
from cockpit.domain.alerting.rules import MAX_OFF_MS
from cockpit.ui import figures, live, people
from cockpit.ui.context import cockpit
from cockpit.ui.marks import escape
from cockpit.ui.words import has, t

_SAID = "said"
_REDRAW = "command_redraw"
MAX_OFF_DAYS = MAX_OFF_MS // 86_400_000


def act(name: str, args: Mapping[str, Any], *, what: str, reason: str = "") -> bool:
    """Carry out a command of the person in front of the screen; `say` tells them what became of it.

    `what` is the name of the thing for the message. Returns whether it was done.
    """
    person = people.current()
    command = Command(actor=person.name, role=person.role, name=name, args=dict(args), reason=reason)
    result = execute(cockpit(), command)
    live.forget()
    if result.ok:
        if has(f"act.done_{name}"):  # what the screen shows at once needs no word
            st.session_state[_SAID] = t(f"act.done_{name}", what=escape(what)), "check"
        # The strip over the page counts the rules that are off, and no fragment draws it.
        st.session_state[_REDRAW] = name in ("rule_off", "rule_on")
    else:
        refused(name, result)
    return result.ok


def refused(name: str, result: Result) -> None:
    """Have `say` tell why a command was not carried out."""
    st.session_state[_SAID] = _refused(name, result.code, result.facts), "info"


def order(name: str, args: Mapping[str, Any], what: str = "") -> None:
    """`act` for buttons."""
    act(name, args, what=what)


def say() -> None:
    """Tell what became of the last command. To be called where the page is drawn: what a callback
    draws in the run of a fragment would replace the top of the page."""
    if st.session_state.pop(_REDRAW, False):
        st.rerun()
    said = st.session_state.pop(_SAID, None)
    if said is not None:
        st.toast(said[0], icon=f":material/{said[1]}:")


def _refused(name: str, code: str, facts: Mapping[str, Any]) -> str:
    if name == "acknowledge" and code == "already" and facts.get("by"):
        at = facts.get("at")
        return t(
            "act.already_by", by=escape(str(facts["by"])), at=figures.clock(at) if at else figures.NOTHING
        )
    if code == "stage":
        key = f"stage.error_{facts.get('error')}"
        return t(key) if has(key) else t("act.failed", code=str(facts.get("error")))
    if has(f"act.{code}"):
        return t(f"act.{code}", role=role_name(), max=MAX_OFF_DAYS)
    return t("act.failed", code=code)


def may(name: str) -> bool:
    """Whether the person in front of the screen may carry out this command."""
    person = people.current()
    return person.may_act and allowed(person.role, name)


def role_name() -> str:
    """What the person in front of the screen is here, in words."""
    person = people.current()
    return t(f"role.{person.role}") if person.may_act else t("people.read_only")
