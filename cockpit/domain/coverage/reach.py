"""Which cells a site would serve: predicted signal with a margin, by bearing, land, town and sea.

The median of the signal has to exceed the limit by 1.28 deviations of its shadowing: nine of ten places in
the cell are served. Hills are not known, so on land there is never a line of sight.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import h3
import numpy as np
import numpy.typing as npt

from cockpit.domain.coverage import propagation as p
from cockpit.domain.coverage.propagation import F64, Bools

SURE = 1.2816
"""Deviations between the median and what nine of ten places have."""

SIGMA_RURAL, SIGMA_TOWN, SIGMA_SEA = 8.0, 6.0, 4.0
PHONE_M = 1.5
SQUARE_M = 400.0  # spacing of the table of land and sea
FARTHEST_M = 12_000.0
"""No cell is planned to be served from farther off: over water the signal goes on, but one mast cannot carry
the people of another shore (the product's choice)."""
AT_ONCE = 64  # sites whose pairs with cells are held at once
KY = 110_574.0  # metres in a degree of latitude

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Mast:
    """What a new site is taken to be: a three-sector site of 40 W on the 700 MHz band, 10 MHz wide."""

    height_m: float = 45.0
    ghz: float = 0.758
    carrier_dbm: float = 46.0
    blocks: int = 50
    azimuths: tuple[float, ...] = (0.0, 120.0, 240.0)

    @property
    def element_dbm(self) -> float:
        return p.carrier_re_dbm(self.carrier_dbm, self.blocks)


class Ground:
    """Land cells as a plane: their middles in metres, whether houses stand wall to wall, and where sea is."""

    def __init__(self, cells: Sequence[str], town: Collection[str] = ()) -> None:
        self.cells = list(cells)
        self.number = {cell: n for n, cell in enumerate(self.cells)}
        points = np.array([h3.cell_to_latlng(c) for c in self.cells], dtype=np.float64).reshape(-1, 2)
        corner = points.min(axis=0) - 0.02 if len(points) else np.zeros(2)
        self._lat0, self._lon0 = float(corner[0]), float(corner[1])
        self._kx = 111_320.0 * float(np.cos(np.radians(points[:, 0].mean()))) if len(points) else 1.0
        self.x, self.y = self._plane(points)
        self.town: Bools = np.array([c in town for c in self.cells], dtype=np.bool_)
        self._land = self._table()

    def _plane(self, points: F64) -> tuple[F64, F64]:
        return (points[:, 1] - self._lon0) * self._kx, (points[:, 0] - self._lat0) * KY

    def _table(self) -> Bools:
        """Land by rows and columns."""
        if not self.cells:
            return np.zeros((1, 1), dtype=np.bool_)
        rows = int(self.y.max() / SQUARE_M) + 8
        columns = int(self.x.max() / SQUARE_M) + 8
        table = np.zeros((rows, columns), dtype=np.bool_)
        resolution = h3.get_resolution(self.cells[0])
        for row in range(rows):
            lat = self._lat0 + (row + 0.5) * SQUARE_M / KY
            table[row] = [
                h3.latlng_to_cell(lat, self._lon0 + (column + 0.5) * SQUARE_M / self._kx, resolution)
                in self.number
                for column in range(columns)
            ]
        return table

    def reached(
        self, sites: Sequence[tuple[float, float]], limit_dbm: float, mast: Mast = Mast(),
        heights: Sequence[float] = (),
    ) -> list[Ints]:  # fmt: skip
        """By site (latitude, longitude) the numbers of the cells it serves, in rising order. `heights` of the
        sites in metres where they are not those of the mast."""
        points = np.array(sites, dtype=np.float64).reshape(-1, 2)
        x, y = self._plane(points)
        tall = np.array(heights or [mast.height_m] * len(points), dtype=np.float64)
        most = mast.element_dbm + p.AXIS_DBI - limit_dbm  # the largest loss, on a sector's axis
        land_m = _range(mast.ghz, most - SURE * SIGMA_TOWN, tall.max(initial=10.0), sea=False)
        sea_m = _range(mast.ghz, most - SURE * SIGMA_SEA, tall.max(initial=10.0), sea=True)
        found: list[Ints] = []
        for first in range(0, len(points), AT_ONCE):
            some = slice(first, first + AT_ONCE)
            site, cell = self._served(x[some], y[some], tall[some], mast, limit_dbm, land_m, sea_m)
            ends = np.searchsorted(site, np.arange(1, len(x[some])))
            found += np.split(cell, ends)
        return found

    def _served(
        self, x: F64, y: F64, tall: F64, mast: Mast, limit: float, land_m: float, sea_m: float
    ) -> tuple[Ints, Ints]:
        """Pairs of a site and a cell that it serves, in the order of both."""
        dx, dy = self.x - x[:, None], self.y - y[:, None]
        square = dx * dx + dy * dy
        site, cell = np.nonzero(square <= sea_m * sea_m)
        d = np.sqrt(square[site, cell])
        share = self._sea_share(x[site], y[site], cell)
        # Beyond the range on land only those across water can be served.
        keep = (d <= land_m) | (share > 0)
        site, cell, d, share = site[keep], cell[keep], np.maximum(d[keep], 10.0), share[keep]
        town = self.town[cell]
        loss = np.empty(len(d))
        for here, model in ((town, p.uma_nlos), (~town, p.rma_nlos)):
            loss[here] = model(mast.ghz, d[here], tall[site[here]], PHONE_M)
        wet = share > 0
        loss[wet] += (p.sea(mast.ghz, d[wet], tall[site[wet]], PHONE_M) - loss[wet]) * share[wet]
        sigma = np.where(town, SIGMA_TOWN, SIGMA_RURAL) * (1 - share) + SIGMA_SEA * share
        level = mast.element_dbm - loss - SURE * sigma
        likely = level + p.AXIS_DBI >= limit
        site, cell, level = site[likely], cell[likely], level[likely]
        bearing = np.degrees(np.arctan2(dx[site, cell], dy[site, cell]))
        gain = np.max([p.sector_gain(bearing - azimuth) for azimuth in mast.azimuths], axis=0)
        # To a tenth: the last digits of a logarithm decide nothing.
        served = np.round(level + gain, 1) >= limit
        return site[served], cell[served]

    def _sea_share(self, x: F64, y: F64, cells: Ints) -> F64:
        share = np.zeros(len(cells))
        land = self._land.ravel()
        rows, columns = self._land.shape
        cx, cy = self.x[cells], self.y[cells]
        for part in (0.2, 0.4, 0.6, 0.8):
            row = np.clip(((cy + (y - cy) * part) / SQUARE_M).astype(np.int64), 0, rows - 1)
            column = np.clip(((cx + (x - cx) * part) / SQUARE_M).astype(np.int64), 0, columns - 1)
            share += ~land[row * columns + column]
        return share / 4


def candidates(land: Collection[str]) -> tuple[str, ...]:
    """Places for sites: one land cell in each coarser hexagon, its middle one where that is land."""
    found: dict[str, str] = {}
    for cell in sorted(land):
        resolution = h3.get_resolution(cell)
        parent = h3.cell_to_parent(cell, resolution - 1)
        middle = h3.cell_to_center_child(parent, resolution)
        if cell == middle or parent not in found:
            found[parent] = cell
    return tuple(sorted(found.values()))


def by_name(
    names: Sequence[str], reached: Sequence[Ints], cells: Sequence[str]
) -> Mapping[str, tuple[str, ...]]:
    """What sites reach, by ids instead of numbers."""
    return {name: tuple(cells[n] for n in found.tolist()) for name, found in zip(names, reached, strict=True)}


def _range(ghz: float, loss: float, tall: float, *, sea: bool) -> float:
    """The farthest distance in metres at which the loss is not above `loss`, on a ladder of 100 m up to
    FARTHEST_M."""
    d = np.arange(100.0, 60_000.0, 100.0)
    model = p.sea if sea else p.rma_nlos
    within = np.flatnonzero(model(ghz, d, tall, PHONE_M) <= loss)
    return min(float(d[within[-1]]), FARTHEST_M) if len(within) else 100.0
