"""Coverage per operator on hexagons, and the weakest places. Counts only: no sample is read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import h3

from cockpit.domain.catalog import Text
from cockpit.domain.coverage import (
    CellClass,
    CellStats,
    Limits,
    best_of,
    classify,
    components,
    merged,
    parents,
    share,
)
from cockpit.profiles import Profile
from cockpit.store.queries import coverage as q
from cockpit.views.context import ViewContext

ANY = ""
"""The choice "any operator": what a phone finds that may use each of them."""

MAP_RES = 7
CLASSES: tuple[CellClass, ...] = ("bad", "weak", "samples", "good")
MAX_HEXES = 10_000
KEEP_S = 60.0
"""Seconds a computed view is good for: counts of weeks do not change by the second."""


@dataclass(frozen=True, slots=True)
class Place:
    """A patch of touching bad or weak cells. `share` counts samples under the class's threshold.

    `low`, `high` are the Wilson 95 % bounds; `operators` how many operators have a sample there.
    """

    id: str  # the first cell of the patch
    kind: CellClass
    unit: str
    cells: tuple[str, ...]
    lat: float
    lon: float
    samples: int
    groups: int
    devices: int  # at least
    share: float
    low: float
    high: float
    mean_dbm: float | None
    last: int  # ms


@dataclass(frozen=True, slots=True)
class CoverageView:
    """One operator's (or any operator's) coverage.

    `stats` are the cells at `MAP_RES` with the worst class judged in them, in the order of their ids, and
    `hex_counts` how many there are of each; `counts` are of stored cells; `operators` are those with samples.
    `apart` counts samples that decide nothing: of 2G, 3G and 5G, and of a place nobody knows well.
    """

    operator: str
    operators: tuple[str, ...]
    limits: Limits
    limits_source: Text
    stats: tuple[tuple[CellClass, CellStats], ...]
    counts: Mapping[CellClass, int]
    hex_counts: Mapping[CellClass, int]
    places: tuple[Place, ...]
    samples: int
    last: int | None
    apart: Mapping[str, int]


def build(ctx: ViewContext, operator: str = ANY) -> CoverageView:
    """Coverage for an operator code of the profile, or for any operator."""
    with ctx.store.read() as conn:
        # Only operators of the profile: a sum over all of them would hide the one that serves a place.
        per_operator = q.cells(conn, ctx.profile.operators)
        apart = q.kept_apart(conn)
    limits = limits_of(ctx.profile)
    known = tuple(per_operator)
    if operator == ANY:
        fine = _any(per_operator.values(), limits)
        coarse = _any((parents(cells, MAP_RES) for cells in per_operator.values()), limits)
    else:
        fine = tuple(per_operator.get(operator, ()))
        coarse = parents(fine, MAP_RES)
    fine_classes = [(classify(c, limits), c) for c in fine]
    coarse_classes = _by_parent(coarse, fine_classes)
    return CoverageView(
        operator=operator,
        operators=known,
        limits=limits,
        limits_source=ctx.profile.coverage.source,
        stats=coarse_classes,
        counts=_counts(kind for kind, _ in fine_classes),
        hex_counts=_counts(kind for kind, _ in coarse_classes),
        places=_places(ctx.profile, fine_classes),
        samples=sum(c.n for cells in per_operator.values() for c in cells)
        if operator == ANY
        else sum(c.n for c in fine),
        last=max((c.last for c in fine), default=None),
        apart=q.by_reason(a for a in apart if operator in (ANY, a.operator)),
    )


def limits_of(profile: Profile) -> Limits:
    """The thresholds of the profile."""
    c = profile.coverage
    return Limits(c.weak_dbm, c.bad_dbm, c.min_groups, c.min_devices)


def _counts(kinds: Iterable[CellClass]) -> dict[CellClass, int]:
    found = Counter(kinds)
    return {k: found[k] for k in CLASSES}


_WORST: tuple[CellClass, ...] = ("bad", "weak", "good", "samples")


def _by_parent(
    coarse: Sequence[CellStats], fine: Iterable[tuple[CellClass, CellStats]]
) -> tuple[tuple[CellClass, CellStats], ...]:
    """Cells of the map with the worst class of the stored cells in them that are measured enough.

    Judged by their pooled samples they would hide a bad cell among good ones, and the map would show
    nothing where the list beside it names a place.
    """
    worst: dict[str, CellClass] = {}
    for kind, cell in fine:
        parent = h3.cell_to_parent(cell.h3, MAP_RES)
        worst[parent] = min(worst.get(parent, "samples"), kind, key=_WORST.index)
    return tuple((worst.get(cell.h3, "samples"), cell) for cell in coarse)


def _any(operators: Iterable[Sequence[CellStats]], limits: Limits) -> tuple[CellStats, ...]:
    """Cell by cell the operator who serves it best."""
    per_cell: dict[str, list[CellStats]] = {}
    for cells in operators:
        for cell in cells:
            per_cell.setdefault(cell.h3, []).append(cell)
    return tuple(best_of(per_cell[h], limits) for h in sorted(per_cell))


def _places(profile: Profile, cells: Sequence[tuple[CellClass, CellStats]]) -> tuple[Place, ...]:
    """Patches of bad cells and of weak ones: bad first, then the larger share that is surely under."""
    stats = {c.h3: c for _, c in cells}
    unknown = [c.h3 for kind, c in cells if kind == "samples"]
    places: list[Place] = []
    kinds: tuple[CellClass, ...] = ("bad", "weak")
    for kind in kinds:
        members = [c.h3 for k, c in cells if k == kind]
        for patch in components(members, unknown if kind == "bad" else ()):
            whole = merged(patch[0], [stats[h] for h in patch])
            hits = whole.bad if kind == "bad" else whole.weak
            p, low, high = share(hits, whole)
            lat, lon = _middle(patch)
            places.append(
                Place(
                    id=patch[0],
                    kind=kind,
                    unit=nearest_unit(profile, lat, lon),
                    cells=patch,
                    lat=lat,
                    lon=lon,
                    samples=whole.n,
                    groups=whole.groups,
                    devices=whole.devices,
                    share=p,
                    low=low,
                    high=high,
                    mean_dbm=whole.mean_dbm,
                    last=whole.last,
                )
            )
    places.sort(key=lambda p: (p.kind != "bad", -len(p.cells), -p.low, p.id))
    return tuple(places)


@lru_cache(maxsize=8192)
def _middle(patch: tuple[str, ...]) -> tuple[float, float]:
    """The centre of the member cell that lies nearest to the mean of all centres."""
    points: list[tuple[float, float]] = [h3.cell_to_latlng(c) for c in patch]
    lat = sum(p[0] for p in points) / len(points)
    lon = sum(p[1] for p in points) / len(points)
    return min(points, key=lambda p: ((p[0] - lat) ** 2 + (p[1] - lon) ** 2, p))


def nearest_unit(profile: Profile, lat: float, lon: float) -> str:
    """Code of the unit whose interior point lies nearest: units are drawn that way as well."""
    # A degree of longitude is 0.93 of one of latitude at 21° N; the square of that.
    return min(profile.units, key=lambda u: ((u.lat - lat) ** 2 + 0.87 * (u.lon - lon) ** 2, u.code)).code
