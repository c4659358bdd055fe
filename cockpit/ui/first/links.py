"""Links between pages as plain addresses."""

from __future__ import annotations

import html
from collections.abc import Mapping
from urllib.parse import urlencode

KEPT = ("lang", "role")
"""What of an address goes on to the next page."""


def to(page: str, query: Mapping[str, str], **params: str) -> str:
    """The address of a page, as it stands in an attribute."""
    kept = {name: query[name] for name in KEPT if name in query}
    return html.escape(f"/{page}?{urlencode({**params, **kept})}")
