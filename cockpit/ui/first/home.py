"""The home page: the same pieces as the app draws, without its map."""

from __future__ import annotations

from collections.abc import Mapping

from cockpit.ui import decision_parts, live, need_parts, visits
from cockpit.ui import home_parts as parts
from cockpit.ui.components.sheet import wrapped
from cockpit.ui.tiles import tiles
from cockpit.ui.words import lang
from cockpit.views import decisions as decisions_view
from cockpit.views import home as home_view


def body(query: Mapping[str, str], name: str) -> str:
    """Everything under the menu, for who is known by this name."""
    language = lang()
    view = live.view(home_view.build)
    head = parts.head(view, visits.told(view, name), language) + parts.trust(view, language)
    needs = need_parts.needs(view, query, language)
    return wrapped(
        f'{head}<div class="two"><section>{needs}</section><section class="map"></section></div>'
        f"{decision_parts.listing(live.view(decisions_view.build), query, language)}"
        f"{tiles(view.tiles, query, language)}"
    )
