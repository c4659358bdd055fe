"""Coverage per operator on hexagons, and the weakest places. Counts only: no sample is read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import h3

from cockpit.domain.catalog import Text
from cockpit.domain.coverage import CellClass, CellStats, Limits, classify, parents
from cockpit.domain.coverage.patches import Classified, Patch, best_cells, patches
from cockpit.domain.geo import nearest
from cockpit.domain.periods import day_number
from cockpit.domain.registers import GAP, Entry
from cockpit.profiles import Profile
from cockpit.profiles.model import Level
from cockpit.store.coverage import WINDOW_DAYS
from cockpit.store.outside import Brought, brought
from cockpit.store.queries import coverage as q
from cockpit.store.queries import registers
from cockpit.views.context import ViewContext

ANY = ""
"""The choice "any operator": what a phone finds that may use each of them."""

MAP_RES = 7
CLASSES: tuple[CellClass, ...] = ("bad", "weak", "samples", "good")
MAX_HEXES = 10_000
KEEP_S = 60.0
"""Seconds a computed view is good for: counts of weeks do not change by the second."""


def stamp(ctx: ViewContext) -> tuple[int, int]:
    """A view is also computed anew when this changes: a gap was found, or has closed, or is counted while the
    past comes in."""
    with ctx.store.read() as conn:
        counted = registers.counted(conn, GAP)
        return registers.last_step(conn), -1 if counted is None else len(counted)


@dataclass(frozen=True, slots=True)
class Place:
    """A patch of touching bad or weak cells. `share` counts samples under the class's threshold.

    `low`, `high` are the Wilson 95 % bounds. Where even the best operator is bad it is a coverage gap of the
    register, under the `number` it keeps; the patches of one operator and weak ones have none.
    """

    number: int  # 0: no gap
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
    since: int | None  # when it was found (ms)
    owner: str = ""  # code of who answers for a gap


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
    levels: tuple[Level, ...]  # of service, the lowest first
    levels_source: Text
    stats: tuple[tuple[CellClass, CellStats], ...]
    counts: Mapping[CellClass, int]
    hex_counts: Mapping[CellClass, int]
    places: tuple[Place, ...]
    samples: int
    last: int | None
    apart: Mapping[str, int]
    outside: tuple[Brought, ...]  # what others publish: shown by number, date and licence, decides nothing
    days: tuple[int, ...] = ()  # on which anything was measured, the newest first
    day: int = 0  # of which the map is; 0: of all days of the window
    speeds: Mapping[str, float] | None = None  # Mbit/s by hexagon, where the map is of speeds


def build(ctx: ViewContext, operator: str = ANY) -> CoverageView:
    """Coverage for an operator code of the profile, or for any operator."""
    with ctx.store.read() as conn:
        # Only operators of the profile: a sum over all of them would hide the one that serves a place.
        per_operator = q.cells(conn, ctx.profile.operators)
        apart = q.kept_apart(conn)
        found = registers.open_entries(conn, GAP)
        counted = registers.counted(conn, GAP)
        outside = brought(conn)
        days = q.days(conn, day_number(ctx.now_ms, ctx.profile.utc_offset_s) - WINDOW_DAYS)
    limits = limits_of(ctx.profile)
    known = tuple(per_operator)
    if operator == ANY:
        fine = best_cells(per_operator.values(), limits)
        at_parents = best_cells((parents(cells, MAP_RES) for cells in per_operator.values()), limits)
        coarse = tuple(c for _, c in at_parents)
        # What the engine looked over: page, figure and API list the same, also while the past comes in.
        bad = [gap(e) for e in found] if counted is None else [_measured(c, c["unit"]) for c in counted]
        places = bad + _places(ctx.profile, fine, ("weak",))
    else:
        cells = per_operator.get(operator, [])
        fine = tuple((classify(c, limits), c) for c in cells)
        coarse = parents(cells, MAP_RES)
        places = _places(ctx.profile, fine, ("bad", "weak"))
    coarse_classes = by_parent(coarse, fine)
    return CoverageView(
        operator=operator,
        operators=known,
        limits=limits,
        limits_source=ctx.profile.coverage.source,
        levels=ctx.profile.coverage.levels,
        levels_source=ctx.profile.coverage.levels_source,
        stats=coarse_classes,
        counts=counts_of(kind for kind, _ in fine),
        hex_counts=counts_of(kind for kind, _ in coarse_classes),
        places=_by_weight(places),
        samples=sum(c.n for cells in per_operator.values() for c in cells)
        if operator == ANY
        else sum(c.n for _, c in fine),
        last=max((c.last for _, c in fine), default=None),
        apart=q.by_reason(a for a in apart if operator in (ANY, a.operator)),
        outside=outside,
        days=tuple(days),
    )


def judged(ctx: ViewContext, operator: str, level: int) -> tuple[tuple[CellClass, CellStats], ...]:
    """Cells of an operator, or of the best one at each place, with their class, in the order of their ids."""
    with ctx.store.read() as conn:
        per_operator = q.cells(conn, ctx.profile.operators if operator == ANY else (operator,))
    limits = limits_of(ctx.profile)
    fine = best_cells(per_operator.values(), limits)
    if level != MAP_RES:
        return fine
    coarse = best_cells((parents(cells, MAP_RES) for cells in per_operator.values()), limits)
    return by_parent([cell for _, cell in coarse], fine)


def limits_of(profile: Profile) -> Limits:
    """The thresholds of the profile."""
    c = profile.coverage
    return Limits(c.weak_dbm, c.bad_dbm, c.min_groups, c.min_devices)


def counts_of(kinds: Iterable[CellClass]) -> dict[CellClass, int]:
    found = Counter(kinds)
    return {k: found[k] for k in CLASSES}


_WORST: tuple[CellClass, ...] = ("bad", "weak", "good", "samples")


def by_parent(
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


def _places(profile: Profile, cells: Classified, kinds: Iterable[CellClass]) -> list[Place]:
    """Patches of these classes, computed from the cells."""
    return [_of_patch(profile, patch) for kind in kinds for patch in patches(cells, kind)]


def _of_patch(profile: Profile, patch: Patch) -> Place:
    lat, lon = patch.middle
    return Place(
        number=0,
        id=patch.cells[0],
        kind=patch.kind,
        unit=nearest(profile.units, lat, lon).code,
        cells=patch.cells,
        lat=lat,
        lon=lon,
        samples=patch.whole.n,
        groups=patch.whole.groups,
        devices=patch.whole.devices,
        share=patch.share,
        low=patch.low,
        high=patch.high,
        mean_dbm=patch.whole.mean_dbm,
        last=patch.whole.last,
        since=None,
    )


def gap(entry: Entry) -> Place:
    """A gap of the register as a place, measured as when the engine looked last."""
    return replace(_measured(entry.facts, entry.unit, entry.id, entry.opened), owner=entry.owner)


def _measured(found: Mapping[str, Any], unit: str, number: int = 0, since: int | None = None) -> Place:
    return Place(
        number=number,
        id=found["cells"][0],
        kind="bad",
        unit=unit,
        cells=tuple(found["cells"]),
        lat=found["lat"],
        lon=found["lon"],
        samples=found["samples"],
        groups=found["groups"],
        devices=found["devices"],
        share=found["share"],
        low=found["low"],
        high=found["high"],
        mean_dbm=found["rsrp_sum"] / found["samples"] / 10 if found["samples"] else None,
        last=found["last"],
        since=since,
    )


def _by_weight(places: Iterable[Place]) -> tuple[Place, ...]:
    """Bad ones first, then the larger, then those whose larger share is surely under."""
    return tuple(sorted(places, key=lambda p: (p.kind != "bad", -len(p.cells), -p.low, p.id)))
