"""A data directory as a province has it after a month, made in seconds.

Every series of the profile gets hourly roll-ups for each day through the store's own history path, and
the last 36 hours get raw observations as sealed blocks, packed by the store's own code. An asset's hours
differ in their roll-ups; its raw hours repeat one hour's values, which changes neither the size of the
blocks nor the way they are read.
"""

from __future__ import annotations

import sqlite3
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cockpit.clock import RealClock
from cockpit.domain.catalog import Asset, Metric
from cockpit.domain.periods import HOUR_MS
from cockpit.profiles import Profile
from cockpit.store import Store, blocks, bulk, meta
from cockpit.store.batch import Draft, Ints, Outcome, Rollup

RAW_HOURS = 36


@dataclass(frozen=True, slots=True)
class Prepared:
    """What lies in the directory. `until_ms` is the domain time at which a demo goes on."""

    observations: int
    series: int
    days: int
    until_ms: int
    database_bytes: int


def prepare(directory: Path, profile: Profile, *, observations: int, days: int) -> Prepared:
    """Fill an empty directory with `days` of roll-ups and about `observations` raw values."""
    now = RealClock().domain_ms() // 60_000 * 60_000
    assets = _sending(profile)
    store = Store(directory / "cockpit.db", profile, RealClock(), writable=True)
    store.start()
    try:
        _roll_ups(store, assets, now, days, profile.utc_offset_s)
        store.flush()
        stored = _raw(store, assets, now, observations)

        def mark(conn: sqlite3.Connection) -> None:
            meta.put(conn, "history", "done")
            meta.put(conn, "domain_ms", str(now))

        store.write(mark).result()
        size = store.stats().database_bytes
    finally:
        store.close()
    return Prepared(stored, sum(len(metrics) for _, metrics in assets), days, now, size)


def _sending(profile: Profile) -> list[tuple[Asset, list[Metric]]]:
    """Assets on domain time that send by themselves, with their metrics in order of id."""
    by_kind: dict[str, list[Metric]] = {}
    for metric in sorted(profile.metrics, key=lambda m: m.id):
        for kind in metric.kinds:
            by_kind.setdefault(kind, []).append(metric)
    own = {source.code for source in profile.sources if source.time == "domain"}
    return [
        (asset, [m for m in by_kind[asset.kind] if m.sent_by(asset)])
        for asset in profile.assets
        if asset.rhythm_s and asset.source in own and asset.kind in by_kind and asset.kind != "system"
    ]


def _middle(metric: Metric) -> tuple[int, int]:
    """A plausible level and spread of a metric in steps of its resolution, well inside its range."""
    low, high = round(metric.lo * metric.scale), round(metric.hi * metric.scale)
    high = min(high, low + 100 * metric.scale)
    return low + (high - low) * 6 // 10, max(1, (high - low) // 20)


def _roll_ups(
    store: Store, assets: list[tuple[Asset, list[Metric]]], now: int, days: int, offset_s: int
) -> None:
    today = (now + offset_s * 1000) // (24 * HOUR_MS)
    rng = np.random.Generator(np.random.Philox(1))
    level = np.array([_middle(m) for _, metrics in assets for m in metrics], np.int64)
    n = np.array([max(1, 3600 // asset.rhythm_s) for asset, metrics in assets for _ in metrics], np.int64)
    waiting: Future[Outcome] | None = None
    for day in range(today - days, today):
        hours = _day(rng, level, n)
        draft, rollups = Draft(), []
        at = 0
        for asset, metrics in assets:
            sums: dict[int, Ints] = {m.id: hours[at + i] for i, m in enumerate(metrics)}
            event = draft.event(day << 32 | asset.id, 1, day * 24 * HOUR_MS, now)
            rollups.append((event, Rollup(asset.id, day, sums)))
            at += len(metrics)
        batch = draft.batch()
        batch.rollups = rollups
        if waiting is not None:
            waiting.result()
        waiting = store.append(batch)
    if waiting is not None:
        waiting.result()


def _day(rng: np.random.Generator, level: Ints, n: Ints) -> Ints:
    """24 hours of n, sum, min, max for each series: (series, 4, 24)."""
    middle, spread = level[:, :1], level[:, 1:]
    mean = middle + rng.integers(-8, 9, (len(level), 24)) * spread // 8
    return np.stack(
        (np.broadcast_to(n[:, None], mean.shape), n[:, None] * mean, mean - spread // 2, mean + spread // 2),
        axis=1,
    )


def _raw(store: Store, assets: list[tuple[Asset, list[Metric]]], now: int, observations: int) -> int:
    """Blocks of the 36 full hours before the one that runs. Returns how many observations they hold."""
    natural = RAW_HOURS * sum(len(metrics) * 3600 // asset.rhythm_s for asset, metrics in assets)
    share = observations / natural
    rng = np.random.Generator(np.random.Philox(2))
    hour = []
    for asset, metrics in assets:
        n = max(1, round(3600 / asset.rhythm_s * share))
        dt = np.arange(n, dtype=np.int64) * HOUR_MS // n
        packed = {}
        for metric in metrics:
            level, spread = _middle(metric)
            packed[metric.id] = (dt, level + rng.integers(-spread, spread + 1, n))
        hour.append((asset.id, n * len(metrics), blocks.pack(packed)))
    hour.sort()
    last = now // HOUR_MS
    for one in range(last - RAW_HOURS, last):
        rows = [(one, asset, n, data) for asset, n, data in hour]
        store.write(lambda conn, rows=rows: bulk.put_blocks(conn, rows)).result()  # type: ignore[misc]
    return RAW_HOURS * sum(n for _, n, _ in hour)
