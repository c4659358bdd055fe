"""An hour with twenty viewers: does memory stay, does it stay quick? `make soak`.

Memory is the sum of the proportional set sizes of all processes of the cockpit, read every ten seconds;
its slope is a least-squares line through the last two thirds of the time. Exit 1 when a promise breaks.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from cockpit.bench import processes
from cockpit.bench.pages import EVERY_S, VIEWERS, page_names, percentile
from cockpit.bench.wsclient import watch_together

SAMPLE_S = 10.0
MAX_PSS_MB = 700.0
MAX_SLOPE_MB_H = 5.0
MAX_P95_MS = 300.0


def slope_per_hour(seconds: list[float], values: list[float]) -> float:
    """Least-squares slope of values over time, per hour. 0 with fewer than two points."""
    if len(seconds) < 2:
        return 0.0
    x, y = np.array(seconds) / 3600, np.array(values)
    x = x - x.mean()
    return float((x * (y - y.mean())).sum() / (x * x).sum())


async def _watch_memory(cockpit: processes.Running, at: list[float], pss: list[float]) -> None:
    begun = time.monotonic()
    while True:
        total = 0
        for process in cockpit.family():
            with contextlib.suppress(OSError):
                total += processes.pss_bytes(process.pid)
        at.append(time.monotonic() - begun)
        pss.append(total / 2**20)
        print(f"{at[-1]:7.0f} s {pss[-1]:8.1f} MB", file=sys.stderr, flush=True)
        await asyncio.sleep(SAMPLE_S)


async def _soak(cockpit: processes.Running, minutes: float) -> dict[str, Any]:
    at: list[float] = []
    pss: list[float] = []
    memory = asyncio.create_task(_watch_memory(cockpit, at, pss))
    pages = ["" if name == "home" else name for name in page_names()]
    try:
        latencies, errors = await watch_together(
            cockpit.address, pages, viewers=VIEWERS, seconds=minutes * 60, every_s=EVERY_S
        )
    finally:
        memory.cancel()
    third = len(at) // 3
    latencies.sort()
    return {
        "minutes": minutes,
        "viewers": VIEWERS,
        "every_s": EVERY_S,
        "refreshes": len(latencies),
        "pss_mb": {"first": round(pss[0], 1), "max": round(max(pss), 1), "last": round(pss[-1], 1)},
        "slope_mb_per_hour": round(slope_per_hour(at[third:], pss[third:]), 2),
        "p50_ms": percentile(latencies, 50),
        "p95_ms": percentile(latencies, 95),
        "max_ms": percentile(latencies, 100),
        "errors": sorted(set(errors)),
        "machine": processes.machine(),
    }


def over_limits(result: dict[str, Any]) -> list[str]:
    """What breaks a promise, one line each."""
    found = [f"an error was shown: {error}" for error in result["errors"]]
    if result["pss_mb"]["max"] > MAX_PSS_MB:
        found.append(f"memory {result['pss_mb']['max']} MB over {MAX_PSS_MB}")
    if result["slope_mb_per_hour"] > MAX_SLOPE_MB_H:
        found.append(f"memory grows by {result['slope_mb_per_hour']} MB an hour, more than {MAX_SLOPE_MB_H}")
    if result["p95_ms"] > MAX_P95_MS:
        found.append(f"p95 {result['p95_ms']} ms over {MAX_P95_MS}")
    return found


def main() -> int:
    """Run it; print the figures as JSON on stdout."""
    parser = argparse.ArgumentParser(prog="cockpit.bench.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--history", type=int, default=30, help="days of history the demo begins with")
    parser.add_argument("--scenario", action="append", default=[], help="what plays besides, at --speed")
    parser.add_argument("--speed", default="1")
    options = parser.parse_args()
    played = [part for code in options.scenario for part in ("--scenario", code)]
    with tempfile.TemporaryDirectory(prefix="cockpit-soak-") as scratch:
        data = Path(scratch)
        settings = ["--history", str(options.history), "--speed", options.speed, *played]
        with processes.running("demo", data, *settings) as cockpit:
            result = asyncio.run(_soak(cockpit, options.minutes))
            result["data_mb"] = round(sum(f.stat().st_size for f in data.iterdir()) / 2**20, 1)
    print(json.dumps(result, indent=2))
    broken = over_limits(result)
    for line in broken:
        print(line, file=sys.stderr)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
