"""Speaks to a cockpit byte by byte, as no well-behaved client would."""

from __future__ import annotations

import http.client
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from cockpit.bench import processes

PATIENCE_S = 90.0
LOCAL = b"Host: localhost\r\n"
HANDSHAKE = (
    b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
)


@dataclass
class Heard:
    """An answer. Status 0: the connection ended without one."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def code(self) -> str:
        """The code of an error in the one shape all errors have."""
        assert self.headers["content-type"] == "application/json", self
        error = json.loads(self.body)["error"]
        assert set(error) >= {"code", "reason"}
        assert error["reason"]
        return str(error["code"])


@dataclass
class Attacked:
    """A running cockpit with a token of a source."""

    cockpit: processes.Running
    token: str

    @property
    def port(self) -> int:
        return int(self.cockpit.address.rsplit(":", 1)[1])

    @property
    def bearer(self) -> bytes:
        return b"Authorization: Bearer " + self.token.encode() + b"\r\n"

    @contextmanager
    def line(self) -> Iterator[socket.socket]:
        with socket.create_connection(("127.0.0.1", self.port), PATIENCE_S) as line:
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            yield line

    def say(self, *packets: bytes) -> Heard:
        """Send packets, each after the one before has been read, and hear the first answer."""
        with self.line() as line:
            for i, packet in enumerate(packets):
                if i:
                    self.well()
                try:
                    line.sendall(packet)
                except OSError:  # it has been closed: what was answered can still be read
                    break
            return hear(line)

    def well(self) -> None:
        """Another client is answered: everything that came before has been read then."""
        assert self.say_once(b"GET /healthz HTTP/1.1\r\n" + LOCAL + b"\r\n").status == 200

    def say_once(self, packet: bytes) -> Heard:
        with self.line() as line:
            line.sendall(packet)
            return hear(line)

    def get(self, path: str, *, headers: bytes = LOCAL) -> Heard:
        return self.say(f"GET {path} HTTP/1.1\r\n".encode() + headers + b"\r\n")

    def post(self, body: bytes, *headers: bytes, packets: int = 1) -> Heard:
        """Post events, head and body in one packet or in two."""
        head = b"POST /api/v1/events HTTP/1.1\r\nContent-Type: application/json\r\n" + LOCAL + self.bearer
        head += b"Content-Length: %d\r\n" % len(body) + b"".join(h + b"\r\n" for h in headers) + b"\r\n"
        return self.say(head + body) if packets == 1 else self.say(head, body)


def hear(line: socket.socket) -> Heard:
    """One answer from a connection."""
    answer = http.client.HTTPResponse(line)
    try:
        answer.begin()
        return Heard(answer.status, answer.read(), {k.lower(): v for k, v in answer.getheaders()})
    except (http.client.HTTPException, OSError):
        return Heard(0)
    finally:
        answer.close()


def frame(kind: int, payload: bytes = b"") -> bytes:
    """A short websocket frame of a client."""
    mask = os.urandom(4)
    return (
        bytes((0x80 | kind, 0x80 | len(payload)))
        + mask
        + bytes(b ^ mask[i % 4] for i, b in enumerate(payload))
    )


def camera_event(name: str) -> dict[str, Any]:
    """An event that is accepted whenever it comes."""
    from cockpit.clock import RealClock
    from cockpit.domain.instants import iso

    return {
        "specversion": "1.0", "id": name, "source": "cam-vms", "type": "ioc.observation",
        "subject": "cam-00001", "time": iso(RealClock().real_ms()), "data": {"values": {"fps": 24.9}},
    }  # fmt: skip
