"""The clock and the fault orders of a demo, and the pulse that live badges ask for."""

from __future__ import annotations

from typing import Any

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from cockpit.boot import Cockpit, iso
from cockpit.clock import VirtualClock
from cockpit.ingest.codes import Refusal
from cockpit.ingest.pictures import is_local
from cockpit.ingest.times import EXAMPLE, to_ms
from cockpit.ingest.validate import AHEAD_MS
from cockpit.stage import Fault, Stage, StageError
from cockpit.store import meta
from cockpit.web.api_guard import Failure, Guard, answer
from cockpit.web.api_params import BadParameter, Params

MAX_BODY = 16 * 1024


class ClockOrder(msgspec.Struct, forbid_unknown_fields=True):
    """Presenter: `speed` and `paused`. Simulator: `watermark`, the time up to which all is sent, and
    `pictures`, the address on this machine where it gives pictures of cameras."""

    speed: float | None = None
    paused: bool | None = None
    watermark: str | None = None
    pictures: str | None = None


class FaultOrder(msgspec.Struct, forbid_unknown_fields=True):
    """A fault to play on an asset, from now on, for some seconds of domain time."""

    asset: str
    kind: str
    seconds: int


class Presenting:
    """Handlers of a demo. Where the clock is real they answer 404."""

    def __init__(self, cockpit: Cockpit, guard: Guard) -> None:
        self._cockpit = cockpit
        self._guard = guard

    def clock(self, request: Request) -> dict[str, Any]:
        Params(request, ())
        return self._state()

    async def set_clock(self, request: Request) -> dict[str, Any]:
        grant = await run_in_threadpool(self._guard.must_have, request, "presenter", "simulator")
        clock, _ = self._demo()
        order = await self._order(request, ClockOrder)
        controls = order.speed is not None or order.paused is not None
        if not controls and order.watermark is None and order.pictures is None:
            raise BadParameter("body", "no order", "speed, paused, watermark or pictures")
        if controls and grant.role != "presenter":
            raise Failure(403, "no_right", "speed and pause need a token with the role presenter")
        if order.pictures is not None:
            if grant.role != "simulator":
                raise Failure(403, "no_right", "pictures need a token with the role simulator")
            if not is_local(order.pictures):
                raise BadParameter("pictures", order.pictures, "http://127.0.0.1:PORT")
        if order.watermark is not None:
            if grant.role != "simulator":
                raise Failure(403, "no_right", "the watermark needs a token with the role simulator")
            try:
                watermark = to_ms(order.watermark, "watermark")
            except Refusal:
                raise BadParameter("watermark", order.watermark, f"a time such as {EXAMPLE}") from None
            if watermark > clock.state().grant_ms + AHEAD_MS:
                raise BadParameter("watermark", order.watermark, "a time the clock has granted")
            self._cockpit.reach(watermark)
        if order.pictures is not None:
            self._cockpit.pictures = order.pictures
        if controls:
            try:
                clock.control(speed=order.speed, paused=order.paused)
            except ValueError:
                raise BadParameter("speed", order.speed, "a number from 1 to 600") from None
        return self._state()

    def faults(self, request: Request) -> dict[str, Any]:
        Params(request, ())
        _, stage = self._demo()
        return {"faults": [_fault(f) for f in stage.faults()]}

    async def inject(self, request: Request) -> Any:
        await run_in_threadpool(self._guard.must_have, request, "presenter")
        _, stage = self._demo()
        order = await self._order(request, FaultOrder)
        try:
            fault = stage.inject(order.asset, order.kind, order.seconds)
        except StageError as error:
            raise Failure(400, error.code, str(error)) from None
        return answer(_fault(fault), 201)

    async def undo(self, request: Request) -> dict[str, Any]:
        await run_in_threadpool(self._guard.must_have, request, "presenter")
        _, stage = self._demo()
        number = int(request.path_params["id"])
        if not stage.undo(number):
            raise Failure(404, "no_fault", f"no fault {number} is in force")
        return {"id": number, "undone": True}

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
        if isinstance(c.clock, VirtualClock):
            state = c.clock.state()
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

    def _state(self) -> dict[str, Any]:
        clock, stage = self._demo()
        s = clock.state()
        return {
            "domain": iso(s.domain_ms),
            "wish": iso(s.wish_ms),
            "watermark": iso(s.watermark_ms),
            "grant": iso(s.grant_ms),
            "speed": s.speed,
            "reached": s.reached,
            "paused": s.paused,
            "faults": [_fault(f) for f in stage.faults()],
        }

    def _demo(self) -> tuple[VirtualClock, Stage]:
        clock, stage = self._cockpit.clock, self._cockpit.stage
        if not isinstance(clock, VirtualClock) or stage is None:
            raise Failure(404, "no_demo", "the clock can be set and faults ordered only in a demo")
        return clock, stage

    @staticmethod
    async def _order(request: Request, kind: type[msgspec.Struct]) -> Any:
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > MAX_BODY:
                raise Failure(413, "too_large", f"the body is larger than {MAX_BODY} bytes")
        try:
            return msgspec.json.decode(body, type=kind)
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
            fields = ", ".join(kind.__struct_fields__)
            raise BadParameter("body", str(error)[:120], f"a JSON object with {fields}") from None


def _fault(f: Fault) -> dict[str, Any]:
    return {"id": f.id, "asset": f.asset, "kind": f.kind, "from": iso(f.since_ms), "until": iso(f.until_ms)}
