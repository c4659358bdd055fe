"""Much of what a feed brings is invalid and refused."""

from __future__ import annotations

import numpy as np

from cockpit.domain.alerting.minutes import Measure
from cockpit.domain.catalog import Rule, Source
from cockpit.engine.kinds.feed import Feed
from cockpit.engine.kinds.kind import Facts
from cockpit.engine.slots import REFUSED_RANK


class SourceRefused(Feed):
    code = "source_refused"
    only = "asset_silent"  # it makes its devices seem silent
    claim = "refusals"
    hourly = "refused"
    measure = Measure(
        value=lambda count, per_hour: count.refused / np.maximum(1, count.new + count.again + count.refused),
        of=lambda count: count.refused,
        known=lambda count: count.new + count.again + count.refused,
    )

    def rank(self, rule: Rule) -> int:
        return REFUSED_RANK  # a feed whose every event is refused seems silent, too

    def counted(self, count: dict[str, int], source: Source) -> Facts:
        return {"events": count["new"] + count["again"] + count["refused"], "refused": count["refused"]}
