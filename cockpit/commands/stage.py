"""What a presenter may do with the stage of a demo. Every handler reads the setting, changes it and writes
it back; what takes longer is carried out by the director."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cockpit.children import Stopped
from cockpit.clock import VirtualClock
from cockpit.commands.model import Cockpit, Command, Result, refused
from cockpit.stage import (
    KEY,
    NAMES,
    QUICK,
    SLOW,
    Director,
    Order,
    Setting,
    Stage,
    StageError,
    next_epoch,
    setting_of,
)
from cockpit.store import alerting, meta
from cockpit.store.handles import Write

__all__ = ["NAMES", "QUICK", "SLOW", "quick", "slow"]

_WAIT_S = 10.0
MAX_STEP_S = 86_400

Change = Callable[[Setting, int], tuple[Setting, dict[str, Any]]]


def stage_of(cockpit: Cockpit) -> tuple[Stage, VirtualClock]:
    """Raises StageError where there is no demo."""
    if cockpit.stage is None or not isinstance(cockpit.clock, VirtualClock):
        raise StageError("no_demo", "the clock can be set and faults ordered only in a demo")
    return cockpit.stage, cockpit.clock


def quick(cockpit: Cockpit, command: Command, conn: Write, _t: int) -> Result:
    """Handler of the commands that are done at once. On success `facts` hold what goes on record, with the
    new setting under `setting` where there is one."""
    try:
        stage, clock = stage_of(cockpit)
        if command.name.startswith("clock_"):
            return Result(True, "done", _clock(clock, command))
        old = setting_of(meta.get(conn, KEY))
        # What was sent already, or is on its way, is played as it was: the log then tells the whole truth.
        new, facts = _change(stage, command, old, clock.state().horizon_ms)
    except StageError as error:
        return refused("stage", error=error.code, reason=str(error))
    meta.put(conn, KEY, new.dump())
    return Result(True, "done", {**facts, "setting": new})


def _clock(clock: VirtualClock, command: Command) -> dict[str, Any]:
    args = command.args
    try:
        if command.name == "clock_speed":
            clock.control(speed=_number(args.get("speed")))
        elif command.name == "clock_pause":
            clock.control(paused=bool(args.get("paused")))
        else:
            span = round(_number(args.get("seconds")) * 1000)
            if span > MAX_STEP_S * 1000:
                raise ValueError(f"step {span / 1000:g} s: expected at most {MAX_STEP_S}")
            clock.step(span)
    except StageError:
        raise
    except ValueError as error:
        raise StageError("bad_clock", str(error)) from None
    return dict(args)


def _change(stage: Stage, command: Command, old: Setting, at: int) -> tuple[Setting, dict[str, Any]]:
    args = command.args
    if command.name == "fault":
        order = Order(
            str(args.get("asset", "")), str(args.get("kind", "")), _whole(args.get("ramp_s")),
            _whole(args.get("hold_s")), _whole(args.get("recovery_s")), _number(args.get("size") or 0.0),
        )  # fmt: skip
        new, fault = stage.inject(old, order, at)
        return new, {
            "id": fault.id, "asset": fault.asset, "kind": fault.kind, "from": fault.since_ms,
            "ramp_s": fault.ramp_ms // 1000, "hold_s": fault.hold_ms // 1000,
            "recovery_s": fault.recovery_ms // 1000, "size": fault.size,
        }  # fmt: skip
    if command.name == "fault_undo":
        number = _whole(args.get("id"))
        return stage.undo(old, -1 if number is None else number, at), {"id": number, "until": at}
    if command.name == "stage_end":
        code = str(args.get("scenario", ""))
        return stage.end(old, code, at), {"scenario": code, "until": at}
    return stage.clear(old, at), {"until": at}


def slow(cockpit: Cockpit, command: Command) -> Result:
    """The commands that bring the whole stage to a stand; returns when it plays again."""
    try:
        stage, _ = stage_of(cockpit)
        director = cockpit.director
        if director is None:
            raise StageError("no_demo", "nothing is played here")
        if command.name == "stage_begin":
            return _begin(cockpit, stage, director, command)
        if command.name == "clock_jump":
            return _jump(cockpit, stage, director, command)
        return Result(True, "done", {"at": director.reset(command.actor, command.role, command.reason)})
    except Stopped:
        return refused(
            "stage", error="stopping", reason="the cockpit is stopping; order it again at its next start"
        )
    except StageError as failed:
        error = failed
        t, real = cockpit.clock.domain_ms(), cockpit.clock.real_ms()
        args = {**command.args, "reason": command.reason[:1000]}

        def record(conn: Write) -> None:
            alerting.record_command(
                conn, t, real, command.actor, command.role, command.name, args, error.code
            )

        cockpit.store.write(record).result(_WAIT_S)
        return refused("stage", error=error.code, reason=str(error))


def _begin(cockpit: Cockpit, stage: Stage, director: Director, command: Command) -> Result:
    codes = list(dict.fromkeys(str(command.args.get("scenario", "")).split()))
    if not codes:
        raise StageError("unknown_scenario", "scenario: expected at least one")
    on = {c.code for c in stage.playing()}
    for code in codes:
        stage.must_know(code)
        if code in on:
            raise StageError("already", f"scenario {code!r} is on the stage; take it off first")

    def begun(setting: Setting, now: int) -> tuple[Setting, dict[str, Any]]:
        for code in codes:
            setting = stage.begin(setting, code, now)
        return setting, {"scenario": " ".join(codes), "from": now}

    now = director.begin(lambda now: _put(cockpit, stage, command, begun, now))
    return Result(True, "done", {"scenario": " ".join(codes), "from": now})


def _jump(cockpit: Cockpit, stage: Stage, director: Director, command: Command) -> Result:
    to = _whole(command.args.get("to_ms"))
    if to is None:
        raise StageError("bad_jump", "jump: expected an instant")

    def landed(setting: Setting, now: int) -> tuple[Setting, dict[str, Any]]:
        return next_epoch(setting), {"to": cockpit.clock.domain_ms(), "from": now}

    director.jump(to, lambda now: _put(cockpit, stage, command, landed, now))
    return Result(True, "done", {"to": cockpit.clock.domain_ms()})


def _put(cockpit: Cockpit, stage: Stage, command: Command, change: Change, now: int) -> None:
    """The changed setting and its record in one transaction."""
    real = cockpit.clock.real_ms()

    def write(conn: Write) -> Setting:
        new, facts = change(setting_of(meta.get(conn, KEY)), now)
        meta.put(conn, KEY, new.dump())
        alerting.record_command(conn, now, real, command.actor, command.role, command.name, facts, "done")
        return new

    stage.adopt(cockpit.store.write(write).result(_WAIT_S))


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
        raise StageError("bad_argument", f"{value!r}: expected a number")
    return float(value)


def _whole(value: object) -> int | None:
    if value is None:
        return None
    number = _number(value)
    if number != int(number):
        raise StageError("bad_argument", f"{value!r}: expected a whole number")
    return int(number)
