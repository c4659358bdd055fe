"""The clients of measurements: bodies over HTTP connections that stay open, each sent when the one before is
answered, which is after its commit."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from cockpit.bench.bodies import Body, LoadError

CONNECTIONS = 4
ANSWER_S = 60.0


@dataclass(slots=True)
class Sent:
    """What was accepted, and how long it took: seconds in all, and of each body."""

    events: int = 0
    values: int = 0
    seconds: float = 0.0
    waits: list[float] = field(default_factory=list)


def request(token: str, content: bytes) -> bytes:
    """A POST of events over a connection that stays open."""
    head = (
        "POST /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Authorization: Bearer {token}\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content


async def post(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, sent: bytes) -> dict[str, Any]:
    """The answer to a request, with its `status`. Raises LoadError where none comes."""
    try:
        async with asyncio.timeout(ANSWER_S):
            writer.write(sent)
            head = await reader.readuntil(b"\r\n\r\n")
            status = int(head.split(b" ", 2)[1])
            lines = (line for line in head.split(b"\r\n") if line.lower().startswith(b"content-length"))
            length = int(next(lines).split(b":")[1])
            answer: dict[str, Any] = json.loads(await reader.readexactly(length))
    except TimeoutError:
        raise LoadError(f"the door did not answer in {ANSWER_S:.0f} s") from None
    except (OSError, EOFError) as error:
        raise LoadError(f"the door closed the connection: {error}") from None
    return {**answer, "status": status}


async def put(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, token: str, body: Body) -> None:
    """Send a body until it is taken. Raises LoadError unless every event is accepted as new."""
    sent = request(token, body.content)
    while (answer := await post(reader, writer, sent))["status"] == 429:
        await asyncio.sleep(0.05)
    if answer["status"] != 202 or answer["accepted"] != body.events:
        raise LoadError(f"the door answered {str(answer)[:400]}")


async def send(port: int, token: str, bodies: Iterable[Body], *, seconds: float) -> Sent:
    """Send all bodies by four connections; those not begun after so many seconds are left out."""
    waiting = iter(bodies)
    done = Sent()
    begun = time.perf_counter()

    async def sender() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 20)
        try:
            for body in waiting:
                at = time.perf_counter()
                await put(reader, writer, token, body)
                now = time.perf_counter()
                done.waits.append(now - at)
                done.events += body.events
                done.values += body.values
                done.seconds = now - begun
                if done.seconds > seconds:
                    break
        finally:
            writer.close()

    await asyncio.gather(*(sender() for _ in range(CONNECTIONS)))
    return done
