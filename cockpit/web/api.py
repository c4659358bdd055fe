"""The routes of the API: /api/v1/*, /healthz, /readyz, /metrics. Errors have one shape everywhere."""

from __future__ import annotations

from starlette.convertors import Convertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match, Route
from starlette.types import Receive, Scope, Send

from cockpit.demo.backfill import HistoryMissing
from cockpit.demo.tape import body_line
from cockpit.domain.instants import iso
from cockpit.ingest import binary
from cockpit.ingest.decode import TYPE_EVENT
from cockpit.ingest.inflate import LIMIT, inflate
from cockpit.parts import Parts
from cockpit.store import StoreError
from cockpit.web import metrics, openapi
from cockpit.web.answers.life import Alive, Gone, Leap, Ready, Starting
from cockpit.web.api_alertmanager import AlertsIn
from cockpit.web.api_alerts import AlertReading
from cockpit.web.api_commands import Acting
from cockpit.web.api_coverage import Coverage
from cockpit.web.api_decisions import Deciding
from cockpit.web.api_demo import Presenting
from cockpit.web.api_evidence import HandingIn
from cockpit.web.api_feedback import Petitions
from cockpit.web.api_gaps import OfGaps
from cockpit.web.api_guard import AsyncHandler, Failure, Guard, answer
from cockpit.web.api_indicators import Indicators
from cockpit.web.api_indices import Indices
from cockpit.web.api_plans import Plans
from cockpit.web.api_read import Reading
from cockpit.web.api_registers import Registers
from cockpit.web.api_rules import RuleReading
from cockpit.web.api_stage import Staging
from cockpit.web.api_units import Units
from cockpit.web.bodies import Arriving

API = "/api/v1"
EVENTS = f"{API}/events"
ALERTMANAGER = "/api/v2/alerts"
"""Where Prometheus posts to, as to an Alertmanager."""


class _Number(Convertor[int]):
    """Digits of a number that there may be: what is longer names nothing, and is never reckoned."""

    regex = "[0-9]{1,19}"

    def convert(self, value: str) -> int:
        return int(value)

    def to_string(self, value: int) -> str:
        return str(value)


register_url_convertor("number", _Number())


class _OfAlert(_Number):
    """The same, or that of an alert which was only reckoned afterwards: those are below zero."""

    regex = "-?[0-9]{1,19}"


register_url_convertor("alert", _OfAlert())


class _Key(Convertor[str]):
    """A key as some feed has made it: whatever signs there are, slashes and ends of lines among them."""

    regex = r"[\s\S]+"

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("key", _Key())


class _Rest(_Key):
    """Whatever else is asked for, nothing too."""

    regex = r"[\s\S]*"


register_url_convertor("rest", _Rest())


