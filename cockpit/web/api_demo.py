"""The clock of a demo, and the pulse that live badges ask for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from cockpit.commands import Actor, Command, Instant, Message, execute, name_of
from cockpit.commands.presenting import ClockJump, ClockPause, ClockReset, ClockSpeed, ClockStep
from cockpit.demo import wire
from cockpit.demo.demo import Demo
from cockpit.demo.virtual_clock import SPEEDS, ClockState
from cockpit.domain.instants import iso
from cockpit.ingest.codes import Refusal
from cockpit.ingest.pictures import is_local
from cockpit.ingest.times import EXAMPLE, to_ms
from cockpit.ingest.tokens import Grant
from cockpit.ingest.validate import AHEAD_MS
from cockpit.parts import Parts
from cockpit.store import meta
from cockpit.web.api_guard import Failure, Guard
from cockpit.web.api_params import BadParameter, Params
from cockpit.web.bodies import read_order


class ClockOrder(msgspec.Struct, forbid_unknown_fields=True):
    """Presenter: `speed`, `paused`, `step` (seconds to play while paused), `jump` (an instant ahead) and
    `reset` (true: back to the start). Simulator: `watermark`, the time up to which all is sent, and
    `pictures`, the address on this machine where it gives pictures of cameras."""

    speed: float | None = None
    paused: bool | None = None
    step: float | None = None
    jump: str | None = None
    reset: bool | None = None
    watermark: str | None = None
    pictures: str | None = None


CONTROLS = ("speed", "paused", "step", "jump", "reset")


class Presenting:
    """Handlers of a demo's clock. Where the clock is real they answer 404."""

    def __init__(self, cockpit: Parts, guard: Guard) -> None:
        self._cockpit = cockpit
        self._guard = guard

    def clock(self, request: Request) -> dict[str, Any]:
        Params(request, ())
        here = demo(self._cockpit)
        if not self._is_simulator(request):
            return self._state()
        state = here.clock.state(promise=True)  # it asks, so nothing that it sends is on its way
        if state.halted:
            here.controller.stands()
        return self._state(state)

    def _is_simulator(self, request: Request) -> bool:
        try:
            return "authorization" in request.headers and self._guard.grant(request).role == "simulator"
        except Failure:
            return False

    async def set_clock(self, request: Request) -> dict[str, Any]:
        grant = await run_in_threadpool(self._guard.must_have, request, "presenter", "simulator")
        here = demo(self._cockpit)
        order = await read_order(request, ClockOrder)
        controls = [name for name in CONTROLS if getattr(order, name) is not None]
        if not controls and order.watermark is None and order.pictures is None:
            raise BadParameter("body", "no order", "speed, paused, step, jump, reset, watermark or pictures")
        if order.reset is False:
            raise BadParameter("reset", "false", "true, or nothing")
        commands = list(_commands(order))
        if controls and grant.role != "presenter":
            raise Failure(403, "no_right", f"{controls[0]} needs a token with the role presenter")
        if order.pictures is not None:
            if grant.role != "simulator":
                raise Failure(403, "no_right", "pictures need a token with the role simulator")
            if not is_local(order.pictures):
                raise BadParameter("pictures", order.pictures, "http://127.0.0.1:PORT")
        if order.watermark is not None:
            self._reach(here, grant, order.watermark)
        if order.pictures is not None:
            here.pictures = order.pictures
        for message in commands:
            await run_in_threadpool(carry_out, self._cockpit, grant, message)
        return self._state()

    def _reach(self, here: Demo, grant: Grant, text: str) -> None:
        if grant.role != "simulator":
            raise Failure(403, "no_right", "the watermark needs a token with the role simulator")
        watermark = instant("watermark", text)
        if watermark > here.clock.state().grant_ms + AHEAD_MS:
            raise BadParameter("watermark", text, "a time the clock has granted")
        here.reach(watermark)
        self._cockpit.recorder.reached(here.clock.state().watermark_ms)

    def pulse(self, request: Request) -> dict[str, Any]:
        """Tiny and open: whether the engine lives and what time it is."""
        c = self._cockpit
        if not c.ready.is_set():
            return {
                "revision": 0, "domain_ms": None, "tick_age_s": None, "speed": None, "reached": None,
                "paused": None, "ready": False,
            }  # fmt: skip
        out: dict[str, Any] = {
            "revision": c.store.revision,
            "domain_ms": c.clock.domain_ms(),
            "tick_age_s": self.tick_age_s(),
            "speed": 1.0,
            "reached": 1.0,
            "paused": False,
            "ready": True,
        }
        if c.demo is not None:
            state = c.demo.clock.state()
            out.update(
                domain_ms=state.domain_ms, speed=state.speed, reached=state.reached, paused=state.paused
            )
        return out

    def tick_age_s(self) -> float | None:
        """Seconds since the engine's last tick; where the engine is another process, since its last beat."""
        c = self._cockpit
        if c.engine is not None:
            return c.engine.tick_age_s()
        with c.store.read() as conn:
            beat = meta.get(conn, "engine_beat")
        return None if beat is None else max(0.0, (c.clock.real_ms() - int(beat)) / 1000)

    def _state(self, state: ClockState | None = None) -> dict[str, Any]:
        here = demo(self._cockpit)
        run = here.run
        s = state or here.clock.state()
        origin = here.controller.origin
        return {
            "domain": iso(s.domain_ms),
            "wish": iso(s.wish_ms),
            "watermark": iso(s.watermark_ms),
            "grant": iso(s.grant_ms),
            "speed": s.speed,
            "reached": s.reached,
            "paused": s.paused,
            "step": None if s.step_ms is None else iso(s.step_ms),
            "epoch": run.epoch,
            "start": None if origin is None else {"domain": iso(origin.at_ms), "bytes": origin.bytes},
            "scenarios": [wire.scenario(c) for c in run.playing()],
            "faults": [wire.fault(f) for f in run.faults()],
            "ended": {
                "scenarios": [wire.scenario(c) for c in run.scenarios() if c.ended_ms is not None],
                "faults": [wire.fault(f) for f in run.ended()],
            },
        }


