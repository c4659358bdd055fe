"""Indicators as figures: now or for a period, with parts and by unit and department."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from cockpit.domain.catalog import SourceKind, Text
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
    """The figure of one commune-level unit."""

    unit: str
    value: float | None
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


class IndicatorWithBreakdown(IndicatorAnswer):
    """One indicator. With `period`, `value`, `parts`, `status` and `finality` are of that period, for the
    province or the `unit` asked for; `periods` are those that today lies in."""

    period: PeriodAnswer | None
    of_unit: str
    units: list[UnitValue]
    departments: list[DepartmentValue]
    periods: Annotated[
        list[PeriodValue], msgspec.Meta(description="The province's figure for every span, shortest first.")
    ]


class PeriodValue(msgspec.Struct):
    """The value of one span."""

    period: PeriodAnswer
    value: float | None
    finality: Finality
    part: float | None
    whole: float | None
