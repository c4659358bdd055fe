"""What Alertmanager documents of inhibition and of silences, as our alerts do it. The cases are those of its
docs/alertmanager.md (Inhibition, Silences), docs/configuration.md (Inhibition-related settings) and of the
life of a silence in its API; those of Prometheus's rules stand in the profile's `rule_tests.toml`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from cockpit.domain.instants import iso
from cockpit.domain.registers import MUTE
from cockpit.store.queries import registers
from tests.engine.life import Stage

MINUTE = 60_000


@pytest.fixture
def stage() -> Iterator[Stage]:
    """One camera behind a link that works, and another link; people are told of whatever stands."""
    made = Stage()
    yield made
    made.close()


def change(stage: Stage, seconds: int = 200, **modes: str) -> None:
    stage.mode |= {code.replace("_", "-"): mode for code, mode in modes.items()}
    stage.pass_time(seconds, 20)


def alert(stage: Stage, key: str) -> dict[str, Any]:
    return dict(stage.world.alerts()[key])


def told(stage: Stage, key: str) -> int:
    """How often people were told that an alert stands."""
    number = alert(stage, key)["id"]
    return sum(one.alert == number and one.what == "firing" for one in stage.notices.kept())


def hide(stage: Stage, minutes: int = 10, role: str = "operator", name: str = "silence", **more: Any) -> Any:
    return stage.do(name, role, until_ms=stage.now + minutes * MINUTE, **more)


# Inhibition.


def test_a_target_is_told_to_nobody_while_its_source_fires(stage: Stage) -> None:
    change(stage, link_1="bad")
    change(stage, cam_0="away")
    assert alert(stage, "camera-silent|cam-0")["cause"] == alert(stage, "link-down|link-1")["id"]
    assert told(stage, "link-down|link-1") == 1
    assert told(stage, "camera-silent|cam-0") == 0


def test_a_source_elsewhere_mutes_nothing(stage: Stage) -> None:
    change(stage, link_2="bad")
    change(stage, cam_0="away")
    assert alert(stage, "camera-silent|cam-0")["cause"] is None
    assert told(stage, "camera-silent|cam-0") == 1


def test_what_both_lack_is_nothing_that_they_share(stage: Stage) -> None:
    """There a label that is missing on both sides counts as equal, and mutes by surprise; here not."""
    change(stage, link_1="bad", link_2="bad")
    for key in ("link-down|link-1", "link-down|link-2"):
        assert alert(stage, key)["cause"] is None
        assert told(stage, key) == 1


def test_what_is_source_and_target_at_once_does_not_mute_itself(stage: Stage) -> None:
    change(stage, link_1="bad")
    found = alert(stage, "link-down|link-1")
    assert (found["cause"], found["folded"]) == (None, 0)


def test_a_source_that_only_waits_mutes_nothing_yet(stage: Stage) -> None:
    change(stage, cam_0="bad", seconds=200)
    change(stage, link_1="bad", seconds=45)
    assert "link-down|link-1" not in stage.world.alerts()
    assert alert(stage, "fps-low|cam-0")["cause"] is None


def test_when_the_source_ends_what_still_fires_is_told(stage: Stage) -> None:
    change(stage, link_1="bad")
    change(stage, cam_0="away")
    change(stage, link_1="good")
    assert "link-down|link-1" not in stage.world.alerts()
    assert alert(stage, "camera-silent|cam-0")["cause"] is None
    assert told(stage, "camera-silent|cam-0") == 1


def test_a_source_that_is_silenced_still_mutes_its_targets(stage: Stage) -> None:
    hide(stage, matchers={"asset": "link-1"})
    change(stage, link_1="bad")
    change(stage, cam_0="away")
    assert alert(stage, "camera-silent|cam-0")["cause"] == alert(stage, "link-down|link-1")["id"]
    assert told(stage, "link-down|link-1") == told(stage, "camera-silent|cam-0") == 0


# Silences.


def test_all_matchers_of_a_silence_must_match(stage: Stage) -> None:
    hide(stage, matchers={"rule": "camera-silent", "unit": "u2"})
    hide(stage, matchers={"rule": "fps-low", "asset": "cam-0"})
    change(stage, cam_0="away")
    assert alert(stage, "camera-silent|cam-0")["muted"] == ""
    assert told(stage, "camera-silent|cam-0") == 1


def test_a_silence_takes_what_begins_to_fire_under_it(stage: Stage) -> None:
    hide(stage, matchers={"asset": "cam-0"})
    change(stage, cam_0="away")
    assert alert(stage, "camera-silent|cam-0")["muted"] == "silence"
    assert told(stage, "camera-silent|cam-0") == 0


def test_a_silence_that_has_run_out_lets_what_still_fires_be_told(stage: Stage) -> None:
    hide(stage, minutes=5, matchers={"asset": "cam-0"})
    change(stage, cam_0="away")
    change(stage, 200)
    assert alert(stage, "camera-silent|cam-0")["muted"] == ""
    assert told(stage, "camera-silent|cam-0") == 1


def test_what_ended_under_a_silence_is_told_neither_then_nor_later(stage: Stage) -> None:
    hide(stage, minutes=10, matchers={"asset": "cam-0"})
    change(stage, cam_0="away")
    change(stage, cam_0="good")
    change(stage, 400)
    assert stage.notices.kept() == []


def test_one_that_is_to_come_hides_nothing_before_its_time(stage: Stage) -> None:
    change(stage, cam_0="away")
    more = {"starts": iso(stage.now + 3 * MINUTE), "matchers": {"asset": "cam-0"}}
    hide(stage, 10, "admin", "maintenance", **more)
    change(stage, 100)
    assert alert(stage, "camera-silent|cam-0")["muted"] == ""
    change(stage, 100)
    assert alert(stage, "camera-silent|cam-0")["muted"] == "maintenance"


def test_one_that_is_expired_by_hand_is_kept_and_hides_nothing_more(stage: Stage) -> None:
    change(stage, cam_0="away")
    number = hide(stage, matchers={"asset": "cam-0"}).facts["mute"]
    assert stage.do("unsilence", mute=number).code == "done"
    assert alert(stage, "camera-silent|cam-0")["muted"] == ""
    with stage.world.store.read() as conn:
        kept = registers.entry(conn, MUTE, number)
    assert kept is not None
    assert (kept.state, kept.closed) == ("ended", stage.now)


def test_of_two_that_overlap_the_last_to_end_shows_the_alert(stage: Stage) -> None:
    change(stage, cam_0="away")
    hide(stage, 3, matchers={"asset": "cam-0"})
    hide(stage, 8, matchers={"rule": "camera-silent"})
    change(stage, 300)
    assert alert(stage, "camera-silent|cam-0")["muted"] == "silence"
    change(stage, 300)
    assert alert(stage, "camera-silent|cam-0")["muted"] == ""


def test_the_same_with_another_end_is_the_same_silence_and_other_matchers_are_another(stage: Stage) -> None:
    first = hide(stage, 10, matchers={"asset": "cam-0"}).facts["mute"]
    assert hide(stage, 20, matchers={"asset": "cam-0"}).facts["mute"] == first
    assert hide(stage, 20, matchers={"asset": "cam-1"}).facts["mute"] != first
