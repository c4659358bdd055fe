"""The map's screen: the province by unit as one picture, and the units where something is wrong."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence

from cockpit.ui import live, maps, province
from cockpit.ui.context import cockpit
from cockpit.ui.home_parts import verdict_sentence
from cockpit.ui.plain import to_html
from cockpit.ui.words import lang, t
from cockpit.views import home as home_view
from cockpit.views.home import UnitState

ROWS = 12
_RANK = {"red": 0, "orange": 1, "green": 2}


def screen() -> str:
    """Verdict, map, and the units that are red or orange, the worst first."""
    language = lang()
    view = live.view(home_view.build)
    wrong = sorted(
        (u for u in view.units if u.state != "green"), key=lambda u: (_RANK[u.state], -u.alerts, u.unit.name)
    )
    rows = [_row(unit) for unit in wrong[:ROWS]] or [f"<li>{html.escape(t('home.nothing'))}</li>"]
    red, orange = (sum(u.state == state for u in view.units) for state in ("red", "orange"))
    return f'<h1 class="{view.verdict}">{to_html(verdict_sentence(view, language))}</h1>' + beside(
        {u.unit.code: u.state for u in wrong}, t("home.map_counts", red=red, orange=orange), rows, len(wrong)
    )


def beside(states: Mapping[str, str], title: str, rows: Sequence[str], of: int) -> str:
    """The map with units by `red` or `orange`, and beside it a list, of which `rows` are the first."""
    here = cockpit()
    drawing = province.of_profile(here.profile, here.config.data_dir, lang())
    picture = drawing.pictures["wall"].svg(states).replace("<svg ", '<svg aria-hidden="true" ', 1)
    more, rest = html.escape(t("wall.more")), max(0, of - len(rows))
    return (
        f'<div class="beside"><figure>{picture}<figcaption>{html.escape(maps.shapes())}</figcaption></figure>'
        f'<section><h2>{to_html(title)}</h2><ol class="rows" data-more="{more}" data-rest="{rest}">'
        f"{''.join(rows)}</ol></section></div>"
    )


def _row(unit: UnitState) -> str:
    language = lang()
    told = t("home.unit_text", alerts=unit.alerts, indicators=len(unit.missed))
    names = ", ".join(name.get(language) for name in unit.missed)
    small = html.escape(f"{told}: {names}" if names else told)
    return f'<li class="{unit.state}"><b>{html.escape(unit.unit.name)}</b><small>{small}</small></li>'
