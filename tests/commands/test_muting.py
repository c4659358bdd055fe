"""What people hide, and how it comes back: commands and the engine together."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cockpit.domain.registers import MUTE
from cockpit.store.queries import registers
from tests.commands.test_commands import DAY, Running, alarmed, running
from tests.engine.world import World, healthy, province, rule

__all__ = ["alarmed", "running"]

HOUR = 3_600_000
KEY = "camera-silent|cam-3"


def on(alarmed: Running, seconds: int, tick_s: int = 20, *, silent: bool = True) -> dict[str, Any]:
    """Let time pass; the alert."""
    world = alarmed.world
    world.run(seconds, tick_s, healthy(world.profile, without=["cam-3"] if silent else []))
    found: dict[str, Any] = world.alerts(open_only=False)[KEY]
    return found


def entry(alarmed: Running, number: int = 1) -> Any:
    with alarmed.store.read() as conn:
        return registers.entry(conn, MUTE, number)


def steps(alarmed: Running, number: int = 1) -> list[str]:
    with alarmed.store.read() as conn:
        return [step.what for step in registers.history(conn, MUTE, number)]


def told(alarmed: Running) -> list[str]:
    return [row[2] for row in alarmed.world.log() if json.loads(row[4]).get("key") == KEY]


WAYS: dict[str, dict[str, Any]] = {
    "silence": {"matchers": {"asset": "cam-3"}},
    "silence by rule": {"matchers": {"rule": "camera-silent"}},
    "silence by unit": {"matchers": {"unit": "u1"}},
    "shelve": {"alert": 1},
    "maintenance": {"matchers": {"asset": "cam-3", "rule": "*"}},
    "out_of_service": {"asset": "cam-3"},
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("tick_s", [20, 100])
def test_what_is_hidden_goes_on_being_evaluated_and_comes_back_at_its_end(
    alarmed: Running, way: str, tick_s: int
) -> None:
    name, until = way.split()[0], alarmed.clock.domain + 250_000
    given = alarmed.do(name, "admin", "thay camera", until_ms=until, **WAYS[way])
    assert (given.code, given.facts["mute"], given.facts["hides"]) == ("done", 1, 1)
    hidden = on(alarmed, 200, tick_s)
    assert (hidden["id"], hidden["muted"], hidden["closed"]) == (1, name, None)
    assert (entry(alarmed).state, entry(alarmed).owner, entry(alarmed).due) == ("active", "Lan", until)
    back = on(alarmed, 200, tick_s)
    assert (back["id"], back["muted"], back["due"]) == (1, "", until + HOUR)
    assert (entry(alarmed).state, entry(alarmed).closed) == ("ended", until)
    assert steps(alarmed) == [name, "expired"]
    assert told(alarmed) == ["pending", "opened", "muted", "unmuted"]
    assert [row[2] for row in alarmed.world.log() if row[0] == until][:2] == ["unmuted", "mute_ended"]


def test_somebody_ends_a_mute_before_its_end(alarmed: Running) -> None:
    until = alarmed.clock.domain + 2 * HOUR
    alarmed.do("silence", reason="thay camera", until_ms=until, matchers={"asset": "cam-3"})
    assert on(alarmed, 20)["muted"] == "silence"
    assert alarmed.do("unsilence", mute=1).code == "done"
    assert on(alarmed, 20)["muted"] == ""
    assert alarmed.do("unsilence", mute=1).code == "already"
    assert alarmed.do("unsilence", mute=2).code == "unknown"
    assert steps(alarmed) == ["silence", "ended"]


@pytest.mark.parametrize("ends", ["runs on", "has run out"])
def test_a_mute_outlives_a_restart_and_ends_at_the_latest_with_the_next_start(
    alarmed: Running, ends: str
) -> None:
    until = alarmed.clock.domain + (2 * HOUR if ends == "runs on" else 100_000)
    alarmed.do("shelve", reason="thay camera", until_ms=until, alert=1)
    assert on(alarmed, 40)["muted"] == "shelve"
    alarmed.world.restart(away_ms=200_000)
    assert on(alarmed, 40)["muted"] == ("shelve" if ends == "runs on" else "")
    assert entry(alarmed).state == ("active" if ends == "runs on" else "ended")


def test_accepted_hides_until_its_end_or_until_the_alert_is_over(alarmed: Running) -> None:
    assert alarmed.do("close", reason="đã biết", alert=1, outcome="repaired").code == "still_active"
    closed = alarmed.do("close", reason="đã biết", alert=1, outcome="accepted")
    assert (closed.code, closed.facts["until"]) == ("done", alarmed.clock.domain + DAY)
    hidden = on(alarmed, 20)
    assert (hidden["muted"], hidden["outcome"], hidden["closed"]) == ("accepted", "accepted", None)
    over = on(alarmed, 200, silent=False)
    assert (over["close_reason"], entry(alarmed).state, steps(alarmed)) == (
        "cleared", "ended", ["accepted", "cleared"],
    )  # fmt: skip
    assert on(alarmed, 200)["muted"] == ""


def test_reopen_takes_back_what_close_said(alarmed: Running) -> None:
    assert alarmed.do("reopen", reason="chưa xong", alert=1).code == "already"
    alarmed.do("close", reason="báo nhầm", alert=1, outcome="false_alarm")
    assert on(alarmed, 20)["muted"] == "false_alarm"
    assert alarmed.do("close", reason="báo nhầm", alert=1, outcome="accepted").code == "already"
    assert alarmed.do("reopen", reason="chưa xong", alert=1).code == "done"
    back = on(alarmed, 20)
    assert (back["muted"], back["outcome"]) == ("", "")
    on(alarmed, 200, silent=False)
    assert alarmed.do("reopen", reason="chưa xong", alert=1).code == "wrong_state"
    assert alarmed.do("close", reason="thay nguồn", alert=1, outcome="repaired").code == "done"
    assert alarmed.do("close", reason="thay nguồn", alert=1, outcome="repaired").code == "already"
    assert alarmed.do("reopen", reason="ghi nhầm", alert=1).code == "done"


def test_what_was_said_of_an_alert_that_is_shown_again_can_be_taken_back(alarmed: Running) -> None:
    alarmed.do("close", reason="chấp nhận", alert=1, outcome="accepted")
    on(alarmed, 20)
    assert alarmed.do("unsilence", mute=1).code == "done"
    assert on(alarmed, 20)["outcome"] == "accepted"
    assert alarmed.do("reopen", reason="chưa xong", alert=1).code == "done"
    assert on(alarmed, 20)["outcome"] == ""
    assert alarmed.do("reopen", reason="chưa xong", alert=1).code == "already"


def test_repaired_is_said_once_it_is_good_again_and_taken_back_if_it_was_not(alarmed: Running) -> None:
    def repaired() -> str:
        return str(alarmed.do("close", reason="thay nguồn", alert=1, outcome="repaired").code)

    codes = []
    while "done" not in codes and on(alarmed, 1, 1, silent=False)["closed"] is None:
        codes.append(repaired())
    assert set(codes[:-1]) <= {"still_active"}
    assert codes[-1] == "done"
    assert on(alarmed, 1, 1, silent=False)["outcome"] == "repaired"
    assert repaired() == "already"
    again = on(alarmed, 200)
    assert (again["id"], again["closed"], again["muted"]) == (1, None, "")
    assert "again" in told(alarmed)
    assert again["outcome"] == ""


def test_symptoms_stay_folded_under_a_cause_that_somebody_hid(running: Running) -> None:
    world = running.world
    away = healthy(world.profile, ["rec-0", *(f"cam-{n}" for n in range(12))])
    world.run(60, 20, healthy(world.profile))
    world.run(400, 20, away)
    cause = world.alerts()["recorder-silent|rec-0"]
    until = world.clock.domain + 100_000
    assert cause["folded"] == 12
    assert running.do("shelve", reason="thay đầu ghi", until_ms=until, alert=cause["id"]).code == "done"
    world.run(60, 20, away)
    found = world.alerts()
    assert found["recorder-silent|rec-0"]["muted"] == "shelve"
    assert {a["cause"] for a in found.values() if a["rule"] == "camera-silent"} == {cause["id"]}
    world.run(60, 20, away)
    back = world.alerts()["recorder-silent|rec-0"]
    assert (back["muted"], back["folded"]) == ("", 12)


def test_what_becomes_critical_under_an_operators_silence_is_shown_after_four_hours() -> None:
    world = World(province(rules=(rule("camera-silent", "asset_silent", "camera", priority="critical"),)))
    running = Running(world)
    try:
        world.run(60, 20, healthy(world.profile))
        begun = world.clock.domain
        told = running.do("silence", reason="diễn tập", until_ms=begun + 10 * HOUR, matchers={"unit": "u1"})
        assert told.facts["critical_until"] == begun + 4 * HOUR
        quiet = healthy(world.profile, without=["cam-3"])
        world.run(3600, 600, quiet)
        assert world.alerts()[KEY]["muted"] == "silence"
        world.run(3 * 3600 + 600, 600, quiet)
        assert world.alerts()[KEY]["muted"] == ""
        assert [row[0] for row in world.log() if row[2] == "unmuted"] == [begun + 4 * HOUR]
        assert entry(running).state == "active"
    finally:
        world.close()
