"""The rules read anew from their list: for who may, with the mistakes where it is refused."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from cockpit.store import rule_sets
from tests.pages.conftest import Visit

Folder = Path


@pytest.fixture
def folder(cockpit: Any, tmp_path: Path) -> Iterator[Folder]:
    """The province's files, to be edited."""
    before = cockpit.profile
    shutil.copytree(before.folder, tmp_path / "tinh")
    cockpit.profile = replace(before, folder=tmp_path / "tinh")
    yield tmp_path / "tinh"
    cockpit.store.write(lambda conn: rule_sets.put(conn, before.rules)).result()
    cockpit.profile = before


def pressed(visit: Visit, role: str = "admin") -> AppTest:
    app = visit("alerts", list="rules", role=role)
    app.button(key="rules-reload").click().run()
    assert not app.exception
    return app


def said(app: AppTest) -> str:
    return "\n".join(toast.value for toast in app.toast)


def test_it_says_what_has_come_of_it(visit: Visit, folder: Folder) -> None:
    assert "giống hệt" in said(pressed(visit))
    file = folder / "rules.toml"
    text = file.read_text("utf-8").replace("version = 1", "version = 2", 1)
    file.write_text(text.replace('vi = "Hình camera giật"', 'vi = "Hình giật"'), "utf-8")
    assert "Đã đọc lại quy tắc: 1 quy tắc thay đổi, 1 quy tắc đổi lời." in said(pressed(visit))


def test_mistakes_stand_over_the_list_with_their_places_and_go_when_they_are_mended(
    visit: Visit, folder: Folder
) -> None:
    file = folder / "rules.toml"
    right = file.read_text("utf-8")
    file.write_text(right.replace('metric = "fps"', 'metric = "fsp"'), "utf-8")
    app = pressed(visit)
    (told,) = (one.value for one in app.warning)
    assert "Tệp quy tắc có 1 lỗi nên mọi quy tắc giữ nguyên" in told
    assert "camera-fps-low" in told.replace("\\", "")
    assert "fsp" in told
    file.write_text(right, "utf-8")
    app.button(key="rules-reload").click().run()
    assert not app.warning


def test_who_may_not_sees_no_button(visit: Visit) -> None:
    app = visit("alerts", list="rules", role="leader")
    assert not [b for b in app.button if b.key == "rules-reload"]
