"""Maintenance that comes back every week, over HTTP."""

from __future__ import annotations

from typing import Any

import pytest

from cockpit.domain.periods import DAY_MS
from tests.wire.conftest import START, Bench
from tests.wire.test_commands import give, person
from tests.wire.test_desk import CAMERA, WHY, alerts, later

NIGHTS = {"days": [7, 6, 7], "from": "22:00", "to": "05:00"}


def test_maintenance_that_comes_back_hides_within_its_windows_and_has_the_caps_of_one(bench: Bench) -> None:
    alerts(bench)
    admin, cam = person(bench, "admin"), {"matchers": {"asset": CAMERA}}
    wanted = cam | {"until": later(10 * 24), "weekly": NIGHTS}
    told = give(admin, "maintenance", wanted, WHY).json()
    assert (told["code"], told["facts"]["until"]) == ("done", START + 10 * DAY_MS)
    again = give(admin, "maintenance", wanted, WHY).json()
    assert again["code"] == "already"
    once = give(admin, "maintenance", cam | {"until": later(1)}, WHY).json()
    assert once["facts"]["mute"] == 2, "a window that comes once is another one"
    (weekly, _) = bench.client().get("/api/v1/registers/mute").json()["mute"]
    assert weekly["facts"]["weekly"] == {"days": [6, 7], "from": "22:00", "to": "05:00", "offset_s": 25_200}
    long = give(admin, "maintenance", cam | {"until": later(31 * 24), "weekly": NIGHTS}, WHY).json()
    assert long["code"] == "too_long"
    assert give(person(bench, "operator"), "maintenance", wanted, WHY).json()["code"] == "no_right"


@pytest.mark.parametrize(
    "wrong",
    [
        {"days": []},
        {"days": [8]},
        {"days": [0]},
        {"from": "24:00"},
        {"to": "22:00"},
        {"to": "5:00"},
        {"x": 1},
    ],
)
def test_windows_that_are_none_are_refused(bench: Bench, wrong: dict[str, Any]) -> None:
    alerts(bench)
    order = {"matchers": {"asset": CAMERA}, "until": later(10 * 24), "weekly": NIGHTS | wrong}
    told = give(person(bench, "admin"), "maintenance", order, WHY).json()
    assert told["code"] == "bad_argument"


def test_windows_that_never_come_before_the_end_are_refused(bench: Bench) -> None:
    alerts(bench)
    order = {"matchers": {"asset": CAMERA}, "until": later(2), "weekly": NIGHTS | {"days": [3]}}
    told = give(person(bench, "admin"), "maintenance", order, WHY).json()
    assert told["facts"]["argument"] == "weekly"
