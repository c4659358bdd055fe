"""The province as SVG: sea and neighbours, areas, names, a mark a place, and once more, larger, where units
crowd. It has classes and no colours: how they look is in the style of `components/province`, in the colours
of the page or of the wall.

The home page fetches a picture once and puts states in by itself; the wall has them put in here.
"""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from pathlib import Path

from cockpit.domain.text import plain
from cockpit.profiles import imported
from cockpit.profiles.model import Inset, Profile
from cockpit.ui.province import ground
from cockpit.ui.province.ground import Box, Ground
from cockpit.ui.province.labels import Label, placed

MARKS = {"red": "M-5-5h10v10h-10z", "orange": "M0-6.5l6.5 11.5h-13z"}
"""What a mark looks like by state, around its place."""

_REACH = 7.0
"""Half of the room that a mark takes."""
_MARGIN = 6.0
_SIZES = {"town": 12.0, "land_name": 11.0, "sea_name": 11.0}
_FIRST = {"town": 0, "sea_name": 1, "land_name": 2}
_EVEN = 'vector-effect="non-scaling-stroke"'
_UNIT = re.compile(r'<path( data-unit="([^"]*)") data-name="[^"]*"')
_MARK = re.compile(r'<path class="mark" data-unit="([^"]*)"([^>]*)/>')
_GUARD = threading.Lock()
"""Boundaries of many corners take seconds: nobody draws them beside another who does."""


@dataclass(frozen=True, slots=True)
class Room:
    """Width and largest height of a picture, the width of what is drawn larger, the last rank of names that
    it has room for, and the size of marks."""

    width: float
    height: float
    inset: float
    rank: int
    mark: float


ROOMS = {
    "wide": Room(500, 350, 310, 2, 1),
    "narrow": Room(340, 284, 290, 1, 0.85),
    "small": Room(250, 240, 240, 1, 0.75),
    "wall": Room(500, 400, 310, 2, 1),
}


@dataclass(frozen=True, slots=True)
class Source:
    """What a drawing is made of. `version` tells one import from the next; "": the profile's own areas."""

    areas: Path
    version: str
    surroundings: Path
    units: tuple[tuple[str, str, float, float], ...]  # code, name, longitude, latitude
    inset: Inset | None


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing in one room: the SVG without states (`bare`), and its size."""

    bare: str
    width: float
    height: float

    def svg(self, states: Mapping[str, str]) -> str:
        """The picture with a state for units by their code, for reading alone: the areas have no names in it.
        States of MARKS have their mark."""

        def area(found: re.Match[str]) -> str:
            state = states.get(found[2])
            return f'<path class="{escape(state)}"{found[1]}' if state else f"<path{found[1]}"

        def mark(found: re.Match[str]) -> str:
            state = states.get(found[1], "")
            return f'<path class="mark {state}" d="{MARKS[state]}"{found[2]}/>' if state in MARKS else ""

        return _UNIT.sub(area, _MARK.sub(mark, self.bare))


@dataclass(frozen=True, slots=True)
class Drawing:
    """The province in one language, a picture for each of ROOMS. `digest` names the content of all; `own`: by
    the profile's own areas."""

    pictures: Mapping[str, Picture]
    digest: str
    own: bool


def of_profile(profile: Profile, data_dir: Path, language: str) -> Drawing:
    """The province as it is to be drawn now: by the boundaries that were imported, else by the profile's own
    areas. Raises ValueError where neither is any."""
    path, version = imported.areas(data_dir, profile)
    for source in (_source(profile, path, version), _source(profile, profile.areas_path, "")):
        with _GUARD:
            found = _drawn(source, language)
        if found is not None:
            return found
    raise ValueError(f"{profile.areas_path} cannot be drawn")


def _source(profile: Profile, path: Path, version: str) -> Source:
    units = tuple((u.code, u.name, u.lon, u.lat) for u in profile.units)
    return Source(path, version, profile.surroundings_path, units, profile.inset)


@lru_cache(maxsize=2)
def _ground(areas: Path, version: str, surroundings: Path) -> Ground | None:
    try:
        return ground.read(areas, surroundings, own=not version)
    except (OSError, ValueError, LookupError, TypeError):
        return None


@lru_cache(maxsize=6)
def _drawn(source: Source, language: str) -> Drawing | None:
    """None where the file of the areas is none."""
    on = _ground(source.areas, source.version, source.surroundings)
    if on is None:
        return None
    pictures = {name: _Maker(source, on, room, language).made() for name, room in ROOMS.items()}
    digest = hashlib.blake2b(digest_size=12)
    for picture in pictures.values():
        digest.update(picture.bare.encode())
    return Drawing(pictures, digest.hexdigest(), not source.version)


@dataclass(frozen=True, slots=True)
class _Window:
    """What is drawn larger: `box` of the grid, shown in `frame` of the picture."""

    title: str
    box: Box
    frame: Box

    def at(self, x: float, y: float) -> tuple[float, float] | None:
        """A place of the grid on the picture, None where it is not within."""
        left, top, right, bottom = self.box
        if not (left < x < right and top < y < bottom):
            return None
        zoom = (self.frame[2] - self.frame[0]) / (right - left)
        return self.frame[0] + (x - left) * zoom, self.frame[1] + (y - top) * zoom


