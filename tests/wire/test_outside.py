"""What others publish about coverage, as files: kept as it is, named on the page, decides nothing."""

from __future__ import annotations

import gzip
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from cockpit.cli import main
from cockpit.ingest.outside_tiles import middle
from cockpit.store import outside, visit
from cockpit.store.outside import Brought, OutsideCell, SpeedTile
from tests.wire.test_import_commands import Bring, bring

__all__ = ["bring"]

HEADER = "radio,mcc,net,area,cell,unit,lon,lat,range,samples,changeable,created,updated,averageSignal"
OTHERS = (
    "radio,mcc,mnc,lac,cellid,psc,longitude,latitude,range,samples,changeable,created,updated,average_signal"
)
GOOD = (
    "LTE,452,4,21001,70001,12,107.08,20.95,1200,31,1,1500000000,1700000000,",
    "UMTS,452,2,301,5123,-1,107.30,21.02,0,1,1,1400000000,1600000000,-91",
)
BAD = (
    "LTE,452,4,21001,x1,12,107.08,20.95,1200,31,1,1500000000,1700000000,",
    "LTE,452,4,21001,70002,12,107.08,N/A,1200,31,1,1500000000,1700000000,",
    "LTE,452,4",
)
ELSEWHERE = (
    "LTE,452,4,1,1,1,105.85,21.03,1000,5,1,1500000000,1700000000,",  # Hà Nội
    "GSM,460,0,9,9,,107.97,21.53,1000,5,1,1500000000,1700000000,",  # over the border
)
COLUMNS = ("quadkey", "tile", "avg_d_kbps", "avg_u_kbps", "avg_lat_ms", "tests", "devices")
FILE = "2026-04-01_performance_mobile_tiles.parquet"


def run(bring: Bring, kind: str, content: bytes, name: str, *options: str) -> str:
    file = bring.folder / name
    file.write_bytes(gzip.compress(content, 1) if name.endswith(".gz") else content)
    words = ["import", kind, str(file), "--data-dir", str(bring.data), *options]
    done = CliRunner().invoke(main, words)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exc_info
    return done.output.replace(f"{name}", "FILE")


def kept(bring: Bring) -> tuple[tuple[OutsideCell, ...], tuple[SpeedTile, ...], tuple[Brought, ...]]:
    with visit(bring.data / "cockpit.db") as conn:
        return outside.cells(conn), outside.tiles(conn, "2026-Q2"), outside.brought(conn)


def parquet(folder: Path, *rows: tuple[object, ...]) -> bytes:
    table = pa.table(
        {name: list(values) for name, values in zip(COLUMNS, zip(*rows, strict=True), strict=True)}
    )
    pq.write_table(table, folder / "made.parquet")
    return (folder / "made.parquet").read_bytes()


@pytest.mark.parametrize("header", [HEADER, OTHERS, ""], ids=["one spelling", "the other", "no header"])
def test_cells_of_the_province_are_kept_and_the_rest_of_a_world_file_is_counted(
    bring: Bring, header: str
) -> None:
    lines = [header] if header else []
    content = "\r\n".join([*lines, *GOOD, *BAD, "", *ELSEWHERE, ""]).encode()
    plain = run(bring, "cells", content, "cells.csv", "--origin", "mozilla")
    assert (
        "7 rows: 2 stored, 0 known already, 1 outside the province, 1 of other countries, 3 refused" in plain
    )
    first = 4 if header else 3
    assert f"FILE line {first}: column cell: 'x1', expected a whole number" in plain
    assert f"FILE line {first + 1}: column lat: 'N/A', expected degrees" in plain
    assert f"FILE line {first + 2}: 3 fields, expected" in plain
    zipped = run(bring, "cells", content, "cells.csv.gz", "--origin", "mozilla")
    assert "0 stored, 2 known already" in zipped
    assert zipped.splitlines()[1:] == plain.splitlines()[1:]
    found, _, brought = kept(bring)
    assert [(c.radio, c.net, c.cell, c.code, c.updated) for c in found] == [
        ("LTE", 4, 70001, 12, 1_700_000_000), ("UMTS", 2, 5123, None, 1_600_000_000),
    ]  # fmt: skip
    assert [(b.kind, b.name, b.n, b.licence) for b in brought] == [("cell", "mozilla", 2, "CC BY-SA 4.0")]
    younger = GOOD[0].replace("107.08", "107.09").replace("1700000000", "1710000000")
    assert "1 stored" in run(bring, "cells", f"{younger}\n".encode(), "more.csv")
    assert kept(bring)[0][0].lon == 107.09
    assert bring.coverage() == (0, {})


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"a,b,c\n", "line 1: found no header and no cell of a radio"),
        (b"radio,mcc,net,area\n", "line 1: columns cell, lon, lat are missing"),
        (f"{HEADER},mnc\n".encode(), "line 1: a column is there twice"),
    ],
)
def test_a_file_that_holds_no_cells_says_so(bring: Bring, content: bytes, said: str) -> None:
    assert said in run(bring, "cells", content, "cells.csv")