def _commands(order: ClockOrder) -> Iterator[Message]:
    """The commands that an order means, the one that sets all back first."""
    if order.reset:
        yield ClockReset()
    if order.speed is not None:
        if not SPEEDS[0] <= order.speed <= SPEEDS[1]:
            raise BadParameter("speed", order.speed, "a number from 1 to 600")
        yield ClockSpeed(speed=order.speed)
    if order.paused is not None:
        yield ClockPause(paused=order.paused)
    if order.step is not None:
        yield ClockStep(seconds=order.step)
    if order.jump is not None:
        yield ClockJump(to=Instant(instant("jump", order.jump)))


def demo(cockpit: Parts) -> Demo:
    """What only a demo has. Raises Failure 404 where there is none."""
    if cockpit.demo is None:
        raise Failure(404, "no_demo", "the clock can be set and faults ordered only in a demo")
    return cockpit.demo


def instant(where: str, text: str) -> int:
    """A time that somebody wrote. Raises BadParameter."""
    try:
        return to_ms(text, where)
    except Refusal:
        raise BadParameter(where, text, f"a time such as {EXAMPLE}") from None


def actor_of(grant: Grant) -> Actor:
    """Whoever holds a token, as commands name them."""
    return Actor(grant.label or "API", grant.person or "reader", grant.unit)


NOT_THERE = ("no_fault", "not_playing", "no_demo")
STOPPING = "stopping"
NOT_NOW = ("busy", "already", "no_start", "no_jump", "recorded")


def carry_out(cockpit: Parts, grant: Grant, message: Message) -> dict[str, Any]:
    """A command of whoever holds a token; its facts. Raises Failure."""
    result = execute(cockpit, Command(actor_of(grant), message))
    if result.ok:
        return result.facts
    if result.code == "stage":
        code, reason = str(result.facts["error"]), str(result.facts["reason"])
        status = 404 if code in NOT_THERE else 409 if code in NOT_NOW else 503 if code == STOPPING else 400
        raise Failure(status, code, reason)
    status = {"no_right": 403, "read_only": 503}.get(result.code, 400)
    raise Failure(status, result.code, f"the command {name_of(type(message))} cannot be carried out")
