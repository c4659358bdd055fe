"""Whom a coverage gap concerns: which operators, how many people, and in which order gaps are dealt with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import ceil, floor
from typing import Literal, NamedTuple

from cockpit.domain.coverage.cells import CellClass, CellStats, Limits, classify, merged

Kind = Literal["white", "patchy"]
"""White: every operator of the province is surely bad there; else it is patchy."""
Basis = Literal["cells", "spread"]
"""Where the people of a cell come from: a file, or a unit's people spread evenly over its land."""


class People(NamedTuple):
    """People without a signal: those of the ground by the share of bad samples and its Wilson bounds."""

    low: int
    mid: int
    high: int
    basis: Basis


class OperatorClass(NamedTuple):
    """What an operator's samples on the ground of a gap say."""

    operator: str
    kind: CellClass


def operators_on(
    ground: Sequence[str], by_operator: Mapping[str, Mapping[str, CellStats]], operators: Iterable[str],
    limits: Limits,
) -> tuple[OperatorClass, ...]:  # fmt: skip
    """Each operator of the province on some ground, in their order."""
    found = []
    for operator in operators:
        cells = [c for h3 in ground if (c := by_operator.get(operator, {}).get(h3)) is not None]
        found.append(
            OperatorClass(operator, classify(merged(ground[0], cells), limits) if cells else "samples")
        )
    return tuple(found)


def kind_of(operators: Sequence[OperatorClass]) -> Kind:
    """White only where nobody is left of whom nothing is known."""
    return "white" if operators and all(o.kind == "bad" for o in operators) else "patchy"


def people_on(living: int, basis: Basis, share: float, low: float, high: float) -> People:
    """Of so many people on the ground. The bounds are rounded outwards."""
    return People(floor(living * low), round(living * share), ceil(living * high), basis)


class Weights(NamedTuple):
    """How much each view of a gap counts for its rank, 0 to 10."""

    people: int = 5
    services: int = 2
    time: int = 2
    cost: int = 1


class Weighed(NamedTuple):
    """What is weighed of a gap; None where it is not known, which counts nothing."""

    people: int
    services: int | None
    open_ms: int
    money: int | None


def ranks(found: Mapping[int, Weighed], weights: Weights) -> dict[int, int]:
    """Points of each gap from 0 to 100, by number: each view is measured against the most there is, a cost
    against the dearest, turned round."""
    most = [max((getattr(one, name) or 0 for one in found.values()), default=0) for name in Weighed._fields]
    total = sum(weights)
    points = {}
    for number, one in found.items():
        parts = [
            weight * 100 * (value or 0) // top if top and value is not None else 0
            for weight, value, top in zip(weights[:3], one[:3], most[:3], strict=True)
        ]
        if one.money is not None and most[3]:
            parts.append(weights.cost * (100 - 100 * one.money // most[3]))
        points[number] = round(sum(parts) / total) if total else 0
    return points
