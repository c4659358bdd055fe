"""Most of what a feed brings is known already."""

from __future__ import annotations

import numpy as np

from cockpit.domain.alerting.minutes import Measure
from cockpit.domain.catalog import Source
from cockpit.engine.kinds.feed import Feed
from cockpit.engine.kinds.kind import Facts


class SourceDuplicates(Feed):
    code = "source_duplicates"
    claim = "repeats"
    hourly = "repeats"
    measure = Measure(
        value=lambda count, per_hour: count.again / np.maximum(1, count.new + count.again),
        of=lambda count: count.again,
        known=lambda count: count.new + count.again,
    )

    def counted(self, count: dict[str, int], source: Source) -> Facts:
        return {"events": count["new"] + count["again"], "repeats": count["again"]}
