"""Links between pages as plain addresses."""

from __future__ import annotations

import html
from collections.abc import Mapping
from urllib.parse import urlencode

import streamlit as st

from cockpit.ui.words import DEFAULT, lang

KEPT = ("lang", "role", "unit")
"""What of an address goes on to the next page."""


def here() -> dict[str, str]:
    """What of it the person in front of the screen has in the address."""
    kept = {"lang": lang()} if lang() != DEFAULT else {}
    return kept | {name: told for name in KEPT[1:] if (told := st.query_params.get(name))}


def to(page: str, query: Mapping[str, str], **params: str) -> str:
    """The address of a page, as it stands in an attribute."""
    kept = {name: query[name] for name in KEPT if name in query}
    asked = urlencode({**params, **{name: told for name, told in kept.items() if name not in params}})
    return html.escape(f"/{page}?{asked}" if asked else f"/{page}")
