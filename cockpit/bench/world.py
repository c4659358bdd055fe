"""How fast the simulated world is, and whether a country runs: `python -m cockpit.bench.world [day|country]`.

`day`: `cockpit simulate` writes 24 hours of the province to a file; seconds, greatest memory of all its
processes together, what was written. `country`: 34 provinces into one cockpit while viewers look, a tenth
faster than ×1, which makes 14,000 observations a second of 12,800; observations a second that were stored,
latency of a refresh, how far domain time kept up.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import re
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import psutil

from cockpit import ROOT
from cockpit.bench import processes
from cockpit.bench.pages import EVERY_S, page_names, percentile
from cockpit.bench.wsclient import watch_together

MAX_DAY_S = 120.0
MAX_DAY_MB = 1000.0
MAX_COUNTRY_P95_MS = 1000.0
MIN_COUNTRY_RATE = 13_500.0
MIN_KEPT_UP = 0.98
COUNTRY_SPEED, COUNTRY_START = 1.1, "2026-11-23T08:00:00+07:00"
COUNTRY_VIEWERS = 5
COUNTRY_SETTLE_S, COUNTRY_S = 60.0, 60.0
_OBSERVATIONS = re.compile(rb"^cockpit_observations_total (\S+)", re.M)
_VALUES = re.compile(rb'"values":\{([^}]*)\}')


def day(length: str = "24h") -> dict[str, Any]:
    """Write a day of the province. Figures in seconds, MB of 2^20 bytes, events, observations."""
    with tempfile.TemporaryDirectory(prefix="cockpit-bench-") as scratch:
        out = Path(scratch) / "day.ndjson"
        command = [sys.executable, "-c", "from cockpit.cli import main; main()", "simulate", "--seed", "7"]
        begun = time.perf_counter()
        with subprocess.Popen(
            [*command, "--for", length, "--speed", "max", "--out", str(out)], cwd=ROOT
        ) as ran:
            peak = _Peak(ran.pid)
            code = ran.wait()
            seconds = time.perf_counter() - begun
            most = peak.stop()
        if code:
            raise SystemExit(f"cockpit simulate ended with {code}")
        events = observations = 0
        with out.open("rb") as file:
            for line in file:
                events += 1
                found = _VALUES.search(line)
                observations += found[1].count(b":") if found else 0
        size = out.stat().st_size
    return {
        "length": length,
        "seconds": round(seconds, 1),
        "memory_mb": round(most / 2**20, 1),
        "events": events,
        "observations": observations,
        "gb": round(size / 1e9, 2),
        "machine": processes.machine(),
    }


class _Peak:
    """Greatest sum of the proportional set sizes of a process and its children, read ten times a second."""

    def __init__(self, pid: int) -> None:
        self._pid, self._most = pid, 0
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        while not self._end.wait(0.1):
            total = 0
            with contextlib.suppress(psutil.NoSuchProcess):
                root = psutil.Process(self._pid)
                for process in [root, *root.children(recursive=True)]:
                    with contextlib.suppress(OSError, ValueError):
                        total += processes.pss_bytes(process.pid)
            self._most = max(self._most, total)

    def stop(self) -> int:
        self._end.set()
        self._thread.join()
        return self._most


def country() -> dict[str, Any]:
    """A country beside viewers."""
    with (
        tempfile.TemporaryDirectory(prefix="cockpit-bench-") as scratch,
        processes.running(
            "demo",
            Path(scratch),
            *("--size", "country", "--history", "0"),
            *("--speed", str(COUNTRY_SPEED), "--start", COUNTRY_START),
            ready_s=300,
        ) as cockpit,
    ):
        time.sleep(COUNTRY_SETTLE_S)
        return asyncio.run(_watched(cockpit))


async def _watched(cockpit: processes.Running) -> dict[str, Any]:
    pages = ["" if name == "home" else name for name in page_names()]
    stored, domain, begun = _stored(cockpit), _domain_ms(cockpit), time.monotonic()
    latencies, errors = await watch_together(
        cockpit.address, pages, viewers=COUNTRY_VIEWERS, seconds=COUNTRY_S, every_s=EVERY_S
    )
    seconds = time.monotonic() - begun
    latencies.sort()
    memory = 0
    for process in cockpit.family():
        with contextlib.suppress(OSError):
            memory += processes.pss_bytes(process.pid)
    return {
        "viewers": COUNTRY_VIEWERS,
        "wish": COUNTRY_SPEED,
        "per_second": round((_stored(cockpit) - stored) / seconds),
        "speed": round((_domain_ms(cockpit) - domain) / 1000 / seconds, 3),
        "p50_ms": percentile(latencies, 50),
        "p95_ms": percentile(latencies, 95),
        "max_ms": percentile(latencies, 100),
        "refreshes": len(latencies),
        "memory_mb": round(memory / 2**20),
        "errors": sorted(set(errors)),
        "machine": processes.machine(),
    }


def _stored(cockpit: processes.Running) -> float:
    found = _OBSERVATIONS.search(cockpit.get("/metrics", timeout=30)[1])
    return float(found[1]) if found else 0.0


def _domain_ms(cockpit: processes.Running) -> int:
    return int(json.loads(cockpit.get("/api/v1/pulse", timeout=30)[1])["domain_ms"])


def over_limits(name: str, result: dict[str, Any]) -> list[str]:
    """What breaks a promise, one line each."""
    limits: tuple[tuple[str, float], ...]
    if name == "day":
        limits = (("seconds", MAX_DAY_S), ("memory_mb", MAX_DAY_MB))
    else:
        limits = (("p95_ms", MAX_COUNTRY_P95_MS),)
    found = [f"{name}: {key} {result[key]} over {limit:g}" for key, limit in limits if result[key] > limit]
    if name == "country":
        floors = (("per_second", MIN_COUNTRY_RATE), ("speed", MIN_KEPT_UP * COUNTRY_SPEED))
        found += [
            f"country: {key} {result[key]} under {floor:g}" for key, floor in floors if result[key] < floor
        ]
    return found + [f"an error was shown: {error}" for error in result.get("errors", ())]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", nargs="?", choices=("day", "country"), help="one of them instead of both")
    parser.add_argument("--json", action="store_true", help="only JSON on stdout")
    parser.add_argument("--check", action="store_true", help="exit 1 over a limit")
    options = parser.parse_args()
    measure = {"day": day, "country": country}
    figures = {name: measure[name]() for name in ([options.what] if options.what else measure)}
    print(json.dumps(figures, indent=None if options.json else 2))
    over = [line for name in figures for line in over_limits(name, figures[name])]
    if over:
        print("\n".join(over), file=sys.stderr)
    if options.check and over:
        sys.exit(1)


if __name__ == "__main__":
    main()
