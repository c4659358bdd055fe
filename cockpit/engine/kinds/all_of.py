"""All of several conditions on one subject are bad at once."""

from __future__ import annotations

from collections.abc import Sequence

from cockpit.domain.alerting import Level
from cockpit.engine.kinds.combination import Combination


class AllOf(Combination):
    code = "all_of"
    claim = "all"

    def combine(self, levels: Sequence[int]) -> int:
        if Level.CLEAR in levels:
            return Level.CLEAR
        if Level.GONE in levels:
            return Level.GONE
        return Level.BAND if Level.BAND in levels else Level.RAISE
