"""What pages cost: `cockpit bench pages`.

A real cockpit plays the province at ×1 behind 30 days of roll-ups for every series and 50 million raw
observations. Viewers speak to it over websockets. The CPU of one run is read from the server process
around it, with what the process uses by itself taken off; rounds go over all pages in turn, more than a
second apart, so that no page finds its view computed a moment ago, and the median of the rounds counts.
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from cockpit import ROOT
from cockpit.bench import processes
from cockpit.bench.prepare import Prepared, prepare
from cockpit.bench.wsclient import Run, Viewer, watch_together
from cockpit.config import DEFAULT_PROFILE
from cockpit.profiles import load

OBSERVATIONS = 50_000_000
FEW_OBSERVATIONS = 1_000_000
DAYS = 30
ROUNDS = 5
ROUND_S = 1.05
VIEWERS = 20
EVERY_S = 2.0
VIEWERS_S = 12.0

LIMITS = {"cpu_ms": 50.0, "refresh_cpu_ms": 20.0, "viewers_cpu_percent": 30.0, "p95_ms": 300.0, "growth": 1.2}
"""The product's promises on two cores; `growth` is the cost behind 50 million over that behind 1 million."""

SLACK_MS = 3.0
"""Differences below this are noise of the measurement, whatever their ratio."""


@dataclass(frozen=True, slots=True)
class PageCost:
    """CPU of the server process for one run of the script and for one live refresh; bytes of a refresh."""

    cpu_ms: float
    refresh_cpu_ms: float
    bytes: int
    first_bytes: int
    refresh_ms: float


Progress = Callable[[str], None]


def measure(*, observations: int, viewers_s: float, compare: bool, progress: Progress) -> dict[str, Any]:
    """Run the whole measurement in a scratch directory. The dictionary is what `--json` prints."""
    with tempfile.TemporaryDirectory(prefix="cockpit-bench-") as scratch:
        few: dict[str, PageCost] = {}
        if compare:
            few = _one(Path(scratch) / "few", FEW_OBSERVATIONS, 0.0, progress)["pages"]
        many = _one(Path(scratch) / "many", observations, viewers_s, progress)
    prepared: Prepared = many["prepared"]
    result: dict[str, Any] = {
        "observations": prepared.observations,
        "series": prepared.series,
        "days": prepared.days,
        "database_bytes": prepared.database_bytes,
        "pages": {name: asdict(cost) for name, cost in many["pages"].items()},
        "viewers": many["viewers"],
        "errors": many["errors"],
        "machine": processes.machine(),
    }
    if compare:
        result["behind_few"] = {
            "observations": FEW_OBSERVATIONS,
            "pages": {name: asdict(cost) for name, cost in few.items()},
        }
    return result


def _one(directory: Path, observations: int, viewers_s: float, progress: Progress) -> dict[str, Any]:
    directory.mkdir()
    progress(f"preparing {observations:,} observations")
    prepared = prepare(
        directory, load(DEFAULT_PROFILE, size="province"), observations=observations, days=DAYS
    )
    progress("starting")
    with processes.running("demo", directory, "--speed", "1") as cockpit:
        pages = page_names()
        progress("measuring pages")
        costs, errors = asyncio.run(measure_pages(cockpit, [*pages, *OPENED]))
        viewers: dict[str, float] = {}
        if viewers_s:
            progress(f"{VIEWERS} viewers for {viewers_s:.0f} s")
            viewers, more = asyncio.run(measure_viewers(cockpit, pages, viewers_s))
            errors += more
    return {"prepared": prepared, "pages": costs, "viewers": viewers, "errors": sorted(set(errors))}


def page_names(root: Path = ROOT) -> list[str]:
    """Pages of a clone by their address, "home" being the first."""
    names = sorted(path.stem for path in (root / "pages").glob("*.py") if path.stem != "__init__")
    return ["home", *(name for name in names if name != "home")]


OPENED = ("indicators?id=I08", "units?id=07192")
"""Pages with something open: the card of a figure, a unit."""


def _address(page: str) -> str:
    return "" if page == "home" else page.partition("?")[0]


