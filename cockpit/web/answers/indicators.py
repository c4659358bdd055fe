"""Indicators as figures: now or for a period, with parts and by unit and department."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from cockpit.domain.catalog import SourceKind, Text
from cockpit.domain.forecast import Method
from cockpit.domain.indicators import Status
from cockpit.domain.instants import Iso
from cockpit.domain.spans import Finality, Span

PartsMade = Annotated[
    list["PartOfFigure"],
    msgspec.Meta(
        description="What the value is made of: numerator and denominator, the counts of its formula, or the"
        " indicators of a composite."
        " Empty where it came as a finished number."
    ),
]


class PartOfFigure(msgspec.Struct):
    """A part of a value; `code` is that of an indicator where it is one."""

    name: Text
    value: float | None
    code: str = ""


class IndicatorAnswer(msgspec.Struct):
    """A figure of the province as it is now. `finality`: partial while its period runs or data are lacking,
    estimated where it rests on a sample or is a forecast."""

    code: str
    name: Text
    unit: Text
    value: float | None
    target: float | None
    direction: Literal["up", "down", "none"]
    status: Status
    source_kind: SourceKind
    simulated: bool
    finality: Finality
    asof: Iso | None
    owner: Text
    parts: PartsMade


class PeriodAnswer(msgspec.Struct):
    """The period that a value is of: its days are provincial, the last one included."""

    span: Span
    label: str
    first: str
    last: str


class UnitValue(msgspec.Struct):
    """The figure of one commune-level unit; `target` is None where a single unit is asked for none."""

    unit: str
    value: float | None
    target: float | None
    status: Status
    n: int


class DepartmentValue(msgspec.Struct):
    """The figure of one body of the province, as it reports it."""

    department: str
    value: float | None
    part: float | None
    whole: float | None


class IndicatorsAnswer(msgspec.Struct):
    """Every indicator, in the order of the profile."""

    indicators: list[IndicatorAnswer]


class ForecastAnswer(msgspec.Struct):
    """The province's figure on the day `day`, the last of its period: between `low` and `high` lie four of
    five values held back. `method` erred least of all, by `error` on average, in `tries` forecasts `ahead`
    days ahead. `target_on`: when the target is reached at this pace, null where it is not in sight."""

    day: str
    value: float
    low: float
    high: float
    method: Method
    error: float
    tries: int
    ahead: int
    target_on: str | None


class TargetSetting(msgspec.Struct):
    """A target that somebody set for a period, of the province (`unit` empty) or of a unit or department.
    `before` is what held until then, `at` domain time, `at_real` real time."""

    target: Annotated[int, msgspec.Meta(description="Its number, as `target_set` gave it.")]
    unit: str
    period: str
    version: int
    value: float
    before: float | None
    at: Iso
    at_real: Iso
    by: str
    role: str
    reason: str


class TargetOfPeriod(msgspec.Struct):
    """What holds for a period that has a target of its own, and from where on the figure is red."""

    period: str
    value: float
    watch: float | None
    version: int


class IndicatorWithBreakdown(IndicatorAnswer):
    """One indicator. With `period`, `value`, `parts`, `target`, `status` and `finality` are of that period,
    for the province or the `unit` asked for; `periods` are those that today lies in. `watch` is where it
    turns red. `target_version` 0 is the profile's target, which stands where none was set."""

    watch: float | None
    target_version: int
    target_period: Annotated[
        str, msgspec.Meta(description="The period that the target was set for; empty for the profile's.")
    ]
    versions: Annotated[
        list[TargetSetting],
        msgspec.Meta(description="What was set for the period and unit asked for, newest first."),
    ]
    path: Annotated[
        list[TargetOfPeriod],
        msgspec.Meta(description="Every period with a target of its own, for the unit asked for."),
    ]

    period: PeriodAnswer | None
    of_unit: str
    units: list[UnitValue]
    departments: list[DepartmentValue]
    periods: Annotated[
        list[PeriodValue], msgspec.Meta(description="The province's figure for every span, shortest first.")
    ]
    forecast: ForecastAnswer | None


class PeriodValue(msgspec.Struct):
    """The value of one span, and what is asked of it."""

    period: PeriodAnswer
    value: float | None
    target: float | None
    finality: Finality
    part: float | None
    whole: float | None
