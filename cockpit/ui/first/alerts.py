"""The alerts page: verdict, the first rows of the list that is asked for, and what is chosen of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cockpit.ui import alert_detail, alert_group, live
from cockpit.ui import alert_parts as parts
from cockpit.ui.alert_list import Shown, in_words
from cockpit.ui.components.sheet import wrapped
from cockpit.ui.context import cockpit
from cockpit.ui.links import to
from cockpit.ui.plain import mark, to_html
from cockpit.ui.status import PRIORITIES
from cockpit.ui.words import lang
from cockpit.views import alert as alert_view
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
    listed = f'<ol class="rows">{told}</ol>' if told else ""
    panel = _panel(rows, query)
    beside = f'<section class="panel">{panel}</section>' if panel else ""
    return wrapped(f'{parts.head(view, now)}<div class="two"><div>{listed}</div>{beside}</div>')


def _panel(rows: Sequence[Shown], query: Mapping[str, str]) -> str:
    """What is chosen, by the address or as the first of the list."""
    key = query.get("id") or (rows[0].key if rows else "")
    group = next((row.group for row in rows if row.key == key), None)
    if group is not None:
        return alert_group.head(group) + alert_group.body(group, parts.now_of(group.members[0]))
    number = parts.number(key)
    found = live.view(alert_view.build, number) if number is not None else None
    if found is None:
        return ""
    return alert_detail.head(found) + alert_detail.body(found, parts.now_of(found.alert), query)


def _of(view: AlertsView, chosen: str, words: str) -> list[Shown]:
    """The list of that name; the one that waits where there is no such."""
    if chosen in ("rules", "muted"):
        return []
    name = chosen if chosen in ("working", "hidden", "closed") else "waiting"
    return parts.rows_of(view, name, words)


def _row(row: Shown, query: Mapping[str, str], now_ms: int) -> str:
    said, small = in_words(row, now_ms, lang())
    return (
        f'<li>{mark(PRIORITIES[row.row.priority])}<a href="{to("alerts", query, id=row.key)}">'
        f"{to_html(said)}</a><small>{to_html(' · '.join(small))}</small></li>"
    )
