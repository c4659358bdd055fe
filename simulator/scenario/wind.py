"""The wind field of a storm that moves over the map.

Wind grows in proportion to the distance from the eye up to the radius of strongest wind and falls with the
root of the distance beyond it: a modified Rankine vortex (Depperman 1947), whose exponent observations put at
0.4 to 0.6 (Hughes 1952). The eye moves in straight lines from fix to fix of its track.
"""

from __future__ import annotations

import numpy as np

from simulator.rng import F64, I64
from simulator.scenario.model import Fix
from simulator.scenario.select import distance_km

GRID_MS = 120_000


def wind_ms(track: tuple[Fix, ...], t: int, lat: F64, lon: F64) -> F64:
    """Wind in m/s at places, `t` ms after the scenario's start; still air before and after the track."""
    times = [f.at_ms for f in track]
    if not times or t < times[0] or t > times[-1]:
        return np.zeros(len(lat))
    n = max(k for k in range(len(track)) if times[k] <= t)
    here, there = track[n], track[min(n + 1, len(track) - 1)]
    span = there.at_ms - here.at_ms
    w = (t - here.at_ms) / span if span else 0.0

    def between(a: float, b: float) -> float:
        return a + (b - a) * w

    away = distance_km(lat, lon, between(here.lat, there.lat), between(here.lon, there.lon))
    radius = between(here.radius_km, there.radius_km)
    share = np.where(away < radius, away / radius, np.sqrt(radius / np.maximum(away, radius)))
    return np.asarray(between(here.max_ms, there.max_ms) * share)


def blown(track: tuple[Fix, ...], lat: F64, lon: F64, over_ms: F64, since: int) -> tuple[I64, I64]:
    """When the wind at places first exceeds what each bears, and when it has dropped for good: ms after the
    scenario's start, −1 where it never does. Instants lie on a grid of two minutes."""
    first = np.full(len(lat), -1, dtype=np.int64)
    last = np.full(len(lat), -1, dtype=np.int64)
    for t in range(max(since, track[0].at_ms), track[-1].at_ms + 1, GRID_MS):
        strong = wind_ms(track, t, lat, lon) > over_ms
        first[strong & (first < 0)] = t
        last[strong] = t + GRID_MS
    return first, last