def test_tiles_are_kept_by_quarter(bring: Bring) -> None:
    here = _key_of(20.95, 107.08)
    rows = [
        (here, "POLYGON", 40_000, 12_000, 31, 9, 4),
        (here[:-1] + str((int(here[-1]) + 1) % 4), "POLYGON", 20_000, 8_000, None, 2, 1),
        (_key_of(21.03, 105.85), "POLYGON", 40_000, 12_000, 31, 9, 4),
        ("12345", "POLYGON", 40_000, 12_000, 31, 9, 4),
        (here[:-1] + str((int(here[-1]) + 2) % 4), "POLYGON", None, 12_000, 31, 9, 4),
    ]
    content = parquet(bring.folder, *rows)
    plain = run(bring, "tiles", content, FILE)
    assert "5 rows: 2 stored, 0 known already, 1 outside the province, 2 refused" in plain
    assert "FILE row 4: column quadkey: '12345', expected 16 digits from 0 to 3" in plain
    assert "FILE row 5: column avg_d_kbps: None, expected a whole number" in plain
    zipped = run(bring, "tiles", content, f"{FILE}.gz")
    assert "0 stored, 2 known already" in zipped
    assert zipped.splitlines()[1:] == plain.splitlines()[1:]
    _, found, brought = kept(bring)
    assert sorted((t.down_kbps, t.latency_ms, t.tests) for t in found) == [(20_000, None, 2), (40_000, 31, 9)]
    assert [(b.kind, b.name, b.n) for b in brought] == [("tile", "2026-Q2", 2)]
    assert bring.coverage() == (0, {})


def test_a_file_that_holds_no_tiles_of_a_quarter_says_so(bring: Bring) -> None:
    content = parquet(bring.folder, (_key_of(20.95, 107.08), "", 1, 1, 1, 1, 1))
    assert "the name says no quarter" in run(bring, "tiles", content, "t.parquet")
    assert "1 stored" in run(bring, "tiles", content, "t.parquet", "--quarter", "2026-Q2")
    assert "quarter '2026-5'" in run(bring, "tiles", content, "t.parquet", "--quarter", "2026-5")
    assert "fixed lines" in run(bring, "tiles", content, FILE.replace("mobile", "fixed"))
    assert "no parquet" in run(bring, "tiles", b"quadkey,tests\n", FILE)


def _key_of(lat: float, lon: float) -> str:
    """The square of a place: found digit by digit."""
    found = ""
    for _ in range(16):
        found += min(
            "0123",
            key=lambda digit: _away((found + digit).ljust(16, "0"), (found + digit).ljust(16, "3"), lat, lon),
        )
    return found


def _away(low: str, high: str, lat: float, lon: float) -> float:
    (lat0, lon0), (lat1, lon1) = middle(low), middle(high)
    return abs((lat0 + lat1) / 2 - lat) + abs((lon0 + lon1) / 2 - lon)
