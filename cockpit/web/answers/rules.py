"""Rules, and where one stands on a subject."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec

from cockpit.domain.catalog import Priority, Text
from cockpit.domain.instants import Iso


class WhyPart(msgspec.Struct):
    """The level of a rule that is combined."""

    rule: str
    level: Literal["good", "between", "bad", "unknown"]


class WhyHidden(msgspec.Struct):
    """What hides the alert, or would if it opened: the kind of a mute, whose, why and until when."""

    what: str
    actor: str
    reason: str
    until: Iso


class WhyAnswer(msgspec.Struct):
    """Where a rule stands on a subject. `at` is how far it has been judged, null where it does not watch the
    subject; `since` is when the state began; `left_s` how long `for_s` or `keep_s` still asks; `value` stands
    in the measure of the thresholds, null where nothing is known; `cause` is the number of the alert that
    this one is folded under; `figure` the status of the figure that is judged."""

    rule: str
    version: int
    kind: str
    subject_kind: str
    subject: str
    subject_name: Text
    state: Literal[
        "not_watched", "not_announced", "no_data", "clear", "between", "pending", "waiting", "firing",
        "recovering",
    ]  # fmt: skip
    firing: bool
    level: Literal["good", "between", "bad", "unknown"]
    at: Iso | None
    value: float | None
    op: str
    raise_at: float | None
    clear_at: float | None
    for_s: int
    keep_s: int
    since: Iso | None
    left_s: float | None
    figure: str | None
    alert: int | None
    cause: int | None
    hidden: list[WhyHidden]
    parts: list[WhyPart]
    facts: Annotated[
        dict[str, Any],
        msgspec.Meta(description="The figures behind it, by name: each kind of rule has its own."),
    ]
    sentence: Text


class RuleSwitch(msgspec.Struct):
    """Who switched a rule off, why, and until when."""

    since: Iso
    until: Iso
    actor: str
    reason: str


class RuleSelector(msgspec.Struct):
    """What a rule watches: `subjects` of these there are now, entries of registers not counted."""

    asset_kind: str
    metric: str
    each_unit: bool
    of: list[str]
    subjects: int


class RuleAnswer(msgspec.Struct):
    """A rule as it is now. `group` is what it is about: devices, feeds, indicators, or entries of registers;
    `open` counts its open alerts, folded and hidden ones too; `off` is null while it is on."""

    code: str
    version: int
    group: Literal["device", "feed", "indicator", "register"]
    kind: str
    selector: RuleSelector
    op: str
    raise_at: float | None
    clear_at: float | None
    least: int
    span_s: int
    by: Literal["percent", "spread"]
    weeks: int
    for_s: int
    keep_s: int
    priority: Priority
    respond_s: int
    name: Text
    about: Text | None
    owner: Text
    next_step: Text
    cause: bool
    announce: bool
    detects: list[str]
    on: bool
    off: RuleSwitch | None
    open: int


class RulesAnswer(msgspec.Struct):
    """All rules, in the order of the profile."""

    rules: list[RuleAnswer]
