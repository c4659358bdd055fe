"""What an analytics box reads off the pixels of a picture: the definitions behind the metrics of pictures.

A picture is an array (height, width, 3) of uint8, red, green, blue. Bands at the upper and lower edge, where
cameras write clock and name, are left out of everything but the search for the clock.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float64]

EDGE = 0.1
"""Share of the height that is left out above, and below."""

MOVED = 10.0
"""A block of 4 × 4 pixels has changed if its brightness differs by more, in 1/255."""

VIEW_PX = 16
"""The view is compared in blocks of so many pixels, so that a camera swaying in the wind still matches."""

_LUMA = np.array([0.299, 0.587, 0.114])
_GRAIN = 0.6745 * 6.0  # median of |x| of a normal deviation, times the norm of the grain filter


@dataclass(frozen=True, slots=True)
class Figures:
    """`brightness_pct`, `cast_pct`: % of full scale. `sharpness`: standard deviation of the Laplacian of the
    brightness at half size, in 1/255. `noise`: deviation of the grain of single pixels, in 1/255.
    `content_hash`: 16 bits, equal for equal pictures."""

    brightness_pct: float
    sharpness: float
    noise: float
    cast_pct: float
    clock_seen: bool
    content_hash: int


def figures(picture: Pixels) -> Figures:
    """All figures of one picture. ValueError for a picture under 80 × 80 or without three colours."""
    inside = _inside(picture)
    luma = inside @ _LUMA
    half = _blocks(luma, 2)
    means = inside.reshape(-1, 3).mean(axis=0)
    return Figures(
        brightness_pct=float(luma.mean() / 2.55),
        sharpness=float(_laplacian(half).std()),
        noise=_grain(half) * 2.0,
        cast_pct=float(np.abs(means - means.mean()).max() / 2.55),
        clock_seen=clock_seen(picture),
        content_hash=zlib.crc32(np.ascontiguousarray(inside).tobytes()) & 0xFFFF,
    )


def change_pct(before: Pixels, after: Pixels) -> float:
    """Share of the picture (%) that differs between two pictures of the same camera and size."""
    a, b = (_blocks(_inside(p) @ _LUMA, 4) for p in (before, after))
    return float((np.abs(a - b) > MOVED).mean() * 100.0)


def view_pct(usual: Pixels, now: Pixels) -> float:
    """How far a picture shows the usual view, %: correlation of upright edges, 0 where it is none.

    Says little where the light is not that of the usual picture.
    """
    a, b = (np.diff(_blocks(_inside(p) @ _LUMA, VIEW_PX), axis=1) for p in (usual, now))
    a, b = a - a.mean(), b - b.mean()
    norm = float(np.sqrt((a * a).mean() * (b * b).mean()))
    return max(0.0, float((a * b).mean()) / norm * 100.0) if norm > 0.05 else 0.0


def clock_seen(picture: Pixels) -> bool:
    """Whether the upper edge, at left, holds a line of characters: strokes, bright on dark, close by."""
    band = picture[: round(picture.shape[0] * EDGE), : picture.shape[1] // 2] @ _LUMA
    white = band > 200.0
    dark = band < 90.0
    near = white[:, 2:-2] & (dark[:, :-4] | dark[:, 1:-3] | dark[:, 3:-1] | dark[:, 4:])
    strokes = (near.sum(axis=0) >= 2).astype(np.float64)
    width = picture.shape[1] // 5
    return bool(np.convolve(strokes, np.full(width, 1.0 / width), mode="valid").max() >= 0.3)


def _inside(picture: Pixels) -> Floats:
    if picture.ndim != 3 or picture.shape[2] != 3 or min(picture.shape[:2]) < 80:
        raise ValueError(f"picture of shape {picture.shape}: expected (height, width, 3) from 80 pixels on")
    edge = round(picture.shape[0] * EDGE)
    return picture[edge:-edge].astype(np.float64)


def _blocks(luma: Floats, size: int) -> Floats:
    """Means of blocks of size × size; what is left over at right and below is dropped."""
    h, w = luma.shape[0] // size, luma.shape[1] // size
    return np.asarray(luma[: h * size, : w * size].reshape(h, size, w, size).mean(axis=(1, 3)))


def _laplacian(a: Floats) -> Floats:
    return a[:-2, 1:-1] + a[2:, 1:-1] + a[1:-1, :-2] + a[1:-1, 2:] - 4.0 * a[1:-1, 1:-1]


def _grain(a: Floats) -> float:
    """Deviation of white grain (Immerkær 1996), by the median: edges of things do not count as grain."""
    cross = a[:-2] - 2.0 * a[1:-1] + a[2:]
    twice = cross[:, :-2] - 2.0 * cross[:, 1:-1] + cross[:, 2:]
    return float(np.median(np.abs(twice)) / _GRAIN)
