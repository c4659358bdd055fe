"""How quick pages stay while a flood comes in: twenty viewers beside 20,000 observations a second.

The flood goes to the door of the web process itself, the layout that has most to carry: pages, door, writer
and engine share one interpreter.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cockpit.bench import processes
from cockpit.bench.bodies import SOURCE, Body
from cockpit.bench.client import put
from cockpit.bench.pages import EVERY_S, VIEWERS, page_names, percentile
from cockpit.bench.wsclient import watch_together
from cockpit.clock import RealClock
from cockpit.config import DEFAULT_PROFILE
from cockpit.domain.instants import iso
from cockpit.profiles import load

PER_SECOND = 20_000
EVENTS, VALUES = 1_000, 4
SECONDS = 12.0
MAX_P95_MS = 300.0


def _body(n: int, at_ms: int, cameras: list[str]) -> Body:
    out = []
    for i in range(n * EVENTS, (n + 1) * EVENTS):
        values = f'"fps":{24 + i % 11 / 10:.1f},"loss_pct":{i * 7 % 300 / 100:.2f}'
        values += f',"bitrate_kbps":{1800 + i * 13 % 900},"change_pct":{i % 97 / 10:.1f}'
        out.append(
            f'{{"specversion":"1.0","id":"flood-{i}","source":"{SOURCE}","type":"ioc.observation",'
            f'"subject":"{cameras[i % len(cameras)]}","time":"{iso(at_ms)}",'
            f'"data":{{"values":{{{values}}}}}}}'
        )
    return Body(f"[{','.join(out)}]".encode(), EVENTS, EVENTS * VALUES)


async def _flood(port: int, token: str, cameras: list[str], seconds: float) -> float:
    """Send bodies at a steady pace; returns observations a second that were accepted."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 20)
    begun, accepted, n = time.perf_counter(), 0, 0
    pace = EVENTS * VALUES / PER_SECOND
    clock = RealClock()
    try:
        while time.perf_counter() - begun < seconds:
            await put(reader, writer, token, _body(n, clock.real_ms(), cameras))
            accepted += EVENTS
            n += 1
            await asyncio.sleep(max(0.0, begun + n * pace - time.perf_counter()))
    finally:
        writer.close()
    return accepted * VALUES / (time.perf_counter() - begun)


async def _both(cockpit: processes.Running, token: str, cameras: list[str]) -> dict[str, Any]:
    pages = ["" if name == "home" else name for name in page_names() if name != "simulator"]
    flood = asyncio.create_task(_flood(cockpit.port, token, cameras, SECONDS + 2))
    latencies, errors = await watch_together(
        cockpit.address, pages, viewers=VIEWERS, seconds=SECONDS, every_s=EVERY_S
    )
    latencies.sort()
    if errors:
        raise RuntimeError(f"a page showed an error: {errors[0]}")
    return {
        "per_second": round(await flood),
        "viewers": VIEWERS,
        "p50_ms": percentile(latencies, 50),
        "p95_ms": percentile(latencies, 95),
    }


def measure(progress: Callable[[str], None] = lambda _: None) -> dict[str, Any]:
    """`per_second` observations accepted, and the refresh of pages in ms meanwhile. About 20 s."""
    cameras = [a.code for a in load(DEFAULT_PROFILE).assets if a.kind == "camera"]
    with (
        tempfile.TemporaryDirectory(prefix="cockpit-bench-") as directory,
        processes.running("serve", Path(directory)) as cockpit,
    ):
        token = cockpit.token(SOURCE)
        progress(f"{VIEWERS} viewers beside {PER_SECOND:,} observations a second")
        return asyncio.run(_both(cockpit, token, cameras))


def over_limits(result: dict[str, Any]) -> list[str]:
    """What breaks a promise, one line each."""
    found = []
    if result["per_second"] < PER_SECOND * 0.95:
        found.append(f"pages: only {result['per_second']} observations a second came in beside the viewers")
    if result["p95_ms"] > MAX_P95_MS:
        found.append(f"pages: p95_ms {result['p95_ms']} beside the flood, expected at most {MAX_P95_MS}")
    return found
