"""A value beyond a threshold, in words."""

from __future__ import annotations

from cockpit.engine.kinds.threshold import Threshold
from cockpit.ui.kind_words.kind import Beyond


class ThresholdWords(Beyond):
    code = Threshold.code
