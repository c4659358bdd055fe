"""Alerts as they are stored, with what their rules said when they opened."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from cockpit.domain.catalog import Priority, Text
from cockpit.domain.instants import Iso
from cockpit.domain.roles import Role

Facts = Annotated[
    dict[str, Any],
    msgspec.Meta(description="The figures that explain it, by name: each kind of rule has its own."),
]


class AlertAnswer(msgspec.Struct):
    """An alert. `subject_kind` and `subject` say what it is about: an asset, a source, an indicator, a unit,
    an entry of a register (`gap`, its number), or an alert of another system (`incoming`). `cause` is the
    number of the alert that it is folded under, `folded` how many it pulled with it; `muted` is why an open
    one is hidden: the kind of a mute.
    `assigned` is the unit or department that has it, `escalated` the role it was brought to, `outcome` what
    somebody said last of how it ended. Name and next step of its rule
    are those of when it opened, or `of_today` where they are not known any more. `reckoned`, with a number
    below zero: nobody watched, it was found afterwards in the roll-ups of a demo's past."""

    id: int
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
    simulated: bool
    first_seen: Iso
    opened: Iso
    updated: Iso
    due: Iso
    closed: Iso | None
    close_reason: str | None
    value: float | None
    peak: float | None
    facts: Facts
    cause: int | None
    folded: int
    subject_kind: str
    subject: str
    muted: str | None
    ack_by: str | None
    ack_at: Iso | None
    ack_note: str | None
    ack_until: Iso | None
    version: int
    assigned: str | None
    escalated: str | None
    outcome: str | None
    rule_name: Text | None
    next_step: Text | None
    of_today: bool
    reckoned: bool


class AlertStep(msgspec.Struct):
    """Something that happened to an alert: by the engine, or by the person named. `data` says more of it."""

    time: Iso
    actor: str
    what: str
    data: Annotated[dict[str, Any], msgspec.Meta(description="What belongs to the step, by name.")]


class AlertEvidence(msgspec.Struct):
    """Hourly values of the last 24 hours: what they are, their unit, the threshold if there is one."""

    kind: str
    unit: str
    threshold: float | None
    points: list[tuple[Iso, float]]


class AlertInFull(AlertAnswer):
    """An alert with the numbers of the alerts folded under it, at most 200, its evidence, and the last 100
    steps of its life, oldest first. `escalates_to` is the role that it goes to at `escalates_at`, if nobody
    acknowledges it."""

    symptoms: list[int]
    evidence: AlertEvidence | None
    escalates_to: Role | None
    escalates_at: Iso | None
    history: list[AlertStep]


class Alerts(msgspec.Struct):
    """Alerts of a state: the newest first, of closed ones the latest closed."""

    alerts: list[AlertAnswer]
