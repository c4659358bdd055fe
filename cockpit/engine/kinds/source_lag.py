"""Most of what a feed brings comes later than its limit."""

from __future__ import annotations

import numpy as np

from cockpit.domain.alerting.minutes import Measure
from cockpit.domain.catalog import Source
from cockpit.engine.kinds.feed import Feed
from cockpit.engine.kinds.kind import Facts


class SourceLag(Feed):
    code = "source_lag"
    only = "asset_silent"  # it makes its devices seem silent
    claim = "lag"
    hourly = "late"
    measure = Measure(
        value=lambda count, per_hour: count.late / np.maximum(1, count.new),
        of=lambda count: count.late,
        known=lambda count: count.new + count.again,
    )

    def counted(self, count: dict[str, int], source: Source) -> Facts:
        return {
            "events": count["new"],
            "late": count["late"],
            "lag_s": round(count["lag_ms"] / 1000 / max(1, count["late"])),
            "limit_s": source.late_s,
        }
