"""One request and its answer, on a connection that reads to the end before it closes."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, Protocol

from uvicorn.protocols.http.httptools_impl import RequestResponseCycle


class Drained(Protocol):
    """A connection that can read what is left of a request before it closes."""

    transport: asyncio.Transport

    def drain(self, *, close: bool) -> None: ...


class Cycle(RequestResponseCycle):
    """One request and its answer."""

    def send(self, message: Any) -> Coroutine[Any, Any, None]:
        if not self.response_started and self.waiting_for_100_continue:
            # Whether the body still comes nobody can know: the next bytes may be anything.
            self.keep_alive = False
        return super().send(message)


class Outlet:
    """What a cycle writes to. Its `close` waits for the rest of a request that is answered already."""

    __slots__ = ("_protocol", "cycle")

    def __init__(self, protocol: Drained) -> None:
        self._protocol = protocol
        self.cycle: Cycle | None = None

    def write(self, data: bytes) -> None:
        self._protocol.transport.write(data)

    def is_closing(self) -> bool:
        return self._protocol.transport.is_closing()

    def close(self) -> None:
        protocol, cycle = self._protocol, self.cycle
        if cycle is not None and cycle.more_body and cycle.response_complete:
            protocol.drain(close=True)
        else:
            protocol.transport.close()
