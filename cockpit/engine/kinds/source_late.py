"""A feed brings nothing for longer than its limit of lateness."""

from __future__ import annotations

from cockpit.domain.catalog import Source
from cockpit.engine.kinds.absence import Absence
from cockpit.engine.silence import FRESH


class SourceLate(Absence):
    code = "source_late"

    def bad(self, state: int) -> bool:
        return state != FRESH

    def limit_s(self, source: Source) -> int:
        return source.late_s
