"""An alert as it is stored: one type for whoever writes it and whoever reads it."""

from __future__ import annotations

from dataclasses import dataclass, fields

from cockpit.domain.catalog import Priority
from cockpit.domain.numbers import AlertId

LIVED = "id > 0"
"""Alerts that an engine raised when it was time. A demo's past has others, reckoned afterwards from its
roll-ups: their numbers are below zero, the oldest the lowest. They are closed, nobody was told of them, and
no line of the log is about them."""


@dataclass(slots=True)
class Alert:
    """A row of `alert`. Times in ms on the clock of its source; `facts` is JSON; `cause` is the id of the
    alert it is folded under; `born` the digest of the rule as it was when it opened (`rule_kept`), "" where
    that is not known. The engine alone writes `OF_ENGINE`, people's commands the rest."""

    id: AlertId
    key: str
    rule: str
    rule_version: int
    priority: Priority
    asset: str
    source: str
    indicator: str
    unit: str
    owner: str
    owner_en: str
    simulated: int
    first_seen: int
    opened: int
    updated: int
    due: int
    closed: int | None
    close_reason: str | None
    value: float | None
    peak: float | None
    facts: str
    cause: AlertId | None
    folded: int
    subject_kind: str = ""  # with `subject` what it is about: asset, source, indicator, unit, or a register
    subject: str = ""
    muted: str = ""  # why nobody is told of it: a kind of mute such as `rule_off`, or "" where it is shown
    born: str = ""
    ack_by: str | None = None
    ack_at: int | None = None
    ack_note: str | None = None
    ack_real: int | None = None  # the same as `ack_at`, in real time; None where nobody did so here
    ack_until: int | None = None  # when the acknowledgement ends; None: with the alert
    version: int = 1
    assigned: str = ""  # code of the unit or department that has it
    escalated: str = ""  # the highest role that it was brought to
    outcome: str = ""  # what somebody said last of how it ended

    @property
    def reckoned(self) -> bool:
        """Whether nobody watched: it was found afterwards in the roll-ups of a demo's past."""
        return self.id < 0


_PEOPLES = (
    "ack_by", "ack_at", "ack_note", "ack_real", "ack_until", "version", "assigned", "escalated", "outcome",
)  # fmt: skip
COLUMNS = tuple(field.name for field in fields(Alert))
OF_ENGINE = tuple(name for name in COLUMNS if name not in _PEOPLES)
