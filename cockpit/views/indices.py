"""The service index and the DTI: what is lost, in which component and by which unit."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

import msgspec

from cockpit.domain.catalog import Text, Unit
from cockpit.domain.indices import service
from cockpit.domain.indices.service import ComponentCode, Count, Grade
from cockpit.store.handles import Read
from cockpit.store.queries import figures as q
from cockpit.views.context import ViewContext
from cockpit.views.figure import Figure
from cockpit.views.figures import DOUBTS, figures

KEEP_S = 5.0
"""Shares over thirty days, and points that the portal sends by the hour."""

FEW = 30
"""Records under which a share says little."""

Origin = Literal["measured", "made_up", "unknown"]
"""Of a part by unit: an indicator reckons it from records; the profile of a demo has made it up; nobody
brings it."""

Points = Annotated[
    dict[ComponentCode, float], msgspec.Meta(description="By component, those that are known.")
]
Counts = Annotated[
    dict[str, Count], msgspec.Meta(description="So many done of so many, by part, those that are known.")
]


@dataclass(frozen=True, slots=True)
class ComponentNow:
    """A component of the whole province as the portal sends it: points of `most`, and what it lacks of
    them."""

    code: ComponentCode
    most: float
    figure: Figure
    lost: float | None


@dataclass(frozen=True, slots=True)
class PartNow:
    """A part of a component by unit. `indicator` brings it where it is measured; `doubt` names the source
    because of which it is not to be trusted now. `quoted`: its points stand in the decision, else they are
    assumed."""

    code: str
    component: ComponentCode
    most: float
    quoted: bool
    origin: Origin
    indicator: str
    doubt: Text | None


@dataclass(frozen=True, slots=True)
class UnitScore:
    """A unit's own index. `total` and `grade` are None as long as a part is unknown. `cost` is what it costs
    all units together, most of it in `worst`; `thin` of its 100 points rest on fewer than 30 records each."""

    unit: Unit
    points: Points
    total: float | None
    grade: Grade | None
    cost: float
    worst: ComponentCode | None
    thin: float
    counts: Counts


@dataclass(frozen=True, slots=True)
class UnitCost:
    """What a unit costs all together in a component; `points` are its own there, of `most`."""

    unit: Unit
    component: ComponentCode
    lost: float
    points: float | None
    most: float


@dataclass(frozen=True, slots=True)
class IndicesView:
    """`total` and `components`: of the whole province, as the portal sends them, what costs most first.
    `units` and `costs`: of the commune-level units from their parts, who costs most first; `together`, their
    index as if they were one. `score`: the DTI of this year, as it is reported."""

    now_ms: int
    total: Figure | None
    grade: Grade | None
    components: tuple[ComponentNow, ...]
    parts: tuple[PartNow, ...]
    units: tuple[UnitScore, ...]
    costs: tuple[UnitCost, ...]
    together: float | None
    score: Figure | None

    @property
    def made_up(self) -> bool:
        """Whether any part is made up."""
        return any(part.origin == "made_up" for part in self.parts)

    @property
    def points(self) -> dict[ComponentCode, float] | None:
        """The six components of the whole province, None as long as one is missing."""
        found = {c.code: c.figure.value for c in self.components if c.figure.value is not None}
        return found if len(found) == len(service.COMPONENTS) else None


@dataclass(frozen=True, slots=True)
class PartOfUnit:
    """A part in one unit: so many of so many, and its points. `count` is None where nothing is known,
    `points` also where there was nothing to do."""

    part: PartNow
    count: Count | None
    points: float | None


def build(ctx: ViewContext) -> IndicesView:
    """Both indices."""
    named = ctx.profile.indices.service
    codes = [ctx.profile.indices.dti_indicator] if ctx.profile.indices.dti_indicator else []
    if named is not None:
        codes += [named.total, *named.components.values(), *named.parts.values()]
    with ctx.store.read() as conn:
        known = figures(conn, ctx, codes, with_past=())
        counts = _counts(ctx, conn)
    total = known[named.total] if named is not None else None
    value = total.value if total is not None else None
    costs = service.costs(counts)
    points = {code: service.points(mine) for code, mine in counts.items()}
    return IndicesView(
        now_ms=ctx.now_ms,
        total=total,
        grade=service.grade(value) if value is not None else None,
        components=_components(named.components if named is not None else {}, known),
        parts=_parts(ctx, known),
        units=_units(ctx, counts, points, costs),
        costs=tuple(
            UnitCost(
                ctx.profile.unit[c.unit],
                c.component,
                c.lost,
                points[c.unit].get(c.component),
                service.MOST[c.component],
            )
            for c in costs
        ),
        together=_total(service.points(service.together(counts.values()))),
        score=known.get(ctx.profile.indices.dti_indicator),
    )


def parts_of(view: IndicesView, score: UnitScore) -> tuple[PartOfUnit, ...]:
    """Every part of a unit's index, what it loses most at first, what is unknown last."""
    found = [
        PartOfUnit(part, count, service.of_part(service.PARTS[part.code], count))
        for part in view.parts
        for count in (score.counts.get(part.code),)
    ]
    return tuple(sorted(found, key=lambda p: 1.0 if p.points is None else p.points - p.part.most))


