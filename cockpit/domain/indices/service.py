"""The service index for citizens and businesses: Decision 766/QĐ-TTg of 23 June 2022.

100 points in the six components that the National Public Service Portal shows: 18 + 20 + 12 + 10 + 18 + 22.
The decision itself has five groups; the portal shows its 22 points of online services as 12 and 10 of
payment. Quảng Nam's six components of 19 August 2024 sum to its published total of 80.1 (quangnam.gov.vn).

A component is made of parts, each the share of what was done in all that there was to do, times the points of
the part. Points of three parts are quoted from the decision: 4 for procedures published on time, all 20 for
dossiers solved on time, 6 for satisfaction in procedures (baocaotaichinh.vn). How the annex divides the
others could not be read: what is left of a component is divided equally among them, which is an assumption of
this product.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple, get_args

ComponentCode = Literal["openness", "progress", "online", "payment", "satisfaction", "digitisation"]
CODES: tuple[ComponentCode, ...] = get_args(ComponentCode)
Grade = Literal["xuat_sac", "tot", "kha", "trung_binh", "yeu"]

GRADES: tuple[tuple[float, Grade], ...] = (
    (90, "xuat_sac"), (80, "tot"), (70, "kha"), (50, "trung_binh"), (0, "yeu"),
)  # fmt: skip
"""From how many points on. As used in practice: of these only "Tốt" is held against published results."""

DECIMALS = 2
"""Of a total, as authorities publish it: 83.47 for Bình Dương on 22 January 2024."""


class Part(NamedTuple):
    """A share that makes up to `most` points; `quoted`: the decision says how many, else it is assumed."""

    code: str
    most: float
    quoted: bool


class Component(NamedTuple):
    """`most`: the points of its parts together."""

    code: ComponentCode
    most: float
    parts: tuple[Part, ...]


def _component(code: ComponentCode, most: float, **quoted: float | None) -> Component:
    """Parts by name with their quoted points; those without share what is left."""
    told = [points for points in quoted.values() if points is not None]
    rest = (most - sum(told)) / max(1, len(quoted) - len(told))
    parts = (Part(name, rest if n is None else n, n is not None) for name, n in quoted.items())
    return Component(code, most, tuple(parts))


COMPONENTS: tuple[Component, ...] = (
    _component("openness", 18, published=4, synchronised=None),
    _component("progress", 20, on_time=20),
    _component("online", 12, offered=None, used=None, submitted=None),
    _component("payment", 10, payable=None, paid=None),
    _component("satisfaction", 18, feedback_on_time=None, feedback_satisfied=None, procedures=6),
    _component("digitisation", 22, results=None, intake=None, reused=None),
)
MOST: dict[ComponentCode, float] = {c.code: c.most for c in COMPONENTS}
PARTS: dict[str, Part] = {p.code: p for c in COMPONENTS for p in c.parts}
TOTAL = sum(MOST.values())


class Count(NamedTuple):
    """So many done of `all`: 0 ≤ done ≤ all."""

    done: int
    all: int


Counts = Mapping[str, Count]
"""By part."""
Points = Mapping[ComponentCode, float]


def total(points: Points) -> float:
    """The sum of the six components, to two decimals.

    Raises ValueError where one is missing or outside 0 to its maximum.
    """
    for code, most in MOST.items():
        if code not in points:
            raise ValueError(f"{code}: nothing")
        if not 0 <= points[code] <= most:
            raise ValueError(f"{code}: {points[code]} is not from 0 to {most:g}")
    return round(math.fsum(points[code] for code in MOST), DECIMALS)


def grade(points: float) -> Grade:
    """The class of a total."""
    return next(name for least, name in GRADES if points >= least)


def to_next(points: float) -> tuple[float, Grade] | None:
    """How many points a total lacks to the next better class; None in the best."""
    better = [(least, name) for least, name in GRADES if least > points]
    return (round(better[-1][0] - points, DECIMALS), better[-1][1]) if better else None


def lost(points: Points) -> dict[ComponentCode, float]:
    """Points lost by each of the components that are known, what costs most first."""
    found = {code: MOST[code] - points[code] for code in MOST if code in points}
    return dict(sorted(found.items(), key=lambda item: -item[1]))


def of_part(part: Part, count: Count | None) -> float | None:
    """Points of a part; None where there was nothing to do: an empty period is no zero."""
    return part.most * count.done / count.all if count is not None and count.all else None


def points(counts: Counts) -> dict[ComponentCode, float]:
    """Points of the components of which every part is known."""
    found: dict[ComponentCode, float] = {}
    for component in COMPONENTS:
        parts = [of_part(part, counts.get(part.code)) for part in component.parts]
        known = [value for value in parts if value is not None]
        if len(known) == len(parts):
            found[component.code] = math.fsum(known)
    return found


def together(units: Iterable[Counts]) -> dict[str, Count]:
    """The counts of several units as those of one."""
    done: dict[str, int] = {}
    whole: dict[str, int] = {}
    for counts in units:
        for part, count in counts.items():
            done[part] = done.get(part, 0) + count.done
            whole[part] = whole.get(part, 0) + count.all
    return {part: Count(done[part], n) for part, n in whole.items()}


class Cost(NamedTuple):
    """What a unit costs all of them together in a component, in points of the index."""

    unit: str
    component: ComponentCode
    lost: float


def costs(units: Mapping[str, Counts]) -> list[Cost]:
    """Who costs the province how much and where, most first.

    A part loses `most × Σ(all − done) / Σ all`, so each unit's share of it is its own `all − done`. What all
    units cost in a component is what the province lacks there; a part of which nothing is known costs
    nothing.
    """
    whole = together(units.values())
    found = [
        Cost(unit, component.code, value)
        for unit, counts in units.items()
        for component in COMPONENTS
        if (value := _cost(component, counts, whole)) is not None
    ]
    return sorted(found, key=lambda cost: (-cost.lost, cost.unit))


def _cost(component: Component, counts: Counts, whole: Counts) -> float | None:
    """None where no part of it is known of this unit."""
    known = [part for part in component.parts if part.code in counts and whole[part.code].all]
    if not known:
        return None
    return math.fsum(
        part.most * (counts[part.code].all - counts[part.code].done) / whole[part.code].all for part in known
    )
