"""Scenarios that the stage knows after a restart."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from cockpit.demo.scenarios import known
from cockpit.demo.state import DemoState, RunningScenario
from cockpit.profiles import load

OWN = """
name = { vi = "Thử", en = "A try" }
story = { vi = "Một câu chuyện.", en = "A story." }
seed = 1
start = "2026-11-19T09:00:00+07:00"
length = "2h"

[[fault]]
kind = "camera_silent"
label = { vi = "Camera", en = "Cameras" }
select = { kind = "camera", count = 3 }
at = "1h"
hold = "90s"
"""


def test_a_file_of_ones_own_that_was_on_the_stage_is_known_again_and_one_that_is_gone_is_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    here, gone = tmp_path / "own_story.toml", tmp_path / "gone.toml"
    here.write_text(OWN, encoding="utf-8")
    codes = (str(here), str(gone), "two_faults")
    scenarios = [RunningScenario(code, at) for at, code in enumerate(codes, 5)]
    with caplog.at_level(logging.WARNING):
        bill, state = known(DemoState(tuple(scenarios)), (), load("quang_ninh", size="district"), 7)
    assert bill.scenarios[str(here)].name.vi == "Thử"
    assert [c.code for c in state.scenarios] == [str(here), "two_faults"]
    (record,) = caplog.records
    assert "gone.toml" in record.getMessage()
