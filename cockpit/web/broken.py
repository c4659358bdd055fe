"""Requests that cannot be understood: counted by what is wrong, and told in the log once a minute at most."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from http import HTTPStatus
from typing import NamedTuple

import msgspec

log = logging.getLogger("cockpit.door")

TELL_S = 60.0
"""Seconds between two lines about broken requests, however many there are."""


class Fault(NamedTuple):
    """What is wrong with a request: an answer in the one shape all errors have."""

    status: int
    code: str
    reason: str

    def body(self) -> bytes:
        return msgspec.json.encode({"error": {"code": self.code, "reason": self.reason}})

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
