"""Reading the rules anew, over their list: what became of it, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from cockpit.commands.rule_sets import RulesReload
from cockpit.ui import act
from cockpit.ui.marks import escape, lines, quiet
from cockpit.ui.words import t

_WRONG = "rules_wrong"
"""Where a session holds the mistakes that were found last, and how many there are."""

SHOWN = 6
PARTS = ("added", "changed", "reworded", "removed")


def draw() -> None:
    """The button for who may, and the mistakes that it has found."""
    if not act.may(RulesReload):
        return
    st.button(
        t("rules.reload"), icon=":material/sync:", key="rules-reload", on_click=_clicked,
        help=t("rules.reload_help"),
    )  # fmt: skip
    wrong: Mapping[str, Any] | None = st.session_state.get(_WRONG)
    if wrong is not None:
        _mistakes([str(one) for one in wrong["mistakes"]], int(wrong["wrong"]))


def _clicked() -> None:
    st.session_state.pop(_WRONG, None)
    result = act.carry_out(RulesReload(), what="")
    if result.ok:
        found = {name: len(result.facts.get(name, ())) for name in PARTS}
        told = [t(f"rules.reload_{name}", n=n) for name, n in found.items() if n]
        act.tell(t("rules.reloaded", what=", ".join(told) or t("rules.reload_order")))
    elif result.code == "wrong_rules":
        st.session_state[_WRONG] = result.facts


def _mistakes(found: list[str], n: int) -> None:
    shown = [f"- {escape(one)}" for one in found[:SHOWN]]
    if n > len(shown):
        shown.append(quiet(t("rules.wrong_more", n=n - len(shown))))
    st.warning(lines(t("rules.wrong", n=n)) + "\n\n" + "\n".join(shown), icon=":material/rule:")
