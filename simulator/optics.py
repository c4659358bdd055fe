"""How pictures of each kind of scene come out: what the painter's pictures measure, as numbers to reckon
with.

`optics.csv` holds, for every scene in the light of day, dusk and night, dry and in the hardest rain, the mean
of the figures of `paint` over many cameras; `tools/make_optics.py` writes it anew when scenes are drawn
differently. The other curves are measured the same way, over all scenes at once.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from simulator.rng import F64, I64, Stream

LIGHTS = ("day", "dusk", "night")
COLUMNS = ("red", "green", "blue", "sharpness", "noise", "calm", "traffic", "view")
"""Means of the colours (% of full scale), deviation of the Laplacian, grain, share of the picture (%) that
changes within a second with empty streets and what full ones add to it, match with the usual view (%)."""

LUMA = (0.299, 0.587, 0.114)
_FILE = Path(__file__).with_name("optics.csv")


@cache
def table() -> tuple[dict[str, int], F64]:
    """Scenes by name, and their figures: (scene, light, dry or wet, column)."""
    with _FILE.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    scenes = {name: n for n, name in enumerate(dict.fromkeys(row["scene"] for row in rows))}
    found = np.zeros((len(scenes), len(LIGHTS), 2, len(COLUMNS)))
    for row in rows:
        at = scenes[row["scene"]], LIGHTS.index(row["light"]), int(row["rain"])
        found[at] = [float(row[column]) for column in COLUMNS]
    return scenes, found


def usual(scene: I64, day: F64, dusk: F64, rain: F64) -> F64:
    """The figures of whole cameras: (column, row). `scene` are numbers of `table`."""
    _, found = table()
    dry_wet = []
    for wet in (0, 1):
        at_day, at_dusk, at_night = (found[scene, light, wet].T for light in range(3))
        clear = at_night + (at_day - at_night) * day
        dry_wet.append(clear + (at_dusk - clear) * dusk)
    return np.asarray(dry_wet[0] + (dry_wet[1] - dry_wet[0]) * rain)


def exposure(seed: int, ids: I64) -> F64:
    """How bright each camera's pictures are against the mean: 0.92 to 1.08, its own setting."""
    return np.asarray(0.92 + 0.16 * Stream(seed, "camera/exposure").uniform(ids))


class Left(NamedTuple):
    """What a fault leaves of a picture, as shares of what it was."""

    lines: F64  # of sharpness, grain apart
    traffic: F64  # of the change that people and vehicles make
    drops: F64  # of the change that falling rain makes
    view: F64


_COVER = np.array([0.0, 0.1, 0.25, 0.4, 0.55, 0.7, 0.8, 0.9, 0.95, 1.0])
_COVER_AREA = np.array([0.0, 0.03, 0.18, 0.37, 0.585, 0.775, 0.88, 0.97, 0.998, 1.0])
_COVER_LEFT = (
    np.array([1.0, 0.99, 0.91, 0.76, 0.59, 0.38, 0.24, 0.085, 0.0, 0.0]),
    np.array([1.0, 1.0, 1.0, 0.91, 0.78, 0.48, 0.3, 0.06, 0.02, 0.0]),
    np.array([1.0, 0.97, 0.82, 0.63, 0.42, 0.23, 0.12, 0.03, 0.0, 0.0]),
    np.array([1.0, 0.96, 0.8, 0.6, 0.4, 0.19, 0.09, 0.02, 0.01, 0.0]),
)
_BLUR = np.array([0.0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.45, 0.6, 0.8, 1.0])
_BLUR_LEFT = (
    np.array([1.0, 0.86, 0.57, 0.375, 0.26, 0.14, 0.07, 0.035, 0.015, 0.008]),
    np.array([1.0, 1.0, 1.02, 1.03, 1.05, 1.1, 1.15, 1.16, 1.15, 1.1]),
    np.array([1.0, 0.88, 0.69, 0.5, 0.34, 0.15, 0.02, 0.0, 0.0, 0.0]),
    np.array([1.0, 1.0, 1.0, 1.0, 1.0, 0.996, 0.98, 0.95, 0.89, 0.8]),
)
_DIM = np.array([0.0, 0.3, 0.6, 0.8, 0.9, 0.97, 1.0])
_DIM_LEFT = (
    1.0 - _DIM,
    np.array([1.0, 0.88, 0.66, 0.28, 0.09, 0.0, 0.0]),
    np.array([1.0, 0.3, 0.03, 0.0, 0.0, 0.0, 0.0]),
    np.array([1.0, 1.0, 1.0, 0.99, 0.96, 0.74, 0.0]),
)
_NOISE = np.array([0.0, 0.1, 0.2, 0.3, 0.45, 0.6, 0.8, 1.0])
_NOISE_CHANGE = np.array([0.0, 0.0, 0.0, 0.01, 0.065, 0.16, 0.275, 0.4])
_NOISE_VIEW = np.array([1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.99, 0.98])
_TURN = np.array([0.0, 0.01, 0.02, 0.04, 0.08, 1.0])
_TURN_VIEW = np.array([1.0, 0.6, 0.1, 0.05, 0.04, 0.03])


def covered(share: F64) -> tuple[F64, Left]:
    """Something hangs before the lens: the share of what is measured that it hides, and what it leaves."""
    return _at(share, _COVER, _COVER_AREA), _left(share, _COVER, _COVER_LEFT)


def blurred(share: F64) -> Left:
    """The lens is out of focus."""
    return _left(share, _BLUR, _BLUR_LEFT)


def dimmed(share: F64) -> Left:
    """The picture goes black."""
    return _left(share, _DIM, _DIM_LEFT)


def noisy(share: F64) -> tuple[F64, F64]:
    """Share of the picture in which noise alone looks like change, and what is left of the view."""
    return _at(share, _NOISE, _NOISE_CHANGE), _at(share, _NOISE, _NOISE_VIEW)


def turned(share: F64) -> F64:
    """What is left of the view for a camera turned aside by a share of its picture's width."""
    return _at(share, _TURN, _TURN_VIEW)


def _left(x: F64, known: F64, curves: tuple[F64, F64, F64, F64]) -> Left:
    lines, traffic, drops, view = (_at(x, known, curve) for curve in curves)
    return Left(lines, traffic, drops, view)


def _at(x: F64, known: F64, curve: F64) -> F64:
    return np.asarray(np.interp(x, known, curve), dtype=np.float64)
