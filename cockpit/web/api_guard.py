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

from cockpit.ingest.tokens import READERS, Grant
from cockpit.parts import Parts
from cockpit.store import StoreError
from cockpit.web.api_params import BadParameter

log = logging.getLogger(__name__)

NO_STORE = {"Cache-Control": "no-store"}


class Failure(Exception):
    """An answer that is an error, in the one shape all errors have."""

    def __init__(
        self, status: int, code: str, reason: str, headers: dict[str, str] | None = None, **more: Any
    ) -> None:
        super().__init__(reason)
        self.status = status
        self.payload = {"error": {"code": code, "reason": reason, **more}}
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
    return Response(
        _json.encode(payload), status, {**NO_STORE, **(headers or {})}, media_type="application/json"
    )


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
            return answer(failure.payload, failure.status, failure.headers)
        except BadParameter as bad:
            return _bad(bad)
        except StoreError as error:
            payload = {"error": {"code": error.code, "reason": str(error)}}
            return answer(payload, 503, {"Retry-After": "5"})
        except ClientDisconnect:
            return answer({"error": {"code": "cut_off", "reason": "the body ended early"}}, 400)
        except Exception:
            number = uuid.uuid4().hex[:6].upper()
            log.exception("error %s in %s %s", number, request.method, request.url.path)
            reason = f"an error inside the cockpit; its log has it as {number}"
            return answer({"error": {"code": "internal", "reason": reason}}, 500)
        return found if isinstance(found, Response) else answer(found)


def _bad(bad: BadParameter) -> Response:
    error = {
        "code": "bad_parameter",
        "reason": str(bad),
        "where": bad.where,
        "found": bad.found,
        "expected": bad.expected,
    }
    return answer({"error": error}, 400)
