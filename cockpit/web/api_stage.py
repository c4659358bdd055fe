"""Scenarios and faults of a demo, the log of what presenters did, and recordings of what comes in."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from cockpit.commands import presenting
from cockpit.demo import run_log, tape, wire
from cockpit.demo.controls import Point
from cockpit.demo.state import MAX_SECONDS, Fault, Kind
from cockpit.demo.state import Preset as Ready
from cockpit.demo.state import Scenario as Story
from cockpit.domain.instants import iso, iso_or_none
from cockpit.parts import Parts
from cockpit.web.answers.stage import (
    FaultKind,
    Faults,
    FaultUndone,
    Preset,
    Presets,
    ReturnPoint,
    ReturnPoints,
    Scenario,
    ScenarioEnded,
    Scenarios,
    ScenariosBegun,
    StageCleared,
)
from cockpit.web.api_demo import carry_out, demo
from cockpit.web.api_guard import NO_STORE, Guard, answer
from cockpit.web.api_params import Params
from cockpit.web.bodies import read_order

LINES = "application/x-ndjson"


Seconds = Annotated[int, msgspec.Meta(extra_json_schema={"minimum": 1, "maximum": MAX_SECONDS})]
"""The door checks it with a reason of its own."""


class FaultOrder(msgspec.Struct, forbid_unknown_fields=True):
    """A fault to play from now on, on an asset, a source or a unit. Lengths in seconds of domain time: either
    `seconds` alone, or those of its onset, its height and its end; without any the kind's own."""

    asset: str
    kind: str
    seconds: Annotated[int, msgspec.Meta(extra_json_schema={"minimum": 1, "maximum": MAX_SECONDS})] | None = (
        None
    )
    ramp_s: int | None = None
    hold_s: int | None = None
    recovery_s: int | None = None
    size: float = 0.0


class ScenarioOrder(msgspec.Struct, forbid_unknown_fields=True):
    """Scenarios that begin now, together; with `replace` those that play end, else they play on."""

    scenario: str | list[str]
    replace: bool = False


class PresetOrder(msgspec.Struct, forbid_unknown_fields=True):
    """A fault that lies ready, by its code, to play from now on."""

    preset: str


