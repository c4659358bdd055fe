"""Published figures, and what the calculators of the two indices take and say."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import UNSET, UnsetType

from cockpit.domain.catalog import Text
from cockpit.domain.indices.service import MOST, Grade


class FurtherAnswer(msgspec.Struct):
    """Another figure of the same fact; `over`: the source says that it is more."""

    text: Text
    value: float
    unit: Text
    over: bool


class FactAnswer(msgspec.Struct):
    """A published figure. `value` is in `unit`, a rate to one decimal with `numerator` and `denominator`
    where it was counted; null where the source says a sentence. `date` is as precise as the source."""

    code: str
    province: str
    text: Text
    value: float | None
    unit: Text
    source: Text
    date: str
    further: list[FurtherAnswer]
    numerator: int | UnsetType = UNSET
    denominator: int | UnsetType = UNSET


class FactsAnswer(msgspec.Struct):
    """F1 to F26 of the source articles, in their order."""

    facts: list[FactAnswer]


def _to(most: float) -> msgspec.Meta:
    return msgspec.Meta(ge=0, le=most)


class ServiceOrder(msgspec.Struct, forbid_unknown_fields=True):
    """Points of the six components of the service index."""

    openness: Annotated[float, _to(MOST["openness"])]
    progress: Annotated[float, _to(MOST["progress"])]
    online: Annotated[float, _to(MOST["online"])]
    payment: Annotated[float, _to(MOST["payment"])]
    satisfaction: Annotated[float, _to(MOST["satisfaction"])]
    digitisation: Annotated[float, _to(MOST["digitisation"])]


class ServiceAnswer(msgspec.Struct):
    """The total, to two decimals, and its class."""

    total: float
    grade: Grade = msgspec.field(name="class")


Share = Annotated[float, _to(1)]


class DtiOrder(msgspec.Struct, forbid_unknown_fields=True):
    """Main indices from 0 to 1: the five foundations (awareness, institutions, infrastructure, human
    resources, information security), and the three activities."""

    foundation: Annotated[list[Share], msgspec.Meta(min_length=5, max_length=5)]
    government: Share
    economy: Share
    society: Share


class Pillars(msgspec.Struct):
    """The three pillars, to four decimals."""

    government: float
    economy: float
    society: float


class DtiAnswer(msgspec.Struct):
    """The index, to four decimals, and its pillars."""

    dti: float
    pillars: Pillars
