"""Tiles of speed that Ookla publishes by quarter, as parquet."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import h3
import pyarrow as pa
import pyarrow.parquet as pq

from cockpit.ingest.bodies import H3_RESOLUTION
from cockpit.ingest.codes import Code, Refusal, shown
from cockpit.ingest.outside_cells import OUTSIDE, Box
from cockpit.ingest.outside_report import OutsideReport
from cockpit.ingest.textlines import FileError, whole
from cockpit.store.outside import SpeedTile

COLUMNS = ("quadkey", "avg_d_kbps", "avg_u_kbps", "avg_lat_ms", "tests", "devices")
OPTIONAL = "avg_lat_ms"
MAX_UNZIPPED = 512 * 1024 * 1024
"""Bytes of a file that comes as gzip, which has to be inflated whole; a plain one is read in parts."""
ZOOM = 16

_NAMED = re.compile(r"(\d{4})-(\d{2})-\d{2}_performance_(mobile|fixed)_tiles")
_QUARTER = re.compile(r"\d{4}-Q[1-4]")


def quarter_of(file: Path, told: str) -> str:
    """The quarter of a file, such as 2026-Q1: as told, or by the name that its publisher gives it. Raises
    FileError."""
    named = _NAMED.search(file.name)
    if named and named[3] == "fixed":
        raise FileError("holds tiles of fixed lines, expected those of type=mobile")
    if told:
        if not _QUARTER.fullmatch(told):
            raise FileError(f"quarter {shown(told)}: expected one such as 2026-Q1")
        return told
    if named is None or not 1 <= int(named[2]) <= 12:
        raise FileError(
            "the name says no quarter, expected YYYY-MM-01_performance_mobile_tiles.parquet or --quarter"
        )
    return f"{named[1]}-Q{(int(named[2]) + 2) // 3}"


def tiles(file: Path, report: OutsideReport, box: Box, quarter: str) -> Iterator[SpeedTile]:
    """The tiles whose middle lies in a box (lon, lat, lon, lat); others are counted. Raises FileError,
    OSError."""
    report.rows = "row"
    with file.open("rb") as raw:
        zipped = raw.read(2) == b"\x1f\x8b"
    try:
        opened = pq.ParquetFile(pa.BufferReader(whole(file, MAX_UNZIPPED)) if zipped else file)
        if missing := [name for name in COLUMNS if name not in opened.schema_arrow.names]:
            raise FileError(f"columns {', '.join(missing)} are missing, expected {', '.join(COLUMNS)}")
        number = 0
        for batch in opened.iter_batches(batch_size=20_000, columns=list(COLUMNS)):
            for row in zip(*(batch.column(name).to_pylist() for name in COLUMNS), strict=True):
                number += 1
                try:
                    found = _tile(row, box, quarter)
                except Refusal as refusal:
                    report.refuse(number, refusal)
                    continue
                if found is None:
                    report.elsewhere[OUTSIDE] += 1
                else:
                    yield found
    except pa.ArrowException as error:
        raise FileError(f"is no parquet that can be read: {error}") from None


def _tile(row: tuple[Any, ...], box: Box, quarter: str) -> SpeedTile | None:
    lat, lon = middle(row[0])
    lon0, lat0, lon1, lat1 = box
    if not (lon0 <= lon <= lon1 and lat0 <= lat <= lat1):
        return None
    down, up, latency, tests, devices = (
        _whole(name, value) for name, value in zip(COLUMNS[1:], row[1:], strict=True)
    )
    if down is None or up is None or tests is None or devices is None:
        raise Refusal(Code.MISSING_FIELD, "a column holds no value")
    cell = h3.latlng_to_cell(lat, lon, H3_RESOLUTION)
    return SpeedTile(quarter, row[0], lat, lon, cell, down, up, latency, tests, devices)


def _whole(name: str, value: Any) -> int | None:
    if value is None and name == OPTIONAL:
        return None
    if not isinstance(value, int | float) or not 0 <= value < 2**53:
        raise Refusal(Code.BAD_FIELD, f"column {name}: {shown(value)}, expected a whole number from 0")
    return round(value)


def middle(quadkey: Any) -> tuple[float, float]:
    """Latitude and longitude of a tile's middle, by its key of 16 digits from 0 to 3. Raises Refusal."""
    if not isinstance(quadkey, str) or len(quadkey) != ZOOM or quadkey.strip("0123"):
        raise Refusal(Code.BAD_PLACE, f"column quadkey: {shown(quadkey)}, expected {ZOOM} digits from 0 to 3")
    x = y = 0
    for digit in quadkey:
        x, y = x * 2 + (digit in "13"), y * 2 + (digit in "23")
    lon = (x + 0.5) / 2**ZOOM * 360 - 180
    lat = math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * (y + 0.5) / 2**ZOOM))))
    return round(lat, 6), round(lon, 6)
