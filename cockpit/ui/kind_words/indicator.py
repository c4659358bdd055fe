"""An indicator beyond a threshold, in words."""

from __future__ import annotations

from cockpit.engine.kinds.indicator import Indicator
from cockpit.ui.kind_words.kind import Beyond


class IndicatorWords(Beyond):
    code = Indicator.code
