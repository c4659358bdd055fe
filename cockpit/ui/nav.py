"""The pages, and links to them that stay in the same session."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from cockpit import ROOT
from cockpit.ui.words import DEFAULT, t


@dataclass(frozen=True, slots=True)
class PageEntry:
    """A page: `pages/<name>.py`, titled by the word `nav.<name>`, at the address `/<name>`; in the menu under
    the word `nav.group_<group>`, if it has one."""

    name: str
    icon: str
    group: str = ""


ACTING, RUNNING = "acting", "running"

PAGES = (
    PageEntry("home", "dashboard"),
    PageEntry("indicators", "monitoring"),
    PageEntry("alerts", "notifications"),
    PageEntry("coverage", "cell_tower"),
    PageEntry("cameras", "videocam"),
    PageEntry("sources", "database"),
    PageEntry("simulator", "science"),
    PageEntry("plans", "checklist", ACTING),
    PageEntry("feedback", "record_voice_over", ACTING),
    PageEntry("requests", "forum", ACTING),
    PageEntry("reports", "edit_note", ACTING),
    PageEntry("gaps", "signal_cellular_off", ACTING),
    PageEntry("units", "location_city", ACTING),
    PageEntry("indices", "calculate", ACTING),
    PageEntry("handover", "assignment_turned_in", RUNNING),
    PageEntry("kpis", "speed", RUNNING),
    PageEntry("audit", "history", RUNNING),
)
"""What is looked at all day stands in the menu itself, the rest behind the name of its group."""

_ICONS = {page.name: page.icon for page in PAGES}


def page(name: str, *, icon: bool = True, language: str | None = None) -> StreamlitPage:
    """The page as Streamlit knows it, titled in the reader's language."""
    return st.Page(
        ROOT / "pages" / f"{name}.py",
        title=t(f"nav.{name}", language),
        icon=f":material/{_ICONS[name]}:" if icon else None,
        url_path=None if name == "home" else name,
        default=name == "home",
    )


@cache
def target(name: str) -> StreamlitPage:
    """The page as the target of links, made once: making one costs eight calls to the file system.

    Without an icon, which a link would take over. Never run, so it can be shared by all sessions.
    """
    return page(name, icon=False, language=DEFAULT)


def link(name: str, label: str, *, icon: str | None = None, params: Mapping[str, str] | None = None) -> None:
    """A link to a page of the cockpit, with what it shall open there in the address."""
    st.page_link(
        target(name),
        label=label,
        icon=f":material/{icon}:" if icon else None,
        query_params=dict(params or {}),
    )


def open_link(name: str, params: Mapping[str, str]) -> None:
    """`Mở ›` at the end of a row."""
    st.page_link(
        target(name),
        label=t("ui.open"),
        icon=":material/chevron_right:",
        icon_position="right",
        query_params=dict(params),
    )


def present() -> list[PageEntry]:
    """The pages there are."""
    return [entry for entry in PAGES if (ROOT / "pages" / f"{entry.name}.py").exists()]


def sections(last: StreamlitPage | None = None) -> dict[str, list[StreamlitPage]]:
    """The menu: pages by the name of their group, those of none first. `last` stands among these."""
    found: dict[str, list[StreamlitPage]] = {"": []}
    for entry in present():
        found.setdefault(t(f"nav.group_{entry.group}") if entry.group else "", []).append(page(entry.name))
    if last is not None:
        found[""].append(last)
    return found
