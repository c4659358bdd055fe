"""Scenarios and faults of a demo, the log of what presenters did, and recordings of what comes in."""

from __future__ import annotations

from typing import Any

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from cockpit.commands import presenting
from cockpit.demo import run_log, tape, wire
from cockpit.demo.state import Fault, Kind, Scenario
from cockpit.domain.instants import iso
from cockpit.parts import Parts
from cockpit.web.api_demo import carry_out, demo
from cockpit.web.api_guard import NO_STORE, Guard, answer
from cockpit.web.api_params import Params
from cockpit.web.bodies import read_order

LINES = "application/x-ndjson"


class FaultOrder(msgspec.Struct, forbid_unknown_fields=True):
    """A fault to play from now on, on an asset, a source or a unit. Lengths in seconds of domain time: either
    `seconds` alone, or those of its onset, its height and its end; without any the kind's own."""

    asset: str
    kind: str
    seconds: int | None = None
    ramp_s: int | None = None
    hold_s: int | None = None
    recovery_s: int | None = None
    size: float = 0.0


class ScenarioOrder(msgspec.Struct, forbid_unknown_fields=True):
    """Scenarios that begin now, together."""

    scenario: str | list[str]


class Staging:
    """Handlers of a demo. Where the clock is real they answer 404."""

    def __init__(self, cockpit: Parts, guard: Guard) -> None:
        self._cockpit = cockpit
        self._guard = guard

    def faults(self, request: Request) -> dict[str, Any]:
        Params(request, ())
        run = demo(self._cockpit).run
        kinds = [_kind(k) for k in run.library.kinds.values()]
        return {"faults": [wire.fault(f) for f in run.faults()], "kinds": kinds}

    async def inject(self, request: Request) -> Response:
        grant = await run_in_threadpool(self._guard.must_have, request, "presenter")
        demo(self._cockpit)
        o = await read_order(request, FaultOrder)
        ramp, hold, end = (o.ramp_s, o.hold_s, o.recovery_s) if o.seconds is None else (0, o.seconds, 0)
        message = presenting.Fault(
            asset=o.asset, kind=o.kind, ramp_s=ramp, hold_s=hold, recovery_s=end, size=o.size
        )
        facts = await run_in_threadpool(carry_out, self._cockpit, grant, message)
        ms = {name: int(facts[f"{name}_s"]) * 1000 for name in ("ramp", "hold", "recovery")}
        made = Fault(
            facts["id"], facts["asset"], facts["kind"], facts["from"], ms["ramp"], ms["hold"], ms["recovery"],
            facts["size"],
        )  # fmt: skip
        return answer(wire.fault(made), 201)

    async def undo(self, request: Request) -> dict[str, Any]:
        grant = await run_in_threadpool(self._guard.must_have, request, "presenter")
        demo(self._cockpit)
        number = int(request.path_params["id"])
        await run_in_threadpool(carry_out, self._cockpit, grant, presenting.FaultUndo(id=number))
        return {"id": number, "undone": True}

    def scenarios(self, request: Request) -> dict[str, Any]:
        Params(request, ())
        run = demo(self._cockpit).run
        since = {c.code: c.from_ms for c in run.playing()}
        return {"scenarios": [_scenario(s, since.get(s.code)) for s in run.library.scenarios.values()]}

    async def begin(self, request: Request) -> Response:
        grant = await run_in_threadpool(self._guard.must_have, request, "presenter")
        demo(self._cockpit)
        order = await read_order(request, ScenarioOrder)
        codes = order.scenario if isinstance(order.scenario, str) else " ".join(order.scenario)
        facts = await run_in_threadpool(
            carry_out, self._cockpit, grant, presenting.StageBegin(scenario=codes)
        )
        begun = [{"code": code, "from": iso(facts["from"])} for code in facts["scenario"].split()]
        return answer({"scenarios": begun}, 201)

    async def end(self, request: Request) -> dict[str, Any]:
        grant = await run_in_threadpool(self._guard.must_have, request, "presenter")
        demo(self._cockpit)
        code = str(request.path_params["code"])
        await run_in_threadpool(carry_out, self._cockpit, grant, presenting.StageEnd(scenario=code))
        return {"code": code, "ended": True}

    async def clear(self, request: Request) -> dict[str, Any]:
        grant = await run_in_threadpool(self._guard.must_have, request, "presenter")
        demo(self._cockpit)
        await run_in_threadpool(carry_out, self._cockpit, grant, presenting.StageClear())
        return {"cleared": True}

    def log(self, request: Request) -> Response:
        """JSON lines: what a run can be repeated from, together with the seed on the first line."""
        Params(request, ())
        demo(self._cockpit)
        text = run_log.text(self._cockpit.config, self._cockpit.store)
        return Response(text, media_type=LINES, headers=NO_STORE)

    async def tape(self, request: Request) -> Response:
        """What comes in from now on, line by line, until whoever asks goes."""
        await run_in_threadpool(self._guard.must_have, request, "recorder")
        c = self._cockpit
        start, at_once = c.clock.domain_ms(), True
        if c.demo is not None:
            state = c.demo.clock.state()
            start, at_once = state.watermark_ms, state.paused or not c.demo.playing
        header = tape.header_line(c.config, start, c.clock.real_ms())
        lines = c.recorder.record(header, at_once=at_once)
        return StreamingResponse(lines, media_type=LINES, headers=NO_STORE)


def _kind(k: Kind) -> dict[str, Any]:
    return {
        "kind": k.code, "on": list(k.on), "size": k.size, "unit": k.unit, "ramp_s": k.ramp_s,
        "hold_s": k.hold_s, "recovery_s": k.recovery_s,
    }  # fmt: skip


def _scenario(s: Scenario, since: int | None) -> dict[str, Any]:
    return {
        "code": s.code,
        "name": {"vi": s.name.vi, "en": s.name.en},
        "story": {"vi": s.story.vi, "en": s.story.en},
        "start": iso(s.start_ms),
        "length_s": s.length_ms / 1000,
        "from": None if since is None else iso(since),
    }
