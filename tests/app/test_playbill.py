"""Scenarios that the stage knows after a restart."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from cockpit.playbill import known
from cockpit.profiles import load
from cockpit.stage import Casting, Setting

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
    castings = [Casting(str(here), 5), Casting(str(gone), 6), Casting("two_faults", 7)]
    with caplog.at_level(logging.WARNING):
        bill, setting = known(Setting(tuple(castings)), (), load("quang_ninh", size="district"), 7)
    assert bill.scenarios[str(here)].name.vi == "Thử"
    assert [c.code for c in setting.castings] == [str(here), "two_faults"]
    (record,) = caplog.records
    assert "gone.toml" in record.getMessage()
