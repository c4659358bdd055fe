"""`POST /api/v2/alerts`: alerts of another system, sent as Prometheus sends them to an Alertmanager."""

from __future__ import annotations

import asyncio
from functools import partial

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from cockpit.ingest.alertmanager import NotAlerts, Parsed, parse_alerts
from cockpit.ingest.inflate import LIMIT, BadEncoding, TooLarge, inflate
from cockpit.parts import Parts
from cockpit.store import incoming
from cockpit.web.api_guard import NO_STORE, Failure, Guard, late
from cockpit.web.bodies import Arriving

KIND = "alertmanager"
"""The kind of the sources that may send here."""
STORE_S = 30.0
_LARGE = f"the body is larger than {LIMIT} bytes, counted after inflating"


class AlertsIn:
    """The handler. 200 without a body once all is on disk; what is wrong with alerts is told as an
    Alertmanager tells it, a sentence as JSON under 400, and all other errors as everywhere here."""

    def __init__(self, cockpit: Parts, guard: Guard) -> None:
        self._cockpit = cockpit
        self._guard = guard
        self._arriving = Arriving(LIMIT, _LARGE)

    async def post(self, request: Request) -> Response:
        source = self._source(request)
        if not self._cockpit.writable:
            reason = "this process only shows what is stored; send alerts to the one that writes"
            raise Failure(503, "read_only", reason, {"Retry-After": "5"})
        if request.headers.get("content-type", "").split(";")[0].strip().lower() != "application/json":
            raise Failure(415, "bad_content_type", "expected Content-Type: application/json")
        body = await self._arriving.body(request)
        encoding = request.headers.get("content-encoding", "")
        now = self._cockpit.clock.real_ms()
        try:
            parsed = await run_in_threadpool(_parsed, body, encoding, now)
        except TooLarge:
            raise Failure(413, "too_large", _LARGE) from None
        except BadEncoding as error:
            if error.unsupported:
                raise Failure(415, "bad_encoding", str(error)) from None
            return _bad(str(error))
        except NotAlerts as error:
            return _bad(str(error))
        if parsed.alerts:
            written = self._cockpit.store.write(
                partial(incoming.take, source=source, alerts=parsed.alerts, now=now)
            )
            try:
                told = await asyncio.wait_for(asyncio.wrap_future(written), STORE_S)
            except TimeoutError:
                raise late() from None
            if told.no_room:
                reason = (
                    f"{told.no_room} alerts were left out: of one source {incoming.MOST} may stand at once"
                )
                raise Failure(429, "too_many", reason, {"Retry-After": "60"})
        return _bad(parsed.reason()) if parsed.wrong else Response(status_code=200, headers=NO_STORE)

    def _source(self, request: Request) -> str:
        """The code of the source that the token speaks for here. Raises Failure."""
        grant = self._guard.must_send(request)
        known = self._cockpit.profile.source
        mine = sorted(code for code in grant.sources if code in known and known[code].kind == KIND)
        if not mine:
            reason = (
                f"the token covers no source of kind {KIND}: cockpit token add SOURCE makes one that does"
            )
            raise Failure(403, "no_right", reason)
        if len(mine) > 1:
            reason = f"the token covers {', '.join(mine)}: whose alerts these are must be plain, so one alone"
            raise Failure(403, "no_right", reason)
        return mine[0]


def _parsed(body: bytes, encoding: str, now: int) -> Parsed:
    return parse_alerts(inflate(body, encoding), now)


def _bad(reason: str) -> Response:
    """Alertmanager's answer: the reason as a JSON string."""
    return Response(msgspec.json.encode(reason), 400, NO_STORE, media_type="application/json")
