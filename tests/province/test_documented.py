"""docs/province.md says which files a province has, and what stands in them: held against the code."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import msgspec
import pytest

from cockpit import ROOT
from cockpit.config import DEFAULT_PROFILE
from cockpit.profiles import AssetKind, ProfileError, load
from cockpit.profiles.load import PARTS, _Head
from cockpit.profiles.registers import ASSET_COLUMNS, OWN_SOURCE_COLUMNS, PLACE_COLUMNS, UNIT_COLUMNS
from simulator.devices import SIGNALS, STATES
from simulator.reading import MANY, ONE
from simulator.simulation import SHAPES

PAGE = (ROOT / "docs" / "province.md").read_text("utf-8")


def rows(heading: str, first: str) -> list[list[str]]:
    """Cells of the table below a heading whose first column has this name."""
    below = PAGE.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    table = below[below.index(f"| {first} |") :].split("\n\n", 1)[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table]


def names(cell: str) -> list[str]:
    return re.findall(r"`([\w.*/]+)`", cell)


FILES = {names(cells[0])[0]: cells for cells in rows("Files", "file")}


def test_the_files_of_the_made_up_province_are_those_that_are_listed(folder: Path) -> None:
    there = {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()}
    listed = {path for path in there for pattern in FILES if path.match(pattern)}
    assert there == listed
    needed = {pattern for pattern, cells in FILES.items() if cells[1] == "yes"}
    assert all(any(path.match(pattern) for path in there) for pattern in needed)


@pytest.mark.parametrize("pattern", FILES)
def test_what_is_needed_is_missed_and_what_is_not_is_not(pattern: str, folder: Path, tmp_path: Path) -> None:
    here = shutil.copytree(folder, tmp_path / "lacking")
    found = next(here.glob(pattern), None)
    if found is not None:
        found.unlink()
    if FILES[pattern][1] == "no":
        assert load(str(here)).code == "tinh_mau"
        return
    assert found is not None
    with pytest.raises(ProfileError, match=rf"(?m)^{re.escape(found.name)}.*: found no such file, expected "):
        load(str(here))


def test_columns_are_those_that_are_read() -> None:
    assert tuple(names(FILES["units.csv"][2])[: len(UNIT_COLUMNS)]) == UNIT_COLUMNS
    assert tuple(names(FILES["places.csv"][2])) == PLACE_COLUMNS
    assert tuple(names(FILES["assets/*.csv"][2])) == ASSET_COLUMNS + OWN_SOURCE_COLUMNS


def test_keys_of_the_profile_are_those_that_are_read() -> None:
    found = rows("profile.toml", "key")
    keys = {name for cells in found for name in names(cells[0])}
    assert keys == {field.name for field in msgspec.structs.fields(_Head)} | set(PARTS)
    (kind,) = (cells[1] for cells in found if names(cells[0]) == ["kind"])
    assert set(names(kind)) >= {field.name for field in msgspec.structs.fields(AssetKind)}


def test_kinds_that_play_are_listed_with_their_metrics() -> None:
    found = {names(cells[0])[0]: set(names(cells[1])) for cells in rows("What the simulator plays", "kind")}
    states = {kind: {m for k, m in STATES if k == kind} for kind in SIGNALS}
    assert found == {kind: set(signals) | states[kind] for kind, signals in SIGNALS.items()}


def test_tables_of_the_simulation_are_listed_with_their_keys() -> None:
    found = {
        re.sub(r"[`\[\]]", "", cells[0]): names(cells[1])
        for cells in rows("What the simulator plays", "table")
    }
    known = ONE | MANY
    fields = {name: {f.name for f in msgspec.structs.fields(kind)} for name, kind in known.items()}
    assert {name: set(keys) for name, keys in found.items()} == fields
    assert all(f"`{shape}`" in PAGE for shape in SHAPES)


def test_no_province_is_named_in_the_code_but_the_one_that_is_usual() -> None:
    files = [path for room in ("cockpit", "simulator", "pages") for path in (ROOT / room).rglob("*.py")]
    naming = [str(path.relative_to(ROOT)) for path in files if DEFAULT_PROFILE in path.read_text("utf-8")]
    assert naming == ["cockpit/config.py"]
    assert (ROOT / "cockpit" / "config.py").read_text("utf-8").count(DEFAULT_PROFILE) == 1
