"""Maps that are moved and zoomed: coverage cells as hexagons, and points, over the province. Also where the
shapes of maps come from. The province by unit is in `province_map`.

Geometry comes by address from this server and is kept by the browser; only codes and states travel with
a refresh. No map provider, no tile: nothing is asked from outside.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import pydeck as pdk
import streamlit as st

from cockpit.domain import geo
from cockpit.profiles import imported
from cockpit.ui.context import cockpit
from cockpit.ui.screen import phone as phone  # parts of maps name it too
from cockpit.ui.words import lang, t

AREAS_URL = "/assets/areas.json"

SURROUNDINGS_URL = "/assets/surroundings.json"

DRAWING_URL = "/assets/province.svg"


def _areas() -> tuple[Path, str]:
    """The file of the areas and its address, which is another one after each import: a browser, a chart or
    a map that has loaded the areas before would keep them."""
    here = cockpit()
    path, version = imported.areas(here.config.data_dir, here.profile)
    return path, f"{AREAS_URL}?v={version}" if version else AREAS_URL


def areas_address() -> str:
    """Where the areas come from: part of the name under which a deck is kept, as its box is theirs."""
    return _areas()[1]


def surroundings_address() -> str:
    """Where sea, borders and names come from; "" where the profile has none."""
    return SURROUNDINGS_URL if cockpit().profile.surroundings_path.is_file() else ""


def drawing_address(language: str, digest: str) -> str:
    """Where a drawing of the province (`cockpit.ui.province`) comes from: another address for another
    content. The browser adds for which `room`."""
    return f"{DRAWING_URL}?lang={language}&v={digest}"


def drawn() -> bool:
    """Whether the shapes of the units are the profile's own diagram."""
    return _areas()[0] == cockpit().profile.areas_path


def shapes() -> str:
    """What the shapes of the units are: a diagram, or boundaries somebody has imported."""
    return t("map.diagram") if drawn() else t("map.official")


@dataclass(frozen=True, slots=True)
class HexLayer:
    """Cells of one class. `style`: bad, weak, good, few, site …; `rows` have `h3` and `text`."""

    style: str
    rows: Sequence[Mapping[str, Any]]


_FILLS: dict[str, list[int]] = {
    "bad": [195, 59, 58, 225],
    "weak": [216, 126, 34, 200],
    "good": [64, 149, 117, 60],
    "gain": [64, 149, 117, 190],
    "gap": [195, 59, 58, 225],
}
GAP_EDGE = [120, 20, 30, 255]


def ground() -> list[pdk.Layer]:
    """The province as its areas, on a ground of sea and of borders beyond, and names: all by address."""
    areas = pdk.Layer(
        "GeoJsonLayer",
        areas_address(),
        id="areas",
        stroked=True,
        filled=True,
        get_fill_color=[138, 148, 157, 38],
        get_line_color=[138, 148, 157, 150],
        line_width_min_pixels=0.75,
    )
    around = surroundings_address()
    if not around:
        return [areas]
    beyond = pdk.Layer(
        "GeoJsonLayer",
        around,
        id="surroundings",
        stroked=True,
        filled=True,
        # The outline and the names have no look of their own in this layer.
        get_fill_color="properties.kind == 'sea' ? [62, 127, 193, 38] : [0, 0, 0, 0]",
        get_line_color="properties.kind == 'border' ? [138, 148, 157, 110] : [0, 0, 0, 0]",
        line_width_min_pixels=0.75,
        get_point_radius=0,
    )
    name = f"properties.{lang()}"
    names = pdk.Layer(
        "GeoJsonLayer",
        around,
        id="names",
        stroked=False,
        filled=False,
        point_type="'text'",
        get_text=f"properties.rank == 1 ? {name} : ''" if phone() else name,
        get_text_size="properties.kind == 'town' ? 12 : 11",
        get_text_color="properties.kind == 'sea_name' ? [78, 143, 209] : [108, 118, 127]",
        text_character_set="'auto'",
        text_font_family="'Source Sans, sans-serif'",
        text_font_weight=600,
    )
    return [beyond, areas, names]


def hex_layer(layer: HexLayer) -> pdk.Layer:
    """One layer a class: the style is a constant, so only ids travel."""
    few, gap = layer.style == "few", layer.style == "gap"
    return pdk.Layer(
        "H3HexagonLayer",
        [dict(row) for row in layer.rows],
        id=f"hex-{layer.style}",
        get_hexagon="h3",
        pickable=True,
        filled=not few,
        stroked=few or gap,
        extruded=False,
        get_fill_color=_FILLS.get(layer.style, [0, 0, 0, 0]),
        get_line_color=GAP_EDGE if gap else [138, 148, 157, 150],
        line_width_min_pixels=2 if gap else 1,
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
        layers=[*ground(), *layers],
        initial_view_state=pdk.ViewState(
            longitude=(lon0 + lon1) / 2,
            latitude=(lat0 + lat1) / 2,
            zoom=zoom(box, PHONE_PX if phone() else DESK_PX),
        ),
        map_provider=None,
        tooltip={"text": "{text}"},
    )


def draw(
    made: pdk.Deck,
    *,
    key: str,
    alt: str,
    height: int = 430,
    clicked: Callable[[str], None] | None = None,
) -> None:
    """Draw a deck made before: unchanged ones are sent once and then by hash. `clicked(key)` is called where
    somebody has clicked on something of it, before the page is drawn anew."""
    if clicked is None:
        st.pydeck_chart(made, key=key, alt=alt, height=height)
    else:
        st.pydeck_chart(made, key=key, alt=alt, height=height, on_select=partial(clicked, key))
