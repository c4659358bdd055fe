"""What a person does on a page: a command, its result in words, and the screen anew."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

import streamlit as st

from cockpit.commands import Command, Message, Result, allowed, execute
from cockpit.ui import figures, live, people
from cockpit.ui.context import cockpit
from cockpit.ui.marks import escape
from cockpit.ui.words import has, t

_SAID = "said"
_REDRAW = "command_redraw"
_BEHIND = "commands_behind"
"""Where a session holds the commands that are carried out behind it, and what became of them."""

MUTING = frozenset(
    {
        "rule_off",
        "rule_on",
        "silence",
        "unsilence",
        "shelve",
        "maintenance",
        "out_of_service",
        "close",
        "reopen",
    }
)
"""Commands that change how much is muted."""

AT_ONCE_S = 0.25
"""So long a page waits for a command behind it: what is refused has ended by then, what is quick as well."""


def act(message: Message, *, what: str, reason: str = "") -> bool:
    """Carry out a command of the person in front of the screen; `say` tells them what became of it.

    `what` is the name of the thing for the message. Returns whether it was done.
    """
    return carry_out(message, what=what, reason=reason).ok


def carry_out(message: Message, *, what: str, reason: str = "") -> Result:
    """The same; returns what became of it."""
    command = Command(people.current().actor, message, reason)
    name = command.name
    result = execute(cockpit(), command)
    live.forget()
    if result.ok:
        if has(f"act.done_{name}"):  # what the screen shows at once needs no word
            st.session_state[_SAID] = t(f"act.done_{name}", what=escape(what)), "check"
        # The strip over the page counts what is muted, and no fragment draws it.
        st.session_state[_REDRAW] = name in MUTING
    else:
        refused(name, result)
    return result


def refused(name: str, result: Result) -> None:
    """Have `say` tell why a command was not carried out."""
    st.session_state[_SAID] = _refused(name, result.code, result.facts), "info"


def tell(text: str) -> None:
    """Have `say` tell something else that kept a person from acting."""
    st.session_state[_SAID] = text, "info"


def order(message: Message, what: str = "") -> None:
    """`act` for buttons."""
    act(message, what=what)


def behind(message: Message, what: str = "") -> None:
    """`order` for what takes a while: the page is drawn meanwhile and shows how far it is. `say` tells of it
    when it has ended."""
    if not may(type(message)):
        return
    here, command = cockpit(), Command(people.current().actor, message)
    results: list[Result] = []
    ended = threading.Event()

    def run() -> None:
        try:
            results.append(execute(here, command))
        finally:
            live.forget()
            ended.set()

    threading.Thread(target=run, name=command.name, daemon=True).start()
    ended.wait(AT_ONCE_S)
    st.session_state.setdefault(_BEHIND, []).append((command.name, ended, results))


def _told() -> None:
    """Have `say` tell what became of commands that have ended behind the page."""
    waiting = st.session_state.get(_BEHIND)
    if not waiting:
        return
    st.session_state[_BEHIND] = [one for one in waiting if not one[1].is_set()]
    for name, ended, results in waiting:
        if ended.is_set() and (not results or not results[0].ok):
            refused(name, results[0] if results else Result("stage", {"error": "failed"}))


def say() -> None:
    """Tell what became of the last command. To be called where the page is drawn: what a callback
    draws in the run of a fragment would replace the top of the page."""
    _told()
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
    if has(f"act.{name}_{code}"):
        return t(f"act.{name}_{code}", **{k: v for k, v in facts.items() if isinstance(v, str)})
    if has(f"act.{code}"):
        within = figures.span(facts.get("within_ms", 0) / 1000)
        return t(f"act.{code}", role=role_name(), max=within)
    return t("act.failed", code=code)


def may(kind: type[Message]) -> bool:
    """Whether the person in front of the screen may carry out this command."""
    person = people.current()
    return (person.may_act or (kind.ANYBODY and bool(person.name))) and allowed(person.role, kind)


def role_name() -> str:
    """What the person in front of the screen is here, in words."""
    person = people.current()
    return t(f"role.{person.role}") if person.may_act else t("people.read_only")
