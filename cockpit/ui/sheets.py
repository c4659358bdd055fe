"""Tables and folds of the pieces of HTML that `cockpit.ui.components.sheet` shows. Cells are markdown."""

from __future__ import annotations

import html
from collections.abc import Sequence

from cockpit.ui.plain import to_html


def facts(pairs: Sequence[tuple[str, str]], *, alt: str) -> str:
    """What is known about one thing: label and value, a line each."""
    lines = "".join(
        f'<tr><th scope="row">{to_html(name)}</th><td>{to_html(value)}</td></tr>' for name, value in pairs
    )
    return f'<table class="facts" aria-label="{html.escape(alt)}"><tbody>{lines}</tbody></table>'


def table(
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    alt: str,
    figures: bool = False,
    whole: bool = False,
) -> str:
    """A table that is only read; a long one scrolls, by keyboard too, unless it shall stand there `whole`.
    With `figures` every column but the first stands to the right."""
    name = html.escape(alt)
    top = "".join(f'<th scope="col">{to_html(head)}</th>' for head in heads)
    lines = "".join(f"<tr>{''.join(f'<td>{to_html(cell)}</td>' for cell in row)}</tr>" for row in rows)
    look, place = "figures" if figures else "texts", "scroll whole" if whole else "scroll"
    return (
        f'<div class="{place}" role="region" tabindex="0" aria-label="{name}"><table class="{look}">'
        f"<thead><tr>{top}</tr></thead><tbody>{lines}</tbody></table></div>"
    )


def fold(label: str, body: str, *, key: str) -> str:
    """What opens under its name; `body` is HTML."""
    return f'<details data-key="{html.escape(key)}"><summary>{to_html(label)}</summary>{body}</details>'


def quiet(markdown: str) -> str:
    """A line of small grey text."""
    return f'<p class="gray small">{to_html(markdown)}</p>'
