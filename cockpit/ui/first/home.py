"""The home page: verdict, what changed, what needs someone, what is red, the headline figures."""

from __future__ import annotations

import html
from collections.abc import Mapping

from cockpit.ui import figures, live, need_parts, visits
from cockpit.ui import home_parts as parts
from cockpit.ui.first.links import to
from cockpit.ui.first.plain import to_html
from cockpit.ui.marks import escape
from cockpit.ui.status import LOOKS, PRIORITIES
from cockpit.ui.words import lang, t
from cockpit.views import home as home_view
from cockpit.views.figure import Figure
from cockpit.views.home import HomeView, Need


def body(query: Mapping[str, str], name: str) -> str:
    """Everything under the menu, for who is known by this name."""
    language = lang()
    view = live.view(home_view.build)
    needs = "".join(_need(need, query) for need in view.needs)
    tiles = "".join(_tile(figure, query) for figure in view.tiles)
    counted = parts.news_line(view, visits.told(view, name), language)
    title = html.escape(t("home.needs"))
    return (
        f'<h1 class="{view.verdict}">{to_html(parts.verdict_sentence(view, language))}</h1>'
        f'<p class="gray small">{to_html(counted)}</p>'
        f'<div class="two"><section><h2>{title}</h2><ol>{needs or _nothing(view)}</ol></section>'
        f'<section class="map"></section></div><ul class="tiles">{tiles}</ul>'
    )


def _nothing(view: HomeView) -> str:
    """Where no alert is open: the red figures, else that there is nothing."""
    if not view.red:
        return f"<li>{html.escape(t('home.nothing'))}</li>"
    language = lang()
    return "".join(
        f'<li class="red"><b>{to_html(parts.against_target(figure, language))}</b>'
        f"<small>{html.escape(figure.owner.get(language))}</small></li>"
        for figure in view.red[: home_view.ROWS]
    )


def _need(need: Need, query: Mapping[str, str]) -> str:
    language = lang()
    key = need.group.key if need.group is not None else str(need.alert.id)
    small = " · ".join(need_parts.told(need, language))
    return (
        f'<li class="{PRIORITIES[need.alert.priority].tone}"><a href="{to("alerts", query, id=key)}">'
        f"{to_html(need_parts.headline(need, language))}</a>"
        f"<span>{to_html(need_parts.reason(need, language))}</span><small>{to_html(small)}</small></li>"
    )


def _tile(figure: Figure, query: Mapping[str, str]) -> str:
    language = lang()
    unit = escape(figure.unit.get(language))
    value = figures.quantity(figure.value, unit, figure.decimals)
    goal = figures.target(figure.target, figure.direction, unit)
    return (
        f'<li class="{LOOKS[figure.status].tone}"><a href="{to("indicators", query, id=figure.code)}">'
        f"{html.escape(figure.short.get(language))}</a><b>{to_html(value)}</b>"
        f"<small>{to_html(goal)}</small></li>"
    )
