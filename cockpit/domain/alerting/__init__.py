"""Alerts: when a condition fires and closes, which alert explains which, and reading the log back."""

from cockpit.domain.alerting.condition import (
    CLEAR,
    Condition,
    Level,
    State,
    Timing,
    Transition,
    advance,
    due,
    feed,
    open_late,
)
from cockpit.domain.alerting.event_log import ANEW, ReadBack, Told, read_back
from cockpit.domain.alerting.rules import kept, key_of, level_of, of_kept, owner_of, thresholds, timing_of

__all__ = [
    "ANEW",
    "CLEAR",
    "Condition",
    "Level",
    "ReadBack",
    "State",
    "Timing",
    "Told",
    "Transition",
    "advance",
    "due",
    "feed",
    "kept",
    "key_of",
    "level_of",
    "of_kept",
    "open_late",
    "owner_of",
    "read_back",
    "thresholds",
    "timing_of",
]
