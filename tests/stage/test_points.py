"""Stories that replace or join others, and the points at which they began, with a real demo."""

from __future__ import annotations

import random
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest

from cockpit.domain.instants import iso
from cockpit.ingest.times import to_ms
from cockpit.profiles import load
from cockpit.store import integrity, snapshot
from cockpit.store.database import visit
from simulator.orders import episodes_of, read_log
from tests.faults.test_kill import kill
from tests.stage.conftest import START, Demo, options, running
from tests.waiting import PATIENCE_S

ORIGIN = to_ms(START)
FIRST, SECOND = "two_faults", "lying_feed"


def points(demo: Demo) -> list[tuple[int, int, list[str], bool]]:
    found = demo.must("GET", "stage/points")["points"]
    return [(p["point"], to_ms(p["domain"]), p["scenarios"], p["current"]) for p in found]


def mutes(demo: Demo) -> list[tuple[str, str]]:
    found = demo.must("GET", "registers/mute")["mute"]
    return [(m["facts"]["what"], m["state"]) for m in found]


def hidden(demo: Demo) -> list[str]:
    return [a["muted"] for a in demo.must("GET", "alerts?state=muted")["alerts"]]


def test_what_was_hidden_where_a_story_began_is_hidden_again_on_the_way_back_and_ends_again(
    data: Path,
) -> None:
    with running(data, *options("--speed", "60")) as demo:
        demo.clock(paused=True)
        demo.until(lambda: points(demo), "the demo's own point")
        demo.step(120)  # it has been heard
        demo.must("POST", "faults", {"asset": "cam-00003", "kind": "silent", "seconds": 7200})
        demo.step(480)
        until = iso(to_ms(demo.clock()["domain"]) + 600_000)
        order = {
            "name": "out_of_service", "args": {"asset": "cam-00003", "until": until}, "reason": "thay nguồn",
        }  # fmt: skip
        assert demo.must("POST", "commands", order)["code"] == "done"
        demo.step(60)
        assert set(hidden(demo)) == {"out_of_service"}
        begin(demo, FIRST)
        demo.step(600)
        assert (hidden(demo), mutes(demo)) == ([], [("out_of_service", "ended")])
        demo.clock(reset=True)
        assert mutes(demo) == [("out_of_service", "active")]
        demo.step(1)
        assert set(hidden(demo)) == {"out_of_service"}
        demo.step(600)
        assert (hidden(demo), mutes(demo)) == ([], [("out_of_service", "ended")])
        demo.clock(reset=True, point=0)
        assert mutes(demo) == []


def stories(demo: Demo) -> list[str]:
    return [c["code"] for c in demo.clock()["scenarios"]]


def begin(demo: Demo, scenario: str, **more: object) -> int:
    """Since when it plays, once its point is there."""
    before = len(points(demo))
    begun = demo.must("POST", "scenarios", {"scenario": scenario, **more})["scenarios"]
    demo.until(lambda: len(points(demo)) > before, "a point to go back to")
    return to_ms(begun[0]["from"])


