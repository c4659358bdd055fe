"""Whoever took up an alert need not take it up again when it comes back at once."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from cockpit.store import alerting
from tests.engine.world import World, healthy, province, rule

Worlds = Callable[..., World]


def taken_up(world: World, key: str) -> None:
    alert = world.alerts()[key]
    now = world.clock.domain
    call = world.store.write(
        lambda conn: alerting.acknowledge(conn, alert["id"], alert["version"], "lan", now, "thợ đang đến")
    )
    assert call.result()


def silent_again(world: World, pause_s: int) -> dict[str, Any]:
    """A camera falls silent, is taken up, comes back for `pause_s` after its alert has closed, and again."""
    good, away = healthy(world.profile), healthy(world.profile, without=["cam-3"])
    world.run(60, 20, good)
    world.run(120, 20, away)
    taken_up(world, "camera-silent|cam-3")
    world.run(60 + pause_s, 20, good)
    assert world.alerts() == {}
    world.run(120, 20, away)
    return dict(world.alerts()["camera-silent|cam-3"])


def test_an_alert_that_comes_back_soon_is_still_taken_up(world: World) -> None:
    alert = silent_again(world, 300)
    assert (alert["ack_by"], alert["ack_note"]) == ("lan", "thợ đang đến")
    assert alert["ack_at"] < alert["opened"]
    (line,) = [row for row in world.log() if row[1] == alert["id"] and row[2] == "acknowledged"]
    data = json.loads(line[4])
    assert (line[0], data["reason"], data["by"]) == (alert["opened"], "carried", "lan")


def test_an_alert_that_comes_back_later_is_a_new_matter(world: World) -> None:
    assert silent_again(world, 700)["ack_at"] is None


def test_a_critical_alert_is_to_be_seen_every_time(worlds: Worlds) -> None:
    rules = (rule("camera-silent", "asset_silent", "camera", priority="critical"),)
    assert silent_again(worlds(province(rules=rules)), 60)["ack_at"] is None


@pytest.mark.parametrize("key", ["camera-silent|cam-4"])
def test_nothing_is_carried_to_another_key(world: World, key: str) -> None:
    good = healthy(world.profile)
    world.run(60, 20, good)
    world.run(120, 20, healthy(world.profile, without=["cam-3"]))
    taken_up(world, "camera-silent|cam-3")
    world.run(60, 20, good)
    world.run(120, 20, healthy(world.profile, without=["cam-4"]))
    assert world.alerts()[key]["ack_at"] is None
