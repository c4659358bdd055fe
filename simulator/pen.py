"""A pen that draws in pixels of the finished picture, and the place before one camera.

The picture is 640 wide and 360 high, y downwards. Where things stand follows from seed and camera; where
things that move are follows from the instant alone, so any instant can be drawn.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from PIL import Image, ImageDraw

from simulator.rng import Stream

WIDTH, HEIGHT = 640, 360
FINE = 2
"""The pen draws so many times larger; the picture is reduced afterwards, which smooths its edges."""

Colour = tuple[int, int, int]
Point = tuple[float, float]

ASPHALT, PAVEMENT, LINE = (98, 101, 105), (176, 172, 163), (228, 228, 220)
GREEN, TRUNK, STEEL, GLASS = (86, 128, 74), (104, 82, 60), (120, 124, 128), (62, 78, 92)
LAMP: Colour = (255, 214, 150)
PAINTS: tuple[Colour, ...] = (
    (222, 224, 226), (58, 62, 68), (150, 156, 162), (170, 52, 48), (46, 84, 140), (206, 168, 70),
    (74, 118, 96),
)  # fmt: skip
WALLS: tuple[Colour, ...] = ((224, 206, 160), (214, 220, 222), (206, 178, 152), (190, 204, 188))
SKIN: Colour = (196, 152, 118)


class Light(NamedTuple):
    """Something bright: its middle, half its width and half its height."""

    kind: Literal["lamp", "window", "pool"]
    x: float
    y: float
    w: float
    h: float
    colour: Colour


class Pen:
    """Draws shapes in pixels of the finished picture; `lights` are seen where it is dark."""

    def __init__(self, image: Image.Image) -> None:
        self._draw = ImageDraw.Draw(image)
        self.lights: list[Light] = []

    def box(self, x: float, y: float, w: float, h: float, fill: Colour, round_: float = 0) -> None:
        """A box by its left upper corner; one that is too small to see is left out."""
        if w * FINE < 1 or h * FINE < 1:
            return
        frame = (x * FINE, y * FINE, (x + w) * FINE - 1, (y + h) * FINE - 1)
        if round_:
            self._draw.rounded_rectangle(frame, round_ * FINE, fill)
        else:
            self._draw.rectangle(frame, fill)

    def shape(self, points: Sequence[Point], fill: Colour) -> None:
        self._draw.polygon([(x * FINE, y * FINE) for x, y in points], fill)

    def disc(self, x: float, y: float, r: float, fill: Colour) -> None:
        self._draw.ellipse(((x - r) * FINE, (y - r) * FINE, (x + r) * FINE, (y + r) * FINE), fill)

    def line(self, points: Sequence[Point], fill: Colour, width: float) -> None:
        self._draw.line([(x * FINE, y * FINE) for x, y in points], fill, max(1, round(width * FINE)))

    def light(self, x: float, y: float, r: float, colour: Colour = LAMP) -> None:
        self.lights.append(Light("lamp", x, y, r, r, colour))

    def window(self, x: float, y: float, w: float, h: float) -> None:
        """A lit window by its middle."""
        self.lights.append(Light("window", x, y, w / 2, h / 2, (176, 138, 78)))

    def pool(self, x: float, y: float, r: float) -> None:
        """What a lamp lights of the ground."""
        self.lights.append(Light("pool", x, y, r, r * 0.32, (96, 78, 52)))


@dataclass(frozen=True, slots=True)
class Passing:
    """Something on its way: `part` of it is done, 0 to 1; `kind` and `paint` are uniform in [0, 1)."""

    lane: int
    part: float
    kind: float
    paint: float


class Place:
    """What stays the same before one camera, and who passes it. `busy`: the share of ways in use, 0 to 1."""

    def __init__(self, seed: int, asset_id: int, t_ms: int, busy: float) -> None:
        self._id, self._t_ms, self._busy = asset_id, t_ms, busy
        self._fixed: list[float] = Stream(seed, "picture/place").uniform(asset_id, np.arange(64)).tolist()
        self._passing = Stream(seed, "picture/passing")

    def pick(self, n: int, low: float = 0.0, high: float = 1.0) -> float:
        """Feature number n of this place, uniform in [low, high)."""
        return low + self._fixed[n % 64] * (high - low)

    def wall(self, n: int) -> Colour:
        return WALLS[int(self.pick(n, 0, len(WALLS)))]

    def passing(self, ways: int, lanes: int, slowest_s: float) -> Iterator[Passing]:
        """Who is on which of the ways now; each way is used by one after the other."""
        for way in range(ways):
            span = round(1000 * slowest_s * self.pick(way + 8, 0.6, 1.0))
            turn, done = divmod(self._t_ms + round(span * self.pick(way + 24)), span)
            there, kind, paint = self._passing.uniform(
                self._id, (way << 44) + turn * 4 + np.arange(3)
            ).tolist()
            if there < self._busy:
                yield Passing(way % lanes, done / span, kind, paint)

    @property
    def seconds(self) -> float:
        """Time of the day's motions: steps, waves, the flag."""
        return self._t_ms % 3_600_000 / 1000
