"""The page that loads the app, taken apart so that something can be told before the app.

Streamlit's file is served as it is but for four things: the addition stands before the app's own place,
style sheet and scripts come after it instead of holding it up, the language is that of the address, and
what it says to a browser without scripts, of doors that are shut here, gives way to the reader's words. A
file that has another form than the one known here is served untouched.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

_OPENING = b'<html lang="en">'
_PLACE = b'<div id="root"></div>'
_LATER = re.compile(
    rb'[ \t]*<link\b[^>]*?\brel="(?:preload|modulepreload|stylesheet)"[^>]*>\n'
    rb'|[ \t]*<script type="module"[^>]*\bsrc="[^"]*"[^>]*></script>\n'
)
_SCRIPTLESS = re.compile(rb"<noscript>.*?</noscript>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class IndexPage:
    """The parts of the page around what differs."""

    opening: bytes
    head: bytes
    later: bytes
    tail: bytes

    def filled(self, addition: str, language: str, soon: str = "") -> bytes:
        """The page with something in it; `soon` names what it will need next."""
        said = f'<html lang="{language}">'.encode()
        parts = (self.opening, said, self.head, addition.encode(), self.later, soon.encode(), self.tail)
        return b"".join(parts)


def installed() -> bytes:
    """The file of the installed Streamlit, found without loading it."""
    spec = find_spec("streamlit")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("Streamlit is not installed: install the cockpit with its dependencies")
    return Path(spec.origin).with_name("static").joinpath("index.html").read_bytes()


def taken_apart(page: bytes) -> IndexPage | None:
    """The parts of Streamlit's page, None where it is not of the form that is known here."""
    before, found, rest = page.partition(_OPENING)
    head, place, tail = rest.partition(_PLACE)
    moved = _LATER.findall(head)
    if (
        not found
        or not place
        or page.count(_OPENING) != 1
        or page.count(_PLACE) != 1
        or not any(b"stylesheet" in one for one in moved)
        or not any(b"<script" in one for one in moved)
        or _LATER.search(tail)
        or b"</head>" not in head
        or b"<body>" not in head
    ):
        return None
    head, tail = (_SCRIPTLESS.sub(b"", part) for part in (_LATER.sub(b"", head), tail))
    return IndexPage(before, head, b"".join(moved), _PLACE + tail)
