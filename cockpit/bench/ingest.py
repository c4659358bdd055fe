"""How fast events come in: over HTTP, with all checks, to the commit on disk.

A server process with the real routes, door and store; this process is the client, with four
connections and bodies of 1,000 events of 5 values made before the clock starts. Every event has its
own id, asset and time; 6,000 assets send every 15 s of event time.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

from cockpit import ROOT
from cockpit.bench import processes
from cockpit.bench.ingest_server import ASSETS, SOURCE
from cockpit.ingest.times import iso

Progress = Callable[[str], None]

CONNECTIONS = 4
EVENTS, VALUES = 1_000, 5
BODIES = 350
WARM = 20
RHYTHM_MS = 15_000
MAX_SECONDS = 12.0
LIMITS = {"per_second": 100_000, "bytes_per_observation": 300.0}


def body(n: int, start_ms: int) -> bytes:
    """Body `n`: 1,000 events that follow those of the body before."""
    out = []
    for i in range(n * EVENTS, (n + 1) * EVENTS):
        at = start_ms + i * RHYTHM_MS // ASSETS
        loss, rate, busy = i * 7 % 300 / 100, 1800 + i * 13 % 900, i * 11 % 1000 / 10
        out.append(
            f'{{"specversion":"1.0","id":"bench-{i:08d}","source":"{SOURCE}","type":"ioc.observation",'
            f'"subject":"bench-{i % ASSETS:05d}","time":"{iso(at)}","data":{{"values":{{'
            f'"fps":{24 + i % 11 / 10:.1f},"loss_pct":{loss:.2f},"bitrate_kbps":{rate},'
            f'"latency_ms":{i % 97 / 10 + 3:.1f},"util_pct":{busy:.1f}}}}}}}'
        )
    return f"[{','.join(out)}]".encode()


def request(token: str, content: bytes) -> bytes:
    """A POST of events over a connection that stays open."""
    head = (
        "POST /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Authorization: Bearer {token}\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content


async def post(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, sent: bytes) -> dict[str, Any]:
    """The answer to a request, with its `status`."""
    writer.write(sent)
    head = await reader.readuntil(b"\r\n\r\n")
    status = int(head.split(b" ", 2)[1])
    length = next(
        int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")
    )
    answer: dict[str, Any] = json.loads(await reader.readexactly(length))
    return {**answer, "status": status}


async def _load(port: int, token: str, bodies: list[bytes]) -> dict[str, Any]:
    """Send all bodies by four connections; latencies of those answered after the warm-up."""
    waiting = iter(bodies)
    waits: list[float] = []
    accepted = 0
    begun = ended = 0.0

    async def sender() -> None:
        nonlocal accepted, ended
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 20)
        try:
            for one in waiting:
                while True:
                    at = time.perf_counter()
                    answer = await post(reader, writer, request(token, one))
                    if answer["status"] != 429:
                        break
                    await asyncio.sleep(0.05)
                if answer["status"] != 202 or answer["rejected"]:
                    raise RuntimeError(f"the door answered {str(answer)[:400]}")
                ended = time.perf_counter()
                waits.append(ended - at)
                accepted += answer["accepted"]
                if begun and ended - begun > MAX_SECONDS:
                    break
        finally:
            writer.close()

    first, waiting = bodies[:WARM], iter(bodies[:WARM])
    await asyncio.gather(*(sender() for _ in range(CONNECTIONS)))
    waits.clear()
    accepted = 0
    waiting = iter(bodies[len(first) :])
    begun = time.perf_counter()
    await asyncio.gather(*(sender() for _ in range(CONNECTIONS)))
    waits.sort()
    seconds = ended - begun
    return {
        "per_second": round(accepted * VALUES / seconds),
        "events_per_second": round(accepted / seconds),
        "p50_ms": round(waits[len(waits) // 2] * 1000, 1),
        "p95_ms": round(waits[len(waits) * 95 // 100] * 1000, 1),
    }


def measure(progress: Progress = lambda _: None, *, count: int = BODIES) -> dict[str, Any]:
    """Figures as JSON. Takes about 10 s on two cores, at most 25 s."""
    with tempfile.TemporaryDirectory(prefix="cockpit-bench-") as directory:
        server = subprocess.Popen(
            [sys.executable, "-m", "cockpit.bench.ingest_server", directory],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        try:
            progress(f"making {count} bodies of {EVENTS} events")
            start_ms = time.time_ns() // 1_000_000 - count * EVENTS * RHYTHM_MS // ASSETS
            bodies = [body(n, start_ms) for n in range(count)]
            assert server.stdin is not None  # noqa: S101 - asked for above
            assert server.stdout is not None  # noqa: S101 - asked for above
            hello = json.loads(server.stdout.readline())
            progress(f"sending them by {CONNECTIONS} connections")
            figures = asyncio.run(_load(hello["port"], hello["token"], bodies))
            server.stdin.close()
            bye = json.loads(server.stdout.readline())
        finally:
            if server.stdin is not None and not server.stdin.closed:
                server.kill()
            server.wait()
            for pipe in (server.stdin, server.stdout):
                if pipe is not None:
                    pipe.close()
    written = bye["bytes_written"] - hello["bytes_written"]
    return {
        **figures,
        "bytes_per_observation": round(written / max(1, bye["observations"]), 1),
        "synchronous": hello["synchronous"],
        "machine": processes.machine(),
    }


def over_limits(result: dict[str, Any]) -> list[str]:
    """What breaks a promise, one line each."""
    found = []
    if result["per_second"] < LIMITS["per_second"]:
        found.append(f"per_second {result['per_second']}, expected at least {LIMITS['per_second']}")
    if result["bytes_per_observation"] > LIMITS["bytes_per_observation"]:
        most = LIMITS["bytes_per_observation"]
        found.append(f"bytes_per_observation {result['bytes_per_observation']}, expected at most {most}")
    if result["synchronous"] != "full":
        found.append(f"synchronous {result['synchronous']}, expected full")
    return found
