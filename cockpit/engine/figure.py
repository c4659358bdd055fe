"""A figure as the engine computes it, and what a measure may look at."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from cockpit.domain.catalog import Indicator
from cockpit.domain.freshness import WorkTime
from cockpit.domain.periods import DAY_MS
from cockpit.engine.core import Core
from cockpit.engine.gaps import Gaps
from cockpit.store import filed
from cockpit.store.handles import Read


class Measured(NamedTuple):
    """A figure: `asof` is when its newest data came; `enough` is False under the least sample size. `detail`
    may say what it is made of (`part`, `whole`) and the `source` that it came by."""

    value: float | None
    asof: int | None = None
    n: int = 0
    detail: dict[str, Any] = {}  # noqa: RUF012 - never changed
    enough: bool = True


NOTHING = Measured(None)
Found = dict[str, Measured]
"""By unit or department; "" is the province."""


@dataclass(slots=True)
class Context:
    """What a measure may look at, at instant `now` of domain time. `values`: figures of the province known so
    far, `found`: those and the ones of units."""

    conn: Read
    core: Core
    now: int
    work: WorkTime
    values: dict[str, Measured]
    gaps: Gaps
    cache: dict[Any, Any] = field(default_factory=dict)
    found: dict[str, Found] = field(default_factory=dict)

    @property
    def today(self) -> int:
        return (self.now + self.core.profile.utc_offset_s * 1000) // DAY_MS

    def source_asof(self, indicator: Indicator) -> int | None:
        """When a source of this indicator was last heard."""
        core = self.core
        at = [i for i, s in enumerate(core.profile.sources) if s.code in indicator.sources]
        last = max((int(core.sources.last[i]) for i in at), default=0)
        return last or None

    def filed(self) -> frozenset[str]:
        """Codes of the sources that were last heard by a file."""
        spans, core = filed.spans(self.conn), self.core
        return frozenset(
            source.code
            for i, source in enumerate(core.profile.sources)
            if filed.within(spans, source.id, int(core.sources.last[i]))
        )
