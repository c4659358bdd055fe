"""Where people live, by the commands that bring it in: good rows and bad, beside a running cockpit or not."""

from __future__ import annotations

import gzip
from pathlib import Path

import h3
import pytest
from click.testing import CliRunner

from cockpit.cli import main
from cockpit.profiles import load
from cockpit.profiles.land import land_of
from cockpit.store import hamlets, visit
from cockpit.store.lock import hold
from tests.store.old_files import every

HEADER = "code,unit,name,lat,lon,population,households,schools,offices,grid,road"
GOOD = 'T1,06652,"Khu 1, P. Hà Tu",20.9627,107.1593,900,250,1,,1,0'
ROWS = [
    GOOD,
    "T2,99999,Thôn Lạ,20.96,107.15,10,,,,,",
    "T3,06652,Thôn Xa,10.5,107.15,10,,,,,",
    "T4,06652,Thôn Đảo Cột,107.15,20.96,10,,,,,",
    'T1,06652,"Tên\nhai dòng",20.96,107.15,10,,,,,',
    "T5,06652,Thôn Sai,20.96,107.15,nhiều,,,,,",
    "T7,06652,Thôn \x07Chuông,20.96,107.15,10,,,,,",
    "T6,06652,Thôn Đủ,20.95,107.16,40,N/A,,,có,",
]
SAID = [
    "8 hamlets: 2 stored, 6 refused",
    "line 3, column unit: found '99999', expected a code of a unit",
    "line 4, column lat: found '10.5'",
    "line 5, column lat: found '107.15', expected",
    "swap lat and lon",
    "line 6, column code: found 'T1', expected a code once: it stands in line 2",
    "line 8, column population: found 'nhiều', expected a whole number",
    "line 9, column name: found 'Thôn \\x07Chuông', expected signs that can be seen",
    "2 new, 0 changed, 0 same; 0 in the register and not in the file",
]


def run(*args: str) -> tuple[int, str]:
    ran = CliRunner().invoke(main, args)
    return ran.exit_code, ran.output


def sheet(path: Path, *rows: str) -> str:
    path.write_bytes("\n".join([HEADER, *rows, ""]).encode())
    return str(path)


@pytest.mark.parametrize("beside", [False, True])
def test_a_wrong_row_is_refused_alone_with_its_line_column_value_and_cure(
    tmp_path: Path, beside: bool
) -> None:
    file, data = sheet(tmp_path / "thon.csv", *ROWS), tmp_path / "var"
    if beside:
        run("import", "hamlets", sheet(tmp_path / "none.csv"), "--data-dir", str(data))
        lock = hold(data, role="serve")
    try:
        code, told = run("import", "hamlets", file, "--data-dir", str(data))
        again = run("import", "hamlets", file, "--data-dir", str(data))
    finally:
        if beside:
            lock.release()
    assert code == 0, told
    for said in SAID:
        assert said in told
    assert "0 new, 0 changed, 2 same" in again[1]
    with visit(data / "cockpit.db") as conn:
        first, last = hamlets.every(conn)
    assert (first.name, first.households, first.offices, first.grid, first.road) == (
        "Khu 1, P. Hà Tu", 250, None, True, False,
    )  # fmt: skip
    assert (last.code, last.households, last.grid) == ("T6", None, True)


def test_a_file_without_a_column_is_told_what_it_lacks(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("code,unit,name\n", "utf-8")
    code, told = run("import", "hamlets", str(tmp_path / "x.csv"), "--data-dir", str(tmp_path / "var"))
    assert code == 1
    assert "lacks the columns lat, lon, population" in told


def test_people_of_cells_are_added_up_and_held_against_their_units(tmp_path: Path) -> None:
    profile = load("quang_ninh")
    land = land_of(profile)
    unit = profile.units[0]
    cell = next(c for c, code in sorted(land.items()) if code == unit.code)
    fine = sorted(h3.cell_to_children(cell, 9))
    rows = [f"{fine[0]},{unit.population}", f"{fine[1]},40", f"{fine[0]},3", "nowhere,5"]
    path = tmp_path / "dan.csv.gz"
    path.write_bytes(gzip.compress("\n".join(["h3,people", *rows]).encode()))
    code, told = run("import", "population", str(path), "--data-dir", str(tmp_path / "var"))
    assert code == 0, told
    assert f"{unit.population + 40} people in 1 cells stored in place of 0, 2 rows refused" in told
    assert "line 4, column h3" in told
    assert "line 5, column h3: found 'nowhere'" in told
    assert f"1 of {len(profile.units)} units are within 10%" in told
    with visit(tmp_path / "var" / "cockpit.db") as conn:
        assert hamlets.people(conn) == {cell: unit.population + 40}


def test_a_database_of_an_older_version_goes_to_no_file_before_it_is_brought_up(tmp_path: Path) -> None:
    old = next(one for one in every() if one.mode == "serve")
    old.put(tmp_path / "var")
    code, told = run("export", "gaps", str(tmp_path / "x.csv"), "--data-dir", str(tmp_path / "var"))
    assert code == 1
    assert "start this version on it" in told
    assert not (tmp_path / "x.csv").exists()


def test_the_shipped_register_tells_what_stands_in_its_hamlets() -> None:
    places = load("quang_ninh").places
    assert all(p.households and p.schools is not None and p.grid is not None for p in places)
    assert not all(p.grid for p in places)
