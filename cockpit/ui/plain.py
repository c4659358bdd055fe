"""The markdown that the cockpit's own sentences are made of, as HTML, and the marks of states beside it.

Not a reader of markdown: it knows what `cockpit.ui.marks` writes (escaped signs, colours, badges, small and
bold text, line ends, icons) and shows all else as the text it is.
"""

from __future__ import annotations

import html
import re
from functools import lru_cache

from cockpit.ui.status import Look
from cockpit.ui.words import has, t

_PIECE = re.compile(
    r"\\(?P<sign>.)"
    r"|:material/\w+:"
    r"|!\[[^\]]*\]\([^)]*\)"
    r"|:(?P<tone>[a-z]+)(?P<badge>-badge)?\["
    r"|(?P<end>\])"
    r"|(?P<bold>\*\*)"
    r"|(?P<line> {2}\n|\n\n)"
    r"|(?P<text>[^\\:!\]* \n]+|.)",
    re.DOTALL,
)


_TAG = re.compile(r"<[^>]*>")


@lru_cache(maxsize=4096)
def to_html(markdown: str) -> str:
    """The same as HTML: icons and pictures are left out, whatever is open at the end is closed."""
    out: list[str] = []
    opened: list[str] = []
    for piece in _PIECE.finditer(markdown):
        kind = piece.lastgroup
        if kind in ("sign", "text"):
            out.append(html.escape(piece[kind]))
        elif kind in ("tone", "badge"):
            out.append(f'<span class="{piece["tone"]}{" badge" if piece["badge"] else ""}">')
            opened.append("span")
        elif kind == "end":
            out.append(_closed(opened, "span") or "]")
        elif kind == "bold":
            if "b" in opened:
                out.append(_closed(opened, "b"))
            else:
                opened.append("b")
                out.append("<b>")
        elif kind == "line":
            out.append("<br>")
    out += [f"</{name}>" for name in reversed(opened)]
    return "".join(out).strip()


def to_text(markdown: str) -> str:
    """The same as text alone."""
    return html.unescape(_TAG.sub("", to_html(markdown).replace("<br>", "\n")))


def _closed(opened: list[str], name: str) -> str:
    """End what was opened last under this name, and all that was opened within it."""
    if name not in opened:
        return ""
    said = ""
    while (last := opened.pop()) != name:
        said += f"</{last}>"
    return f"{said}</{name}>"


def mark(look: Look) -> str:
    """The glyph of a state in its colour; a screen reader hears the state, where its icon has a word."""
    word = f"icon.{look.icon}"
    told = f'role="img" aria-label="{html.escape(t(word))}"' if has(word) else 'aria-hidden="true"'
    return f'<i class="mark {look.tone}" {told}>{look.glyph}</i>'
