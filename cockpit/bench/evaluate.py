"""What a tick of the engine costs at the size of a province: `cockpit bench evaluate`.

Real store, real engine, a clock driven by hand: every asset sends at its rhythm for 60 simulated
seconds while indicators, timers and thresholds run; then 1,000 cameras fall silent at once, and the
ticks go on until their alerts are open; then 100,000 records come in, and all indicators are computed
anew. After that conditions of made-up devices change by the thousand (`cockpit.bench.changing`). CPU of a
tick is that of the evaluating thread; what the writer spends on committing belongs to the store and is stated
beside it.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cockpit.bench import changing, processes, recompute
from cockpit.config import DEFAULT_PROFILE
from cockpit.domain.catalog import Asset, Metric, series_of
from cockpit.domain.numbers import MetricId, SourceId
from cockpit.engine import Engine
from cockpit.engine.kinds import kind_of
from cockpit.engine.layout import slots_of
from cockpit.profiles import Profile, load
from cockpit.store import Store
from cockpit.store.batch import Draft

STEADY_S = 60
SILENT = 1000
START_MS = 1_795_330_800_000
LIMIT_P95_MS = 5.0
"""The product's promise for one tick at province size, on two cores."""

Progress = Callable[[str], None]


@dataclass(slots=True)
class _Clock:
    """Domain time moves a second a tick; the monotonic clock is the machine's."""

    domain: int = START_MS
    offset: float = 0.0

    def domain_ms(self) -> int:
        return self.domain

    def real_ms(self) -> int:
        return self.domain

    def monotonic(self) -> float:
        # As many seconds as have been played, so that nothing rests longer than it would live.
        return (self.domain - START_MS) / 1000 + self.offset


@dataclass(slots=True)
class _Ticks:
    cpu_ms: list[float] = field(default_factory=list)
    wall_ms: list[float] = field(default_factory=list)


class _Province:
    """Sends what every asset sends, each in its own second of its rhythm."""

    def __init__(self, profile: Profile, store: Store, clock: _Clock) -> None:
        self._profile = profile
        self._store = store
        self._clock = clock
        self._serial = 0
        metrics: dict[str, list[Metric]] = {}
        for metric in profile.metrics:
            for kind in metric.kinds:
                metrics.setdefault(kind, []).append(metric)
        self._senders: list[tuple[Asset, int, SourceId, list[tuple[MetricId, int, int]]]] = []
        for asset in profile.assets:
            source = profile.source.get(asset.source)
            if asset.rhythm_s and source is not None and source.time == "domain":
                phase = asset.id * 7919 % asset.rhythm_s
                # A system sends one of its figures; all others send all of their metrics.
                known = metrics.get(asset.kind, [])[: 1 if asset.kind == "system" else None]
                sends = [(m.id, *_usual(m)) for m in known if m.sent_by(asset)]
                self._senders.append((asset, phase, source.id, sends))

    def send(self, second: int, without: frozenset[int], *, all_at_once: bool = False) -> int:
        """One second of the province; returns the observations sent."""
        draft = Draft()
        t = self._clock.domain
        for asset, phase, source, sends in self._senders:
            due = all_at_once or (second - phase) % asset.rhythm_s == 0
            if not due or asset.id in without:
                continue
            self._serial += 1
            draft.event(self._serial * 2_654_435_761 % 2**62, source, t, t)
            for metric, value, spread in sends:
                draft.value(series_of(asset.id, metric), value + self._serial % spread)
        batch = draft.batch()
        if len(batch):
            self._store.append(batch).result()
        return len(batch.obs_series)


def measure(progress: Progress = lambda _: None) -> dict[str, Any]:
    """Run the measurement in a scratch directory. The dictionary is what `--json` prints."""
    profile = load(DEFAULT_PROFILE, size="province")
    clock = _Clock()
    with tempfile.TemporaryDirectory(prefix="cockpit-bench-") as scratch:
        store = Store(Path(scratch) / "cockpit.db", profile, clock, writable=True)
        store.start()
        try:
            found = _measure(profile, store, clock, progress)
        finally:
            store.close()
    return found | changing.measure(progress)


