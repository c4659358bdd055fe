"""The last hours of one asset from its hourly roll-ups, the open hour included."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cockpit.domain.cameras import presence
from cockpit.domain.numbers import AssetId, MetricId
from cockpit.domain.periods import HOUR_MS
from cockpit.store.queries import observations
from cockpit.views.context import ViewContext

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

MOST_BEHIND_MS = 4 * HOUR_MS
"""Roll-ups are flushed every twenty seconds of real time, which is 3.4 hours at the highest speed. What lies
further back is lost, not late: where nothing arrives at all, nothing is flushed."""

WHOLE = 0.9
"""From this share of the expected events on an hour is whole."""


@dataclass(frozen=True, slots=True)
class Hours:
    """`starts`: ms of each hour's begin, oldest first. `metrics`: (4, hours) of n, sum, min, max.
    `counts`: events per hour, the largest n of the metrics (one event carries several)."""

    starts: Ints
    metrics: dict[MetricId, Ints]
    counts: Ints
    before: bool  # whether it was heard of before these hours
    behind_s: float = 0.0  # how long ago the counts were brought up to date: at a high speed, hours

    def presence(self, rhythm_s: int, last_hour_s: float) -> Floats:
        """Share of expected events per hour, 0..1, NaN where nothing can be said.

        Nothing can be said of hours before the first event ever, nor of the hour in which it came unless
        it is whole: what was not there yet has lost nothing.
        """
        shares = presence(self.counts, rhythm_s, last_hour_s, self.behind_s)
        if self.before:
            return shares
        came = np.flatnonzero(self.counts > 0)
        first = int(came[0]) if came.size else len(shares)
        shares[:first] = np.nan
        if first < len(shares) - 1 and shares[first] < WHOLE:
            shares[first] = np.nan
        return shares


def hours_of(ctx: ViewContext, asset_id: AssetId, now_ms: int, hours: int) -> Hours:
    """The `hours` hours up to and including the one of `now_ms`. Reads one roll-up a day, never raw data."""
    offset_h = ctx.profile.utc_offset_s // 3600
    last = now_ms // HOUR_MS + offset_h
    first = last - hours + 1
    day0, day1 = first // 24, last // 24
    with ctx.store.read() as conn:
        days = observations.rollups_1h(conn, asset_id, day0, day1, offset_s=ctx.profile.utc_offset_s)
        # Mostly the read days tell; only what begins within them is looked for further back.
        earlier = first - day0 * 24
        before = any(data[0, :earlier].any() for data in days.get(day0, {}).values())
        before = before or observations.heard_before(conn, asset_id, day0)
        source = ctx.profile.source.get(ctx.profile.asset_by_id[asset_id].source)
        flushed = observations.rolled_up(conn, real=source is not None and source.time == "real")
    metrics: dict[MetricId, Ints] = {}
    for day, found in days.items():
        begin, end = max(first, day * 24), min(last, day * 24 + 23)
        for metric, data in found.items():
            target = metrics.setdefault(metric, np.zeros((4, hours), dtype=np.int64))
            target[:, begin - first : end - first + 1] = data[:, begin - day * 24 : end - day * 24 + 1]
    counts = np.zeros(hours, dtype=np.int64)
    for data in metrics.values():
        np.maximum(counts, data[0], out=counts)
    starts = (np.arange(first, last + 1, dtype=np.int64) - offset_h) * HOUR_MS
    behind = 0 if flushed is None else min(max(now_ms - flushed, 0), MOST_BEHIND_MS)
    return Hours(starts, metrics, counts, before, behind / 1000)
