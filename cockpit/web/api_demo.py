"""The clock of a demo, and the pulse that live badges ask for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from cockpit.commands import Actor, Command, Instant, Message, execute, name_of
from cockpit.commands.presenting import MAX_STEP_S, ClockJump, ClockPause, ClockReset, ClockSpeed, ClockStep
from cockpit.demo import wire
from cockpit.demo.demo import Demo
from cockpit.demo.virtual_clock import SPEEDS, ClockState
from cockpit.domain.instants import Iso, iso, iso_or_none
from cockpit.ingest.codes import Refusal
from cockpit.ingest.pictures import is_local
from cockpit.ingest.times import EXAMPLE, to_ms
from cockpit.ingest.tokens import Grant
from cockpit.ingest.validate import AHEAD_MS
from cockpit.parts import Parts
from cockpit.store import meta
from cockpit.web.answers.life import Pulse
from cockpit.web.answers.stage import Clock, ClockStart
from cockpit.web.api_guard import Failure, Guard, late
from cockpit.web.api_params import BadParameter, Params
from cockpit.web.bodies import read_order

# What the door checks with a reason of its own is in the description alone.
Speed = Annotated[float, msgspec.Meta(extra_json_schema={"minimum": SPEEDS[0], "maximum": SPEEDS[1]})]
Seconds = Annotated[float, msgspec.Meta(extra_json_schema={"exclusiveMinimum": 0, "maximum": MAX_STEP_S})]
Local = Annotated[
    str, msgspec.Meta(extra_json_schema={"format": "uri", "examples": ["http://127.0.0.1:8600"]})
]


class ClockOrder(msgspec.Struct, forbid_unknown_fields=True):
    """Presenter: `speed`, `paused`, `step` (seconds to play while paused), `jump` (an instant ahead) and
    `reset` (true: back to where the last story began, or to `point`, a number of `/api/v1/stage/points`).
    Simulator: `watermark`, the time up to which all is sent, and
    `pictures`, the address on this machine where it gives pictures of cameras."""

    speed: Speed | None = None
    paused: bool | None = None
    step: Seconds | None = None
    jump: Iso | None = None
    reset: bool | None = None
    point: int | None = None
    watermark: Iso | None = None
    pictures: Local | None = None


CONTROLS = ("speed", "paused", "step", "jump", "reset")


class Presenting:
    """Handlers of a demo's clock. Where the clock is real they answer 404."""

    def __init__(self, cockpit: Parts, guard: Guard) -> None:
        self._cockpit = cockpit
        self._guard = guard

    def clock(self, request: Request) -> Clock:
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

    async def set_clock(self, request: Request) -> Clock:
        grant = await run_in_threadpool(self._guard.must_have, request, "presenter", "simulator")
        here = demo(self._cockpit)
        order = await read_order(request, ClockOrder)
        controls = [name for name in CONTROLS if getattr(order, name) is not None]
        if not controls and order.watermark is None and order.pictures is None:
            raise BadParameter("body", "no order", "speed, paused, step, jump, reset, watermark or pictures")
        if order.reset is False:
            raise BadParameter("reset", "false", "true, or nothing")
        if order.point is not None and not order.reset:
            raise BadParameter("point", order.point, "a number beside reset, or nothing")
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

    def pulse(self, request: Request) -> Pulse:
        """Tiny and open: whether the engine lives and what time it is."""
        c = self._cockpit
        if not c.ready.is_set():
            return Pulse(0, None, None, None, None, None, False)
        now = Pulse(c.store.revision, c.clock.domain_ms(), self.tick_age_s(), 1.0, 1.0, False, True)
        if c.demo is not None:
            state = c.demo.clock.state()
            now.domain_ms, now.speed = state.domain_ms, state.speed
            now.reached, now.paused = state.reached, state.paused
        return now

    def tick_age_s(self) -> float | None:
        """Seconds since the engine's last tick; where the engine is another process, since its last beat."""
        c = self._cockpit
        if c.engine is not None:
            return c.engine.tick_age_s()
        with c.store.read() as conn:
            beat = meta.get(conn, "engine_beat")
        return None if beat is None else max(0.0, (c.clock.real_ms() - int(beat)) / 1000)

    def _state(self, state: ClockState | None = None) -> Clock:
        here = demo(self._cockpit)
        run = here.run
        s = state or here.clock.state()
        origin = here.controller.origin
        playing = wire.playing(run)
        return Clock(
            domain=iso(s.domain_ms),
            wish=iso(s.wish_ms),
            watermark=iso(s.watermark_ms),
            grant=iso(s.grant_ms),
            speed=s.speed,
            reached=s.reached,
            paused=s.paused,
            step=iso_or_none(s.step_ms),
            epoch=run.epoch,
            start=None if origin is None else ClockStart(iso(origin.at_ms), origin.bytes),
            scenarios=playing.scenarios,
            faults=playing.faults,
            ended=wire.ended(run),
        )


def _commands(order: ClockOrder) -> Iterator[Message]:
    """The commands that an order means, the one that sets all back first."""
    if order.reset:
        yield ClockReset(point=order.point)
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
NOT_NOW = ("busy", "already", "in_force", "no_start", "no_jump", "recorded")


def carry_out(cockpit: Parts, grant: Grant, message: Message) -> dict[str, Any]:
    """A command of whoever holds a token; its facts. Raises Failure."""
    result = execute(cockpit, Command(actor_of(grant), message))
    if result.ok:
        return result.facts
    if result.code == "busy":
        raise late()
    if result.code == "stage":
        code, reason = str(result.facts["error"]), str(result.facts["reason"])
        status = 404 if code in NOT_THERE else 409 if code in NOT_NOW else 503 if code == STOPPING else 400
        raise Failure(status, code, reason)
    status = {"no_right": 403, "read_only": 503}.get(result.code, 400)
    raise Failure(status, result.code, f"the command {name_of(type(message))} cannot be carried out")
