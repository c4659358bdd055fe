"""What stands before every handler: who asks, whether the cockpit is ready, and what an error looks like."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
import numpy as np
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from cockpit.ingest.answers import Error, Problem
from cockpit.ingest.tokens import READERS, Grant
from cockpit.parts import Parts
from cockpit.store import StoreError
from cockpit.web.api_params import BadParameter

log = logging.getLogger(__name__)

NO_STORE = {"Cache-Control": "no-store"}


class Failure(Exception):
    """An answer that is an error, in the one shape all errors have."""

    def __init__(self, status: int, code: str, reason: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(reason)
        self.status = status
        self.code = code
        self.headers = headers or {}


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return str(value)


_json = msgspec.json.Encoder(enc_hook=_plain)


def answer(payload: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """A struct, or what else becomes JSON, as it is encoded: nothing is made of it in between."""
    return Response(
        _json.encode(payload), status, {**NO_STORE, **(headers or {})}, media_type="application/json"
    )


def refusal(status: int, code: str, reason: str, headers: dict[str, str] | None = None) -> Response:
    """An error as an answer."""
    return answer(Error(Problem(code, reason)), status, headers)


def late() -> Failure:
    """The answer to a command that nobody knows the end of yet."""
    reason = "the store has not answered in time: it may still be carried out; look before ordering it again"
    return Failure(503, "busy", reason)


Handler = Callable[[Request], Any]
AsyncHandler = Callable[[Request], Awaitable[Response]]


class Guard:
    """Wraps handlers. A plain handler runs on a thread and returns what is to become JSON, or a Response."""

    def __init__(self, cockpit: Parts) -> None:
        self._cockpit = cockpit

    def reading(self, handler: Handler) -> AsyncHandler:
        """Open on loopback; on any other address for tokens that may read."""

        async def run(request: Request) -> Response:
            def work() -> Any:
                self.must_be_ready()
                self.must_read(request)
                return handler(request)

            return await self._safely(request, lambda: run_in_threadpool(work))

        return run

    def open(self, handler: Handler) -> AsyncHandler:
        """For everyone, at any time, on the event loop: the handler must be quick and touch no disk."""

        async def run(request: Request) -> Response:
            async def work() -> Any:
                return handler(request)

            return await self._safely(request, work)

        return run

    def own(self, handler: Callable[[Request], Awaitable[Any]]) -> AsyncHandler:
        """A handler that checks for itself who may call it."""

        async def run(request: Request) -> Response:
            async def work() -> Any:
                self.must_be_ready()
                return await handler(request)

            return await self._safely(request, work)

        return run

    def must_be_ready(self) -> None:
        """Raises Failure 503 while the cockpit starts, when it could not, and when its files are gone."""
        if not self._cockpit.ready.is_set():
            raise Failure(503, "starting", f"the cockpit is starting: {self._cockpit.startup.phase}",
                          {"Retry-After": "1"})  # fmt: skip
        if (lost := self._cockpit.lost) is not None:
            raise Failure(503, "gone", f"nothing was promised: {lost}", {"Retry-After": "60"})

    def grant(self, request: Request) -> Grant:
        """What the caller's token allows. Raises Failure 401."""
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        headers = {"WWW-Authenticate": "Bearer"}
        if kind.lower() != "bearer" or not token.strip():
            raise Failure(401, "no_token", "expected the header Authorization: Bearer TOKEN", headers)
        found: Grant | None = self._cockpit.tokens.lookup(token.strip())
        if found is None:
            raise Failure(401, "unknown_token", "the token is not known here", headers)
        return found

    def person(self, request: Request) -> str:
        """The name of the person whose token came along, "" where none that is known did."""
        try:
            found = self.grant(request)
        except Failure:
            return ""  # reading may be open: who may read is asked elsewhere
        return found.name if found.person is not None else ""

    def must_have(self, request: Request, *roles: str) -> Grant:
        """Raises Failure 401 or 403."""
        found = self.grant(request)
        if found.role not in roles:
            raise Failure(
                403, "no_right", f"the token has the role {found.role}, expected {' or '.join(roles)}"
            )
        return found

    def must_send(self, request: Request) -> Grant:
        """A token that covers sources. Raises Failure 401 or 403, before anything of the body is read."""
        found = self.grant(request)
        if not found.sources:
            raise Failure(
                403, "no_right", f"the token has the role {found.role} and covers no source: it cannot send"
            )
        return found

    def must_read(self, request: Request) -> None:
        if self._cockpit.config.exposed:
            self.must_have(request, *sorted(READERS))

    async def _safely(self, request: Request, work: Callable[[], Awaitable[Any]]) -> Response:
        try:
            found = await work()
        except Failure as failure:
            return refusal(failure.status, failure.code, str(failure), failure.headers)
        except BadParameter as bad:
            return answer(Error(Problem("bad_parameter", str(bad), bad.where, bad.found, bad.expected)), 400)
        except StoreError as error:
            return refusal(503, error.code, str(error), {"Retry-After": "5"})
        except ClientDisconnect:
            return refusal(400, "cut_off", "the body ended early")
        except Exception:
            number = uuid.uuid4().hex[:6].upper()
            log.exception("error %s in %s %s", number, request.method, request.url.path)
            return refusal(500, "internal", f"an error inside the cockpit; its log has it as {number}")
        return found if isinstance(found, Response) else answer(found)
