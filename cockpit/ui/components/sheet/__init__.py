"""A part of a page as one piece of HTML: drawn at once, where a page of many elements is put together piece
by piece.

What it holds has been made by `cockpit.ui.plain`, which lets no markup of strangers through. The server's
first answer shows the same, in the same style.
"""

from __future__ import annotations

from pathlib import Path

from cockpit.ui.components.packaged import Packaged

STYLE = Path(__file__).parent / "frontend" / "sheet.css"
"""How it looks, for the first answer as well."""

_component = Packaged(
    "sheet", Path(__file__).parent, js="sheet.js", css="sheet.css", html="", own_styles=False
)


def draw(html: str, *, key: str) -> None:
    """Draw it into the current place. A link in it leads to another page without loading the app anew."""
    _component(key=key, data={"html": html}, width="stretch", height="content")


def wrapped(html: str) -> str:
    """The same where there is no app: as the component has it in the document."""
    return f'<div class="cockpit-sheet">{html}</div>'
