"""What faults of a camera do to the pixels of its picture.

Images are RGB of the finished size. Every share is 0 (whole) to 1 (as bad as it gets).
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageFilter

from simulator.pen import HEIGHT, WIDTH, Place
from simulator.rng import F64

BLUR_PX = 10.0
"""Radius of the blur of a lens that is wholly out of focus, pixels."""

GRAIN, TINT, BANDS = 30.0, 14.0, 5.0
"""At full noise: deviation of brightness and of each colour pixel by pixel, and of whole rows, in 1/255."""

GRAIN_DAY, GRAIN_NIGHT = 1.6, 3.4
"""Deviation of the grain of a small sensor that is whole, in 1/255: more gain in the dark."""

PINK = (1.22, 0.60, 1.10)
"""What is left of red, green and blue where the infrared filter is stuck: pictures turn pink."""

CLOTH = (56.0, 51.0, 47.0)
"""Colour by day of what hangs before a covered lens."""

CLOTH_NIGHT = 0.3
"""Share of that colour at night."""


class Damage(NamedTuple):
    """`covered`: share of the picture; `moved`: share of its width; `no_clock`: the clock is missing."""

    black: float = 0.0
    covered: float = 0.0
    blurred: float = 0.0
    moved: float = 0.0
    noise: float = 0.0
    colour: float = 0.0
    no_clock: bool = False


WHOLE = Damage()


def moved(image: Image.Image, place: Place, share: float) -> Image.Image:
    """The camera has turned aside and down, and hangs at an angle. What lies beyond the frame is mirrored."""
    side = 1 if place.pick(60) < 0.5 else -1
    pad_x, pad_y = WIDTH // 2, HEIGHT // 2
    padded = np.pad(np.asarray(image), ((pad_y, pad_y), (pad_x, pad_x), (0, 0)), mode="reflect")
    turn = math.radians(side * 22 * share)
    c, s = math.cos(turn), math.sin(turn)
    x0, y0 = pad_x + WIDTH / 2 + side * share * WIDTH, pad_y + HEIGHT / 2 + share * HEIGHT * 0.3
    matrix = (c, s, x0 - c * WIDTH / 2 - s * HEIGHT / 2, -s, c, y0 + s * WIDTH / 2 - c * HEIGHT / 2)
    whole = Image.fromarray(padded)
    return whole.transform((WIDTH, HEIGHT), Image.Transform.AFFINE, matrix, Image.Resampling.BICUBIC)


@lru_cache(maxsize=4)
def _hanging(side: float, phase: float) -> tuple[F64, F64]:
    """How early each pixel is covered (rank, 0 to 1), and the folds of the cloth (share of its colour)."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    across = x / WIDTH if side < 0.5 else 1 - x / WIDTH
    hem = 0.06 * np.sin(across * 17 + phase * 9) + 0.03 * np.sin(across * 41 + phase * 31)
    field = (across * 0.6 + y / HEIGHT + hem).ravel()
    rank = np.empty(field.size)
    rank[np.argsort(field, kind="stable")] = np.linspace(0, 1, field.size)
    folds = 1 + 0.16 * np.sin(across * 26 + 5 * y / HEIGHT + phase * 6) + 0.08 * np.sin(across * 61 - phase)
    return rank.reshape(HEIGHT, WIDTH), folds


def cover(place: Place, share: float, light: float) -> tuple[F64, F64]:
    """Something dark hangs before the lens: opacity (height, width, 1) and its colours in 1/255."""
    rank, folds = _hanging(place.pick(61), place.pick(62))
    soft = 0.05
    opacity = np.clip((share * (1 + 2 * soft) - soft - rank) / soft + 0.5, 0, 1)
    colours = folds[:, :, None] * np.array(CLOTH) * (CLOTH_NIGHT + (1 - CLOTH_NIGHT) * light)
    return opacity[:, :, None], colours


def blurred(image: Image.Image, share: float) -> Image.Image:
    """Out of focus."""
    return image.filter(ImageFilter.GaussianBlur(BLUR_PX * share))


def grain(rng: np.random.Generator, shape: tuple[int, int], share: float, usual: float) -> F64:
    """Noise to add, (height, width, 3): the `usual` deviation of a small sensor, and what a fault adds."""
    height, width = shape
    bright = rng.standard_normal((height, width, 1), dtype=np.float32) * math.hypot(usual, GRAIN * share)
    if share <= 0:
        return np.broadcast_to(bright, (height, width, 3)).astype(np.float64)
    colours = rng.standard_normal((height, width, 3), dtype=np.float32) * (TINT * share)
    rows = rng.standard_normal((height, 1, 1), dtype=np.float32) * (BANDS * share)
    return np.asarray(bright + colours + rows, dtype=np.float64)
