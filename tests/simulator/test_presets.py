"""Faults that lie ready: what the province offers, and what its file may say."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from cockpit.demo.scenarios import library
from cockpit.demo.state import DemoRun, DemoState
from cockpit.demo.virtual_clock import VirtualClock
from cockpit.profiles import Profile, load
from simulator.scenario import ScenarioError, load_presets, names

GOOD = """[[preset]]
code = "cut"
name = { vi = "Cắt điện", en = "Cut the power" }
about = { vi = "Mất điện.", en = "No power." }
kind = "feeder_out"
on = "feeder-06688"
hold = "1h"
"""
START = 1_795_309_200_000


@pytest.fixture(scope="module", params=["province", "district"])
def province(request: pytest.FixtureRequest) -> Profile:
    return load("quang_ninh", size=request.param)


def elsewhere(province: Profile, folder: Path, text: str) -> Profile:
    """The province with a folder of its own, in which the file says this."""
    (folder / "scenarios").mkdir()
    (folder / "scenarios" / "presets.toml").write_text(text, "utf-8")
    return replace(province, folder=folder)


def test_every_ready_fault_of_the_province_can_be_ordered_in_both_sizes(province: Profile) -> None:
    found = library((), province)
    assert len(found.presets) >= 5
    run = DemoRun(VirtualClock(START), province, found)
    state = DemoState()
    for code, ready in found.presets.items():
        state, fault = run.inject(state, ready.order, START)
        assert fault.preset == code
        assert ready.name.vi != ready.name.en
        assert ready.about.vi != ready.about.en
    assert len(state.faults) == len(found.presets)


def test_the_file_is_no_story(province: Profile) -> None:
    assert "presets" not in names(province)


def test_a_province_without_the_file_has_none(province: Profile, tmp_path: Path) -> None:
    assert load_presets(replace(province, folder=tmp_path)) == ()


def test_what_a_size_does_not_have_is_not_offered(province: Profile, tmp_path: Path) -> None:
    text = GOOD + GOOD.replace('"cut"', '"gone"').replace("feeder-06688", "feeder-99999")
    assert [p.code for p in load_presets(elsewhere(province, tmp_path, text))] == ["cut"]


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("feeder_out", "feeder_ot", "line 5: [[preset]] 1, key 'kind': found 'feeder_ot'"),
        ("feeder_out", "link_silent", "line 6: [[preset]] 1, key 'on': found 'feeder-06688', a feeder"),
        ("feeder-06688", "mot-cua", "line 6: [[preset]] 1, key 'on': found 'mot-cua', a source"),
        ('code = "cut"', 'code = "Cut it"', "line 2: [[preset]] 1, key 'code'"),
        (', en = "No power."', "", "line 4: [[preset]] 1, key 'about'"),
        ('hold = "1h"', 'hold = "soon"', "line 7: [[preset]] 1, key 'hold'"),
        ('hold = "1h"', 'holds = "1h"', "a key nobody knows"),
        ('hold = "1h"', f'hold = "1h"\n{GOOD}', "[[preset]] 2, key 'code': found 'cut'"),
    ],
)
def test_a_mistake_is_named_with_file_line_and_key(
    province: Profile, tmp_path: Path, right: str, wrong: str, told: str
) -> None:
    with pytest.raises(ScenarioError) as error:
        load_presets(elsewhere(province, tmp_path, GOOD.replace(right, wrong, 1)))
    assert "presets.toml" in str(error.value)
    assert told in str(error.value)
