"""The event log read back: conditions, and alerts with all that became of them, follow from it and nothing
else. What an alert was about and by which values it was judged is evidence, and stands elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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

ANEW = "timers_anew"
"""Timers began anew: nobody knows what happened meanwhile. The line names the `keys` that were waiting."""


@dataclass(slots=True)
class Told:
    """An alert as the log tells it; named as in its row. Instants in ms on its clock, `ack_until` in
    domain time; `folded` counts what stands folded under it, since it has closed what did then."""

    key: str
    first_seen: int
    opened: int
    closed: int | None = None
    close_reason: str | None = None
    cause: AlertId | None = None
    folded: int = 0
    muted: str = ""
    ack_by: str | None = None
    ack_at: int | None = None
    ack_note: str | None = None
    ack_until: int | None = None
    assigned: str = ""
    escalated: str = ""
    outcome: str = ""
    version: int = 1

    def let_go(self) -> None:
        """Nobody has taken it up any more."""
        self.ack_by = self.ack_at = self.ack_note = self.ack_until = None


@dataclass(slots=True)
class ReadBack:
    """State after the lines read so far. `open` maps key to alert id; `cause`, `acknowledged` and `escalated`
    are of open alerts alone, `alerts` are all there ever were."""

    conditions: dict[str, Condition] = field(default_factory=dict)
    open: dict[str, AlertId] = field(default_factory=dict)
    alerts: dict[AlertId, Told] = field(default_factory=dict)

    @property
    def cause(self) -> dict[AlertId, AlertId]:
        """Under which alert open ones are folded."""
        return {n: cause for n in self.open.values() if (cause := self.alerts[n].cause) is not None}

    @property
    def acknowledged(self) -> set[AlertId]:
        """Open alerts that somebody has taken up."""
        return {n for n in self.open.values() if self.alerts[n].ack_by is not None}

    @property
    def escalated(self) -> dict[AlertId, str]:
        """The role that open ones were brought to."""
        return {n: self.alerts[n].escalated for n in self.open.values() if self.alerts[n].escalated}


Data = Mapping[str, Any]


def read_back(lines: Iterable[tuple[int, AlertId | None, str, str, Data]]) -> ReadBack:
    """The state after (t, alert, what, actor, data). Raises ValueError if the log contradicts itself."""
    state = ReadBack()
    for t, alert, what, actor, data in lines:
        if what == ANEW:
            for key in data["keys"]:
                state.conditions[key] = Condition(state.conditions.get(key, CLEAR).state, t)
        if what in _AFTER:
            _turn(state, t, alert, what, data)
        told = state.alerts.get(alert) if alert is not None else None
        if told is not None:
            _fold(state, told, what, data)
            _handle(state, told, t, what, actor, data)
    return state


def _turn(state: ReadBack, t: int, alert: AlertId | None, what: str, data: Data) -> None:
    key = str(data["key"])
    _condition(state, key, t, _AFTER[what])
    if what == "opened":
        if alert is None or key in state.open:
            raise ValueError(f"{key}: opened at {t} while open or without a number")
        state.open[key] = alert
        state.alerts[alert] = Told(key, int(data.get("first_seen", t)), t, muted=str(data.get("muted", "")))
    elif what == "closed":
        if alert is None or state.open.pop(key, None) != alert:
            raise ValueError(f"{key}: closed at {t} but was not open as {alert}")
        told = state.alerts[alert]
        _count(state, told.cause, -1)
        told.closed, told.close_reason = t, str(data.get("reason", ""))
        told.version += 1


def _fold(state: ReadBack, told: Told, what: str, data: Data) -> None:
    if what == "folded":
        _count(state, told.cause, -1)
        told.cause = AlertId(int(data["cause"]))
        _count(state, told.cause, 1)
    elif what == "unfolded":
        _count(state, told.cause, -1)
        told.cause = None


def _count(state: ReadBack, cause: AlertId | None, by: int) -> None:
    above = state.alerts.get(cause) if cause is not None else None
    if above is not None and above.closed is None:
        above.folded += by


def _handle(state: ReadBack, told: Told, t: int, what: str, actor: str, data: Data) -> None:
    """What people did with it, and what became of that."""
    match what:
        case "muted":
            told.muted = str(data["reason"])
        case "unmuted":
            told.muted = ""
        case "acknowledged" if "from" in data:  # carried over from the alert before it
            before = state.alerts.get(AlertId(int(data["from"])), told)
            told.ack_by, told.ack_at, told.ack_note = data["by"], before.ack_at, before.ack_note
        case "acknowledged":
            told.ack_by, told.ack_at, told.ack_note = actor, t, data.get("note")
            told.ack_until = data.get("until")
        case "unacknowledged" | "ack_expired":
            told.let_go()
            if "of" in data:  # a slip says of nobody that they had it
                told.escalated = ""
            told.version += what == "ack_expired"
        case "assigned":
            told.assigned = str(data["to"])
        case "escalated" if "key" in data:
            told.escalated = str(data["to"])
        case "outcome" | "reopened":
            told.outcome = str(data["outcome"]) if what == "outcome" else ""
        case "again" if told.outcome == "repaired":
            told.outcome = ""
            told.version += 1
    told.version = int(data["version"]) if "version" in data and what != "opened" else told.version


def _condition(state: ReadBack, key: str, t: int, after: State) -> None:
    if after == "clear":
        state.conditions.pop(key, CLEAR)
    else:
        state.conditions[key] = Condition(after, t)
