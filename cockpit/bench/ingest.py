"""How fast events come in: over HTTP, with all checks, to the commit on disk, with the engine behind it.

`cockpit serve` on a new data directory; this process is the client, with four connections and bodies of
1,000 events that are made before the clock starts. Every event has its own id, camera and time. First come
events of a single value, then packed ones of five; CPU is that of all the cockpit's processes, until they
rest again.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cockpit.bench import processes
from cockpit.bench.bodies import SOURCE, Body, Cameras, cameras_of, catalogue_of, two_loads
from cockpit.bench.client import CONNECTIONS, send
from cockpit.store import visit

Progress = Callable[[str], None]

PACKED, SINGLE = 220, 140
WARM = 20
"""Bodies of each kind that come before the clock starts."""
MAX_SECONDS = 8.0
"""Of each kind: on a slow machine the rest is left out."""
REST_S = 5.0
LIMITS = {"per_second": 100_000, "bytes_per_observation": 300.0}
SYNCHRONOUS = {0: "off", 1: "normal", 2: "full", 3: "extra"}


@dataclass(frozen=True, slots=True)
class Phase:
    """Figures of one kind of events as `--json` shows them, and the values stored, those of the warm-up
    included."""

    shown: dict[str, float]
    values: int


def _phase(cockpit: processes.Running, token: str, bodies: list[Body]) -> Phase:
    """What it takes a running cockpit to store all bodies but the first ones, which warm it up."""
    warm = asyncio.run(send(cockpit.port, token, bodies[:WARM], seconds=MAX_SECONDS))
    cockpit.rest(REST_S)
    used = cockpit.cpu_seconds()
    sent = asyncio.run(send(cockpit.port, token, bodies[WARM:], seconds=MAX_SECONDS))
    cockpit.rest(REST_S)
    used = cockpit.cpu_seconds() - used
    waits = sorted(sent.waits)
    shown = {
        "per_second": round(sent.values / sent.seconds),
        "events_per_second": round(sent.events / sent.seconds),
        "p50_ms": round(waits[len(waits) // 2] * 1000, 1),
        "p95_ms": round(waits[len(waits) * 95 // 100] * 1000, 1),
        "cpu_us_per_value": round(used / sent.values * 1e6, 2),
    }
    return Phase(shown, warm.values + sent.values)


@dataclass(frozen=True, slots=True)
class Both:
    """Single events, packed events, and the bytes the process had written between them."""

    single: Phase
    packed: Phase
    written: int


def phases(
    cockpit: processes.Running, cameras: Cameras, *, singles: int, packs: int, progress: Progress
) -> Both:
    """Send a running cockpit so many bodies of single events, then of packed ones. Raises LoadError."""
    token = cockpit.token(SOURCE)
    one, five = two_loads(cameras, singles + WARM, packs + WARM, time.time_ns() // 1_000_000)
    progress(f"{singles} bodies of single events by {CONNECTIONS} connections")
    single = _phase(cockpit, token, one)
    written = cockpit.bytes_written()
    progress(f"{packs} bodies of packed events")
    return Both(single, _phase(cockpit, token, five), written)


def measure(progress: Progress = lambda _: None) -> dict[str, Any]:
    """Figures as JSON. Takes about 20 s on two cores, at most 35 s. Raises LoadError, StartError."""
    with tempfile.TemporaryDirectory(prefix="cockpit-bench-") as directory:
        progress("starting")
        cockpit = processes.start("serve", Path(directory))
        written = 0
        try:
            cockpit.wait_ready(60)
            cameras = cameras_of(catalogue_of(cockpit))
            found = phases(cockpit, cameras, singles=SINGLE, packs=PACKED, progress=progress)
            synchronous = _synchronous(Path(directory) / "cockpit.db")
        finally:
            written = cockpit.stop()
    return {
        **found.packed.shown,
        "bytes_per_observation": round((written - found.written) / found.packed.values, 1),
        "synchronous": synchronous,
        "single": {key: found.single.shown[key] for key in ("per_second", "cpu_us_per_value")},
        "machine": processes.machine(),
    }


def _synchronous(path: Path) -> str:
    """How a connection that writes to this store waits for the disk."""
    with visit(path) as conn:
        return SYNCHRONOUS[conn.execute("PRAGMA synchronous").fetchone()[0]]


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
