"""Where too little was ever heard, the first line of a page draws no conclusion."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from cockpit.ui import camera_parts, home_parts, live, source_parts
from cockpit.views import cameras, home, sources


@pytest.fixture(autouse=True)
def nothing_kept(cockpit: Any) -> None:
    live.forget()


@pytest.mark.parametrize(("never", "sign"), [(1199, "help"), (10, "check_circle")])
def test_cameras_are_not_called_well_when_most_never_connected(never: int, sign: str) -> None:
    view = live.view(cameras.build)
    counts = {"online": view.total - never, "degraded": 0, "offline": 0, "never": never}
    if never >= view.total:
        counts |= {"online": 1, "never": view.total - 1}
    told = camera_parts.verdict(replace(view, counts=counts, cluster=None))  # type: ignore[arg-type]
    assert f":material/{sign}:" in told
    assert "chưa kết nối lần nào" in told


@pytest.mark.parametrize(("never", "sign"), [(32, "help"), (2, "check_circle")])
def test_sources_are_not_called_well_when_most_never_sent(never: int, sign: str) -> None:
    view = live.view(sources.build)
    counts = dict.fromkeys(view.counts, 0) | {"fresh": len(view.feeds) - never, "never": never}
    assert f":material/{sign}:" in source_parts.verdict(replace(view, counts=counts))


@pytest.mark.parametrize(
    ("silent", "never", "told"),
    [(0, 33, "33 chưa gửi lần nào"), (20, 3, "20 ngừng gửi từ 08:00, 3 chưa gửi lần nào")],
)
def test_home_tells_sources_that_never_sent_from_those_that_stopped(
    silent: int, never: int, told: str
) -> None:
    view = live.view(home.build)
    trust = replace(view.trust, sources=35, silent=silent, never=never)
    view = replace(view, verdict="unknown", trust=trust, silent_since=view.now_ms - 3_600_000)
    assert home_parts.verdict_sentence(view, "vi") == f"Chưa đủ số liệu để kết luận: trong 35 nguồn có {told}"
