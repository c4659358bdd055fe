"""The leader's screen: verdict, what needs someone, the headline figures with their trend."""

from __future__ import annotations

import html

from cockpit.ui import figures, live, need_parts
from cockpit.ui import home_parts as parts
from cockpit.ui.charts import sparkline_svg
from cockpit.ui.marks import escape
from cockpit.ui.plain import to_html
from cockpit.ui.status import LOOKS, PRIORITIES
from cockpit.ui.words import lang, t
from cockpit.views import home as home_view
from cockpit.views.figure import Figure
from cockpit.views.home import Need

TILES = 10


def screen() -> str:
    """Everything but clock and age."""
    language = lang()
    view = live.view(home_view.build)
    needs = "".join(_need(need) for need in view.needs)
    if not needs:
        needs = f'<li class="green">{html.escape(t("home.nothing"))}</li>'
    counted = parts.news_line(view, view.news, language)  # many look at a wall: it is nobody's
    return (
        f'<h1 class="{view.verdict}">{to_html(parts.verdict_sentence(view, language))}</h1>'
        f'<p class="quiet">{to_html(counted)}</p>'
        f'<ol class="rows two" data-more="{html.escape(t("wall.more"))}">{needs}</ol>'
        f'<ul class="tiles">{"".join(_tile(figure) for figure in view.tiles[:TILES])}</ul>'
    )


def _need(need: Need) -> str:
    language = lang()
    small = " · ".join(need_parts.told(need, language))
    said, tone = to_html(need_parts.headline(need, language)), PRIORITIES[need.alert.priority].tone
    return f'<li class="{tone}"><b>{said}</b><small>{to_html(small)}</small></li>'


def _tile(figure: Figure) -> str:
    language, look = lang(), LOOKS[figure.status]
    unit = escape(figure.unit.get(language))
    value = figures.quantity(figure.value, unit, figure.decimals)
    goal = figures.target(figure.target, figure.direction, unit)
    trend = ""
    if len(figure.spark) > 1:
        trend = f'<img alt="" src="{html.escape(sparkline_svg(figure.spark, figure.target, look.mark))}">'
    return (
        f'<li class="{look.tone}"><span>{html.escape(figure.short.get(language))}</span>'
        f"<b>{to_html(value)}</b>{trend}<small>{to_html(goal)}</small></li>"
    )
