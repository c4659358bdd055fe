"""The event log read back: conditions, open alerts and their causes follow from it and nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from cockpit.domain.alerting.condition import CLEAR, Condition, State
from cockpit.domain.numbers import AlertId

_AFTER: dict[str, State] = {
    "pending": "pending",
    "near_miss": "clear",
    "opened": "firing",
    "recovering": "recovering",
    "again": "firing",
    "closed": "clear",
}


@dataclass(slots=True)
class ReadBack:
    """State after the lines read so far. `open` maps key to alert id, `cause` alert to alert."""

    conditions: dict[str, Condition] = field(default_factory=dict)
    open: dict[str, AlertId] = field(default_factory=dict)
    cause: dict[AlertId, AlertId] = field(default_factory=dict)
    acknowledged: set[AlertId] = field(default_factory=set)
    escalated: dict[AlertId, str] = field(default_factory=dict)  # the role that open ones were brought to


def read_back(lines: Iterable[tuple[int, AlertId | None, str, dict[str, Any]]]) -> ReadBack:
    """Rebuild the state from (t, alert, what, data). Raises ValueError if the log contradicts itself."""
    state = ReadBack()
    for t, alert, what, data in lines:
        if what in _AFTER:
            key = str(data["key"])
            _condition(state, key, t, _AFTER[what])
            if what == "opened":
                if alert is None or key in state.open:
                    raise ValueError(f"{key}: opened at {t} while open or without a number")
                state.open[key] = alert
            elif what == "closed":
                if state.open.pop(key, None) != alert:
                    raise ValueError(f"{key}: closed at {t} but was not open as {alert}")
                if alert is not None:
                    state.cause.pop(alert, None)
                    state.acknowledged.discard(alert)
                    state.escalated.pop(alert, None)
        elif alert is not None and what == "folded":
            state.cause[alert] = AlertId(int(data["cause"]))
        elif alert is not None and what == "unfolded":
            state.cause.pop(alert, None)
        elif alert is not None and what == "acknowledged":
            state.acknowledged.add(alert)
        elif alert is not None and what in ("unacknowledged", "ack_expired"):
            state.acknowledged.discard(alert)
            if "of" in data:  # a slip says of nobody that they had it
                state.escalated.pop(alert, None)
        elif alert is not None and what == "escalated" and "key" in data:
            state.escalated[alert] = str(data["to"])
    return state


def _condition(state: ReadBack, key: str, t: int, after: State) -> None:
    if after == "clear":
        state.conditions.pop(key, CLEAR)
    else:
        state.conditions[key] = Condition(after, t)
