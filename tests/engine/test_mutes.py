"""A rule that is switched off goes on being evaluated; its alerts are hidden and come back."""

from __future__ import annotations

import json

import pytest

from cockpit.domain.alerting import read_back
from cockpit.domain.alerting.ledger import begun
from cockpit.domain.alerting.mutes import Matcher, Mute
from cockpit.domain.alerting.weekly import Weekly
from cockpit.domain.periods import DAY_MS
from cockpit.store import alerting, mutes, registers
from cockpit.store.rows import Off
from tests.engine.world import T0, World, healthy
from tests.store import inside

BEHIND = ["rec-0", *(f"cam-{n}" for n in range(12))]


def off(world: World, rule: str, until: int) -> None:
    wanted = Off(rule, world.clock.domain, until, "admin", "repair")
    world.store.write(lambda conn: alerting.switch_off(conn, wanted, world.clock.domain)).result()


def on(world: World, rule: str) -> None:
    world.store.write(
        lambda conn: alerting.switch_on(conn, rule, "admin", world.clock.domain, "done")
    ).result()


def told(world: World, key: str) -> list[str]:
    return [row[2] for row in world.log() if json.loads(row[4]).get("key") == key]


@pytest.mark.parametrize("tick_s", [10, 100])
def test_alerts_of_a_rule_that_is_off_stay_open_hidden_and_come_back_with_a_new_due_time(
    world: World, tick_s: int
) -> None:
    quiet = healthy(world.profile, without=["cam-3"])
    world.run(60, 20, healthy(world.profile))
    world.run(200, 20, quiet)
    before = world.alerts()["camera-silent|cam-3"]
    assert before["muted"] == ""
    until = world.clock.domain + 250_000
    off(world, "camera-silent", until)
    world.run(200, tick_s, quiet)
    hidden = world.alerts()["camera-silent|cam-3"]
    assert (hidden["id"], hidden["muted"], hidden["closed"]) == (before["id"], "rule_off", None)
    world.run(200, tick_s, quiet)
    back = world.alerts()["camera-silent|cam-3"]
    assert (back["id"], back["muted"], back["opened"]) == (before["id"], "", before["opened"])
    assert back["due"] == until + 3_600_000
    assert inside.count(world.store, inside.Rows.RULES_OFF) == 0
    assert told(world, "camera-silent|cam-3") == ["pending", "opened", "muted", "unmuted"]


def test_what_becomes_bad_while_its_rule_is_off_opens_hidden_and_is_shown_afterwards(world: World) -> None:
    quiet = healthy(world.profile, without=["cam-3"])
    world.run(60, 20, healthy(world.profile))
    off(world, "camera-silent", world.clock.domain + 10**7)
    world.run(200, 20, quiet)
    opened = world.alerts()["camera-silent|cam-3"]
    assert opened["muted"] == "rule_off"
    on(world, "camera-silent")
    world.run(20, 20, quiet)
    assert world.alerts()["camera-silent|cam-3"]["muted"] == ""


def test_what_is_over_while_its_rule_is_off_has_closed_as_over(world: World) -> None:
    world.run(60, 20, healthy(world.profile))
    world.run(200, 20, healthy(world.profile, without=["cam-3"]))
    off(world, "camera-silent", world.clock.domain + 10**7)
    world.run(200, 20, healthy(world.profile))
    assert world.alerts() == {}
    assert world.alerts(open_only=False)["camera-silent|cam-3"]["close_reason"] == "cleared"


@pytest.mark.parametrize("ends", ["runs on", "has run out"])
def test_a_mute_outlives_a_restart_and_ends_at_the_latest_with_the_next_start(
    world: World, ends: str
) -> None:
    quiet = healthy(world.profile, without=["cam-3"])
    world.run(60, 20, healthy(world.profile))
    world.run(200, 20, quiet)
    off(world, "camera-silent", world.clock.domain + (10**7 if ends == "runs on" else 100_000))
    world.run(60, 20, quiet)
    assert world.alerts()["camera-silent|cam-3"]["muted"] == "rule_off"
    world.restart(away_ms=200_000)
    world.run(60, 20, quiet)
    assert world.alerts()["camera-silent|cam-3"]["muted"] == ("rule_off" if ends == "runs on" else "")


def test_what_a_muted_cause_explained_stands_for_itself_and_is_folded_again_when_it_comes_back(
    world: World,
) -> None:
    away = healthy(world.profile, BEHIND)
    world.run(60, 20, healthy(world.profile))
    world.run(400, 20, away)
    cameras = [a for a in world.alerts().values() if a["rule"] == "camera-silent"]
    cause = world.alerts()["recorder-silent|rec-0"]
    assert cameras
    assert {a["cause"] for a in cameras} == {cause["id"]}
    off(world, "recorder-silent", world.clock.domain + 10**7)
    world.run(20, 20, away)
    assert {a["cause"] for a in world.alerts().values()} == {None}
    assert world.alerts()["recorder-silent|rec-0"]["folded"] == 0
    on(world, "recorder-silent")
    world.run(20, 20, away)
    assert {a["cause"] for a in world.alerts().values() if a["rule"] == "camera-silent"} == {cause["id"]}
    assert world.alerts()["recorder-silent|rec-0"]["folded"] == len(cameras)


def test_the_log_tells_the_same_state_whatever_was_muted(world: World) -> None:
    away = healthy(world.profile, BEHIND)
    world.run(60, 20, healthy(world.profile))
    off(world, "camera-silent", T0 + 300_000)
    world.run(400, 20, away)
    lines = [(*row[:4], json.loads(row[4])) for row in world.log()]
    assert read_back(lines).open == {key: a["id"] for key, a in world.alerts().items()}


def test_a_rule_switched_off_anew_within_one_tick_stays_off_and_on_record(world: World) -> None:
    quiet = healthy(world.profile, without=["cam-3"])
    world.run(60, 20, healthy(world.profile))
    world.run(200, 20, quiet)
    off(world, "camera-silent", world.clock.domain + 10**7)
    world.run(20, 20, quiet)
    world.clock.advance(150_000)  # between two ticks, and past a whole minute
    on(world, "camera-silent")
    off(world, "camera-silent", world.clock.domain + 10**7)
    world.clock.advance(150_000)
    world.engine.tick()
    assert inside.count(world.store, inside.Rows.RULES_OFF) == 1
    assert world.alerts(open_only=False)["camera-silent|cam-3"]["muted"] == "rule_off"


@pytest.mark.parametrize("tick_s", [10, 100, 900])
def test_maintenance_that_comes_back_hides_at_the_very_instants_of_its_windows(
    world: World, tick_s: int
) -> None:
    quiet = healthy(world.profile, without=["cam-3"])
    world.run(60, 20, healthy(world.profile))
    world.run(200, 20, quiet)
    windows = Weekly((7,), 14 * 60 + 5, 14 * 60 + 10, world.profile.utc_offset_s)
    mute = Mute(
        1, "maintenance", Matcher(asset="cam-3"), T0, T0 + 8 * DAY_MS, T0 + 8 * DAY_MS, "an", "x", windows
    )
    world.store.write(lambda conn: registers.move(conn, begun(mute, "", T0))).result()
    world.run(900, tick_s, quiet)
    turned = [(row[0], row[2]) for row in world.log() if row[2] in ("muted", "unmuted")]
    assert turned == [(T0 + 300_000, "muted"), (T0 + 600_000, "unmuted")]
    with world.store.read() as conn:
        (kept,) = mutes.open_ones(conn)
    assert (kept.entry.state, kept.mute) == ("active", mute), "it goes on until its last day"
