"""Things with a life of their own: an identity that outlives their form, a state, an owner, a due time.

The kind of an entry names its register ("gap"). What may become of an entry is a pure function of the domain
of its kind; `cockpit.store.registers` keeps entries and how they came to be as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from cockpit.domain.alerting.subjects import Subject

GAP, PLAN, TARGET, TASK, PROJECT = "gap", "plan", "target", "task", "project"
REQUEST = "request"
MUTE, HANDOVER, DECISION = "mute", "handover", "decision"
KINDS = (GAP, PLAN, TARGET, TASK, PROJECT, REQUEST, MUTE, HANDOVER, DECISION)
"""Every register there is."""
LATE = (GAP, PLAN, TARGET, TASK, PROJECT, REQUEST)
"""Those whose next step people owe by an instant. A mute ends by itself, a shift when somebody takes it, a
decision of a meeting is noted and done."""

CLOSED = "closed"
"""The state of a gap in which nothing is due any more. In every register what has `closed` is over."""

KEPT = "kept"
"""The state of what is only kept: whether a plan runs, its days say."""

_OF_WORK = ("untold", "told", "not_started", "doing", "done", "missed", "dropped")
STATES = {
    GAP: ("reported", "verified", "planned", "building", CLOSED),
    PLAN: (KEPT,),
    TARGET: _OF_WORK,
    TASK: _OF_WORK,
    PROJECT: (KEPT,),
    REQUEST: ("asked", "answered", "sent_back", "accepted"),
    MUTE: ("planned", "active", "ended"),
    HANDOVER: ("given", "taken"),
    DECISION: ("noted", "withdrawn"),
}
"""The states of each register, in the order in which an entry goes through them."""

_LETTERS = {
    GAP: "LS", PLAN: "KH", TARGET: "MT", TASK: "NV", PROJECT: "DA", REQUEST: "YC", MUTE: "TT",
    HANDOVER: "BG", DECISION: "KL",
}  # fmt: skip
"""What the codes of its entries begin with: lõm sóng, kế hoạch, mục tiêu, nhiệm vụ, dự án, yêu cầu, tắt
tiếng, bàn giao, kết luận."""


def code_of(kind: str, number: int | str) -> str:
    """How people name an entry: "LS-17". Raises KeyError for an unknown register."""
    return f"{_LETTERS[kind]}-{number}"


ALERT_LETTERS = "CB"
"""What the codes of alerts begin with: cảnh báo. They are in no register."""


def number_of(kind: str, text: str) -> int | None:
    """The number that a text names in a register, or of an alert, as `17` or `LS-17`; None where it names
    none."""
    digits = text.removeprefix(f"{_LETTERS.get(kind, ALERT_LETTERS)}-")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 16 else None


@dataclass(frozen=True, slots=True)
class Entry:
    """Times in ms of domain time. `version` grows with every step, so that two who act on one entry notice;
    `facts` is what else is kept of it: of a gap what is measured by now, which is no step, and what people
    have made of it, which steps change; of the parts of a plan what they say, which steps change too."""

    kind: str
    id: int
    state: str
    unit: str  # code of a unit of the profile, "" where it has no place
    owner: str  # code of a unit or of a body of the profile; of a mute or a handover the person who gave it
    opened: int
    due: int | None  # by when its next step is due
    closed: int | None = None
    version: int = 1
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def subject(self) -> Subject:
        """What an alert about it is about."""
        return Subject(self.kind, str(self.id))


class Step(NamedTuple):
    """How an entry came to be in a state. `evidence` is what shows it, by name."""

    t: int
    actor: str
    what: str
    before: str  # the state; "" where it began
    after: str
    evidence: Mapping[str, Any]


class Moved(NamedTuple):
    """An entry after a step, made from the version `seen` of it; 0 where it begins."""

    entry: Entry
    seen: int
    step: Step
