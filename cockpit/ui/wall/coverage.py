"""Coverage on the wall: how much of what is measured is good, and the gaps, the heaviest first."""

from __future__ import annotations

import html

from cockpit.ui import coverage_parts as parts
from cockpit.ui import figures, live
from cockpit.ui.context import cockpit
from cockpit.ui.plain import to_html
from cockpit.ui.wall.bar import bar
from cockpit.ui.wall.land import beside
from cockpit.ui.words import t
from cockpit.views import coverage as coverage_view
from cockpit.views.coverage import CLASSES, Place

ROWS = 10
_TONES = {"bad": "red", "weak": "orange", "samples": "gray", "good": "green"}


def screen() -> str:
    """Verdict, a bar of classes, the map, and places."""
    view = live.view(coverage_view.build)
    rows = [_row(place) for place in view.places[:ROWS]]
    none = [f"<li>{html.escape(t('coverage.places_none'))}</li>"]
    states = {place.unit: _TONES[place.kind] for place in reversed(view.places) if place.unit}
    parts_of = [
        (
            _TONES[kind],
            view.hex_counts[kind],
            t("coverage.pill", name=t(f"coverage.class_{kind}"), n=view.hex_counts[kind]),
        )
        for kind in CLASSES
    ]
    return f"<h1>{to_html(parts.verdict(view).removeprefix('# '))}</h1>{bar(parts_of)}" + beside(
        states, t("wall.places", n=len(view.places)), rows or none, len(view.places)
    )


def _row(place: Place) -> str:
    here = cockpit()
    unit = here.profile.unit.get(place.unit)
    name = unit.name if unit else t("alerts.province")
    small = t(
        "wall.place", share=figures.percent(place.share, 0), samples=place.samples, devices=place.devices
    )
    kind = t(f"coverage.class_{place.kind}")
    return (
        f'<li class="{_TONES[place.kind]}"><b>{html.escape(f"{name} · {kind}")}</b>'
        f"<small>{html.escape(small)}</small></li>"
    )
