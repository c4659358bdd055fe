"""Maps: the province's units as a chart of areas, and coverage cells as hexagons.

Geometry comes by address from this server and is kept by the browser; only codes and states travel with
a refresh. No map provider, no tile: nothing is asked from outside.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pydeck as pdk
import streamlit as st

from cockpit.domain import geo
from cockpit.profiles import imported
from cockpit.ui.charts import Spec, config
from cockpit.ui.context import cockpit
from cockpit.ui.marks import quiet, swatch
from cockpit.ui.screen import phone as phone  # parts of maps name it too
from cockpit.ui.status import GRAY, ORANGE, PALE, RED
from cockpit.ui.words import lang, t

AREAS_URL = "/assets/areas.json"

_MARKED = ["red", "orange", "doubt"]
_DOMAIN = [*_MARKED, "green", "none"]
_AREA_FILLS = [RED, ORANGE, "rgba(138,148,157,.53)", "rgba(138,148,157,.15)", "rgba(138,148,157,.05)"]


def _areas() -> tuple[Path, str]:
    """The file of the areas and its address, which is another one after each import: a browser, a chart or
    a map that has loaded the areas before would keep them."""
    here = cockpit()
    path, version = imported.areas(here.config.data_dir, here.profile)
    return path, f"{AREAS_URL}?v={version}" if version else AREAS_URL


@lru_cache(maxsize=16)
def _choropleth(language: str, height: int, areas_url: str = AREAS_URL) -> Spec:
    """Areas by `code` and `state`, and a shape at the interior point where something is to be seen."""
    projection = {"type": "identity", "reflectY": True}
    areas: Spec = {
        "transform": [
            {
                "lookup": "code",
                "from": {
                    "data": {"url": areas_url, "format": {"type": "json", "property": "features"}},
                    "key": "properties.code",
                },
                "as": "area",
            }
        ],
        "projection": projection,
        "mark": {"type": "geoshape", "stroke": PALE, "strokeWidth": 0.5},
        "encoding": {
            "shape": {"field": "area", "type": "geojson"},
            "color": {
                "field": "state",
                "type": "nominal",
                "scale": {"domain": _DOMAIN, "range": _AREA_FILLS},
            },
            "tooltip": [{"field": "name", "title": " "}, {"field": "text", "title": "  "}],
        },
    }
    points: Spec = {
        "transform": [{"filter": {"field": "state", "oneOf": _MARKED}}],
        "projection": projection,
        "mark": {
            "type": "point",
            "aria": False,  # the picture has a sentence and a table; an empty group would have no name
            "filled": True,
            "stroke": "#FFFFFF",
            "strokeWidth": 1.2,
            "size": 110,
            "opacity": 1,
        },
        "encoding": {
            "longitude": {"field": "lon", "type": "quantitative"},
            "latitude": {"field": "lat", "type": "quantitative"},
            "shape": {
                "field": "state",
                "type": "nominal",
                "scale": {"domain": _MARKED, "range": ["square", "triangle-up", "diamond"]},
            },
            "fill": {
                "field": "state",
                "type": "nominal",
                "scale": {"domain": _MARKED, "range": [RED, ORANGE, GRAY]},
            },
            "tooltip": [{"field": "name", "title": " "}, {"field": "text", "title": "  "}],
        },
    }
    return {
        "height": height,
        "layer": [areas, points],
        "resolve": {"scale": {"color": "independent", "shape": "independent", "fill": "independent"}},
        "config": config(language),
    }


@dataclass(frozen=True, slots=True)
class Place:
    """A unit on the map. `state`: red, orange, doubt, green or none; `text` says it in words."""

    code: str
    name: str
    state: str
    text: str
    lon: float
    lat: float


def rows(places: Sequence[Place]) -> pa.Table:
    """The units as what `choropleth` draws."""
    return pa.table(
        {
            "code": [p.code for p in places],
            "name": [p.name for p in places],
            "state": [p.state for p in places],
            "text": [p.text for p in places],
            "lon": [p.lon for p in places],
            "lat": [p.lat for p in places],
        }
    )


def choropleth(table: pa.Table, *, key: str, alt: str, height: int = 268) -> None:
    """The units of the province by state: `table` from `rows`."""
    st.vega_lite_chart(table, _choropleth(lang(), height, areas_address()), key=key, alt=alt, width="stretch")


def areas_address() -> str:
    """Where the areas come from: part of the name under which a deck is kept, as its box is theirs."""
    return _areas()[1]


def shapes() -> str:
    """What the shapes of the units are: a diagram, or boundaries somebody has imported."""
    return t("map.official") if _areas()[0] != cockpit().profile.areas_path else t("map.diagram")


def legend(counts: Mapping[str, int], note: str) -> str:
    """Under the map: what the shapes mean and how many there are, a `note` on what turns a unit to a
    colour, and that it is a diagram."""
    parts = []
    for state, glyph, mark, dark in (
        ("red", "■", RED, False),
        ("orange", "▲", ORANGE, True),
        ("doubt", "◆", GRAY, False),
    ):
        if counts.get(state):
            parts.append(swatch(glyph, mark, t(f"map.{state}", n=counts[state]), dark_glyph=dark))
    parts.append(quiet(f"{note} {shapes()}"))
    return " &nbsp; ".join(parts)


@dataclass(frozen=True, slots=True)
class HexLayer:
    """Cells of one class. `style`: bad, weak, good, few, site …; `rows` have `h3` and `text`."""

    style: str
    rows: Sequence[Mapping[str, Any]]


_FILLS: dict[str, list[int]] = {
    "bad": [195, 59, 58, 225],
    "weak": [216, 126, 34, 200],
    "good": [64, 149, 117, 60],
}


def ground() -> pdk.Layer:
    """The province as its drawn areas, by address. Sea and what lies beyond the province stay empty: a
    neighbour's land would end at the edge of its file."""
    return pdk.Layer(
        "GeoJsonLayer",
        areas_address(),
        id="areas",
        stroked=True,
        filled=True,
        get_fill_color=[138, 148, 157, 38],
        get_line_color=[138, 148, 157, 150],
        line_width_min_pixels=0.75,
    )


