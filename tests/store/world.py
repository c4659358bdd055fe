"""A small catalogue, a clock that stands still, and batches by hand."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from cockpit.domain.catalog import Asset, Source, Text, Unit, series_of
from cockpit.domain.numbers import AssetId, MetricId, SeriesNo, SourceId
from cockpit.domain.records import Filter
from cockpit.store import Batch, Store
from cockpit.store.batch import Record, Refused, Report, Rollup, Sample
from tests.clocks import HandClock

HOUR = 3_600_000
DAY = 24 * HOUR
T0 = 20_000 * DAY  # an hour and a UTC day begin; 07:00 in the province
NAME = Text("", "")
MACHINE, OFFICE, PHONES = map(SourceId, (1, 2, 3))


@dataclass
class Limits:
    weak_dbm: float = -100.0
    bad_dbm: float = -110.0


class World:
    """Twelve cameras in three units, a system without a unit, and three sources."""

    code = "quang_ninh"  # whom commands take data for where nobody names a profile
    utc_offset_s = 25_200
    tallied: tuple[Filter, ...] = ()

    def __init__(self) -> None:
        self.coverage = Limits()
        self.units = [Unit(u, "xa", u, u, "", 1.0, 1000, 21.0, 107.0) for u in ("06001", "06002", "06003")]
        day = 86_400
        self.sources = [
            Source(
                MACHINE, "cams", "S3", NAME, NAME, "machine", "domain",
                15, 60, 120, day, 300, 0, "always", (),
            ),
            Source(
                OFFICE, "office", "S7", NAME, NAME, "api", "domain",
                60, 600, 900, 30 * day, 300, 0, "always", (),
            ),
            Source(
                PHONES, "phones", "S5", NAME, NAME, "machine", "domain",
                60, 600, 900, 7 * day, 300, 0, "always", (),
            ),
        ]  # fmt: skip
        self.source = {s.code: s for s in self.sources}
        self.assets = [
            Asset(i, f"cam-{i}", "camera", "", self.units[i % 3].code, "cams", None, None, 15, "", {})
            for i in map(AssetId, range(1, 13))
        ]
        self.assets.append(Asset(AssetId(20), "system", "system", "", "", "office", None, None, 0, "", {}))


def clock_at(domain_ms: int = T0) -> HandClock:
    """Real time is far ahead: domain time decides."""
    return HandClock(domain_ms, real_ms=T0 + 4_000 * DAY)


def open_store(path: Path, clock: HandClock | None = None) -> Store:
    store = Store(path, World(), clock or clock_at(), writable=True)
    store.start()
    return store


def key_of(name: str) -> int:
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "little", signed=True)


def series(asset: int, metric: int = 1) -> SeriesNo:
    """The number of a series."""
    return series_of(AssetId(asset), MetricId(metric))


def event(batch: Batch, name: str, t: int, *, source: int = MACHINE, received: int | None = None) -> int:
    """Add an event to a batch; its position."""
    received = t + 100 if received is None else received
    batch.key, batch.source, batch.time, batch.received = (
        np.append(column, more)
        for column, more in (
            (batch.key, key_of(name)), (batch.source, source), (batch.time, t), (batch.received, received)
        )
    )  # fmt: skip
    return len(batch) - 1


def observe(batch: Batch, name: str, t: int, asset: int, values: dict[int, int], **how: Any) -> Batch:
    at = event(batch, name, t, **how)
    batch.obs_event = np.append(batch.obs_event, [at] * len(values))
    batch.obs_series = np.append(batch.obs_series, [series(asset, metric) for metric in values])
    batch.obs_value = np.append(batch.obs_value, list(values.values()))
    return batch


def seen(name: str, t: int, asset: int = 1, value: int = 5, metric: int = 1) -> Batch:
    """A batch of one event with one observation."""
    return observe(Batch(), name, t, asset, {metric: value})


def rolled(name: str, item: Rollup) -> Batch:
    batch = Batch()
    batch.rollups.append((event(batch, name, item.day * DAY), item))
    return batch


def recorded(name: str, t: int, record: Record) -> Batch:
    batch = Batch()
    batch.records.append((event(batch, name, t, source=OFFICE), record))
    return batch


def reported(name: str, t: int, report: Report) -> Batch:
    batch = Batch()
    batch.reports.append((event(batch, name, t, source=OFFICE), report))
    return batch


def sampled(name: str, t: int, **changes: Any) -> Batch:
    sample = Sample(**{
        "device": "phone-1", "operator": "viettel", "lat": 21.0, "lon": 107.0, "accuracy_m": 10.0,
        "rsrp_cb": -950, "rsrq_cb": None, "sinr_cb": None, "down_kbps": None, "up_kbps": None,
        "cell": "", "indoor": False, "h3": "88415a0001fffff", **changes,
    })  # fmt: skip
    batch = Batch()
    batch.samples.append((event(batch, name, t, source=PHONES), sample))
    return batch


def refused(payload: bytes, source: int = MACHINE, at: int = T0) -> Refused:
    return Refused(0, "x", source, "unknown_metric", "metric 'x' is not in the catalogue", payload, at)
