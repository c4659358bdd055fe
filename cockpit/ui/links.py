"""Links between pages as plain addresses."""

from __future__ import annotations

import html
from collections.abc import Mapping
from urllib.parse import urlencode

import streamlit as st

from cockpit.ui.words import DEFAULT, lang

KEPT = ("lang", "role")
"""What of an address goes on to the next page."""


def here() -> dict[str, str]:
    """What of it the person in front of the screen has in the address."""
    kept = {"lang": lang()} if lang() != DEFAULT else {}
    role = st.query_params.get("role")
    return kept | {"role": role} if role else kept


def to(page: str, query: Mapping[str, str], **params: str) -> str:
    """The address of a page, as it stands in an attribute."""
    kept = {name: query[name] for name in KEPT if name in query}
    asked = urlencode({**params, **kept})
    return html.escape(f"/{page}?{asked}" if asked else f"/{page}")