def _measure(profile: Profile, store: Store, clock: _Clock, progress: Progress) -> dict[str, Any]:
    engine = Engine(store, profile, clock, played=True)
    province = _Province(profile, store, clock)
    progress("every asset sends once")
    engine.tick()
    clock.domain += 1000
    province.send(0, frozenset(), all_at_once=True)
    engine.tick()
    steady, storm = _Ticks(), _Ticks()
    progress(f"{STEADY_S} seconds of the province")
    observations = sum(_second(engine, clock, province, s, frozenset(), steady) for s in range(STEADY_S))
    cameras = [a for a in profile.assets if a.kind == "camera"][:SILENT]
    silent = frozenset(a.id for a in cameras)
    rule = next(r for r in profile.rules if kind_of(r).absence and r.asset_kind == "camera")
    wait = 3 * cameras[0].rhythm_s + rule.for_s + 5
    progress(f"{len(silent)} cameras fall silent")
    for s in range(STEADY_S, STEADY_S + wait):
        _second(engine, clock, province, s, silent, storm)
    with store.read() as conn:
        opened = _opened(conn.execute("SELECT count(*) FROM alert WHERE rule = ?", (rule.code,)).fetchone())
    progress(f"{recompute.RECORDS:,} records, and all indicators anew")
    clock.domain += 1000
    anew = recompute.measure(engine, profile, store, clock.domain)
    engine.stop()
    conditions = _conditions(profile)
    every = steady.cpu_ms + storm.cpu_ms
    return {
        "conditions": conditions,
        "p50_ms": _quantile(steady.cpu_ms, 0.5),
        "p95_ms": _quantile(steady.cpu_ms, 0.95),
        "max_ms": max(steady.cpu_ms),
        "wall_p95_ms": _quantile(steady.wall_ms, 0.95),
        "observations_per_second": round(observations / STEADY_S),
        "storm": {
            "silent": len(silent),
            "alerts": opened,
            "p95_ms": _quantile(storm.cpu_ms, 0.95),
            "max_ms": max(storm.cpu_ms),
        },
        "recompute": anew,
        "mean_ms": round(statistics.fmean(every), 3),
        "machine": processes.machine(),
    }


def _second(
    engine: Engine, clock: _Clock, province: _Province, second: int, without: frozenset[int], ticks: _Ticks
) -> int:
    clock.domain += 1000
    sent = province.send(second, without)
    wall, cpu = time.perf_counter(), time.thread_time()
    engine.tick()
    ticks.cpu_ms.append((time.thread_time() - cpu) * 1000)
    ticks.wall_ms.append((time.perf_counter() - wall) * 1000)
    return sent


def _usual(metric: Metric) -> tuple[int, int]:
    """Value and spread of a metric: the middle of its range and three steps; a yes or no is always yes, or
    every link would be half down."""
    if (metric.lo, metric.hi, metric.scale) == (0, 1, 1):
        return 1, 1
    return round((metric.lo + metric.hi) / 2 * metric.scale), 3


def _opened(row: tuple[int]) -> int:
    return int(row[0])


def _conditions(profile: Profile) -> int:
    return len(slots_of(profile).all)


def _quantile(values: list[float], q: float) -> float:
    return round(sorted(values)[min(len(values) - 1, int(len(values) * q))], 3)


def over_limits(result: dict[str, Any]) -> list[str]:
    """What breaks a promise, as sentences."""
    broken = []
    if result["p95_ms"] > LIMIT_P95_MS:
        broken.append(f"p95 of a tick {result['p95_ms']} ms, expected at most {LIMIT_P95_MS} ms")
    if result["storm"]["alerts"] < result["storm"]["silent"]:
        broken.append(f"{result['storm']['alerts']} alerts, expected {result['storm']['silent']}")
    anew = result["recompute"]
    if anew["wall_s"] > recompute.LIMIT_S:
        broken.append(f"all indicators anew in {anew['wall_s']} s, expected at most {recompute.LIMIT_S} s")
    return broken + changing.over_limits(result)
