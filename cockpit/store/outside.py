"""What others publish about coverage: cells and tiles of speed. Kept as they are, they decide nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from cockpit.store.handles import Read, Write

CELL, TILE = "cell", "tile"
"""Kinds of what comes from outside."""


class OutsideCell(NamedTuple):
    """A cell of a network: `net` with `mcc` tells the operator, `area` is the LAC or TAC, `code` the PSC or
    PCI; degrees, metres, seconds since 1970. Where the place is measured by phones it is no site's."""

    radio: str
    mcc: int
    net: int
    area: int
    cell: int
    code: int | None
    lat: float
    lon: float
    h3: str
    range: int | None
    samples: int | None
    created: int | None
    updated: int
    origin: str


class SpeedTile(NamedTuple):
    """Mean speeds that people measured in a square of about 570 m in a quarter such as 2026-Q1."""

    quarter: str
    quadkey: str
    lat: float
    lon: float
    h3: str
    down_kbps: int
    up_kbps: int
    latency_ms: int | None
    tests: int
    devices: int


class Brought(NamedTuple):
    """One origin or quarter: how many there are, when they were brought last (ms, real time), the licence."""

    kind: str
    name: str
    n: int
    at: int
    licence: str


def put_cells(conn: Write, cells: Iterable[OutsideCell]) -> int:
    """Keep cells; of one that is there the younger stays. How many are new or younger."""
    return _put(
        conn, "outside_cell", OutsideCell._fields, 5, cells, "excluded.updated > outside_cell.updated"
    )


def put_tiles(conn: Write, tiles: Iterable[SpeedTile]) -> int:
    """Keep tiles; of one that is there the later file stays. How many are new or others than before."""
    names = ("down_kbps", "up_kbps", "latency_ms", "tests", "devices")
    changed = " OR ".join(f"excluded.{name} IS NOT speed_tile.{name}" for name in names)
    return _put(conn, "speed_tile", SpeedTile._fields, 2, tiles, changed)


def _put(
    conn: Write, table: str, names: Sequence[str], keys: int, rows: Iterable[tuple[object, ...]], where: str
) -> int:
    others = ", ".join(f"{name} = excluded.{name}" for name in names[keys:])
    done = conn.executemany(
        f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"
        f" ON CONFLICT DO UPDATE SET {others} WHERE {where}",
        list(rows),
    )
    return max(done.rowcount, 0)


def note(conn: Write, kind: str, name: str, at: int, licence: str) -> None:
    """When something was brought, and under which licence."""
    conn.execute(
        "INSERT INTO outside_file (kind, name, at, licence) VALUES (?,?,?,?)"
        " ON CONFLICT DO UPDATE SET at = excluded.at, licence = excluded.licence",
        (kind, name, at, licence),
    )


def brought(conn: Read) -> tuple[Brought, ...]:
    """All origins of cells and quarters of tiles, in this order."""
    rows = conn.execute(
        "SELECT kind, name, CASE kind WHEN 'cell'"
        " THEN (SELECT count(*) FROM outside_cell WHERE origin = name)"
        " ELSE (SELECT count(*) FROM speed_tile WHERE quarter = name)"
        " END, at, licence FROM outside_file"
        " ORDER BY kind, name"
    )
    return tuple(Brought(*row) for row in rows)


def cells(conn: Read) -> tuple[OutsideCell, ...]:
    """Every cell known from outside, in the order of its identity."""
    rows = conn.execute(
        f"SELECT {', '.join(OutsideCell._fields)} FROM outside_cell ORDER BY radio, mcc, net, area, cell"
    )
    return tuple(OutsideCell(*row) for row in rows)


def tiles(conn: Read, quarter: str) -> tuple[SpeedTile, ...]:
    """The tiles of a quarter, in the order of their keys."""
    rows = conn.execute(
        f"SELECT {', '.join(SpeedTile._fields)} FROM speed_tile WHERE quarter = ? ORDER BY quadkey",
        (quarter,),
    )
    return tuple(SpeedTile(*row) for row in rows)