def routes(cockpit: Parts) -> list[BaseRoute]:
    """All routes. The cockpit may still be starting: they answer 503 until it is ready."""
    guard = Guard(cockpit)
    reading = Reading(cockpit, guard)
    presenting = Presenting(cockpit, guard)
    staging = Staging(cockpit, guard)
    acting = Acting(cockpit, guard)
    kept, planned = Registers(cockpit), Plans(cockpit)
    figures, of_units, of_alerts = Indicators(cockpit), Units(cockpit, kept), AlertReading(cockpit)
    indices, of_rules = Indices(cockpit, guard), RuleReading(cockpit)
    covered, petitions = Coverage(cockpit), Petitions(cockpit, guard)
    files = HandingIn(cockpit, guard)
    found: list[BaseRoute] = [
        Route(EVENTS, guard.own(_Posting(cockpit, guard).post), methods=["POST"]),
        Route(ALERTMANAGER, guard.own(AlertsIn(cockpit, guard).post), methods=["POST"]),
        Route(f"{API}/events/{{source}}/{{id:key}}", guard.reading(reading.event)),
        Route(f"{API}/catalog", guard.reading(reading.catalog)),
        Route(f"{API}/latest", guard.reading(reading.latest)),
        Route(f"{API}/observations", guard.reading(reading.observations)),
        Route(f"{API}/rollups", guard.reading(reading.rollups)),
        Route(f"{API}/alerts", guard.reading(of_alerts.listed)),
        Route(f"{API}/alerts/{{id:alert}}", guard.reading(of_alerts.one)),
        Route(f"{API}/rules", guard.reading(of_rules.listed)),
        Route(f"{API}/why", guard.reading(of_rules.why)),
        Route(f"{API}/sources", guard.reading(reading.sources)),
        Route(f"{API}/quarantine", guard.reading(reading.quarantine)),
        Route(f"{API}/indicators", guard.reading(figures.listed)),
        Route(f"{API}/indicators/{{code}}", guard.reading(figures.one)),
        Route(f"{API}/units/{{code}}", guard.reading(of_units.one)),
        Route(f"{API}/coverage/gaps", guard.reading(OfGaps(cockpit).gaps)),
        Route(f"{API}/coverage/cells", guard.reading(covered.cells)),
        Route(f"{API}/coverage/suggest", guard.reading(covered.suggest)),
        Route(f"{API}/registers/feedback", guard.reading(petitions.listed)),
        Route(f"{API}/registers/feedback/{{id:key}}", guard.reading(petitions.one)),
        Route(f"{API}/registers/{{kind}}", guard.reading(kept.listed)),
        Route(f"{API}/registers/{{kind}}/{{id:number}}", guard.reading(kept.entry)),
        Route(f"{API}/plans", guard.reading(planned.listed)),
        Route(f"{API}/plans/{{id}}", guard.reading(planned.plan)),
        Route(f"{API}/home", guard.reading(reading.home)),
        Route(f"{API}/decisions", guard.reading(Deciding(cockpit).proposed)),
        Route(f"{API}/indices", guard.reading(indices.view)),
        Route(f"{API}/facts", guard.reading(indices.facts)),
        Route(f"{API}/calculators/766", guard.own(indices.service), methods=["POST"]),
        Route(f"{API}/calculators/dti", guard.own(indices.dti), methods=["POST"]),
        Route(f"{API}/clock", guard.own(presenting.set_clock), methods=["POST"]),
        Route(f"{API}/clock", guard.reading(presenting.clock)),
        Route(f"{API}/faults", guard.own(staging.inject), methods=["POST"]),
        Route(f"{API}/faults", guard.reading(staging.faults)),
        Route(f"{API}/faults/{{id:number}}", guard.own(staging.undo), methods=["DELETE"]),
        Route(f"{API}/presets", guard.own(staging.press), methods=["POST"]),
        Route(f"{API}/presets", guard.reading(staging.presets)),
        Route(f"{API}/stage/points", guard.reading(staging.points)),
        Route(f"{API}/scenarios", guard.own(staging.begin), methods=["POST"]),
        Route(f"{API}/scenarios", guard.reading(staging.scenarios)),
        Route(f"{API}/scenarios/{{code}}", guard.own(staging.end), methods=["DELETE"]),
        Route(f"{API}/stage", guard.own(staging.clear), methods=["DELETE"]),
        Route(f"{API}/stage/log", guard.reading(staging.log)),
        Route(f"{API}/commands", guard.own(acting.give), methods=["POST"]),
        Route(f"{API}/commands", guard.reading(acting.listed)),
        Route(f"{API}/evidence", guard.own(files.take), methods=["POST"]),
        Route(f"{API}/evidence/{{id}}", guard.reading(files.give)),
        Route(f"{API}/audit", guard.reading(acting.audit)),
        Route(f"{API}/tape", guard.own(staging.tape)),
        Route(f"{API}/pulse", guard.open(presenting.pulse)),
        Route(f"{API}/openapi.json", guard.open(_openapi)),
        Route("/healthz", guard.open(lambda request: Alive(alive=True))),
        Route("/readyz", guard.open(lambda request: _ready(cockpit))),
        Route("/metrics", guard.reading(lambda request: _metrics(cockpit, presenting))),
    ]
    nothing = _Nothing(guard.open(lambda request: _nothing(found, request)))
    # After the routes themselves: whatever else is asked for under these paths, by whatever method.
    paths = ("/api/{path:rest}", "/healthz", "/readyz", "/metrics")
    return [*found, *(Route(path, nothing) for path in paths)]


