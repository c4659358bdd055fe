"""Signal strength at any place: sites and sectors of the register, path loss, antennas, terrain, shadowing.

Only sites within reach are looked at. Shadowing and the line of sight are fields of the place, hashed on a
lattice, so two phones at one spot see the same. Terrain is not known from data: hollows around remote
settlements of the emptiest units and of the islands are drawn by the seed, and add loss there.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np

from cockpit.domain.coverage import propagation as p
from cockpit.profiles import Profile
from simulator.rng import F64, I64, Bools, Stream, gauss_of

NEAREST = 8  # sites of an operator looked at for a place
GRID_M = 2000.0  # spacing of the table of nearest sites
LAND_M = 150.0  # spacing of the table of land and sea
LATTICE_M = 120.0  # spacing of the squares that share a line of sight
FIELD_M = 133.0  # spacing of the shadowing field: its correlation is 1/e at 120 m (RMa, no line of sight)
CARRIER_DBM = 47.8  # 60 W on each antenna port, as a macro site of the field has
BANDS = {
    "700": 0.758,
    "B28": 0.758,
    "900": 0.925,
    "B8": 0.925,
    "1800": 1.805,
    "B3": 1.805,
    "2100": 2.11,
    "B1": 2.11,
    "2600": 2.62,
}
BLOCKS = {0.758: 50, 0.925: 50, 1.805: 100, 2.11: 75, 2.62: 100}
MHZ = {0.758: 10.0, 0.925: 10.0, 1.805: 20.0, 2.11: 15.0, 2.62: 20.0}
# Besides its band of the register every site carries a coverage layer, as is usual in the field.
LOW_GHZ = 0.758  # the 700 MHz blocks put to use since 2025
BOOST_DB = 3.0  # reference signals above data, as cells with two antenna ports usually have them
LOW_RE_DBM = p.carrier_re_dbm(CARRIER_DBM, 50) + BOOST_DB
# Masts outside towns stand on rises: what counts is the height above the valleys where people live.
RISE_M = 25.0
FALL_BACK_DBM = -98.0
TOWN = 1_500.0  # people per km² from which the middle of a unit counts as town: houses wall to wall
MAST_M = 42.0  # height of a station that is built for a settlement
HOLLOWS = 7  # in so many of the emptiest units, besides those that are islands


@dataclass(frozen=True, slots=True)
class Heard:
    """What a phone sees at each place: columns."""

    rsrp: F64
    rsrq: F64
    sinr: F64
    down: F64  # Mbit/s
    up: F64
    cell: I64  # position of the serving sector in `Radio.cells`, −1 for a mast that is in no register


class Mast(NamedTuple):
    """A station built where terrain hides a settlement from all others, shared by every operator: metres."""

    x: float
    y: float


class Air(Protocol):
    """What faults do to the air at one moment, for given phones."""

    def lost_db(self, s: I64) -> F64:
        """Taken from each sector of sites `s` (phones, sites): shape (phones, sites, 3)."""
        ...

    def load(self, cell: I64, load: F64) -> F64:
        """How busy the serving sectors are."""
        ...

    def masts(self) -> Sequence[tuple[Mast, Bools]]:
        """Stations that are in no register yet, and which of the phones find them on the air."""
        ...


class Plane:
    """Local metres east and north of the box's south-west corner; good to 0.3 % in a province."""

    def __init__(self, bbox: tuple[float, float, float, float]) -> None:
        self.lon0, self.lat0 = bbox[0], bbox[1]
        self.kx = 111_320.0 * float(np.cos(np.radians((bbox[1] + bbox[3]) / 2)))
        self.ky = 110_574.0
        self.width, self.height = (bbox[2] - bbox[0]) * self.kx, (bbox[3] - bbox[1]) * self.ky

    def xy(self, lon: F64, lat: F64) -> tuple[F64, F64]:
        return (lon - self.lon0) * self.kx, (lat - self.lat0) * self.ky

    def lonlat(self, x: F64, y: F64) -> tuple[F64, F64]:
        return x / self.kx + self.lon0, y / self.ky + self.lat0