def test_a_story_replaces_another_or_joins_it_and_each_start_can_be_gone_back_to(data: Path) -> None:
    with running(data, *options("--speed", "60")) as demo:
        demo.clock(paused=True)
        demo.until(lambda: points(demo), "the demo's own point")
        demo.step(60)
        one = begin(demo, FIRST)
        demo.step(60)
        two = begin(demo, SECOND, replace=True)
        assert stories(demo) == [SECOND]
        ended = {c["code"]: to_ms(c["until"]) for c in demo.clock()["ended"]["scenarios"]}
        assert ended == {FIRST: two}
        there = [(0, ORIGIN, [], False), (1, one, [FIRST], False), (2, two, [SECOND], True)]
        assert points(demo) == there
        begin(demo, FIRST)  # nothing said: they play together, as ever
        assert stories(demo) == [SECOND, FIRST]

        # The log tells of it as it was.
        state, profile = demo.clock(), load("quang_ninh", size="district")
        shown = episodes_of([*state["scenarios"], *state["ended"]["scenarios"]], [], profile, 7)
        assert episodes_of(*read_log(demo.log()), profile, 7) == shown

        assert to_ms(demo.clock(reset=True, point=1)["domain"]) == one
        assert stories(demo) == [FIRST]
        assert [p for p in points(demo) if p[3]] == [(1, one, [FIRST], True)]
        assert to_ms(demo.clock(reset=True, point=0)["domain"]) == ORIGIN
        assert stories(demo) == []
        assert to_ms(demo.clock(reset=True, point=2)["domain"]) == two  # ahead again: it is whole, too
        assert stories(demo) == [SECOND]
        demo.step(60)
        assert to_ms(demo.clock(reset=True)["domain"]) == two  # the one it was at last
        status, answer = demo.ask("POST", "clock", {"reset": True, "point": 77})
        assert (status, answer["error"]["code"]) == (409, "no_start")
        assert demo.ask("POST", "clock", {"point": 1})[0] == 400
        last = points(demo)
    with running(data, *options()) as demo:
        assert points(demo) == last
        assert to_ms(demo.clock(reset=True, point=0)["domain"]) == ORIGIN


def test_a_ready_fault_is_ordered_by_its_code_once_and_the_log_repeats_it(data: Path) -> None:
    with running(data, *options("--speed", "60")) as demo:
        demo.clock(paused=True)
        ready = demo.must("GET", "presets")["presets"]
        assert {"ha_long_power", "one_stop_late"} <= {p["code"] for p in ready}
        assert all(p["name"]["vi"] and p["about"]["en"] for p in ready)
        made = demo.must("POST", "presets", {"preset": "ha_long_power"})
        assert (made["asset"], made["kind"], made["hold_s"]) == ("feeder-06688", "feeder_out", 3600)
        assert demo.ask("POST", "presets", {"preset": "ha_long_power"})[0] == 409
        assert demo.ask("POST", "presets", {"preset": "no_such"})[0] == 400
        assert demo.ask("POST", "presets", {"preset": "ha_long_power"}, token="")[0] == 401
        profile, faults = load("quang_ninh", size="district"), demo.clock()["faults"]
        assert episodes_of(*read_log(demo.log()), profile, 7) == episodes_of([], faults, profile, 7)
        demo.must("DELETE", f"faults/{made['id']}")
        demo.must("POST", "presets", {"preset": "ha_long_power"})


@pytest.mark.faults
@pytest.mark.parametrize("kills", [1, pytest.param(6, marks=pytest.mark.long)])
def test_killed_while_a_point_is_taken_the_next_start_offers_whole_ones_alone(data: Path, kills: int) -> None:
    rng = random.Random("points")
    for _ in range(kills):
        with running(data, *options("--speed", "60")) as demo:
            demo.until(lambda: points(demo), "the demo's own point")
            playing = stories(demo)
            demo.must("DELETE", "stage")
            beginning = threading.Thread(target=_quietly, args=(demo, FIRST, bool(playing)))
            beginning.start()
            time.sleep(rng.uniform(0.0, 0.8))  # the instant of the kill
            kill(demo.cockpit)
            beginning.join(PATIENCE_S)
            assert not beginning.is_alive()
        with running(data, *options()) as demo:
            assert not list(data.glob("*.part"))
            found = points(demo)
            assert found[0][:3] == (0, ORIGIN, [])
            for number, _, scenarios, _ in found[1:]:
                assert scenarios == [FIRST]
                with visit(snapshot.place(data / "cockpit.db", number)) as conn:
                    assert integrity(conn) == []


def _quietly(demo: Demo, scenario: str, replace: bool) -> None:
    with suppress(Exception):
        demo.must("POST", "scenarios", {"scenario": scenario, "replace": replace})
