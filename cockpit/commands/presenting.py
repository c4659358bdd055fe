"""What a presenter may do with the stage of a demo. Every handler reads the state, changes it and writes
it back; what takes longer is carried out by the controller."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from msgspec import structs

from cockpit.commands.model import (
    Cockpit,
    Command,
    Demo,
    Handlers,
    Instant,
    Message,
    Result,
    Slow,
    done,
    refused,
)
from cockpit.demo.state import KEY, DemoError, DemoRun, DemoState, Order, next_epoch, state_of
from cockpit.demo.virtual_clock import SPEEDS, VirtualClock
from cockpit.domain.roles import Role
from cockpit.store import alerting, meta
from cockpit.store.handles import Write

MAX_STEP_S = 86_400
Facts = dict[str, Any]


class OfDemo(Message, frozen=True, kw_only=True):
    """What only a demo has."""

    ROLES: ClassVar[frozenset[Role]] = frozenset({"presenter"})
    DEMO: ClassVar[bool] = True


class Fault(OfDemo, frozen=True, kw_only=True):
    """A fault from now on; `asset` is the code of an asset, a source or a unit, None takes the kind's own
    length, in seconds."""

    asset: str
    kind: str
    ramp_s: int | None = None
    hold_s: int | None = None
    recovery_s: int | None = None
    size: float = 0.0


class FaultUndo(OfDemo, frozen=True, kw_only=True):
    """End a fault that is in force."""

    id: int


class StageBegin(OfDemo, frozen=True, kw_only=True):
    """Begin scenarios together: their codes with spaces between them. With `replace` those that play end in
    the same instant, else they play on."""

    scenario: str
    replace: bool = False


class StagePreset(OfDemo, frozen=True, kw_only=True):
    """A fault that lies ready, from now on: its code."""

    preset: str


class StageEnd(OfDemo, frozen=True, kw_only=True):
    """Take a scenario off."""

    scenario: str


class StageClear(OfDemo, frozen=True, kw_only=True):
    """Every scenario off, every fault ended."""


class ClockSpeed(OfDemo, frozen=True, kw_only=True):
    """1 to 600."""

    speed: float


class ClockPause(OfDemo, frozen=True, kw_only=True):
    """Stand, or go on."""

    paused: bool


class ClockStep(OfDemo, frozen=True, kw_only=True):
    """Play so much domain time while paused."""

    seconds: float


class ClockJump(OfDemo, frozen=True, kw_only=True):
    """To an instant ahead."""

    to: Instant


class ClockReset(OfDemo, frozen=True, kw_only=True):
    """Back to a point by its number, or to where the last story began."""

    point: int | None = None


OfClock = ClockSpeed | ClockPause | ClockStep


def demo_of(here: Cockpit) -> Demo:
    """Raises DemoError where there is no demo."""
    if here.demo is None:
        raise DemoError("no_demo", "the clock can be set and faults ordered only in a demo")
    return here.demo


def clock(here: Cockpit, command: Command, order: OfClock, conn: Write, t: int) -> Result:
    """The clock obeys once the order is on record."""
    try:
        return done(structs.asdict(order), _clock(demo_of(here).clock, order))
    except DemoError as error:
        return refused("stage", error=error.code, reason=str(error))


def _clock(own: VirtualClock, order: OfClock) -> Callable[[], None]:
    """What is to be done, after it was found to be possible."""
    if isinstance(order, ClockSpeed):
        if not SPEEDS[0] <= order.speed <= SPEEDS[1]:
            raise DemoError("bad_clock", f"speed {order.speed:g}: expected {SPEEDS[0]:g} to {SPEEDS[1]:g}")
        return lambda: own.control(speed=order.speed)
    if isinstance(order, ClockPause):
        return lambda: own.control(paused=order.paused)
    span = round(order.seconds * 1000) if abs(order.seconds) <= MAX_STEP_S else 0
    if span < 1:
        raise DemoError("bad_clock", f"step {order.seconds:g} s: expected more than 0, at most {MAX_STEP_S}")
    if not own.state().paused:
        raise DemoError("bad_clock", "the clock runs: pause it before a step")
    return lambda: own.step(span)


def quick(here: Cockpit, command: Command, order: Message, conn: Write, t: int) -> Result:
    """Handler of what is done at once. The new state is shown once it is on disk."""
    try:
        demo = demo_of(here)
        old = state_of(meta.get(conn, KEY))
        # What was sent already, or is on its way, is played as it was: the log then tells the whole truth.
        new, facts = _change(demo.run, order, old, demo.clock.state().horizon_ms)
    except DemoError as error:
        return refused("stage", error=error.code, reason=str(error))
    meta.put(conn, KEY, new.dump())
    return done(facts, lambda: demo.run.adopt(new))


def _change(run: DemoRun, order: Message, old: DemoState, at: int) -> tuple[DemoState, Facts]:
    if isinstance(order, Fault):
        wanted = Order(order.asset, order.kind, order.ramp_s, order.hold_s, order.recovery_s, order.size)
        return _injected(run, wanted, old, at)
    if isinstance(order, StagePreset):
        new, facts = _injected(run, run.must_have(order.preset).order, old, at)
        return new, {"preset": order.preset, **facts}
    if isinstance(order, FaultUndo):
        return run.undo(old, order.id, at), {"id": order.id, "until": at}
    if isinstance(order, StageEnd):
        return run.end(old, order.scenario, at), {"scenario": order.scenario, "until": at}
    return run.clear(old, at), {"until": at}


def _injected(run: DemoRun, wanted: Order, old: DemoState, at: int) -> tuple[DemoState, Facts]:
    new, fault = run.inject(old, wanted, at)
    return new, {
        "id": fault.id, "asset": fault.asset, "kind": fault.kind, "from": fault.since_ms,
        "ramp_s": fault.ramp_ms // 1000, "hold_s": fault.hold_ms // 1000,
        "recovery_s": fault.recovery_ms // 1000, "size": fault.size,
    }  # fmt: skip


def begin(here: Cockpit, command: Command, order: StageBegin) -> Result:
    """Brings the whole demo to a stand, like all below; returns when it plays again."""
    demo = demo_of(here)
    run = demo.run
    codes = tuple(dict.fromkeys(order.scenario.split()))
    if not codes:
        raise DemoError("unknown_scenario", "scenario: expected at least one")
    on = {c.code for c in run.playing()}
    for code in codes:
        run.must_know(code)
        if code in on:
            raise DemoError("already", f"scenario {code!r} is on the stage; take it off first")

    facts: Facts = {"scenario": " ".join(codes)}

    def begun(state: DemoState, now: int) -> tuple[DemoState, Facts]:
        facts["from"] = now
        if order.replace:
            ended = [c.code for c in state.scenarios if c.ended_ms is None]
            for code in ended:
                state = run.end(state, code, now)
            facts.update(replace=True, ended=" ".join(ended))
        for code in codes:
            state = run.begin(state, code, now)
        return state, facts

    demo.controller.begin(codes, lambda now: _put(here, run, command, begun, now))
    return done(facts)


def jump(here: Cockpit, command: Command, order: ClockJump) -> Result:
    demo = demo_of(here)

    def landed(state: DemoState, now: int) -> tuple[DemoState, Facts]:
        return next_epoch(state), {"to": here.clock.domain_ms(), "from": now}

    demo.controller.jump(int(order.to), lambda now: _put(here, demo.run, command, landed, now))
    return done({"to": here.clock.domain_ms()})


def reset(here: Cockpit, command: Command, order: ClockReset) -> Result:
    actor, controller = command.actor, demo_of(here).controller
    return done({"at": controller.reset(actor.name, actor.role, command.reason, order.point)})


def _put(
    here: Cockpit,
    run: DemoRun,
    command: Command,
    change: Callable[[DemoState, int], tuple[DemoState, Facts]],
    now: int,
) -> None:
    """The changed state and its record in one transaction."""
    real, actor = here.clock.real_ms(), command.actor

    def write(conn: Write) -> DemoState:
        new, facts = change(state_of(meta.get(conn, KEY)), now)
        meta.put(conn, KEY, new.dump())
        alerting.record_command(conn, now, real, actor.name, actor.role, command.name, facts, "done")
        return new

    here.store.write(write, run.adopt).result()  # everybody stands meanwhile, so nobody is told before


HANDLERS: Handlers = {
    ClockSpeed: clock, ClockPause: clock, ClockStep: clock,
    Fault: quick, FaultUndo: quick, StagePreset: quick, StageEnd: quick, StageClear: quick,
}  # fmt: skip
SLOW: dict[type[Message], Slow] = {StageBegin: begin, ClockJump: jump, ClockReset: reset}