_built: list[tuple[Profile, int, Radio]] = []


def radio_of(profile: Profile, seed: int) -> Radio:
    """The radio world of a profile and seed, built once in a process for each of the last four asked for."""
    for known, of_seed, radio in _built:
        if of_seed == seed and (known is profile or known == profile):
            return radio
    made = Radio(profile, seed)
    _built.append((profile, seed, made))
    del _built[:-4]
    return made


class Radio:
    """The radio world of a profile and seed, for each operator apart.

    A size above a province repeats its sites at the same places: the air is worked out once, for the first
    `base` of `sites`, and every copy has its own phones. `cells` has three sectors for each of `sites`.
    """

    def __init__(self, profile: Profile, seed: int) -> None:
        self.plane = Plane(profile.bbox)
        everywhere = [
            a for a in profile.assets if a.kind == "site" and a.lat is not None and a.lon is not None
        ]
        self.sites = [a.code for a in everywhere]
        self.copies = max(round(profile.scale), 1)
        self.base = len(everywhere) // self.copies
        sites = everywhere[: self.base]
        self.x, self.y = self.plane.xy(_floats(a.lon for a in sites), _floats(a.lat for a in sites))
        wards = {u.code for u in profile.units if u.population / u.area_km2 >= TOWN}
        rise = np.array([0.0 if a.unit in wards else RISE_M for a in sites])
        self.height = _floats(a.attrs.get("height_m", 35) for a in sites) + rise
        self.ghz = _floats(BANDS.get(str(a.attrs.get("band", "1800")), 1.805) for a in sites)
        self.re_dbm = _floats(p.carrier_re_dbm(CARRIER_DBM, BLOCKS[g]) + BOOST_DB for g in self.ghz.tolist())
        self.mhz = _floats(MHZ[g] for g in self.ghz.tolist())
        self.operators = sorted(profile.operators)
        self.operator = np.array(
            [self.operators.index(str(a.attrs["operator"])) for a in sites], dtype=np.int64
        )
        cells: dict[str, list[tuple[str, float]]] = {}
        for a in profile.assets:
            if a.kind == "cell":
                cells.setdefault(a.depends_on, []).append((a.code, float(a.attrs.get("azimuth", 0))))
        rows = [sorted(cells.get(code, []))[:3] for code in self.sites]
        self.cells = [code for row in rows for code, _ in _three(row)]
        azimuths = [[az for _, az in _three(row)] for row in rows[: self.base]]
        self.azimuth = np.array(azimuths, dtype=np.float64).reshape(-1, 3)
        self._seen, self._common, self._own = (Stream(seed, f"radio/{n}") for n in ("los", "shadow", "site"))
        self._fast = Stream(seed, "radio/fast")
        self._land = self._land_table(profile)
        self._near = [
            self._near_table(np.flatnonzero(self.operator == o)) for o in range(len(self.operators))
        ]
        towns = [u for u in profile.units if u.code in wards]
        tx, ty = self.plane.xy(_floats(u.lon for u in towns), _floats(u.lat for u in towns))
        self._towns = np.stack(
            [tx, ty, 500.0 * np.sqrt(_floats(min(u.area_km2, 20.0) for u in towns))], axis=1
        )
        self.hollow_units: list[str] = []
        self.hollows = self._draw_hollows(profile, seed)

    def hear(
        self, operator: I64, x: F64, y: F64, load: F64, indoor_db: F64, entity: I64, step: I64,
        air: Air | None = None,
    ) -> Heard:  # fmt: skip
        """Best server and its quality at places (metres). `load` 0..1 is how busy the network is; without
        `air` nothing is out of order."""
        n = len(x)
        site = np.empty((n, NEAREST), dtype=np.int64)
        column = np.clip((x / GRID_M).astype(np.int64), 0, self._columns - 1)
        row = np.clip((y / GRID_M).astype(np.int64), 0, self._rows - 1)
        for o in range(len(self.operators)):
            mine = operator == o
            site[mine] = self._near[o][row[mine], column[mine]]
        valid = site >= 0
        s = np.maximum(site, 0)
        dx, dy = x[:, None] - self.x[s], y[:, None] - self.y[s]
        d = np.sqrt(dx * dx + dy * dy)
        urban = np.broadcast_to(self._town(x, y)[:, None], d.shape)
        lattice = self._lattice(x, y)
        los = self._seen.uniform(lattice[:, None] * 4096 + s) < p.p_los(d, urban)
        share = self._sea_share(x, y, s)
        sigma = np.where(urban, np.where(los, 4.0, 6.0), np.where(los, 4.0, 8.0))
        common = self._field(self._common, x, y, np.zeros(n, dtype=np.int64))
        shadow = 0.70711 * common[:, None] + 0.70711 * self._field(self._own, x, y, s)
        extra = sigma * shadow + self.hollow_db(x, y)[:, None] + indoor_db[:, None]
        bearing = np.degrees(np.arctan2(dx, dy))
        gain = np.stack([p.sector_gain(bearing - self.azimuth[s][:, :, k]) for k in range(3)], axis=2)
        gain = np.where(valid[:, :, None], gain, -200.0)
        if air is not None:
            gain = gain - air.lost_db(s)

        def level(ghz: F64, re_dbm: F64) -> F64:
            loss = p.path_loss(ghz, d, self.height[s], 1.5, urban, los, share) + extra
            return ((re_dbm - loss)[:, :, None] + gain).reshape(n, 3 * NEAREST)

        rsrp, ghz, mhz = level(self.ghz[s], self.re_dbm[s]), self.ghz[s], self.mhz[s]
        # Where the band of the register is weak, phones fall back to the coverage layer every site carries.
        fall = np.flatnonzero(rsrp.max(axis=1) < FALL_BACK_DBM) if n else np.zeros(0, dtype=np.int64)
        low = level(np.full(s.shape, LOW_GHZ), np.full(s.shape, LOW_RE_DBM)) if len(fall) else rsrp
        rsrp[fall], ghz[fall], mhz[fall] = low[fall], LOW_GHZ, 10.0
        rsrp = rsrp + 1.2 * gauss_of(
            self._fast.bits(entity[:, None] * 32 + np.arange(rsrp.shape[1]), step[:, None])
        )
        best = rsrp.argmax(axis=1)
        rows = np.arange(n)
        top = rsrp[rows, best]
        cell = s[rows, best // 3] * 3 + best % 3
        if air is not None:
            load = air.load(cell, load)
            for mast, on in air.masts():
                level_there = np.where(on, self._mast_dbm(mast, x, y, indoor_db), -999.0)
                cell, top = np.where(level_there > top, -1, cell), np.maximum(top, level_there)
        busy = 0.08 + 0.85 * load
        same = np.repeat(ghz == ghz[rows, best // 3][:, None], 3, axis=1)
        power = np.where(same, 10.0 ** (rsrp / 10), 0.0)
        power[rows, best] = 0.0
        noise = 10.0 ** (p.NOISE_RE_DBM / 10)
        # Scheduling and down-tilt keep a part of a neighbour's power away from a served phone.
        others = 0.35 * power.sum(axis=1) * busy
        sinr = 10 * np.log10(10.0 ** (top / 10) / (others + noise))
        rsrq = p.rsrq_db(top, busy, others + noise)
        width = mhz[rows, best // 3]
        down = p.speed_mbps(sinr, width, 1.0 - 0.8 * load)
        up = p.speed_mbps(np.minimum(sinr, top + 118.0), width, 0.3 * (1.0 - 0.6 * load))
        return Heard(top, rsrq, sinr, down, up, cell)

    def _mast_dbm(self, mast: Mast, x: F64, y: F64, indoor_db: F64) -> F64:
        """What a mast brings to places. It stands within its hollow: what the rim takes from the stations
        beyond it, `hollow_db`, it does not take from this one, and phones see it."""
        d = np.sqrt((x - mast.x) ** 2 + (y - mast.y) ** 2)
        rural, seen = np.zeros(len(x), dtype=bool), np.ones(len(x), dtype=bool)
        loss = p.path_loss(
            np.full(len(x), LOW_GHZ), d, np.full(len(x), MAST_M), 1.5, rural, seen, np.zeros(len(x))
        )
        return np.asarray(LOW_RE_DBM + p.AXIS_DBI - loss - indoor_db)

    def mast_in(self, unit: str) -> Mast | None:
        """Where a station is built for the hollow of a unit, by its code; None where it has none."""
        if unit not in self.hollow_units:
            return None
        x, y = self.hollows[self.hollow_units.index(unit), :2].tolist()
        return Mast(x, y)

    def copy_of(self, device: I64) -> I64:
        """Which of several equal provinces a phone or vehicle belongs to, at sizes above one."""
        return np.asarray((device & 0xFFFFFFF) % self.copies)

    def nearest_m(self, operator: int, x: F64, y: F64) -> F64:
        """Distance to an operator's nearest site."""
        row = np.clip((y / GRID_M).astype(np.int64), 0, self._rows - 1)
        column = np.clip((x / GRID_M).astype(np.int64), 0, self._columns - 1)
        site = self._near[operator][row, column]
        d = np.sqrt((x[:, None] - self.x[site]) ** 2 + (y[:, None] - self.y[site]) ** 2)
        return np.asarray(np.where(site >= 0, d, 1e6).min(axis=1))

    def is_land(self, x: F64, y: F64) -> Bools:
        row = np.clip((y / LAND_M).astype(np.int64), 0, self._land.shape[0] - 1)
        column = np.clip((x / LAND_M).astype(np.int64), 0, self._land.shape[1] - 1)
        return np.asarray(self._land[row, column])

    def _sea_share(self, x: F64, y: F64, s: I64) -> F64:
        share = np.zeros(s.shape)
        for part in (0.2, 0.4, 0.6, 0.8):
            share += ~self.is_land(
                x[:, None] + (self.x[s] - x[:, None]) * part, y[:, None] + (self.y[s] - y[:, None]) * part
            )
        return share / 4

    def _town(self, x: F64, y: F64) -> Bools:
        found = np.zeros(len(x), dtype=bool)
        for tx, ty, r in self._towns.tolist():
            found |= (x - tx) ** 2 + (y - ty) ** 2 < r * r
        return found

    def hollow_db(self, x: F64, y: F64) -> F64:
        """What terrain takes away at places: a flat bottom, steep at the rim."""
        loss = np.zeros(len(x))
        for vx, vy, radius, depth in self.hollows.tolist():
            part = ((x - vx) ** 2 + (y - vy) ** 2) / (radius * radius)
            loss = np.maximum(loss, depth * np.maximum(1.0 - part * part, 0.0))
        return loss

    @staticmethod
    def _lattice(x: F64, y: F64) -> I64:
        return np.asarray((y / LATTICE_M).astype(np.int64) * 65536 + (x / LATTICE_M).astype(np.int64))

    def _field(self, stream: Stream, x: F64, y: F64, entity: I64) -> F64:
        """A smooth field of deviation 1 over places, one for each entity; shape of `entity`."""
        column, row = np.floor(x / FIELD_M), np.floor(y / FIELD_M)
        fx, fy = x / FIELD_M - column, y / FIELD_M - row
        total = np.zeros(entity.shape)
        square = np.zeros(len(x))
        for a in (0, 1):
            for b in (0, 1):
                w = (fx if a else 1 - fx) * (fy if b else 1 - fy)
                corner = (row + b).astype(np.int64) * 65536 + (column + a).astype(np.int64)
                shaped = (slice(None), None) if entity.ndim == 2 else slice(None)
                total += w[shaped] * stream.gauss(entity, corner[shaped])
                square += w * w
        root = np.sqrt(square)
        return total / (root[:, None] if entity.ndim == 2 else root)

    def _near_table(self, members: I64) -> I64:
        """Nearest sites of an operator for each square of the grid; −1 where there are fewer."""
        self._columns, self._rows = int(self.plane.width / GRID_M) + 1, int(self.plane.height / GRID_M) + 1
        table = np.full((self._rows, self._columns, NEAREST), -1, dtype=np.int64)
        cx = (np.arange(self._columns) + 0.5) * GRID_M
        keep = min(NEAREST, len(members))
        for row in range(self._rows if keep else 0):
            cy = (row + 0.5) * GRID_M
            d = (cx[:, None] - self.x[members]) ** 2 + (cy - self.y[members]) ** 2
            table[row, :, :keep] = members[np.argsort(d, axis=1, kind="stable")[:, :keep]]
        return table

    def _land_table(self, profile: Profile) -> Bools:
        """Land by rows and columns. The file is the simulated world's own: maps are drawn from others, and a
        better drawing changes no event."""
        columns, rows = int(self.plane.width / LAND_M) + 1, int(self.plane.height / LAND_M) + 1
        table = np.zeros((rows, columns), dtype=bool)
        for polygon in _polygons(profile.world_land_path):
            rings = [np.stack(self.plane.xy(r[:, 0], r[:, 1]), axis=1) for r in polygon]
            top, bottom = (int(edge / LAND_M) for edge in (rings[0][:, 1].max(), rings[0][:, 1].min()))
            for row in range(max(bottom, 0), min(top, rows - 1) + 1):
                table[row] |= _crossed(rings, (row + 0.5) * LAND_M, columns)
        return table

    def _draw_hollows(self, profile: Profile, seed: int) -> F64:
        """x, y, radius (m) and depth (dB) of places that terrain hides: in each of the emptiest units and of
        the islands, around the settlement farthest from any site."""
        stream = Stream(seed, "radio/hollow")
        empty = sorted(profile.units, key=lambda u: (u.population / u.area_km2, u.code))[:HOLLOWS]
        remote = [*empty, *(u for u in profile.units if u.kind == "dac_khu" and u not in empty)]
        rows = []
        for n, unit in enumerate(remote):
            places = [p for p in profile.places if p.unit == unit.code]
            if not places or not len(self.x):
                continue
            px, py = self.plane.xy(_floats(p.lon for p in places), _floats(p.lat for p in places))
            away = ((px[:, None] - self.x) ** 2 + (py[:, None] - self.y) ** 2).min(axis=1)
            at = int(away.argmax())
            u = stream.uniform(n, np.arange(2))
            self.hollow_units.append(unit.code)
            rows.append((float(px[at]), float(py[at]), 1_500.0 + 900.0 * u[0], 26.0 + 10.0 * u[1]))
        return np.array(rows, dtype=np.float64).reshape(-1, 4)


def _floats(values: object) -> F64:
    return np.array([float(v) for v in values], dtype=np.float64)  # type: ignore[attr-defined]


def _three(row: list[tuple[str, float]]) -> list[tuple[str, float]]:
    return [*row, ("", 0.0), ("", 120.0), ("", 240.0)][:3]


def _crossed(rings: list[F64], y: float, columns: int) -> Bools:
    """Which columns of a row lie inside a polygon (even-odd rule)."""
    centre = (np.arange(columns) + 0.5) * LAND_M
    inside = np.zeros(columns, dtype=bool)
    for ring in rings:
        a, b = ring[:-1], ring[1:]
        cut = (a[:, 1] > y) != (b[:, 1] > y)
        if cut.any():
            a, b = a[cut], b[cut]
            x = np.sort(a[:, 0] + (y - a[:, 1]) * (b[:, 0] - a[:, 0]) / (b[:, 1] - a[:, 1]))
            inside ^= np.searchsorted(x, centre) % 2 == 1
    return inside


def _polygons(path: Path) -> list[list[F64]]:
    """Rings of every polygon of a GeoJSON file, the outer one first."""
    found: list[list[F64]] = []
    content = json.loads(path.read_text(encoding="utf-8"))
    shapes = content["features"] if content["type"] == "FeatureCollection" else [content]
    for feature in shapes:
        geometry = feature.get("geometry", feature)
        polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
        found += [[np.array(ring, dtype=np.float64)[:, :2] for ring in polygon] for polygon in polygons]
    return found
