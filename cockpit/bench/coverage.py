"""What the way from measurements to classes, gaps and sites costs: `cockpit bench coverage`.

A CSV file of samples is brought in by the real command in a process of its own, with its largest memory; then
classes of the province are built and the engine looks for gaps. Batches of ten thousand more rows come in one
by one, each until the classes hold them. Ten sites are suggested from the same samples, and certified. Last,
the coverage page of a running demo is drawn again and again, as in `cockpit bench pages`.

Rows are a pure function of their number, in the order of time over six days, as a campaign brings them: 1,200
phones of three operators on ways through the land cells of the province, thirty metres from one row to the
next, without signal in one cell of eight.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import h3

from cockpit.bench import processes
from cockpit.bench.pages import measure_pages
from cockpit.clock import Clock
from cockpit.config import DEFAULT_PROFILE
from cockpit.domain.coverage.certificate import certify
from cockpit.domain.coverage.placement import Wish, suggest
from cockpit.domain.instants import iso
from cockpit.domain.periods import DAY_MS
from cockpit.engine import Engine
from cockpit.ingest.door import Door
from cockpit.ingest.files import screened
from cockpit.ingest.mapping import OURS
from cockpit.ingest.report import ImportReport
from cockpit.ingest.sample_blocks import SampleBlocks, import_table
from cockpit.profiles import Profile, load
from cockpit.store import Store
from cockpit.store.queries import registers
from cockpit.views import coverage as view
from cockpit.views import sites
from cockpit.views.context import ViewContext

SAMPLES, BATCH, ROUNDS, SITES = 1_000_000, 10_000, 5, 10
DAYS, DEVICES = 6, 1_200
WAY, EVERY_MS = 8, 517
"""A phone measures so often on its way through a cell; the file goes on by so much with every row."""
SOURCE = "do-kiem"
BAD_EVERY = 8
"""One cell of so many is without signal."""

LIMITS = {
    "total_s": 6.0, "peak_mb": 700.0, "batch_ms": 150.0, "suggest_s": 0.5, "certificate_s": 2.0,
    "page_cpu_ms": 60.0,
}  # fmt: skip
"""The product's promises on two cores: total and memory for a million samples, ten times the time for ten
times as many."""
MANY_S = 60.0

LATER_MS = 1_800_000
"""The engine looks so much later than the file was written: it sees what was received before the last of its
looks, ten minutes apart."""

HEADER = "ts,operator,lat,lon,acc_m,rsrp_dbm,rsrq_db,sinr_db,dl_mbps,device_hash,source\n"
Progress = Callable[[str], None]


class _Now:
    """Domain time stands at the end of what was measured; monotonic time goes on."""

    def __init__(self, until: int) -> None:
        self._until = until

    def domain_ms(self) -> int:
        return self._until

    def real_ms(self) -> int:
        return self._until

    def monotonic(self) -> float:
        return time.monotonic()


def rows(profile: Profile, first: int, n: int, until: int) -> Iterator[str]:
    """Lines of CSV, those of numbers first..first+n−1."""
    cells = sorted(sites.atlas(profile).unit)
    middles = [h3.cell_to_latlng(cell) for cell in cells]
    operators = list(profile.operators)
    source = SOURCE
    begin = until - DAYS * DAY_MS
    for number in range(first, first + n):
        way, step = divmod(number, WAY)
        at = way * 7919 % len(cells)
        lat, lon = middles[at]
        device = way * 104_729 % DEVICES
        t = begin + number * EVERY_MS % (DAYS * DAY_MS)
        bad = at % BAD_EVERY == 0
        rsrp = (-121 if bad else -92) + number % 9
        lat += (step - WAY // 2) * 0.0003
        lon += (way // len(cells) % 9 - 4) * 0.0003
        yield (
            f"{iso(t)},{operators[device % len(operators)]},{lat:.5f},{lon:.5f},12,{rsrp},-11,7,"
            f"{1 if bad else 30},bench-{device},{source}\n"
        )


def measure(
    samples: int = SAMPLES, *, page: bool = True, progress: Progress = lambda _: None
) -> dict[str, Any]:
    """Run the measurement in a scratch directory. The dictionary is what `--json` prints."""
    profile = load(DEFAULT_PROFILE, size="province")
    with tempfile.TemporaryDirectory(prefix="cockpit-bench-") as scratch:
        folder = Path(scratch)
        progress(f"writing {samples:,} rows")
        file = folder / "samples.csv"
        until = int(time.time() * 1000) // 60_000 * 60_000
        with file.open("w", encoding="utf-8") as out:
            out.write(HEADER)
            out.writelines(rows(profile, 0, samples, until))
        progress("importing them by the command")
        imported = _import(folder, file)
        progress("classes, gaps, batches and sites")
        result: dict[str, Any] = {"samples": samples, "csv_bytes": file.stat().st_size, **imported}
        result |= _within(profile, folder, samples, until)
        result["total_s"] = round(result["import_s"] + result["classes_s"] + result["gaps_s"], 3)
        if page:
            progress("the coverage page of a demo")
            result["page_cpu_ms"] = _page(folder)
    return {**result, "machine": processes.machine()}


def _import(folder: Path, file: Path) -> dict[str, float]:
    """Seconds and largest memory (MB) of the real command."""
    command = processes.HERE.command("import", "measurements", str(file), "--data-dir", str(folder / "data"))
    begun = time.perf_counter()
    with (folder / "said.txt").open("wb") as said:
        child = os.posix_spawn(
            command[0], command, processes.HERE.environment(),
            file_actions=[(os.POSIX_SPAWN_DUP2, said.fileno(), 1), (os.POSIX_SPAWN_DUP2, said.fileno(), 2)],
        )  # fmt: skip
        _, status, used = os.wait4(child, 0)
    if status:
        told = (folder / "said.txt").read_text("utf-8", "replace")[-2000:]
        raise processes.StartError(f"the import ended with {status}:\n{told}")
    return {"import_s": round(time.perf_counter() - begun, 3), "peak_mb": round(used.ru_maxrss / 1024, 1)}


def _within(profile: Profile, folder: Path, samples: int, until: int) -> dict[str, Any]:
    """What this process does with the store that the command has filled."""
    clock: Clock = _Now(until + LATER_MS)
    store = Store(folder / "data" / "cockpit.db", profile, clock, writable=True)
    store.start()
    try:
        ctx = ViewContext(store, profile, until + LATER_MS, until + LATER_MS)
        found, classes_s = _timed(lambda: view.build(ctx))
        engine = Engine(store, profile, clock, played=False)
        _, gaps_s = _timed(engine.tick)
        engine.stop()
        with store.read() as conn:
            gaps = len(registers.open_entries(conn, "gap"))
        return {
            "stored": found.samples,
            "cells": sum(found.counts.values()),
            "classes_s": classes_s,
            "gaps": gaps,
            "gaps_s": gaps_s,
            **_batches(profile, store, clock, ctx, samples, until),
            **_sites(profile, ctx),
        }
    finally:
        store.close()


def _batches(
    profile: Profile, store: Store, clock: Clock, ctx: ViewContext, first: int, until: int
) -> dict[str, Any]:
    """Median of batches, from lines of CSV to stored sums, and to the classes of the map."""
    door = Door(store, profile, clock, simulated=False)
    stored, classes = [], []
    for turn in range(ROUNDS):
        lines = [HEADER, *rows(profile, first + turn * BATCH, BATCH, until)]
        items = [(n, line.encode()) for n, line in enumerate(lines, 1)]
        report = ImportReport()

        def bring(items: list[tuple[int, bytes]] = items, report: ImportReport = report) -> None:
            blocks = SampleBlocks(items, report, OURS, door, set())
            import_table(door, blocks, report, partial(screened, sources=profile.source))
            store.flush()

        _, took = _timed(bring)
        stored.append(took)
        classes.append(_timed(lambda: view.build(ctx))[1])
    door.close()
    both = [a + b for a, b in zip(stored, classes, strict=True)]
    return {
        "batch": BATCH,
        "batch_ms": round(statistics.median(stored) * 1000, 1),
        "batch_with_classes_ms": round(statistics.median(both) * 1000, 1),
    }


def _sites(profile: Profile, ctx: ViewContext) -> dict[str, Any]:
    """Ten sites and their certificate, with what is reached already worked out."""
    known, atlas_s = _timed(lambda: sites.atlas(profile))
    plan = sites.build(ctx, n=SITES)  # who is without, and reach
    people = {w.cell: w.people for w in plan.without}
    wish = Wish(sites=SITES)
    found, suggest_s = _timed(lambda: suggest(people, known.reach, wish, known.unit))
    told, certificate_s = _timed(lambda: certify(people, known.reach, wish, found))
    return {
        "sites": len(found.sites),
        "people": found.total,
        "of_optimum": round(told.ratio, 4),
        "proved": told.proved,
        "atlas_s": atlas_s,
        "suggest_s": suggest_s,
        "certificate_s": certificate_s,
    }


def _page(folder: Path) -> float:
    """CPU of drawing the coverage page once it is warm, in ms."""
    data = folder / "demo"
    data.mkdir()
    with processes.running("demo", data, "--speed", "1", "--history", "7") as cockpit:
        costs, errors = asyncio.run(measure_pages(cockpit, ["coverage"]))
    if errors:
        raise processes.StartError("; ".join(errors))
    return costs["coverage"].cpu_ms


def _timed(step: Callable[[], Any]) -> tuple[Any, float]:
    begun = time.perf_counter()
    found = step()
    return found, round(time.perf_counter() - begun, 4)


def over_limits(result: dict[str, Any]) -> list[str]:
    """What breaks a promise, as sentences."""
    limits = dict(LIMITS)
    if result["samples"] > SAMPLES:  # ten times as many may take ten times as long; memory is not promised
        limits["total_s"] = MANY_S * result["samples"] / (10 * SAMPLES)
        del limits["peak_mb"]
    return [
        f"{name} {result[name]}, expected at most {limit:g}"
        for name, limit in limits.items()
        if name in result and result[name] > limit
    ]