def _components(codes: Mapping[ComponentCode, str], known: Mapping[str, Figure]) -> tuple[ComponentNow, ...]:
    found = []
    for component, code in codes.items():
        figure, most = known[code], service.MOST[component]
        lost = None if figure.value is None else most - figure.value
        found.append(ComponentNow(component, most, figure, lost))
    return tuple(sorted(found, key=lambda c: math.inf if c.lost is None else -c.lost))


def _counts(ctx: ViewContext, conn: Read) -> dict[str, dict[str, Count]]:
    """By unit and part: what the indicators know of each unit, and what is made up while a demo plays."""
    named, found = ctx.profile.indices, {code: dict[str, Count]() for code in ctx.profile.unit}
    for part, indicator in (named.service.parts if named.service is not None else {}).items():
        for row in q.by_unit(conn, indicator):
            if row.unit in found and row.value is not None and row.n:
                # A share knows its whole; what is done follows from both, exactly.
                found[row.unit][part] = Count(round(row.value * row.n / 100), row.n)
    if ctx.simulated:
        for code, counts in named.made_up.items():
            found[code].update(counts)
    return {code: counts for code, counts in found.items() if counts}


def _parts(ctx: ViewContext, known: Mapping[str, Figure]) -> tuple[PartNow, ...]:
    named = ctx.profile.indices
    measured = named.service.parts if named.service is not None else {}
    made_up = {part for counts in named.made_up.values() for part in counts} if ctx.simulated else set()
    found = []
    for component in service.COMPONENTS:
        for part in component.parts:
            indicator = measured.get(part.code, "")
            origin: Origin = "measured" if indicator else "made_up" if part.code in made_up else "unknown"
            figure = known.get(indicator)
            doubt = figure.doubt or figure.name if figure is not None and figure.status in DOUBTS else None
            found.append(PartNow(part.code, component.code, part.most, part.quoted, origin, indicator, doubt))
    return tuple(found)


def _units(
    ctx: ViewContext,
    counts: Mapping[str, dict[str, Count]],
    points: Mapping[str, dict[ComponentCode, float]],
    costs: list[service.Cost],
) -> tuple[UnitScore, ...]:
    of: dict[str, list[service.Cost]] = {}
    for cost in costs:
        of.setdefault(cost.unit, []).append(cost)
    found = []
    for code, mine in of.items():
        total = _total(points[code])
        thin = math.fsum(service.PARTS[part].most for part, count in counts[code].items() if count.all < FEW)
        found.append(
            UnitScore(
                unit=ctx.profile.unit[code],
                points=points[code],
                total=total,
                grade=None if total is None else service.grade(total),
                cost=math.fsum(cost.lost for cost in mine),
                worst=mine[0].component if mine[0].lost else None,
                thin=thin,
                counts=counts[code],
            )
        )
    return tuple(sorted(found, key=lambda u: (-u.cost, u.unit.code)))


def _total(points: service.Points) -> float | None:
    return service.total(points) if len(points) == len(service.COMPONENTS) else None
