"""The sky over the province: how light it is, and where it rains. Pure functions of seed, place and instant.

Sunrise and sunset follow latitude and day of the year (declination and equation of time after Cooper 1969 and
Spencer 1971), to the minute. Rain is a pattern that drifts over the map; how often it is wet in a month, and
how hard, are assumptions after the wet season of the coast (May to October).
"""

from __future__ import annotations

import math

import numpy as np

from cockpit.domain.periods import DAY_MS, HOUR_MS
from simulator.calendar import date_of
from simulator.rng import F64, I64, Stream
from simulator.zone import Zone

TWILIGHT_MIN = 24.0
"""From so many minutes before sunrise it gets light, until as many after; the same again at sunset."""

# By month: what the pattern must exceed for it to rain (deviation 0.9), and the hardest rain.
_DRY = np.array([1.26, 1.15, 1.06, 1.15, 1.06, 0.93, 0.86, 0.79, 0.97, 1.26, 1.48, 1.58])
_HARDEST = np.array([0.45, 0.45, 0.5, 0.7, 0.9, 1.0, 1.0, 1.0, 1.0, 0.8, 0.6, 0.45])
_FRONT_MS, _CELL_MS = 5 * 3_600_000, 80 * 60_000
_DRIFT_MS = 6 * 3_600_000
"""A front needs so long for one degree of longitude, from east to west."""


def _sun(lat: float, lon: float, zone: Zone) -> tuple[F64, F64]:
    """Sunrise and sunset in minutes of the provincial day, for day of the year 0 to 365."""
    meridian = zone.offset_ms / HOUR_MS * 15.0  # where the sun's time is that of the zone
    rises, sets = [], []
    for n in range(366):
        year = 2 * math.pi * n / 365
        tilt = math.radians(23.45) * math.sin(2 * math.pi * (285 + n) / 365)
        equation = 229.18 * (
            0.000075
            + 0.001868 * math.cos(year)
            - 0.032077 * math.sin(year)
            - 0.014615 * math.cos(2 * year)
            - 0.040849 * math.sin(2 * year)
        )
        across = math.radians(lat)
        low = math.sin(math.radians(-0.833)) - math.sin(across) * math.sin(tilt)
        arc = low / (
            math.cos(across) * math.cos(tilt)
        )  # beyond 1: a day without night, or the other way round
        half = math.degrees(math.acos(min(max(arc, -1.0), 1.0))) * 4
        noon = 720 - (lon - meridian) * 4 - equation
        rises.append(round(noon - half))
        sets.append(round(noon + half))
    return np.array(rises, dtype=np.float64), np.array(sets, dtype=np.float64)


def ease(x: F64) -> F64:
    """0 below 0, 1 above 1, smooth between."""
    x = np.clip(x, 0.0, 1.0)
    return np.asarray(x * x * (3.0 - 2.0 * x))


class Sky:
    """Light and rain over a province around `lat`, `lon` (degrees); the rain is of one seed."""

    def __init__(self, seed: int, zone: Zone, lat: float, lon: float) -> None:
        self.lat, self.lon = lat, lon
        self.zone = zone
        self._rise, self._set = _sun(lat, lon, zone)
        self._front, self._cell = Stream(seed, "sky/front"), Stream(seed, "sky/cell")

    def light(self, t: I64) -> tuple[F64, F64]:
        """How much of day there is (0 night, 1 day) and how much of dawn or dusk (0 to 1)."""
        of_year, _ = self._dates(t)
        minute = (t + self.zone.offset_ms) % DAY_MS / 60_000
        up = ease((minute - self._rise[of_year] + TWILIGHT_MIN) / (2 * TWILIGHT_MIN))
        down = ease((minute - self._set[of_year] + TWILIGHT_MIN) / (2 * TWILIGHT_MIN))
        day = up * (1.0 - down)
        return day, 4.0 * day * (1.0 - day)

    def rain(self, lat: F64, lon: F64, t: I64) -> F64:
        """How hard it rains, 0 (dry) to 1, at degrees and instants of one shape. Places within a fifth of a
        degree share their showers."""
        _, month = self._dates(t)
        drift = np.rint((self.lon - lon) * 1000).astype(np.int64) * (_DRIFT_MS // 1000)
        band = np.floor(lat * 2).astype(np.int64)
        zone = np.floor(lat * 5).astype(np.int64) * 1000 + np.floor(lon * 5).astype(np.int64)
        pattern = self._front.smooth(band, t - drift, _FRONT_MS) + 0.5 * self._cell.smooth(zone, t, _CELL_MS)
        return np.asarray(np.clip((pattern - _DRY[month]) / 0.6, 0.0, _HARDEST[month]))

    def _dates(self, t: I64) -> tuple[I64, I64]:
        """Day of the year (0 to 365) and month (0 to 11) of instants."""
        days, where = np.unique(self.zone.day_of(t), return_inverse=True)
        dates = [date_of(d) for d in days.tolist()]
        of_year = np.array([d.timetuple().tm_yday - 1 for d in dates], dtype=np.int64)
        month = np.array([d.month - 1 for d in dates], dtype=np.int64)
        where = where.reshape(t.shape)
        return of_year[where], month[where]
