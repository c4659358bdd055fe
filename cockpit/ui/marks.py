"""Small pieces of markdown: escaping, icons, badges, quiet text, colour swatches."""

from __future__ import annotations

import re

from cockpit.domain.text import plain

_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+!|<>~$:^-])")
_ALIVE = re.compile(r"(?<=:)(?=//)|(?<=www)(?=\.)|(?=@)|(?<=:)(?!\d\d:)(?=[\w+-]+:|material/)", re.IGNORECASE)
_GAP = "\u200b"
HARD_BREAK = "  \n"


def escape(text: str) -> str:
    """Text from data as literal markdown: no link, picture, colour or icon can come from a feed, and
    nothing in it is unseen or turned round.

    Addresses, emoji and icons are made of the text after its backslashes are gone: a space of no width
    parts them.
    """
    return _SPECIAL.sub(r"\\\1", _ALIVE.sub(_GAP, " ".join(plain(text).split())))


def icon(name: str, tone: str = "") -> str:
    """A bundled icon, in a tone of the theme if given."""
    return f":{tone}[:material/{name}:]" if tone else f":material/{name}:"


def badge(text: str, tone: str = "gray", icon_name: str = "") -> str:
    inner = f":material/{icon_name}: {text}" if icon_name else text
    return f":{tone}-badge[{inner}]"


def quiet(text: str) -> str:
    """Secondary text: small and grey, still with 7:1 contrast."""
    return f":gray[:small[{text}]]"


def lower(text: str) -> str:
    """The same within a sentence: the first letter small, unless it begins a name or an abbreviation."""
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def upper(text: str) -> str:
    """The same at the head of a column: the first letter large."""
    return text[:1].upper() + text[1:]


def lines(*parts: str) -> str:
    """Several lines in one markdown element."""
    return HARD_BREAK.join(p for p in parts if p)


def swatch(glyph: str, mark: str, word: str, *, dark_glyph: bool = False) -> str:
    """An entry of a legend: a coloured field with its glyph, and the word."""
    ink = "#10171E" if dark_glyph else "#FFFFFF"
    return f':color[&nbsp;{glyph}&nbsp;]{{foreground="{ink}" background="{mark}"}} {word}'
