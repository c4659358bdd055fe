"""A feed brings many times what it has promised."""

from __future__ import annotations

from cockpit.domain.alerting.minutes import Measure
from cockpit.domain.catalog import Source
from cockpit.engine.kinds.feed import Feed
from cockpit.engine.kinds.kind import Facts


class SourceFlood(Feed):
    code = "source_flood"
    claim = "flood"
    hourly = "arrivals"
    measure = Measure(
        value=lambda count, per_hour: count.flow * 60 / per_hour, of=lambda count: count.flow, share=False
    )

    def about(self, source: Source) -> bool:
        return bool(source.per_hour)  # whoever promises nothing floods nothing

    def counted(self, count: dict[str, int], source: Source) -> Facts:
        return {"events": count["flow"], "promised": round(source.per_hour / 60, 2)}