class _Maker:
    """Makes one drawing: the province above, what is drawn larger at the bottom right."""

    def __init__(self, source: Source, on: Ground, room: Room, language: str) -> None:
        self._source, self._on, self._room, self._language = source, on, room, language
        self._land = "land outlined" if on.outlined else "land"
        high = 0.0  # of what is drawn larger
        if source.inset is not None:
            left, top, end, low = near = on.grid.box(source.inset.box)
            high = room.inset * (low - top) / (end - left)
        _, _, right, bottom = on.box
        self._scale = min((room.width - 2 * _MARGIN) / right, (room.height - 2 * _MARGIN - high) / bottom)
        self._height = room.height if source.inset else min(room.height, self._scale * bottom + 2 * _MARGIN)
        self._x0 = (room.width - self._scale * right) / 2
        self._y0 = (self._height - high - self._scale * bottom) / 2
        self._window: _Window | None = None
        if source.inset is not None:
            x, y = room.width - 1, self._height - 1
            title = source.inset.name.get(language)
            self._window = _Window(title, near, (x - room.inset, y - high, x, y))

    def made(self) -> Picture:
        width, height = self._room.width, self._height
        shapes = " ".join(f'data-{state}="{shape}"' for state, shape in MARKS.items())
        size = f'viewBox="0 0 {width:g} {height:.4g}"'
        parts = [f'<svg xmlns="http://www.w3.org/2000/svg" class="province" {size} {shapes}>']
        parts += [*self._province(), self._names(), *self._marks(near=False)]
        if self._window is not None:
            parts += [*self._larger(self._window), *self._marks(near=True)]
        return Picture("".join([*parts, "</svg>"]), width, height)

    def _province(self) -> list[str]:
        on = self._on
        place = f"translate({self._x0:.2f} {self._y0:.2f}) scale({self._scale:.6f})"
        return [
            f'<g transform="{place}">',
            f'<path class="sea" d="{on.sea}"/><path class="border" d="{on.borders}"/>',
            # What is used elsewhere keeps its attributes there; rules of a style it may lose.
            f'<path id="province-land" class="{self._land}" {_EVEN} d="{on.land}"/>',
            f'<g class="units">{self._areas(on.areas)}</g></g>',
        ]

    def _areas(self, codes: Mapping[str, str]) -> str:
        names = {code: name for code, name, _, _ in self._source.units}
        return "".join(
            f'<path data-unit="{escape(code)}" data-name="{escape(plain(names.get(code, "")))}" d="{path}"/>'
            for code, path in codes.items()
        )

    def _names(self) -> str:
        """Names of towns, neighbours and the sea."""
        names = sorted(
            (n for n in self._on.names if n.rank <= self._room.rank and n.kind in _SIZES),
            key=lambda n: (_FIRST[n.kind], n.rank),
        )
        labels = [
            Label(n.kind, plain(n.words.get(self._language, "")), *self._at(n.x, n.y), _SIZES[n.kind])
            for n in names
        ]
        reach = _REACH * self._room.mark
        found = placed(
            labels,
            within=(2, 2, self._room.width - 2, self._height - 2),
            taken=[] if self._window is None else [self._window.frame],
            marks=[
                (x - reach, y - reach, x + reach, y + reach) for _, x, y, near in self._places() if not near
            ],
        )
        return "".join(
            f'<text class="{n.kind}" font-size="{n.size:g}" x="{n.x:.1f}" y="{n.y + n.size * 0.34:.1f}">'
            f"{escape(n.text)}</text>"
            for n in found
        )

    def _larger(self, window: _Window) -> list[str]:
        """The window's edge on the province, and its content at the bottom right."""
        left, top, right, bottom = window.box
        edge = *self._at(left, top), *self._at(right, bottom)
        within = {
            code: self._on.areas[code] for code, box in self._on.boxes.items() if _touch(box, window.box)
        }
        view = f'viewBox="{left:.1f} {top:.1f} {right - left:.1f} {bottom - top:.1f}"'
        frame, x, y = _rect(window.frame), window.frame[2] - 7, window.frame[3] - 8
        return [
            f'<rect class="window" {_rect(edge)}/>',
            f'<rect class="page" {frame}/><rect class="sea" {frame}/>',
            f'<svg {frame} {view} preserveAspectRatio="none">',
            f'<use class="{self._land}" href="#province-land"/>',
            f'<g class="units">{self._areas(within)}</g></svg>',
            f'<rect class="frame" {frame}/>',
            f'<text class="title" font-size="11" x="{x:g}" y="{y:g}">{escape(plain(window.title))}</text>',
        ]

    def _at(self, x: float, y: float) -> tuple[float, float]:
        """A place of the grid on the province."""
        return self._x0 + x * self._scale, self._y0 + y * self._scale

    def _places(self) -> list[tuple[str, float, float, bool]]:
        """Code and place of each unit's one mark, and whether that is in what is drawn larger."""
        found = []
        for code, _, lon, lat in self._source.units:
            x, y = self._on.grid.at(lon, lat)
            near = None if self._window is None else self._window.at(x, y)
            found.append((code, *(near or self._at(x, y)), near is not None))
        return found

    def _marks(self, *, near: bool) -> list[str]:
        size = "" if self._room.mark == 1 else f" scale({self._room.mark:g})"
        return [
            f'<path class="mark" data-unit="{escape(code)}" transform="translate({x:.1f} {y:.1f}){size}"/>'
            for code, x, y, there in self._places()
            if there == near
        ]


def _rect(box: Box) -> str:
    left, top, right, bottom = box
    return f'x="{left:.1f}" y="{top:.1f}" width="{right - left:.1f}" height="{bottom - top:.1f}"'


def _touch(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
