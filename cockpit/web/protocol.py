"""HTTP as uvicorn speaks it, held to limits: what a connection sends is bounded in bytes, pieces and time.

uvicorn parses with httptools, which joins the pieces of a header one by one without an end, leaves out the
body of a request that offers an upgrade, and answers what it cannot read in plain text: mended here.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
import urllib.parse
from itertools import chain
from typing import Any, cast

import httptools
from uvicorn.protocols.http.flow_control import HIGH_WATER_LIMIT
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from cockpit.web import broken as faults
from cockpit.web import limits
from cockpit.web.broken import Fault, broken
from cockpit.web.cycle import Cycle, Outlet

log = logging.getLogger("cockpit.door")

OFFERS = (b"upgrade", b"http2-settings")
"""Headers that offer another protocol: whoever does not take the offer passes over them."""


class DoorProtocol(HttpToolsProtocol):
    """A connection. Times are those of the event loop's clock."""

    most = limits.CONNECTIONS
    """Connections at once; set when the server starts."""
    _warned = -60.0  # when the log last said that they are nearly too many

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.cycle: Cycle | None  # type: ignore[assignment]
        self._in_head = True
        self._head_since: float | None = None
        self._head_bytes = 0
        self._begun = False  # whether the request at hand has said its first word
        self._headers = 0
        self._complete = 0  # messages received in full,
        self._before = 0  # and before the piece at hand
        self._frame = 0
        self._silence = 0  # bytes since the last one of a body
        self._offer = False
        self._fault: Fault | None = None
        self._deaf = False
        self._draining = False
        self._close_after = False
        self._drain_left = 0
        self._drain_until = 0.0
        self._heard = 0.0
        self._body_since = 0.0
        self._unsent = 0
        self._unsent_since = 0.0
        self._watch: asyncio.TimerHandle | None = None

    # The connection

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._heard = self.loop.time()
        there = len(self.connections)
        if there > self.most:
            self._turn_away(there)
            if transport.is_closing():
                return
        elif there >= self.most * limits.NEARLY:
            self._warn(there)
        self._watch = self.loop.call_later(limits.WATCH_S, self._look)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._watch is not None:
            self._watch.cancel()
        super().connection_lost(exc)

    def eof_received(self) -> None:
        if self._draining:
            self.transport.close()

    def _turn_away(self, there: int) -> None:
        broken.tell(faults.BUSY.code, self.client)
        self._deaf = True
        if there > self.most + limits.REFUSED_AT_ONCE:
            self.transport.abort()
            return
        self._say(faults.BUSY, (b"retry-after", b"5"))

    @classmethod
    def _warn(cls, there: int) -> None:
        now = time.monotonic()
        if now - DoorProtocol._warned >= 60:
            DoorProtocol._warned = now
            log.warning("%d connections are open, at most %d may be", there, cls.most)

    # What comes in

    def data_received(self, data: bytes) -> None:
        self._unset_keepalive_if_required()
        self._heard = self.loop.time()
        if self._draining:
            self._drain_left -= len(data)
            if self._drain_left < 0:
                self.transport.abort()
                return
        if len(data) < limits.HEAD_BYTES - self._head_bytes:
            self._take(data)
            return
        rest = memoryview(data)  # a head gets as much as it may still have, a body all there is
        while rest and not self._deaf and not self.transport.is_closing():
            room = limits.HEAD_BYTES - self._head_bytes if self._in_head else len(rest)
            self._take(rest[:room])
            rest = rest[room:]

    def _take(self, piece: bytes | memoryview) -> None:
        """Parse a piece."""
        size, in_head = len(piece), self._in_head
        if in_head and self._head_since is None:
            self._head_since = self._heard
        self._before = self._complete
        self._frame += size
        self._silence += size
        self._feed(piece)
        if self._in_head:
            # A head that begins behind another request within one piece is counted from the next one on.
            self._head_bytes = self._head_bytes + size if in_head and self._before == self._complete else 0
            if self._head_bytes >= limits.HEAD_BYTES:
                self.refuse(faults.LONG_HEAD)
        elif self._silence > limits.HEAD_BYTES or self._frame > limits.FRAME_BYTES:
            self.refuse(faults.LONG_FRAME)

    def _feed(self, piece: bytes | memoryview) -> None:
        if self._deaf:
            return
        try:
            self.parser.feed_data(piece)
        except httptools.HttpParserUpgrade as upgrade:
            if self._offer:
                self._decline(piece[upgrade.args[0] :])
            elif self.cycle is not None and not self.cycle.response_complete:
                self.refuse(faults.BAD_REQUEST)
            else:
                self.handle_websocket_upgrade()
        except httptools.HttpParserError:
            self.refuse(self._fault or faults.BAD_REQUEST)

    def _decline(self, rest: bytes | memoryview) -> None:
        """Read the request again as if nothing had been offered: httptools passes over its body else."""
        self._offer = False
        method = self.parser.get_method()
        if method == b"CONNECT":
            self.refuse(faults.NO_TUNNEL)
            return
        head = [method, b" ", self.url, b" HTTP/", self.parser.get_http_version().encode(), b"\r\n"]
        for name, value in self.headers:
            if name == b"connection":
                value = b", ".join(t for t in map(bytes.strip, value.split(b",")) if t.lower() not in OFFERS)
                if not value:
                    continue
            if name not in OFFERS:
                head += [name, b": ", value, b"\r\n"]
        self.parser = httptools.HttpRequestParser(self)
        self.parser.set_dangerous_leniencies(lenient_data_after_close=True)
        self._feed(b"".join([*head, b"\r\n"]))
        self._frame, self._silence = len(rest), len(rest)
        if rest:
            self._feed(rest)

    def handle_websocket_upgrade(self) -> None:
        if self._watch is not None:
            self._watch.cancel()
        super().handle_websocket_upgrade()
        self._deaf = True

    # What the parser finds

    def on_message_begin(self) -> None:
        if len(self.pipeline) >= limits.PIPELINED:
            self._fail(faults.MANY_REQUESTS)
        super().on_message_begin()
        self._begun = True
        self._headers = 0

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers += 1
        if self._headers > limits.HEADERS:
            self._fail(faults.MANY_HEADERS)
        if not self._in_head:
            return  # a trailer: nobody asks for those
        name = name.lower()
        if name == b"expect" and value.lower() == b"100-continue":
            self.expect_100_continue = True
        self.headers.append((name, value))

    def on_headers_complete(self) -> None:
        version = self.parser.get_http_version()
        method = self.parser.get_method()
        if self.parser.should_upgrade():
            self._offer = not (method == b"GET" and version == "1.1" and self._should_upgrade())
            self.scope["method"] = method.decode("ascii")
            return
        self._in_head, self._head_since, self._head_bytes = False, None, 0
        self._frame = self._silence = 0
        if self._before != self._complete and sum(map(len, chain(*self.headers))) > limits.HEAD_BYTES:
            self._fail(faults.LONG_HEAD)
        self._body_since = self._heard
        try:
            url = httptools.parse_url(self.url)
            path = url.path.decode("ascii")
        except (httptools.HttpParserError, UnicodeDecodeError, AttributeError):
            self._fail(faults.BAD_PATH)
        self.scope["method"] = method.decode("ascii")
        if version != "1.1":
            self.scope["http_version"] = version
        self.scope["path"] = self.root_path + (urllib.parse.unquote(path) if "%" in path else path)
        self.scope["raw_path"] = self.root_path.encode("ascii") + url.path
        self.scope["query_string"] = url.query or b""
        self._begin(keep_alive=version != "1.0" and self.parser.should_keep_alive())

    def _begin(self, *, keep_alive: bool) -> None:
        """Start the request, or let it wait for the answers before."""
        outlet = Outlet(self)
        before, self.cycle = self.cycle, Cycle(
            scope=self.scope,
            transport=cast(asyncio.Transport, outlet),
            flow=self.flow,
            logger=self.logger,
            access_logger=self.access_logger,
            access_log=self.access_log,
            default_headers=self.server_state.default_headers,
            message_event=asyncio.Event(),
            expect_100_continue=self.expect_100_continue,
            keep_alive=keep_alive,
            on_response=self.on_response_complete,
        )  # fmt: skip
        outlet.cycle = self.cycle
        if before is None or before.response_complete:
            self._start_asgi_task(self.cycle, self.app)
        else:
            self.flow.pause_reading()
            self.pipeline.appendleft((self.cycle, self.app))

    def on_body(self, body: bytes) -> None:
        self._frame -= len(body)
        self._silence = 0
        if self.cycle is not None and not self.cycle.response_complete:
            self.cycle.body += body
            if len(self.cycle.body) > HIGH_WATER_LIMIT:
                self.flow.pause_reading()
            self.cycle.message_event.set()

    def on_message_complete(self) -> None:
        if self.parser.should_upgrade():
            return
        self._complete += 1
        self._in_head, self._begun, self._head_since = True, False, None
        if self.cycle is not None:
            self.cycle.more_body = False
            self.cycle.message_event.set()
        if self._draining:
            self._draining = False
            if self._close_after:
                self.transport.close()

    def on_response_complete(self) -> None:
        self._heard = self.loop.time()
        super().on_response_complete()
        if self.cycle is not None and self.cycle.more_body and self.cycle.response_complete:
            self.drain(close=self._close_after)

    def _fail(self, fault: Fault) -> None:
        """Stop the parser in the middle."""
        self._fault = fault
        raise ValueError(fault.code)

    # What goes wrong

    def drain(self, *, close: bool) -> None:
        """The request at hand is answered: read what is left of it, within bounds; then close or go on."""
        self._close_after = close
        if self._draining or self.transport.is_closing():
            return
        self._draining = True
        self._drain_left = limits.DRAIN_BYTES
        self._heard = self.loop.time()
        self._drain_until = self._heard + limits.DRAIN_S
        self.flow.resume_reading()
        if close and self.transport.can_write_eof():
            with contextlib.suppress(OSError, RuntimeError):  # the other side may be gone by now
                self.transport.write_eof()  # who waits for the end of the answer has it

    def refuse(self, fault: Fault) -> None:
        """Count it and answer; what follows on this connection is not read."""
        if self._deaf:
            return
        broken.tell(fault.code, self.client)
        self._deaf = True
        now = self.cycle
        if now is None or now.response_complete:
            if self._draining:  # it has had its answer
                self.transport.close()
            else:
                self._say(fault)
        elif not now.more_body:
            now.keep_alive = False  # what was asked before is answered first
        elif self.pipeline or now.response_started:
            self.transport.close()
        else:
            now.disconnected = True  # so its handler ends
            now.message_event.set()
            self._say(fault)

    def _say(self, fault: Fault, *headers: tuple[bytes, bytes]) -> None:
        """Write the answer; the connection ends when its sender has read it, or soon."""
        self.transport.write(fault.answer(*self.server_state.default_headers, *headers))
        self.drain(close=True)

    def send_400_response(self, msg: str) -> None:
        self.refuse(faults.BAD_REQUEST)

    def shutdown(self) -> None:
        if self._draining:
            self.transport.close()
        else:
            super().shutdown()

    # The watch

    def _look(self) -> None:
        """Once a second: end what has stopped."""
        now = self.loop.time()
        self._watch = self.loop.call_later(limits.WATCH_S, self._look)
        if self._stuck(now):
            self.transport.abort()
        elif self.transport.is_closing() or self._wait(now):
            return
        elif self._draining:
            if now > self._drain_until or now - self._heard > limits.DRAIN_IDLE_S:
                self.transport.close()
        elif self._head_since is not None and now - self._head_since > limits.HEAD_S:
            if self._begun:
                self.refuse(faults.SLOW_HEAD)
            else:
                self.transport.close()
        elif self.cycle is not None and self.cycle.more_body and not self.cycle.response_complete:
            if now - self._heard > limits.IDLE_S:
                self.refuse(faults.STALLED)
            elif now - self._body_since > limits.BODY_S:
                self.refuse(faults.SLOW_BODY)
        elif (self.cycle is None or self.cycle.response_complete) and now - self._heard > limits.IDLE_S:
            self.transport.close()

    def _wait(self, now: float) -> bool:
        """Whether it is us who do not read at the moment: then no time runs."""
        if not self.flow.read_paused:
            return False
        self._heard = now
        if self._head_since is not None:
            self._head_since = now
        return True

    def _stuck(self, now: float) -> bool:
        """Whether the other side has not taken anything of the answer for long."""
        size = self.transport.get_write_buffer_size()
        if size == 0 or size != self._unsent:
            self._unsent, self._unsent_since = size, now
        return size > 0 and now - self._unsent_since > limits.IDLE_S
