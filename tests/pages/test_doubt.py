"""Where too little was ever heard, the first line of a page draws no conclusion."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from cockpit.domain.freshness import Timeliness
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
    n = len(view.feeds)
    counts = dict.fromkeys(view.counts, 0) | {"fresh": n - never, "never": never}
    timely = Timeliness(n, fresh=n - never, late=0, silent=0, never=never)
    told = source_parts.verdict(replace(view, counts=counts, timeliness=timely, worst=None))
    assert f":material/{sign}:" in told


def test_a_source_on_time_is_told_so_and_what_is_wrong_with_it_beside() -> None:
    view = live.view(sources.build)
    n = len(view.feeds)
    counts = dict.fromkeys(view.counts, 0) | {"fresh": n - 5, "wrong": 3, "missing": 1, "silent": 1}
    timely = Timeliness(n, fresh=n - 2, late=1, silent=1, never=0)  # one of the wrong ones is late
    told = source_parts.verdict(replace(view, counts=counts, timeliness=timely)).split(" · ")
    assert told[0].endswith(f" {n - 2} trong {n} nguồn đúng hạn")
    assert told[1:5] == ["1 ngừng gửi", "1 chậm", "3 sai lệch", "1 thiếu bản ghi"]


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
