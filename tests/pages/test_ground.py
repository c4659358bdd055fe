"""What pages say when the files of the store are gone, and when the computer's clock has leapt."""

from __future__ import annotations

from typing import Any

import pytest

from cockpit.engine.leaps import Leap
from tests.pages.conftest import NOW_MS, Visit


@pytest.mark.parametrize(
    ("lang", "said"), [("vi", "Tệp cơ sở dữ liệu"), ("en", "The database files were removed")]
)
def test_a_store_whose_files_are_gone_is_said_in_place_of_every_page(
    visit: Visit, cockpit: Any, monkeypatch: pytest.MonkeyPatch, lang: str, said: str
) -> None:
    monkeypatch.setattr(cockpit, "lost", "cockpit.db is gone")
    page = visit("cameras", lang=lang)
    assert not page.exception
    assert [e.value for e in page.error if said in e.value]
    assert not page.markdown, "no figure of a store that is gone"


@pytest.mark.parametrize(
    ("by_ms", "said"), [(86_400_000, "leapt ahead by 24"), (-86_400_000, "set back by 24")]
)
def test_a_leap_of_the_clock_is_said_above_the_page(
    visit: Visit, cockpit: Any, monkeypatch: pytest.MonkeyPatch, by_ms: int, said: str
) -> None:
    monkeypatch.setattr(cockpit.engine.leaps, "recent", Leap(NOW_MS, by_ms, 0.0))
    page = visit("cameras", lang="en")
    assert not page.exception
    assert [w.value for w in page.warning if said in w.value]
