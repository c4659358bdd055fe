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
    """A page: `pages/<name>.py`, titled by the word `nav.<name>`, at the address `/<name>`."""

    name: str
    icon: str
    group: str = ""


PAGES = (
    PageEntry("home", "dashboard"),
    PageEntry("indicators", "monitoring"),
    PageEntry("alerts", "notifications"),
    PageEntry("coverage", "cell_tower"),
    PageEntry("gaps", "signal_cellular_off"),
    PageEntry("cameras", "videocam"),
    PageEntry("sources", "database"),
    PageEntry("indices", "calculate"),
    PageEntry("plans", "checklist"),
    PageEntry("requests", "forum"),
    PageEntry("units", "location_city"),
    PageEntry("kpis", "speed"),
    PageEntry("audit", "history"),
    PageEntry("simulator", "science"),
)
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
