"""A rule held against the past, on its panel."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cockpit.ui import live
from tests.pages.conftest import Visit, text


def test_it_says_how_many_alerts_there_would_have_been_and_from_what(visit: Visit) -> None:
    app = visit("alerts", list="rules", rule="camera-fps-low")
    assert "sẽ báo" not in text(app)
    app.button(key="backtest-camera-fps-low").click().run()
    assert not app.exception
    assert "Quy tắc đang áp dụng (bản 1) sẽ báo" in text(app)
    assert "Tính từ" in text(app)


def test_what_is_not_kept_is_said(visit: Visit) -> None:
    app = visit("alerts", list="rules", rule="clock-skew")
    app.button(key="backtest-clock-skew").click().run()
    assert not app.exception
    assert "không được lưu lại" in text(app)


def test_a_rule_that_stands_otherwise_in_the_file_is_held_beside_it(
    visit: Visit, cockpit: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(cockpit.profile.folder, tmp_path / "tinh")
    file = tmp_path / "tinh" / "rules.toml"
    told = file.read_text("utf-8")
    at = told.index('code = "camera-fps-low"')
    changed = told[at:].replace("version = 1", "version = 2", 1).replace("raise_at = 10", "raise_at = 12", 1)
    file.write_text(told[:at] + changed, "utf-8")
    monkeypatch.setattr(cockpit, "profile", replace(cockpit.profile, folder=tmp_path / "tinh"))
    app = visit("alerts", list="rules", rule="camera-fps-low")
    live.forget()
    app.button(key="backtest-camera-fps-low").click().run()
    assert not app.exception
    assert "Theo tệp quy tắc hiện nay (bản 2) sẽ báo" in text(app)
