"""What can be set, reckoned, played and commanded is in the documentation, and nothing else is."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import msgspec
import pytest

from cockpit import ROOT
from cockpit.cli import main as cli
from cockpit.commands.registry import KINDS as COMMANDS
from cockpit.domain.catalog import Indicator
from cockpit.engine import measures
from cockpit.profiles import Profile, load
from cockpit.profiles.measures import MEASURES, TALLIES
from simulator.kinds import KINDS as FAULTS
from simulator.scenario.load import PRESETS
from tests.test_docs import in_code, typed

PRODUCT = [
    ROOT / "app.py",
    ROOT / "Makefile",
    *(ROOT / "tools").glob("*.*"),
    *(path for room in ("cockpit", "simulator", "pages") for path in (ROOT / room).rglob("*.py")),
]
GUIDES = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
SETTING = re.compile(r"\bCOCKPIT_[A-Z][A-Z_]*[A-Z]\b")


def settings(texts: list[str]) -> set[str]:
    return {name for text in texts for name in SETTING.findall(text)}


def read(paths: list[Path]) -> list[str]:
    return [path.read_text("utf-8") for path in paths]


def rows(page: str, heading: str) -> dict[str, list[str]]:
    """The lines of the first table below a heading, by the code in their first column."""
    below = (ROOT / "docs" / page).read_text("utf-8").split(f"\n{heading}\n", 1)[1]
    table = below[below.index("|") :].split("\n\n", 1)[0].splitlines()[2:]
    lines = [re.split(r"\s*\|\s*", line)[1:-1] for line in table]
    found = {code[1]: cells for cells in lines if (code := re.fullmatch(r"`(\w+)`", cells[0]))}
    assert len(found) == len(lines), f"{page}: a line twice, or one without a code"
    return found


@pytest.fixture(scope="module")
def profile() -> Profile:
    return load("quang_ninh", "district")


def names(cell: str) -> list[str]:
    return re.findall(r"`(\w+)`", cell)


def test_every_setting_is_documented_and_every_documented_one_is_read() -> None:
    assert settings(read(PRODUCT)) == settings([in_code(text) for text in read(GUIDES)])


def test_every_command_of_the_command_line_is_in_the_guides() -> None:
    guides = "\n".join(in_code(text) for text in read(GUIDES))
    missing = [line for line in typed(cli) if not re.search(rf"\bcockpit {line}\b", guides)]
    assert missing == []


def test_every_command_that_people_give_has_its_row() -> None:
    assert sorted(rows("commands.md", "## Who may give which")) == sorted(COMMANDS)


def test_every_measure_has_its_row_with_its_keys() -> None:
    found = {kind: names(cells[2]) for kind, cells in rows("indicators.md", "## The measures").items()}
    assert found == {kind: [key.rstrip("?") for key in keys] for kind, keys in MEASURES.items()}
    assert measures.KINDS.keys() == MEASURES.keys()


def test_the_example_of_a_measure_is_one_of_the_profile(profile: Profile) -> None:
    played = [indicator.measure for indicator in profile.indicators]
    for kind, cells in rows("indicators.md", "## The measures").items():
        example = tomllib.loads(f"measure = {cells[4].strip('`')}")["measure"]
        assert example["kind"] == kind
        assert example.keys() - {"kind"} == set(names(cells[2]))
        as_loaded = {key: tuple(v) if isinstance(v, list) else v for key, v in example.items()}
        assert as_loaded in played or kind not in {one["kind"] for one in played}, kind


def test_every_count_of_records_has_its_row() -> None:
    listed = rows(
        "indicators.md",
        "What is `counted` of each kind of record; of others, what was `received`:",
    )
    assert {kind: tuple(names(cells[1])) for kind, cells in listed.items()} == TALLIES


def test_every_key_of_an_indicator_is_documented() -> None:
    text = (ROOT / "docs" / "indicators.md").read_text("utf-8")
    table = text.split("## Keys of every indicator", 1)[1].split("## ", 1)[0]
    listed = {name for line in re.findall(r"^\| (`.*?) \|", table, re.M) for name in names(line)}
    assert listed == {field.name for field in msgspec.structs.fields(Indicator)}


def test_every_kind_of_fault_has_its_row() -> None:
    assert sorted(rows("scenarios.md", "## The kinds of faults")) == sorted(FAULTS)


@pytest.mark.parametrize("kind", FAULTS)
def test_the_row_of_a_fault_says_its_strength_length_and_rules(kind: str, profile: Profile) -> None:
    fault = FAULTS[kind]
    _, _, what, size, lasts, claimed = rows("scenarios.md", "## The kinds of faults")[kind]
    assert what.endswith(".")
    assert size == (f"{fault.size:g} {fault.unit}" if fault.unit else "")
    parts = [(fault.ramp_s, " ↗"), (fault.hold_s, ""), (fault.recovery_s, " ↘")]
    assert lasts == ", ".join(f"{_span(seconds)}{sign}" for seconds, sign in parts if seconds)
    rules = [rule.code for rule in profile.rules if kind in rule.detects]
    assert claimed == (", ".join(rules) or "–")


def _span(seconds: int) -> str:
    for unit, name in ((3600, "h"), (60, "min")):
        if seconds % unit == 0:
            return f"{seconds // unit} {name}"
    return f"{seconds} s"


def test_every_scenario_is_in_the_list() -> None:
    files = (ROOT / "simulator" / "scenarios").rglob("*.toml")
    there = {path.stem for path in files if path.name != PRESETS}
    assert rows("scenarios.md", "## The list").keys() == there
