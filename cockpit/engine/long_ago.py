"""Days gone by as the store keeps them, for what is compared with them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cockpit.domain.numbers import AssetId, MetricId
from cockpit.domain.periods import DAY_MS, HOUR_MS, day_start_ms
from cockpit.engine.columns import Ints
from cockpit.engine.senses import LongAgo
from cockpit.store import Store
from cockpit.store.queries import loading
from cockpit.store.queries.backtest import asset_hours

_HOURS = DAY_MS // HOUR_MS


def of_store(store: Store, offset_s: int) -> LongAgo:
    """Reads roll-ups of a store. What it gives raises StoreError."""

    def read(assets: Sequence[AssetId], metric: MetricId, days: Sequence[int]) -> Ints | None:
        found = np.zeros((len(days), len(assets), 4, _HOURS), np.int64)
        with store.read() as conn:
            if loading.start(conn) is not None:
                return None
            for at, day in enumerate(days):
                first = day_start_ms(day, offset_s) // HOUR_MS
                span = (first, first + _HOURS)
                found[at] = asset_hours(conn, assets, (metric,), span, offset_s=offset_s).metrics[metric]
        return found

    return read
