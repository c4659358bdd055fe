"""Commands of the stage: the presenter alone, in a demo alone, all on record."""

from __future__ import annotations

import json
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

START = 1_795_309_200_000


class Controller:
    """Stands where the clock is; does nothing but call back."""

    busy = origin = None

    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock
        self.refuses = ""

    def _may(self) -> None:
        if self.refuses:
            raise DemoError(self.refuses, "not now")

    def begin(self, change: Callable[[int], None]) -> int:
        self._may()
        change(self._clock.domain_ms())
        return self._clock.domain_ms()

    def jump(self, to_ms: int, change: Callable[[int], None]) -> None:
        self._may()
        left = self._clock.domain_ms()
        self._clock.jump(to_ms)
        change(left)

    def reset(self, actor: str, role: str, reason: str = "") -> int:
        self._may()
        return START


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[SimpleNamespace]:
    profile, clock = load("quang_ninh", size="district"), VirtualClock(START)
    store = Store(tmp_path / "cockpit.db", profile, clock, writable=True)
    store.start()
    run = DemoRun(clock, profile, library((), profile, 7))
    yield SimpleNamespace(
        config=SimpleNamespace(mode="demo"), profile=profile, clock=clock, store=store,
        demo=SimpleNamespace(clock=clock, run=run, controller=Controller(clock)), writable=True, forward=None,
    )  # fmt: skip
    store.close()


def do(demo: Any, name: str, role: Any = "presenter", **args: Any) -> Result:
    """A command as it comes over the wire; `to_ms` as the wire has it."""
    if "to_ms" in args:
        args["to"] = iso(args.pop("to_ms"))
    return execute(demo, Command(Actor("Hoa", role), Asked(name, args)))


def record(demo: Any) -> list[tuple[Any, ...]]:
    with demo.store.read() as conn:
        return [
            tuple(r) for r in conn.execute("SELECT t, role, name, args, outcome FROM command ORDER BY seq")
        ]


@pytest.mark.parametrize("name", NAMES)
def test_the_presenter_alone_may(demo: Any, name: str) -> None:
    assert {"presenter"} == KINDS[name].ROLES
    assert KINDS[name].DEMO
    for role in ("leader", "operator", "admin"):
        assert do(demo, name, role).code == "no_right"
    demo.config.mode = "serve"
    assert do(demo, name).code == "read_only"
    assert [row[4] for row in record(demo)] == [*["no_right"] * 3, "read_only"]


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
    _, _, name, args, outcome = record(demo)[-1]
    told = json.loads(args)
    assert (name, outcome, told["id"], told["from"]) == ("fault", "done", 1, kept.faults[0].since_ms)
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
    assert record(demo)[-1][4] == error


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
    assert record(demo)[-1][4] == "bad_argument"


def test_a_jump_starts_a_new_epoch_and_is_told_with_the_instant_it_left(demo: Any) -> None:
    assert do(demo, "clock_jump", to_ms=START + 7_200_000).facts == {"to": START + 7_200_000}
    assert demo.demo.run.epoch == 1
    t, _, name, args, _ = record(demo)[-1]
    assert (t, name, json.loads(args)) == (START, "clock_jump", {"to": START + 7_200_000, "from": START})


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