class Meter:
    """CPU of a process around a piece of work, less what it uses by itself."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._idle = 0.0  # CPU seconds a second

    async def learn_idle(self, seconds: float) -> None:
        begun, cpu = time.perf_counter(), processes.cpu_seconds(self._pid)
        await asyncio.sleep(seconds)
        used = processes.cpu_seconds(self._pid) - cpu
        self._idle = used / (time.perf_counter() - begun)

    async def around(self, work: Callable[[], Any]) -> tuple[Run, float]:
        """Run it; the run and its CPU in milliseconds."""
        begun, cpu = time.perf_counter(), processes.cpu_seconds(self._pid)
        run: Run = await work()
        await asyncio.sleep(0.01)  # what a run leaves to do after its last message
        used = processes.cpu_seconds(self._pid) - cpu - self._idle * (time.perf_counter() - begun)
        return run, max(0.0, used * 1000)


async def measure_pages(
    cockpit: processes.Running, pages: list[str]
) -> tuple[dict[str, PageCost], list[str]]:
    """The cost of every page, each in a tab of its own; one with something open by what its address says."""
    viewers = {page: Viewer(cockpit.address, query=page.partition("?")[2]) for page in pages}
    first: dict[str, Run] = {}
    whole: dict[str, list[float]] = {page: [] for page in pages}
    live: dict[str, list[tuple[float, Run]]] = {page: [] for page in pages}
    errors: list[str] = []
    try:
        for page, viewer in viewers.items():
            await viewer.__aenter__()
            first[page] = await viewer.open(_address(page))
            errors += [f"{page}: {error}" for error in first[page].errors]
        meter = Meter(cockpit.pid)
        await meter.learn_idle(2.0)
        for turn in range(ROUNDS):
            order = pages[turn % len(pages) :] + pages[: turn % len(pages)]
            for refresh in (False, True):
                begun = time.monotonic()
                for page in order:
                    viewer = viewers[page]
                    if refresh:
                        run, cpu = await meter.around(viewer.refresh_all)
                        live[page].append((cpu, run))
                    else:
                        run, cpu = await meter.around(viewer.rerun)
                        whole[page].append(cpu)
                    errors += [f"{page}: {error}" for error in run.errors]
                await asyncio.sleep(max(0.0, begun + ROUND_S - time.monotonic()))
    finally:
        for viewer in viewers.values():
            await viewer.__aexit__()
    return {
        page: PageCost(
            cpu_ms=round(statistics.median(whole[page]), 1),
            refresh_cpu_ms=round(statistics.median(cpu for cpu, _ in live[page]), 1),
            bytes=int(statistics.median(run.bytes for _, run in live[page])),
            first_bytes=first[page].bytes,
            refresh_ms=round(statistics.median(run.seconds for _, run in live[page]) * 1000, 1),
        )
        for page in pages
    }, errors


async def measure_viewers(
    cockpit: processes.Running, pages: list[str], seconds: float
) -> tuple[dict[str, float], list[str]]:
    """Viewers over all pages. CPU is that of the web process; the simulator's is told beside it."""
    children = [process.pid for process in cockpit.family()[1:]]
    idle = await _used([cockpit.pid], 2.0)
    settled = asyncio.create_task(
        watch_together(
            cockpit.address,
            [_address(page) for page in pages],
            viewers=VIEWERS,
            seconds=seconds + EVERY_S,
            every_s=EVERY_S,
        )
    )
    await asyncio.sleep(EVERY_S)  # opening the pages is not refreshing them
    web, simulator = await asyncio.gather(_used([cockpit.pid], seconds), _used(children, seconds))
    latencies, errors = await settled
    latencies.sort()
    return {
        "n": VIEWERS,
        "every_s": EVERY_S,
        "cpu_percent": round(web * 100, 1),
        "alone_cpu_percent": round(idle * 100, 1),
        "simulator_cpu_percent": round(simulator * 100, 1),
        "refreshes": len(latencies),
        "p50_ms": percentile(latencies, 50),
        "p95_ms": percentile(latencies, 95),
        "max_ms": percentile(latencies, 100),
    }, errors


async def _used(pids: list[int], seconds: float) -> float:
    """CPU seconds a second of these processes together."""
    begun, before = time.perf_counter(), sum(map(processes.cpu_seconds, pids))
    await asyncio.sleep(seconds)
    return (sum(map(processes.cpu_seconds, pids)) - before) / (time.perf_counter() - begun)


def percentile(ordered: list[float], percent: int) -> float:
    """Of seconds in ascending order, in milliseconds; 0 of none."""
    if not ordered:
        return 0.0
    return round(ordered[min(len(ordered) - 1, len(ordered) * percent // 100)] * 1000, 1)


def over_limits(result: dict[str, Any]) -> list[str]:
    """What breaks a promise, one line each."""
    found = [f"an error was shown: {error}" for error in result["errors"]]
    for name, cost in result["pages"].items():
        for key in ("cpu_ms", "refresh_cpu_ms"):
            if cost[key] > LIMITS[key]:
                found.append(f"{name}: {key} {cost[key]} over {LIMITS[key]}")
            few = result.get("behind_few", {}).get("pages", {}).get(name)
            if few and cost[key] > max(few[key] * LIMITS["growth"], few[key] + SLACK_MS):
                found.append(f"{name}: {key} {cost[key]} behind many observations, {few[key]} behind few")
    viewers = result["viewers"]
    if viewers.get("cpu_percent", 0) > LIMITS["viewers_cpu_percent"]:
        found.append(f"viewers: {viewers['cpu_percent']} % of a core over {LIMITS['viewers_cpu_percent']}")
    if viewers.get("p95_ms", 0) > LIMITS["p95_ms"]:
        found.append(f"viewers: p95 {viewers['p95_ms']} ms over {LIMITS['p95_ms']}")
    return found
