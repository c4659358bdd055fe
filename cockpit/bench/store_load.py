"""How fast the store alone takes observations: `python -m cockpit.bench.store_load [--json]`.

Batches as the door makes them, of 1,000 events with 5 values each, one event in a hundred a repeat,
from a fixed number of assets over a few minutes of event time. synchronous=FULL, repeats looked up,
`latest`, counters and roll-ups included; closing (the last flush) is part of the time.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections import deque
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cockpit.bench.catalogue import BenchProfile
from cockpit.clock import RealClock
from cockpit.store import Batch, Outcome, Store
from cockpit.store.batch import Rollup
from cockpit.store.store import bytes_written

START_MS = 1_795_000_000_000 // 3_600_000 * 3_600_000
EVENTS, VALUES = 1_000, 5
IN_FLIGHT = 8


@dataclass(frozen=True, slots=True)
class Load:
    """What a run brought. CPU in seconds of this process, all threads."""

    observations: int
    seconds: float
    cpu_s: float
    bytes_per_observation: float
    file_bytes_per_observation: float
    duplicates: int

    @property
    def per_second(self) -> float:
        return self.observations / self.seconds


def batches(count: int, assets: int, rhythm_ms: int) -> list[Batch]:
    """Bodies in order of time: every asset sends one event each `rhythm_ms`."""
    rng = np.random.Generator(np.random.Philox(7))
    made = []
    keys = times = np.zeros(EVENTS, np.int64)
    for n in range(count):
        batch = Batch()
        at = np.arange(n * EVENTS, (n + 1) * EVENTS)
        time_ = START_MS + at // assets * rhythm_ms + at % assets * rhythm_ms // assets
        # A multiplicative hash spreads the keys as a real one does.
        key = (at.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)).view(np.int64)
        if n:
            key[::100], time_[::100] = keys[::100], times[::100]
        keys, times = key.copy(), time_.copy()
        batch.key = keys
        batch.source = np.ones(EVENTS, np.int64)
        batch.time = times
        batch.received = times + 300
        batch.obs_event = np.repeat(np.arange(EVENTS), VALUES)
        series = ((at % assets + 1) * 256)[:, None] + np.arange(1, VALUES + 1)
        batch.obs_series = series.ravel()
        batch.obs_value = rng.integers(0, 1000, EVENTS * VALUES)
        made.append(batch)
    return made


def run(directory: Path, *, count: int, assets: int, rhythm_ms: int) -> Load:
    """Push `count` bodies through a fresh store in `directory`, a few in flight at a time."""
    work = batches(count, assets, rhythm_ms)
    store = Store(directory / "cockpit.db", BenchProfile(assets), RealClock(), writable=True)
    store.start()
    before, begun, cpu = bytes_written(), time.perf_counter(), time.process_time()
    waiting: deque[Future[Outcome]] = deque()
    duplicates = 0
    for batch in work:
        if len(waiting) >= IN_FLIGHT:
            duplicates += waiting.popleft().result().duplicates
        waiting.append(store.append(batch))
    duplicates += sum(future.result().duplicates for future in waiting)
    stored = store.stats().observations
    store.close()
    seconds = time.perf_counter() - begun
    return Load(
        observations=stored,
        seconds=seconds,
        cpu_s=time.process_time() - cpu,
        bytes_per_observation=(bytes_written() - before) / stored,
        file_bytes_per_observation=(directory / "cockpit.db").stat().st_size / stored,
        duplicates=duplicates,
    )


def run_history(directory: Path, *, assets: int, days: int, metrics: int) -> tuple[float, float]:
    """Seconds and CPU seconds for `days` of hourly roll-ups of `assets`, in bodies of 1,000."""
    rng = np.random.Generator(np.random.Philox(7))
    low = rng.integers(0, 500, (64, 24))
    spread = rng.integers(0, 60, (64, 24))
    n = np.full((64, 24), 240)
    pool = np.stack((n, n * low + spread * 77, low, low + spread), axis=1)
    items = [
        Rollup(asset, 20_000 + day, {m: pool[(asset + day + m) % 64] for m in range(1, metrics + 1)})
        for day in range(days)
        for asset in range(1, assets + 1)
    ]
    work = []
    for first in range(0, len(items), EVENTS):
        part = items[first : first + EVENTS]
        batch = Batch()
        at = np.arange(first, first + len(part)).astype(np.uint64)
        batch.key = (at * np.uint64(0x9E3779B97F4A7C15)).view(np.int64)
        batch.time = np.array([(item.day + 1) * 86_400_000 for item in part])
        batch.source = np.ones(len(part), np.int64)
        batch.received = batch.time
        batch.rollups = list(enumerate(part))
        work.append(batch)
    store = Store(directory / "cockpit.db", BenchProfile(assets), RealClock(), writable=True)
    store.start()
    begun, cpu = time.perf_counter(), time.process_time()
    waiting: deque[Future[Outcome]] = deque()
    for batch in work:
        if len(waiting) >= IN_FLIGHT:
            waiting.popleft().result()
        waiting.append(store.append(batch))
    for future in waiting:
        future.result()
    store.close()
    return time.perf_counter() - begun, time.process_time() - cpu


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bodies", type=int, default=400)
    parser.add_argument("--assets", type=int, default=5_600, help="with 5 values each: 28,000 series")
    parser.add_argument("--rhythm-ms", type=int, default=15_000)
    parser.add_argument("--history-days", type=int, default=0)
    parser.add_argument("--directory", default=None, help="where to make the scratch directory")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.directory) as scratch:
        if options.history_days:
            seconds, cpu = run_history(
                Path(scratch), assets=options.assets, days=options.history_days, metrics=3
            )
            size = (Path(scratch) / "cockpit.db").stat().st_size
            found: dict[str, float] = {"seconds": seconds, "cpu_s": cpu, "file_bytes": size}
        else:
            load = run(
                Path(scratch), count=options.bodies, assets=options.assets, rhythm_ms=options.rhythm_ms
            )
            found = {
                "per_second": load.per_second,
                "cpu_s": load.cpu_s,
                "bytes_per_observation": load.bytes_per_observation,
                "file_bytes_per_observation": load.file_bytes_per_observation,
                "duplicates": load.duplicates,
            }
    if options.json:
        print(json.dumps(found))
    else:
        for name, value in found.items():
            print(f"{name:28} {value:14,.1f}")


if __name__ == "__main__":
    main()
