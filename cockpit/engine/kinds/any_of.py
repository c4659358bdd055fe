"""Any of several conditions on one subject is bad."""

from __future__ import annotations

from collections.abc import Sequence

from cockpit.domain.alerting import Level
from cockpit.engine.kinds.combination import Combination


class AnyOf(Combination):
    code = "any_of"
    claim = "any"

    def combine(self, levels: Sequence[int]) -> int:
        if Level.RAISE in levels:
            return Level.RAISE
        if Level.GONE in levels:
            return Level.GONE
        return Level.BAND if Level.BAND in levels else Level.CLEAR
