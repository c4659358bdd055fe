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


_SHARE = np.array([0.0, 0.1, 0.2, 0.3, 0.45, 0.6, 0.8, 1.0])
_BLUR_SHARP = np.array([1.0, 0.70, 0.36, 0.22, 0.13, 0.085, 0.055, 0.04])
_BLUR_CHANGE = np.array([1.0, 0.97, 0.95, 0.9, 0.85, 0.8, 0.75, 0.7])
_BLUR_VIEW = np.array([1.0, 1.0, 0.99, 0.97, 0.93, 0.88, 0.8, 0.75])
_NOISE_CHANGE = np.array([0.0, 0.0, 0.0, 0.02, 0.05, 0.14, 0.28, 0.39])
_NOISE_VIEW = np.array([1.0, 0.99, 0.99, 0.98, 0.96, 0.93, 0.88, 0.83])
_TURN = np.array([0.0, 0.01, 0.02, 0.04, 0.08, 0.15, 1.0])
_TURN_VIEW = np.array([1.0, 0.6, 0.4, 0.25, 0.15, 0.12, 0.10])
_DIM = np.array([0.0, 0.3, 0.6, 0.8, 0.9, 0.97, 1.0])
_DIM_CHANGE = np.array([1.0, 0.85, 0.65, 0.4, 0.15, 0.0, 0.0])


def blur(share: F64) -> tuple[F64, F64, F64]:
    """What is left of sharpness (without grain), change and view."""
    sharp, change, view = (_at(share, _SHARE, c) for c in (_BLUR_SHARP, _BLUR_CHANGE, _BLUR_VIEW))
    return sharp, change, view


def noisy(share: F64) -> tuple[F64, F64]:
    """Share of the picture in which noise alone looks like change, and what is left of the view."""
    return _at(share, _SHARE, _NOISE_CHANGE), _at(share, _SHARE, _NOISE_VIEW)


def turned(share: F64) -> F64:
    """What is left of the view for a camera turned aside by a share of its picture's width."""
    return _at(share, _TURN, _TURN_VIEW)


def dimmed(share: F64) -> F64:
    """What is left of the change that is seen where the picture goes black."""
    return _at(share, _DIM, _DIM_CHANGE)


def _at(x: F64, known: F64, curve: F64) -> F64:
    return np.asarray(np.interp(x, known, curve), dtype=np.float64)