class _Nothing:
    """Answers any method: the framework's own answer to one it does not know is plain text."""

    def __init__(self, handler: AsyncHandler) -> None:
        self._handler = handler

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = await self._handler(Request(scope, receive, send))
        await response(scope, receive, send)


class _Posting:
    """`POST /api/v1/events`."""

    def __init__(self, cockpit: Parts, guard: Guard) -> None:
        self._cockpit = cockpit
        self._guard = guard
        self._arriving = Arriving(LIMIT, f"the body is larger than {LIMIT} bytes, counted after inflating")

    async def post(self, request: Request) -> Response:
        grant = self._guard.must_send(request)
        if not self._cockpit.writable:
            owner = self._cockpit.owner
            where = f"cockpit {owner.role} at {owner.address}" if owner else "the process that writes"
            reason = f"this process only shows what is stored; send events to {where}"
            raise Failure(503, "read_only", reason, {"Retry-After": "5"})
        try:
            attributes = binary.attributes(request.headers.raw)
        except binary.BadHeader as error:
            raise Failure(400, "bad_header", str(error)) from None
        body = await self._arriving.body(request)
        encoding, content_type = (request.headers.get(f"content-{name}", "") for name in ("encoding", "type"))
        given = await self._cockpit.door.post(
            body, encoding=encoding, content_type=content_type, allowed_sources=grant.sources,
            attributes=attributes,
        )  # fmt: skip
        if self._cockpit.recorder.on and given.status == 202:
            if attributes is not None:
                body = binary.structured(attributes, inflate(body, encoding), content_type)
                encoding, content_type = "", TYPE_EVENT
            clock = self._cockpit.clock
            line = body_line(
                body, at_ms=clock.domain_ms(), real_ms=clock.real_ms(), content_type=content_type,
                encoding=encoding, sources=grant.sources,
            )  # fmt: skip
            self._cockpit.recorder.taken(line)
        return answer(given.payload, given.status, given.headers)


def _ready(cockpit: Parts) -> Response:
    s = cockpit.startup
    if (lost := cockpit.lost) is not None:
        return answer(Gone(ready=False, failed=True, code="gone", reason=lost), 503)
    if cockpit.ready.is_set():
        well = Ready(ready=True, writable=cockpit.writable)
        if cockpit.past_missing:
            well.past = "missing"
        leap = cockpit.engine.leaps.recent if cockpit.engine is not None else None
        if leap is not None:
            well.clock = Leap(leap.by_ms / 1000, iso(leap.at))
        return answer(well)
    state = Starting(ready=False, phase=s.phase, done=s.done, total=s.total)
    failure = cockpit.failure
    if failure is not None:
        state.failed = True
        told = isinstance(failure, HistoryMissing | StoreError)  # says what is wrong and what to do
        state.reason = str(failure) if told else "the log of the cockpit says why"
        if isinstance(failure, StoreError):
            state.code = failure.code
    return answer(state, 503, {"Retry-After": "1"})


def _metrics(cockpit: Parts, presenting: Presenting) -> Response:
    text = metrics.render(cockpit, presenting.tick_age_s())
    return Response(text, media_type=metrics.CONTENT_TYPE, headers={"Cache-Control": "no-store"})


def _openapi(_: Request) -> Response:
    return Response(openapi.document(), media_type="application/json", headers={"Cache-Control": "no-cache"})


def _nothing(known: list[BaseRoute], request: Request) -> Response:
    """404, or 405 where the path exists with other methods."""
    methods: set[str] = set()
    for route in known:
        match, _ = route.matches(request.scope)
        if match != Match.NONE and isinstance(route, Route):
            methods |= route.methods or set()
    if methods:
        allowed = ", ".join(sorted(methods))
        reason = f"{request.method} is not possible here, expected {allowed}"
        raise Failure(405, "bad_method", reason, {"Allow": allowed})
    raise Failure(404, "no_such_path", f"nothing is at {request.url.path[:100]}")
