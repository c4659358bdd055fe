"""What measurements of the door send is what the documentation says, whoever is asked to take it."""

from __future__ import annotations

import json
from datetime import datetime
from itertools import pairwise
from typing import Any

import pytest

from cockpit.bench import bodies
from cockpit.bench.bodies import BOXED, PLAIN, Body, Cameras, LoadError, cameras_of

CAMERAS = Cameras(tuple(f"cam-{i}" for i in range(120)), tuple(f"box-{i}" for i in range(5)))
NOW_MS = 1_795_309_200_000


def events(loads: list[Body]) -> list[dict[str, Any]]:
    return [event for body in loads for event in json.loads(body.content)]


def instant_ms(event: dict[str, Any]) -> float:
    return datetime.fromisoformat(event["time"]).timestamp() * 1000


def catalogue(plain: int, boxed: int) -> dict[str, Any]:
    """As much of `/api/v1/catalog` as decides who sends what."""
    codes = [f"cam-{i}" for i in range(plain + boxed)]
    return {
        "assets": [{"code": code, "kind": "camera", "source": "cam-vms"} for code in codes],
        "metrics": [
            {"code": code, "kinds": ["camera"], "assets": None if code in PLAIN else codes[plain:]}
            for code in BOXED
        ],
    }


def test_packed_events_hold_five_values_in_the_mean_and_single_ones_one() -> None:
    single, packed = bodies.two_loads(CAMERAS, 2, 7, NOW_MS)
    assert sum(body.events for body in packed) == 7_000 == len(events(packed))
    assert sum(body.values for body in packed) == 35_000
    assert sum(len(event["data"]["values"]) for event in events(packed)) == 35_000
    assert {len(event["data"]["values"]) for event in events(single)} == {1}
    assert [body.values for body in single] == [1_000, 1_000]


def test_events_follow_one_another_up_to_now_and_none_comes_twice() -> None:
    single, packed = bodies.two_loads(CAMERAS, 2, 2, NOW_MS)
    sent = [*events(single), *events(packed)]
    times = [instant_ms(event) for event in sent]
    assert times == sorted(times)
    assert NOW_MS - 1_000 < times[-1] <= NOW_MS
    assert len({event["id"] for event in sent}) == len(sent)


@pytest.mark.parametrize("kind", [0, 1])
def test_a_camera_sends_every_fifteen_seconds(kind: int) -> None:
    sent = events(bodies.two_loads(CAMERAS, 3, 3, NOW_MS)[kind])
    of_one = [e for e in sent if e["subject"] == "cam-7" and "fps" in e["data"]["values"]]
    times = [instant_ms(event) for event in of_one]
    gaps = [after - before for before, after in pairwise(times)]
    assert gaps == pytest.approx([15_000] * len(gaps), abs=150)
    assert len(gaps) >= 5


def test_only_cameras_that_both_know_alike_are_sent_for() -> None:
    here, base = cameras_of(catalogue(6, 4)), cameras_of(catalogue(5, 4))
    assert (len(here.plain), len(here.boxed)) == (6, 4)
    both = here & base  # cam-5 has a box in one of them only
    assert both.plain == ("cam-0", "cam-1", "cam-2", "cam-3", "cam-4")
    assert both.boxed == ("cam-6", "cam-7", "cam-8")


@pytest.mark.parametrize(("plain", "boxed"), [(0, 3), (3, 0)])
def test_without_cameras_of_both_kinds_it_says_what_is_missing(plain: int, boxed: int) -> None:
    with pytest.raises(LoadError, match=f"{plain} cameras send fps, .* and {boxed} more"):
        cameras_of(catalogue(plain, boxed))


def test_a_metric_that_is_gone_leaves_nobody_to_send_it() -> None:
    without = catalogue(3, 3)
    without["metrics"] = [m for m in without["metrics"] if m["code"] != "loss_pct"]
    with pytest.raises(LoadError, match="0 cameras send"):
        cameras_of(without)
