"""The last hours of one asset from its hourly roll-ups, the open hour included."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cockpit.store.queries import observations
from cockpit.views.context import ViewContext

HOUR_MS = 3_600_000
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Hours:
    """`starts`: ms of each hour's begin, oldest first. `metrics`: id → (4, hours) of n, sum, min, max.
    `counts`: events per hour, the largest n of the metrics (one event carries several)."""

    starts: Ints
    metrics: dict[int, Ints]
    counts: Ints


def hours_of(ctx: ViewContext, asset_id: int, now_ms: int, hours: int) -> Hours:
    """The `hours` hours up to and including the one of `now_ms`. Reads one roll-up a day, never raw data."""
    offset_h = ctx.profile.utc_offset_s // 3600
    last = now_ms // HOUR_MS + offset_h
    first = last - hours + 1
    day0, day1 = first // 24, last // 24
    with ctx.store.read() as conn:
        days = observations.rollups_1h(conn, asset_id, day0, day1)
    metrics: dict[int, Ints] = {}
    for day, found in days.items():
        begin, end = max(first, day * 24), min(last, day * 24 + 23)
        for metric, data in found.items():
            target = metrics.setdefault(metric, np.zeros((4, hours), dtype=np.int64))
            target[:, begin - first : end - first + 1] = data[:, begin - day * 24 : end - day * 24 + 1]
    counts = np.zeros(hours, dtype=np.int64)
    for data in metrics.values():
        np.maximum(counts, data[0], out=counts)
    starts = (np.arange(first, last + 1, dtype=np.int64) - offset_h) * HOUR_MS
    return Hours(starts, metrics, counts)
