"""Requests that cannot be understood: counted by what is wrong, and told in the log once a minute at most."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from http import HTTPStatus
from typing import NamedTuple

import msgspec

from cockpit.ingest.answers import Error, Problem
from cockpit.web import limits

log = logging.getLogger("cockpit.door")

TELL_S = 60.0
"""Seconds between two lines about broken requests, however many there are."""


class Fault(NamedTuple):
    """What is wrong with a request: an answer in the one shape all errors have."""

    status: int
    code: str
    reason: str

    def body(self) -> bytes:
        return msgspec.json.encode(Error(Problem(self.code, self.reason)))

    def answer(self, *headers: tuple[bytes, bytes]) -> bytes:
        """The whole answer as bytes, for a connection that ends with it."""
        body = self.body()
        lines = [
            f"HTTP/1.1 {self.status} {HTTPStatus(self.status).phrase}".encode(),
            *(name + b": " + value for name, value in headers),
            b"content-type: application/json",
            b"cache-control: no-store",
            b"x-content-type-options: nosniff",
            b"content-length: %d" % len(body),
            b"connection: close",
        ]
        return b"\r\n".join(lines) + b"\r\n\r\n" + body


BAD_REQUEST = Fault(400, "bad_request", "this is no HTTP request")
BAD_PATH = Fault(400, "bad_request", "the path of the request cannot be read: expected percent-encoded ASCII")
NO_TUNNEL = Fault(405, "bad_method", "CONNECT is not possible here")
LONG_HEAD = Fault(
    431, "head_too_large", f"request line and headers are larger than {limits.HEAD_BYTES} bytes together"
)
MANY_HEADERS = Fault(431, "too_many_headers", f"there are more than {limits.HEADERS} headers")
LONG_FRAME = Fault(400, "frame_too_large", "too much stands between the pieces of the chunked body")
MANY_REQUESTS = Fault(
    429, "too_many_requests", f"more than {limits.PIPELINED} requests wait on this connection"
)
SLOW_HEAD = Fault(408, "too_slow", f"the headers took longer than {limits.HEAD_S:g} s")
SLOW_BODY = Fault(408, "too_slow", f"the body took longer than {limits.BODY_S:g} s")
STALLED = Fault(408, "too_slow", f"nothing of the body came for {limits.IDLE_S:g} s")
BUSY = Fault(503, "too_many_connections", "too many connections are open: try again in a moment")


class Broken:
    """Counts of one process, by code. Everything happens on the event loop; reading is safe anywhere."""

    def __init__(self) -> None:
        self._total: Counter[str] = Counter()
        self._untold: Counter[str] = Counter()
        self._last = ""
        self._told = -TELL_S
        self._later: asyncio.AbstractEventLoop | None = None

    def totals(self) -> dict[str, int]:
        """How many there were since the start, by code."""
        return dict(self._total)

    def tell(self, code: str, client: tuple[str, int] | None) -> None:
        """Count one. The first is logged at once, what follows within a minute together in one line."""
        self._total[code] += 1
        self._untold[code] += 1
        self._last = client[0] if client else "an unknown address"
        loop = asyncio.get_running_loop()
        wait = self._told + TELL_S - time.monotonic()
        if wait <= 0:
            self._log()
        elif self._later is not loop:
            self._later = loop
            loop.call_later(wait, self._log)

    def _log(self) -> None:
        self._later = None
        if not self._untold:
            return
        self._told = time.monotonic()
        kinds = ", ".join(f"{n} {code}" for code, n in sorted(self._untold.items()))
        log.warning("refused connections and requests: %s; the last from %s", kinds, self._last)
        self._untold.clear()


broken = Broken()
"""Of this process: its connections share one event loop."""