class Staging:
    """Handlers of a demo. Where the clock is real they answer 404."""

    def __init__(self, cockpit: Parts, guard: Guard) -> None:
        self._cockpit = cockpit
        self._guard = guard

    def faults(self, request: Request) -> Faults:
        Params(request, ())
        run = demo(self._cockpit).run
        kinds = [_kind(k) for k in run.library.kinds.values()]
        return Faults([wire.fault(f) for f in run.faults()], kinds)

    async def inject(self, request: Request) -> Response:
        grant = await run_in_threadpool(self._guard.must_have, request, "presenter")
        demo(self._cockpit)
        o = await read_order(request, FaultOrder)
        ramp, hold, end = (o.ramp_s, o.hold_s, o.recovery_s) if o.seconds is None else (0, o.seconds, 0)
        message = presenting.Fault(
            asset=o.asset, kind=o.kind, ramp_s=ramp, hold_s=hold, recovery_s=end, size=o.size
        )
        facts = await run_in_threadpool(carry_out, self._cockpit, grant, message)
        return answer(_made(facts), 201)

    def presets(self, request: Request) -> Presets:
        Params(request, ())
        run = demo(self._cockpit).run
        return Presets([_preset(code, p) for code, p in run.library.presets.items()])

    async def press(self, request: Request) -> Response:
        grant = await run_in_threadpool(self._guard.must_have, request, "presenter")
        demo(self._cockpit)
        order = await read_order(request, PresetOrder)
        message = presenting.StagePreset(preset=order.preset)
        facts = await run_in_threadpool(carry_out, self._cockpit, grant, message)
        return answer(_made(facts), 201)

    def points(self, request: Request) -> ReturnPoints:
        """Where a reset can go back to."""
        Params(request, ())
        controller = demo(self._cockpit).controller
        origin = controller.origin
        return ReturnPoints([_point(p, p == origin) for p in controller.points])

    async def undo(self, request: Request) -> FaultUndone:
        grant = await run_in_threadpool(self._guard.must_have, request, "presenter")
        demo(self._cockpit)
        number = int(request.path_params["id"])
        await run_in_threadpool(carry_out, self._cockpit, grant, presenting.FaultUndo(id=number))
        return FaultUndone(number, True)

    def scenarios(self, request: Request) -> Scenarios:
        Params(request, ())
        run = demo(self._cockpit).run
        since = {c.code: c.from_ms for c in run.playing()}
        return Scenarios([_scenario(s, since.get(s.code)) for s in run.library.scenarios.values()])

    async def begin(self, request: Request) -> Response:
        grant = await run_in_threadpool(self._guard.must_have, request, "presenter")
        demo(self._cockpit)
        order = await read_order(request, ScenarioOrder)
        codes = order.scenario if isinstance(order.scenario, str) else " ".join(order.scenario)
        facts = await run_in_threadpool(
            carry_out, self._cockpit, grant, presenting.StageBegin(scenario=codes, replace=order.replace)
        )
        begun = [wire.RunningScenario(code, iso(facts["from"])) for code in facts["scenario"].split()]
        return answer(ScenariosBegun(begun), 201)

    async def end(self, request: Request) -> ScenarioEnded:
        grant = await run_in_threadpool(self._guard.must_have, request, "presenter")
        demo(self._cockpit)
        code = str(request.path_params["code"])
        await run_in_threadpool(carry_out, self._cockpit, grant, presenting.StageEnd(scenario=code))
        return ScenarioEnded(code, True)

    async def clear(self, request: Request) -> StageCleared:
        grant = await run_in_threadpool(self._guard.must_have, request, "presenter")
        demo(self._cockpit)
        await run_in_threadpool(carry_out, self._cockpit, grant, presenting.StageClear())
        return StageCleared(True)

    def log(self, request: Request) -> Response:
        """JSON lines: what a run can be repeated from, together with the seed on the first line."""
        Params(request, ())
        demo(self._cockpit)
        text = run_log.text(self._cockpit.config, self._cockpit.profile.code, self._cockpit.store)
        return Response(text, media_type=LINES, headers=NO_STORE)

    async def tape(self, request: Request) -> Response:
        """What comes in from now on, line by line, until whoever asks goes."""
        await run_in_threadpool(self._guard.must_have, request, "recorder")
        c = self._cockpit
        start, at_once = c.clock.domain_ms(), True
        if c.demo is not None:
            state = c.demo.clock.state()
            start, at_once = state.watermark_ms, state.paused or not c.demo.playing
        header = tape.header_line(c.config, c.profile.code, start, c.clock.real_ms())
        lines = c.recorder.record(header, at_once=at_once)
        return StreamingResponse(lines, media_type=LINES, headers=NO_STORE)


def _made(facts: dict[str, Any]) -> wire.Fault:
    """The fault that a command has made, by its facts."""
    ms = {name: int(facts[f"{name}_s"]) * 1000 for name in ("ramp", "hold", "recovery")}
    made = Fault(
        facts["id"], facts["asset"], facts["kind"], facts["from"], ms["ramp"], ms["hold"], ms["recovery"],
        facts["size"],
    )  # fmt: skip
    return wire.fault(made)


def _point(p: Point, current: bool) -> ReturnPoint:
    return ReturnPoint(p.number, iso(p.at_ms), p.bytes, list(p.scenarios), current)


def _preset(code: str, p: Ready) -> Preset:
    return Preset(code, p.name, p.about, p.order.asset, p.order.kind)


def _kind(k: Kind) -> FaultKind:
    return FaultKind(k.code, k.on, k.size, k.unit, k.ramp_s, k.hold_s, k.recovery_s)


def _scenario(s: Story, since: int | None) -> Scenario:
    return Scenario(s.code, s.name, s.story, iso(s.start_ms), s.length_ms / 1000, iso_or_none(since))
