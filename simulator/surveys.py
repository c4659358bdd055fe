"""Drive tests before there was a history: how places without signal were found in a demo's past, and what
was measured there after work.

Two teams walk a lattice of points around a settlement with a phone of each operator. Three kinds of places:
those that terrain hides (`Radio.hollows`), as they are to this day; one of them in the weeks in which a
mobile station stood there; and settlements that a station serves today, before it stood there and after.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from simulator.encode import merge
from simulator.play import Play
from simulator.radio import Mast, Radio
from simulator.rng import F64, I64, Bools
from simulator.seen import Seen, Writer

TEAMS = 2
SPACING_M, REACH_M = 200.0, 1_000.0
"""Of the points of a survey, and how far from the settlement they lie."""

MORNING_MIN = 8 * 60
STEP_MS = 2_000
FIRST, PROOF, LATELY = (76, 69), (38, 36), (7, 5)
"""Days before the end of the past, first and last: when places were found, when measured after work,
and when last."""

NEAR_M = (3_000.0, 5_000.0, 7_000.0, 9_000.0, 12_000.0, 16_000.0, 25_000.0)
"""The stations that were built since: those so near to a settlement, as near as it takes."""
BESIDE_M = 1_500.0
"""A station stands beside a settlement today."""
MENDED = 3
"""Settlements at which the network was built within the past."""
BEFORE, AFTER = 0.85, 0.02
"""More than this of the points of such a settlement were bad, less than that are now."""
GONE_DB = 400.0


class Then:
    """The air of a day gone by: stations that did not stand yet, and one that does not any more."""

    def __init__(self, missing: I64, mast: Mast | None = None) -> None:
        self._missing, self._mast = missing, mast

    def lost_db(self, s: I64) -> F64:
        """Taken from each sector."""
        lost: F64 = np.where(np.isin(s, self._missing), GONE_DB, 0.0)
        return np.repeat(lost[:, :, None], 3, axis=2)

    def load(self, cell: I64, load: F64) -> F64:
        """As busy as ever."""
        return load

    def masts(self) -> list[tuple[Mast, Bools]]:
        """The station that stood there, for everybody."""
        return [] if self._mast is None else [(self._mast, np.ones(1, dtype=bool))]


NOBODY: I64 = np.zeros(0, dtype=np.int64)


class _Visit(NamedTuple):
    """A survey of one place on a day."""

    day: int
    x: float
    y: float
    air: Then


class Surveys:
    """The surveys of a play before an instant."""

    def __init__(self, play: Play, until: int) -> None:
        self._play, self._zone = play, play.world.zone
        self._last = int(self._zone.day_of(until - 1))

    def lines(self) -> Iterator[str]:
        """Events in the order in which they were sent; none where the province has no drive tests."""
        drives = self._play.world.simulation.drives
        if drives is None or not self._play.samples.driving:
            return
        radio = self._play.samples.radio
        vehicles = self._play.samples.vehicles
        names = [f"xe-{n + 1:02d}" for n in range(vehicles)] + [f"do-{n + 1}" for n in range(TEAMS)]
        out = Writer(radio, self._zone, drives.source, self._play.ranks[drives.source], names)
        chunks = []
        for number, visit in enumerate(self._visits(radio)):
            seen = self._seen(radio, visit, number, vehicles)
            sent = seen.t + 1_000
            hears = seen.hears
            chunks.append(out.lines(seen.of(hears), sent[hears]))
            chunks.append(out.without_network(seen.of(~hears), sent[~hears]))
        yield from merge(chunks)

    def _visits(self, radio: Radio) -> list[_Visit]:
        there, mended = radio.hollows[:, :2].tolist(), self._mended(radio)
        found: list[_Visit] = []
        # One is known for a few days only; at one a mobile station stood for a while.
        late, again = (2, 4) if len(there) > 4 else (-1, -1)
        for n, (x, y) in enumerate(there):
            days = LATELY if n == late else FIRST
            found.append(_Visit(self._day(days, n), x, y, Then(NOBODY)))
            if n == again:
                found.append(_Visit(self._day(PROOF, 0), x, y, Then(NOBODY, Mast(x, y))))
                found.append(_Visit(self._day(LATELY, 0), x, y, Then(NOBODY)))
        for n, (x, y, missing) in enumerate(mended):
            found.append(_Visit(self._day(FIRST, n + 3), x, y, Then(missing)))
            found.append(_Visit(self._day(PROOF, n + 1), x, y, Then(NOBODY)))
        return found

    def _day(self, days: tuple[int, int], n: int) -> int:
        """The nth of the days of a span, over and over."""
        return self._last - (days[0] - n % (days[0] - days[1] + 1))

    def _mended(self, radio: Radio) -> list[tuple[float, float, I64]]:
        """Settlements that are served well by stations beside them, and by none before those around stood
        there; in other units than the hollows, one a unit, those first that took the fewest stations."""
        found: list[tuple[int, float, float, I64]] = []
        for x, y in self._beside(radio):
            if self._bad(radio, x, y, NOBODY) > AFTER:
                continue
            d = np.sqrt((radio.x - x) ** 2 + (radio.y - y) ** 2)
            for reach in NEAR_M:
                near = np.flatnonzero(d <= reach)
                if self._bad(radio, x, y, near) > BEFORE:
                    found.append((len(near), x, y, near))
                    break
        found.sort(key=lambda one: one[:3])
        return [(x, y, near) for _, x, y, near in found[:MENDED]]

    def _beside(self, radio: Radio) -> Iterator[tuple[float, float]]:
        """By unit the settlement with fewest stations around of those beside which one stands."""
        best: dict[str, tuple[int, float, float]] = {}
        for place in self._play.profile.places:
            if place.unit in radio.hollow_units or not len(radio.x):
                continue
            x, y = (float(v[0]) for v in radio.plane.xy(np.array([place.lon]), np.array([place.lat])))
            d = np.sqrt((radio.x - x) ** 2 + (radio.y - y) ** 2)
            around = int((d <= NEAR_M[3]).sum())
            if d.min() < BESIDE_M:
                best[place.unit] = min((around, x, y), best.get(place.unit, (1 << 30, 0.0, 0.0)))
        return ((x, y) for _, x, y in best.values())

    def _bad(self, radio: Radio, x: float, y: float, missing: I64) -> float:
        """The share of points around a place that are bad with any operator."""
        seen = self._seen(radio, _Visit(self._last, x, y, Then(missing)), 0, 0)
        best = seen.heard.rsrp.reshape(-1, len(radio.operators)).max(axis=1)
        bad = self._play.profile.coverage.bad_dbm
        return float((best < bad).sum()) / len(best) if len(best) else 0.0

    def _seen(self, radio: Radio, visit: _Visit, number: int, first: int) -> Seen:
        """All that a visit measures: each point by all operators, the teams in turns."""
        x, y = _lattice(radio, visit.x, visit.y)
        operators = len(radio.operators)
        n = len(x) * operators
        point = np.repeat(np.arange(len(x), dtype=np.int64), operators)
        operator = np.tile(np.arange(operators, dtype=np.int64), len(x))
        begin = int(self._zone.day_start(visit.day)) + (MORNING_MIN + 30 * (number % 8)) * 60_000
        t = begin + np.arange(n, dtype=np.int64) * STEP_MS
        device, step = first + point % TEAMS, t // STEP_MS
        heard = radio.hear(
            operator, x[point], y[point], np.full(n, 0.3), np.zeros(n), device + (1 << 27), step, visit.air
        )
        outdoors = np.zeros(n, dtype=bool)
        return Seen(device, step, t, operator, x[point], y[point], np.full(n, 4.0), outdoors, heard)


def _lattice(radio: Radio, x: float, y: float) -> tuple[F64, F64]:
    """Points on land around a place."""
    steps = np.arange(-REACH_M, REACH_M + 1.0, SPACING_M)
    px, py = (grid.ravel() for grid in np.meshgrid(x + steps, y + steps))
    keep = ((px - x) ** 2 + (py - y) ** 2 <= REACH_M**2) & radio.is_land(px, py)
    return px[keep], py[keep]


def pieces(play: Play, until: int) -> Sequence[bytes]:
    """Whole lines."""
    lines = list(Surveys(play, until).lines())
    return [("\n".join(lines) + "\n").encode()] if lines else []
