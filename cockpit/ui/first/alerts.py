"""The alerts page: verdict and the first rows of the list that the address asks for."""

from __future__ import annotations

from collections.abc import Mapping

from cockpit.ui import alert_parts as parts
from cockpit.ui import live
from cockpit.ui.alert_list import Shown, in_words
from cockpit.ui.components.sheet import wrapped
from cockpit.ui.context import cockpit
from cockpit.ui.links import to
from cockpit.ui.plain import mark, to_html
from cockpit.ui.status import PRIORITIES
from cockpit.ui.words import lang
from cockpit.views import alerts as alerts_view
from cockpit.views.alerts import AlertsView

ROWS = 20
"""More than a screen holds."""


def body(query: Mapping[str, str]) -> str:
    """Everything under the menu."""
    here = cockpit()
    view = live.view(alerts_view.build)
    now, real = here.clock.domain_ms(), here.clock.real_ms()
    rows = _of(view, query.get("list", ""), query.get("q", "")[:80])[:ROWS]
    told = "".join(_row(row, query, real if row.row.real else now) for row in rows)
    head, *rest = to_html(parts.verdict(view, now)).removeprefix("# ").split("<br>", 1)
    quiet = f'<p class="small">{rest[0]}</p>' if rest else ""
    listed = f'<ol class="rows">{told}</ol>' if told else ""
    return wrapped(f"<h1>{head}</h1>{quiet}{listed}")


def _of(view: AlertsView, chosen: str, words: str) -> list[Shown]:
    """The list of that name; the one that waits where there is no such."""
    if chosen == "rules":
        return []
    name = chosen if chosen in ("working", "hidden", "closed") else "waiting"
    return parts.rows_of(view, name, words)


def _row(row: Shown, query: Mapping[str, str], now_ms: int) -> str:
    said, small = in_words(row, now_ms, lang())
    return (
        f'<li>{mark(PRIORITIES[row.row.priority])}<a href="{to("alerts", query, id=row.key)}">'
        f"{to_html(said)}</a><small>{to_html(' · '.join(small))}</small></li>"
    )
