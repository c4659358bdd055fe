"""Measure the painter's pictures: writes simulator/optics.csv, which the model of analytics boxes uses.

    PYTHONPATH=. python tools/make_optics.py

Run it after a change to how scenes, light or rain are drawn; it takes about two minutes. The same painter
gives the same file.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from cockpit.domain.cameras import picture
from cockpit.domain.periods import DAY_MS
from simulator import optics
from simulator.painter import paint
from simulator.scenes import SCENES
from simulator.sky import Sky
from simulator.zone import Zone

OUT = Path(__file__).parents[1] / "simulator" / "optics.csv"
CAMERAS = 12
SKY = Sky(0, Zone(25_200), 21.0, 107.1)
"""Any will do: what is measured is how scenes look in a light, not when it comes."""

WHEN = {"day": "10:00", "dusk": "17:09", "night": "21:30"}
"""Of 23 November: by day and night the light stands still, at dusk half of the day is gone."""

Floats = npt.NDArray[np.float64]


def pixels(jpeg: bytes) -> picture.Pixels:
    return np.asarray(Image.open(io.BytesIO(jpeg)), np.uint8)


def measured(scene: str, light: str, rain: float) -> Floats:
    """One line of the table, without the settings of single cameras."""
    start = round(dt.datetime.fromisoformat(f"2026-11-23T{WHEN[light]}:00+07:00").timestamp() * 1000)
    rows = []
    for n in range(CAMERAS):
        seed, camera, t = 100 + n, 5000 + 37 * n, start + n * 11_700
        own = float(optics.exposure(seed, np.array([camera]))[0])

        def shot(
            t: int, busy: float, rain: float = rain, seed: int = seed, camera: int = camera
        ) -> picture.Pixels:
            return pixels(paint(SKY, scene, seed, camera, t, rain=rain, busy=busy))

        now = shot(t, 0.5)
        found = picture.figures(now)
        inside = now[36:-36].reshape(-1, 3).mean(axis=0) / 2.55 / own
        calm, full = (picture.change_pct(shot(t, busy), shot(t + 1000, busy)) for busy in (0.0, 0.9))
        view = picture.view_pct(shot(t - DAY_MS, 0.5, 0.0), now)
        rows.append([*inside, found.sharpness / own, found.noise, calm, (full - calm) / 0.9, view])
    return np.asarray(np.mean(rows, axis=0))


def lines() -> Iterator[list[object]]:
    for scene in SCENES:
        for light in optics.LIGHTS:
            for rain in (0, 1):
                yield [scene, light, rain, *(round(float(v), 2) for v in measured(scene, light, rain))]


def main() -> None:
    found = list(lines())
    with OUT.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["scene", "light", "rain", *optics.COLUMNS])
        writer.writerows(found)


if __name__ == "__main__":
    main()
