"""Commands of the stage: the presenter alone, in a demo alone, all on record."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner

from cockpit.cli import main
from cockpit.commands import Actor, Asked, Command, Result, execute
from cockpit.commands.registry import KINDS
from cockpit.demo.scenarios import library
from cockpit.demo.state import KEY, NAMES, DemoError, DemoRun, state_of
from cockpit.demo.virtual_clock import VirtualClock
from cockpit.domain.instants import iso
from cockpit.profiles import load
from cockpit.store import Store, meta
from tests.store import inside

START = 1_795_309_200_000


class Controller:
    """Stands where the clock is; does nothing but call back."""

    busy = origin = None
    points = ()

    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock
        self.refuses = ""
        self.went_to: int | None = None

    def _may(self) -> None:
        if self.refuses:
            raise DemoError(self.refuses, "not now")

    def begin(self, codes: tuple[str, ...], change: Callable[[int], None]) -> int:
        self._may()
        change(self._clock.domain_ms())
        return self._clock.domain_ms()

    def jump(self, to_ms: int, change: Callable[[int], None]) -> None:
        self._may()
        left = self._clock.domain_ms()
        self._clock.jump(to_ms)
        change(left)

    def reset(self, actor: str, role: str, reason: str = "", number: int | None = None) -> int:
        self._may()
        self.went_to = number
        return START


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[SimpleNamespace]:
    profile, clock = load("quang_ninh", size="district"), VirtualClock(START)
    store = Store(tmp_path / "cockpit.db", profile, clock, writable=True)
    store.start()
    run = DemoRun(clock, profile, library((), profile, 7))
    yield SimpleNamespace(
        is_demo=True, profile=profile, clock=clock, store=store,
        demo=SimpleNamespace(clock=clock, run=run, controller=Controller(clock)), writable=True, forward=None,
    )  # fmt: skip
    store.close()


def do(demo: Any, name: str, role: Any = "presenter", **args: Any) -> Result:
    """A command as it comes over the wire; `to_ms` as the wire has it."""
    if "to_ms" in args:
        args["to"] = iso(args.pop("to_ms"))
    return execute(demo, Command(Actor("Hoa", role), Asked(name, args)))


@pytest.mark.parametrize("name", NAMES)
def test_the_presenter_alone_may(demo: Any, name: str) -> None:
    assert {"presenter"} == KINDS[name].ROLES
    assert KINDS[name].DEMO
    for role in ("leader", "operator", "admin"):
        assert do(demo, name, role).code == "no_right"
    demo.is_demo = False
    assert do(demo, name).code == "read_only"
    assert [told.outcome for told in inside.commands(demo.store)] == [*["no_right"] * 3, "read_only"]


def test_the_names_on_record_are_those_of_the_commands_of_a_demo() -> None:
    assert {name for name, kind in KINDS.items() if kind.DEMO} == set(NAMES)


def test_what_is_ordered_is_kept_shown_and_on_record(demo: Any) -> None:
    begun = do(demo, "stage_begin", scenario="two_faults lying_feed")
    fault = do(demo, "fault", asset="cam-00001", kind="camera_loss", size=30.0)
    assert begun.ok
    assert fault.ok
    with demo.store.read() as conn:
        kept = state_of(meta.get(conn, KEY))
    assert kept == demo.demo.run.state
    assert [c.code for c in kept.scenarios] == ["two_faults", "lying_feed"]
    assert [(f.id, f.kind, f.size) for f in kept.faults] == [(1, "camera_loss", 30.0)]
    told = inside.commands(demo.store)[-1]
    assert (told.name, told.outcome) == ("fault", "done")
    assert (told.args["id"], told.args["from"]) == (1, kept.faults[0].since_ms)
    assert do(demo, "fault_undo", id=1).ok
    assert do(demo, "stage_clear").ok
    assert demo.demo.run.playing() == demo.demo.run.faults() == []


@pytest.mark.parametrize(
    ("name", "args", "error"),
    [
        ("fault", {"asset": "cam-00001", "kind": "no_such"}, "unknown_kind"),
        ("fault_undo", {"id": 7}, "no_fault"),
        ("stage_begin", {"scenario": ""}, "unknown_scenario"),
        ("stage_begin", {"scenario": "two_faults no_such"}, "unknown_scenario"),
        ("stage_end", {"scenario": "two_faults"}, "not_playing"),
        ("clock_speed", {"speed": 601}, "bad_clock"),
        ("clock_step", {"seconds": 10}, "bad_clock"),
        ("clock_step", {"seconds": 10**6}, "bad_clock"),
    ],
)
def test_what_cannot_be_is_refused_on_record_and_changes_nothing(
    demo: Any, name: str, args: dict[str, Any], error: str
) -> None:
    result = do(demo, name, **args)
    assert (result.ok, result.code, result.facts["error"]) == (False, "stage", error)
    assert demo.demo.run.state.version == 0
    assert inside.commands(demo.store)[-1].outcome == error


@pytest.mark.parametrize(
    ("name", "args", "argument"),
    [
        ("fault", {"asset": "cam-00001", "kind": "camera_loss", "hold_s": 1.5}, "hold_s"),
        ("fault", {"asset": "cam-00001", "kind": "camera_loss", "size": "much"}, "size"),
        ("fault", {"asset": "cam-00001", "kind": "camera_loss", "sise": 2}, "sise"),
        ("fault_undo", {}, "id"),
        ("clock_speed", {}, "speed"),
        ("clock_jump", {"to": "tomorrow"}, "to"),
    ],
)
def test_an_argument_that_is_none_is_named(demo: Any, name: str, args: dict[str, Any], argument: str) -> None:
    result = do(demo, name, **args)
    assert (result.code, result.facts["argument"]) == ("bad_argument", argument)
    assert inside.commands(demo.store)[-1].outcome == "bad_argument"


def stories(demo: Any) -> list[str]:
    return [c.code for c in demo.demo.run.playing()]


def test_a_story_joins_those_that_play_unless_it_is_to_replace_them(demo: Any) -> None:
    do(demo, "stage_begin", scenario="two_faults")
    fault = do(demo, "fault", asset="cam-00001", kind="camera_loss")
    joined = do(demo, "stage_begin", scenario="lying_feed")
    assert stories(demo) == ["two_faults", "lying_feed"]
    assert joined.facts == {
        "scenario": "lying_feed",
        "from": START,
    }  # as it was told before there was a choice
    replaced = do(demo, "stage_begin", scenario="quiet_day tet_traffic", replace=True)
    assert stories(demo) == ["quiet_day", "tet_traffic"]
    assert (replaced.facts["replace"], replaced.facts["ended"]) == (True, "two_faults lying_feed")
    assert {c.ended_ms for c in demo.demo.run.scenarios() if c.ended_ms is not None} == {START}
    assert [f.id for f in demo.demo.run.faults()] == [fault.facts["id"]]  # what was ordered by hand stays
    told = inside.commands(demo.store)[-1]
    assert (told.name, told.args["ended"]) == ("stage_begin", "two_faults lying_feed")
    assert do(demo, "stage_begin", scenario="quiet_day", replace=True).facts["error"] == "already"
    assert stories(demo) == ["quiet_day", "tet_traffic"]


def test_a_ready_fault_is_ordered_by_its_code_once_at_a_time(demo: Any) -> None:
    first = do(demo, "stage_preset", preset="ha_long_power")
    assert (first.facts["asset"], first.facts["kind"]) == ("feeder-06688", "feeder_out")
    told = inside.commands(demo.store)[-1]
    assert (told.name, told.args["preset"], told.args["id"]) == ("stage_preset", "ha_long_power", 1)
    assert do(demo, "stage_preset", preset="ha_long_power").facts["error"] == "in_force"
    assert do(demo, "stage_preset", preset="no_such").facts["error"] == "unknown_preset"
    do(demo, "fault_undo", id=1)
    assert do(demo, "stage_preset", preset="ha_long_power").ok


@pytest.mark.parametrize("point", [None, 0, 3])
def test_a_way_back_names_its_point_or_none(demo: Any, point: int | None) -> None:
    args = {} if point is None else {"point": point}
    assert do(demo, "clock_reset", **args).facts == {"at": START}
    assert demo.demo.controller.went_to == point


def test_a_jump_starts_a_new_epoch_and_is_told_with_the_instant_it_left(demo: Any) -> None:
    assert do(demo, "clock_jump", to_ms=START + 7_200_000).facts == {"to": START + 7_200_000}
    assert demo.demo.run.epoch == 1
    told = inside.commands(demo.store)[-1]
    assert (told.t, told.name, told.args) == (START, "clock_jump", {"to": START + 7_200_000, "from": START})


@pytest.mark.parametrize("name", ["stage_begin", "clock_jump", "clock_reset"])
def test_two_at_once_do_not_set_the_stage(demo: Any, name: str) -> None:
    demo.demo.controller.refuses = "busy"
    every: dict[str, dict[str, Any]] = {
        "stage_begin": {"scenario": "two_faults"}, "clock_jump": {"to_ms": START + 1000}, "clock_reset": {},
    }  # fmt: skip
    args = every[name]
    result = do(demo, name, **args)
    assert (result.code, result.facts["error"]) == ("stage", "busy")
    assert demo.demo.run.state.version == 0


def test_an_unknown_scenario_is_refused_before_anything_starts(tmp_path: Path, monkeypatch: Any) -> None:
    for name in ("MODE", "DATA_DIR", "HOST", "PORT", "PROFILE", "SCENARIO", "SEED", "SPEED", "SIZE", "START"):
        monkeypatch.setenv(f"COCKPIT_{name}", "")  # the command writes its options there
        monkeypatch.delenv(f"COCKPIT_{name}")
    monkeypatch.setattr("os.execv", lambda *args: pytest.fail(f"it started: {args}"))
    ran = CliRunner().invoke(main, ["demo", "--data-dir", str(tmp_path), "--scenario", "no_such"])
    assert ran.exit_code == 1
    assert "no such scenario" in ran.output
    assert "typhoon_co_to" in ran.output
