"""The desk's screen: what waits for somebody, then what is being worked on, as many rows as there is room."""

from __future__ import annotations

import html

from cockpit.ui import alert_parts as parts
from cockpit.ui import live
from cockpit.ui.alert_list import Shown, in_words
from cockpit.ui.context import cockpit
from cockpit.ui.plain import to_html
from cockpit.ui.status import PRIORITIES
from cockpit.ui.words import lang, t
from cockpit.views import alerts as alerts_view

ROWS = 14


def screen() -> str:
    """Verdict and rows."""
    here = cockpit()
    view = live.view(alerts_view.build)
    now, real = here.clock.domain_ms(), here.clock.real_ms()
    rows = [*parts.rows_of(view, "waiting", ""), *parts.rows_of(view, "working", "")]
    told = "".join(_row(row, real if row.row.real else now) for row in rows[:ROWS])
    more, rest = html.escape(t("wall.more")), max(0, len(rows) - ROWS)
    _, said, under = parts.verdict(view, now)
    return (
        f'<h1>{to_html(said)}</h1><p class="quiet">{to_html(under)}</p>'
        f'<ol class="rows" data-more="{more}" data-rest="{rest}">{told}</ol>'
    )


def _row(row: Shown, now_ms: int) -> str:
    said, small = in_words(row, now_ms, lang())
    return (
        f'<li class="{PRIORITIES[row.row.priority].tone}"><b>{to_html(said)}</b>'
        f"<small>{to_html(' · '.join(small))}</small></li>"
    )