def hex_layer(layer: HexLayer) -> pdk.Layer:
    """One layer a class: the style is a constant, so only ids travel."""
    few = layer.style == "few"
    return pdk.Layer(
        "H3HexagonLayer",
        [dict(row) for row in layer.rows],
        id=f"hex-{layer.style}",
        get_hexagon="h3",
        pickable=True,
        filled=not few,
        stroked=few,
        extruded=False,
        get_fill_color=_FILLS.get(layer.style, [0, 0, 0, 0]),
        get_line_color=[138, 148, 157, 150],
        line_width_min_pixels=1,
    )


def point_layer(
    name: str, rows: Sequence[Mapping[str, Any]], color: Sequence[int], radius_px: int = 5
) -> pdk.Layer:
    """Points with `lon`, `lat`, `text`, white-edged so that they are seen on any ground."""
    return pdk.Layer(
        "ScatterplotLayer",
        [dict(row) for row in rows],
        id=f"points-{name}",
        get_position="[lon, lat]",
        get_fill_color=list(color),
        get_line_color=[255, 255, 255, 230],
        stroked=True,
        pickable=True,
        radius_units="'pixels'",
        get_radius=radius_px,
        line_width_units="'pixels'",
        get_line_width=1,
    )


Box = tuple[float, float, float, float]
"""lon0, lat0, lon1, lat1 in degrees."""


def province() -> Box:
    """What a map of the province has to show: the box around its drawn areas."""
    path, address = _areas()
    return _box(path, address) or _box(cockpit().profile.areas_path, AREAS_URL) or cockpit().profile.bbox


@lru_cache(maxsize=4)
def _box(path: Path, address: str) -> Box | None:
    """The box around a file of areas, None where it is none. `address` tells one import from the next."""
    try:
        boxes = [geo.bbox(feature["geometry"]) for feature in json.loads(path.read_bytes())["features"]]
        west, south, east, north = zip(*boxes, strict=True)
        box = min(west), min(south), max(east), max(north)
        return box if all(map(math.isfinite, box)) else None
    except (OSError, ValueError, LookupError, TypeError):
        return None


DESK_PX, PHONE_PX = (715, 405), (325, 215)
"""The room a map surely has on a desk and on a phone: a chart of hexagons cannot fit itself."""


def zoom(box: Box, room: tuple[int, int]) -> float:
    """The largest zoom at which the box is wholly within `room`: the world is 512 px wide at zoom 0."""
    lon0, lat0, lon1, lat1 = box
    width = max(lon1 - lon0, 1e-6)
    height = max(lat1 - lat0, 1e-6) / math.cos(math.radians((lat0 + lat1) / 2))
    return round(math.log2(min(room[0] / width, room[1] / height) * 360 / 512), 2)


def deck(layers: Sequence[pdk.Layer]) -> pdk.Deck:
    """The layers over the ground, looking at the whole province.

    No `map_style` is given: with one, Streamlit would ask a provider outside for it.
    """
    box = province()
    lon0, lat0, lon1, lat1 = box
    return pdk.Deck(
        layers=[ground(), *layers],
        initial_view_state=pdk.ViewState(
            longitude=(lon0 + lon1) / 2,
            latitude=(lat0 + lat1) / 2,
            zoom=zoom(box, PHONE_PX if phone() else DESK_PX),
        ),
        map_provider=None,
        tooltip={"text": "{text}"},
    )


def draw(made: pdk.Deck, *, key: str, alt: str, height: int = 430) -> None:
    """Draw a deck made before: unchanged ones are sent once and then by hash."""
    st.pydeck_chart(made, key=key, alt=alt, height=height)
