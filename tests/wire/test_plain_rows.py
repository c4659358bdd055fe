"""Rows that are written plainly are read many at once, and become what they become one by one."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from cockpit.cli import main
from cockpit.clock import RealClock
from cockpit.domain.instants import iso, parse, parse_many
from cockpit.ingest import sample_blocks
from cockpit.store import visit
from cockpit.store.queries import coverage
from tests.wire.test_import_commands import COLUMNS, row

NOW = RealClock().real_ms() // 60_000 * 60_000
ODD = [
    {"rsrp_dbm": "2147483647"}, {"rsrq_db": "N/A"}, {"sinr_db": "2147483647"}, {"acc_m": "0"},
    {"acc_m": "75"}, {"acc_m": ""}, {"operator": "nobody"}, {"operator": " vnpt "}, {"lat": "12.5"},
    {"lat": "20,95"},
    {"note": '"a, b"'}, {"note": '"never closed'}, {"note": '"a\nb"'}, {"note": "a,b"}, {"tech": "NR"},
    {"tech": "lte"}, {"tech": "XX"}, {"tech": "GSM", "rsrp_dbm": "-30"}, {"device_hash": "thiết bị"},
    {"device_hash": "n/a"}, {"device_hash": " d1"}, {"source": "nobody"}, {"source": "cam-vms"},
    {"ts": "2026-01-01T00:00:00Z"}, {"ts": "soon"}, {"ts": iso(NOW)[:19]}, {"ts": iso(NOW)[:19] + "Z"},
    {"ts": iso(NOW)[:23] + "456+00:00"}, {"ts": iso(NOW).replace("T", " ")}, {"ts": "2026-02-30T00:00:00Z"},
    {"dl_mbps": "1e2"}, {"dl_mbps": "-1"}, {"dl_mbps": "31.5"}, {"ul_mbps": "30000"}, {"indoor": "yes"},
    {"indoor": "maybe"}, {"cell_id": "x" * 200}, {"cell_id": "-"}, {"rsrp_dbm": "-97.25"},
    {"rsrp_dbm": "-.5"}, {"rsrp_dbm": "-200"}, {"rsrq_db": "-40"}, {"rsrp_dbm": "+-5"}, {"rsrp_dbm": "nan"},
    {"rsrp_dbm": "0x1p5"},
]  # fmt: skip


def table(seed: int) -> str:
    """Most rows plain, some of every odd kind, some twice."""
    dice = random.Random(seed)
    rows = [COLUMNS]
    for n in range(900):
        plain = {
            "lat": f"{20.9 + dice.random() / 5:.5f}", "lon": f"{107 + dice.random() / 5:.5f}",
            "ts": iso(NOW - dice.randrange(6 * 86_400_000)), "rsrp_dbm": str(dice.randrange(-125, -70)),
            "operator": dice.choice(["viettel", "vnpt"]), "device_hash": f"d{dice.randrange(20)}",
        }  # fmt: skip
        odd = dice.choice(ODD) if dice.random() < 0.15 else {}
        rows.append(row(n, **{**plain, **odd}))
        if dice.random() < 0.05:
            rows.append(dice.choice([rows[-1], "", "   "]))
    return dice.choice(["\n", "\r\n"]).join(rows)


def brought(folder: Path, content: str, *options: str) -> tuple[list[str], object]:
    """What the command says, and what is stored."""
    folder.mkdir()
    file = folder.parent / "table.csv"
    file.write_text(content, "utf-8", newline="")
    done = CliRunner().invoke(
        main, ["import", "measurements", str(file), *options, "--data-dir", str(folder)]
    )
    assert done.exit_code == 0, done.output
    told = [line for line in done.output.splitlines() if "the time of reception" not in line]
    with visit(folder / "cockpit.db") as conn:
        cells = coverage.cells(conn, ["viettel", "vnpt", "any"])
        days = [[list(column) for column in coverage.daily(conn, 0, 10**6)[1:]], coverage.kept_apart(conn)]
    return told, (cells, days)


@pytest.fixture(params=[64, 1_000])
def many(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """At most so many rows at once, and as few as four."""
    monkeypatch.setattr(sample_blocks, "ROWS", request.param)
    monkeypatch.setattr(sample_blocks, "FEWEST", 4)
    monkeypatch.setattr(sample_blocks, "SLICE", 3)


def one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sample_blocks, "FEWEST", 10**9)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.usefixtures("many")
def test_many_at_once_become_what_they_become_one_by_one(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = table(seed)
    at_once = brought(tmp_path / "at_once", content)
    again = brought_again(tmp_path / "at_once", tmp_path / "table.csv")
    one_by_one(monkeypatch)
    assert brought(tmp_path / "singly", content) == at_once
    # Whichever way a row came, it is known by the other.
    assert brought_again(tmp_path / "at_once", tmp_path / "table.csv") == again
    assert again[0].split(":")[1].startswith(" 0 stored")


def brought_again(data: Path, file: Path) -> list[str]:
    done = CliRunner().invoke(main, ["import", "measurements", str(file), "--data-dir", str(data)])
    return [line for line in done.output.splitlines() if "the time of reception" not in line][-60:][1:]


@pytest.mark.usefixtures("many")
def test_a_table_with_names_of_its_own_is_read_so_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mapping = tmp_path / "own.toml"
    mapping.write_text(
        'separator = ";"\n[columns]\nts = "when"\nlat = "y"\nlon = "x"\nrsrp_dbm = "signal"\n'
        '[translate]\noperator = { "45204" = "viettel" }\n',
        "utf-8",
    )
    lines = ["when;operator;y;x;signal"]
    lines += [f"{iso(NOW - n * 999)};45204;20.95;{107 + n / 1000:.4f};-{90 + n % 30}" for n in range(200)]
    options = ["--mapping", str(mapping), "--value", "device_hash=car", "--value", "source=do-kiem"]
    content = "\n".join(lines)
    at_once = brought(tmp_path / "at_once", content, *options)
    one_by_one(monkeypatch)
    assert brought(tmp_path / "singly", content, *options) == at_once
    assert "200 stored" in at_once[0][0] + at_once[0][1]


@pytest.mark.parametrize("text", [
    "2026-11-22T08:00:00.123+07:00", "2024-02-29 23:59:59.999z", "2026-11-22t08:00:00-00:30",
    "2026-11-22T08:00:00Z", "1970-01-01T00:01:00+00:01",
])  # fmt: skip
def test_times_are_read_at_once_as_they_are_alone(text: str) -> None:
    (ms,), (sure,) = parse_many(np.frombuffer(text.encode(), np.uint8).reshape(1, -1))
    assert sure
    assert ms == parse(text)


@pytest.mark.parametrize("text", [
    "2026-02-29T08:00:00Z", "2026-11-22T24:00:00Z", "2026-13-01T00:00:00Z", "1969-12-31T23:59:59Z",
    "2026-11-22T08:00:60Z", "2026-1122T08:00:00.Z", "1970-01-01T00:00:00+00:01", "2026-11-22T08:00:00+24:00",
    "2026-11-22T08:00:00,123Z", "2026-11-22T08:00:00.123456+07:00", "soon", "2026/11/22T08:00:00Z",
])  # fmt: skip
def test_what_is_not_surely_a_time_is_left_to_be_read_alone(text: str) -> None:
    _, (sure,) = parse_many(np.frombuffer(text.encode(), np.uint8).reshape(1, -1))
    assert not sure
