"""A feed brings nothing for longer than its limit of silence."""

from __future__ import annotations

from cockpit.domain.catalog import Source
from cockpit.engine.kinds.absence import Absence
from cockpit.engine.silence import SILENT


class SourceSilent(Absence):
    code = "source_silent"
    absence = True
    claim = "feed_silence"

    def bad(self, state: int) -> bool:
        return state == SILENT

    def limit_s(self, source: Source) -> int:
        return source.silent_s
