"""Where to build next: who is without 4G, which sites would serve most of them, and what a plan brings.

Who is without: the people of a cell that is surely bad, by its share of bad samples; of a cell that is not
measured enough all of them, if no site of the register should reach it by prediction.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from types import MappingProxyType

import h3

from cockpit.domain.coverage.certificate import Certificate, certify
from cockpit.domain.coverage.people import RESOLUTION
from cockpit.domain.coverage.placement import Knee, Plan, Wish, knee, outcome, suggest
from cockpit.domain.coverage.reach import Ground, by_name, candidates
from cockpit.domain.registers import GAP
from cockpit.profiles import Profile
from cockpit.profiles.land import land_of
from cockpit.store import hamlets
from cockpit.store.queries import registers
from cockpit.views import coverage
from cockpit.views.context import ViewContext
from cockpit.views.coverage import ANY, judged
from cockpit.views.inhabitants import inhabitants

ALL = "all"
"""In place of an operator: every one of them."""

KEEP_S = 300.0
"""Seconds a computed view is good for, unless a gap is found or closed, or people of cells are brought in."""


def stamp(ctx: ViewContext) -> tuple[int, ...]:
    """A view is also computed anew when this changes."""
    with ctx.store.read() as conn:
        return *coverage.stamp(ctx), *hamlets.version(conn)


MOST = 50
"""Sites that are suggested at most."""
CURVE = 30
"""Sites the curve of gains looks at."""
WORTH = 50
"""People a site has to bring, or the curve is told to have fallen."""
TOWN = 1_500.0
"""People per km² from which a unit is town to the prediction."""


@dataclass(frozen=True, slots=True)
class Without:
    """A cell with people who are without: `measured` as bad, or only predicted to be out of reach."""

    cell: str
    unit: str
    people: int
    measured: bool


@dataclass(frozen=True, slots=True)
class Site:
    """A site of a plan in the order of building. `cells` are newly served."""

    cell: str
    lat: float
    lon: float
    unit: str
    gain: int
    total: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """Of a unit, "" for the province: how much of its area and of its people is served."""

    unit: str
    cells: int
    served_cells: int
    people: int
    without: int

    @property
    def area(self) -> float:
        return self.served_cells / self.cells if self.cells else 0.0

    @property
    def population(self) -> float:
        return 1 - self.without / self.people if self.people else 0.0


@dataclass(frozen=True, slots=True)
class Proposal:
    """Sites, whom they serve, and how many of the open gaps they would serve for the better part."""

    sites: tuple[Site, ...]
    total: int
    gaps: int
    units: Mapping[str, int]  # people gained by unit, the most first


@dataclass(frozen=True, slots=True)
class SitesView:
    """For an operator, or any. `curve` are the gains of the sites one after another, those of the suggestion
    first."""

    operator: str
    without: tuple[Without, ...]
    gaps: int
    suggested: Proposal
    curve: tuple[int, ...]
    knee: Knee
    certificate: Certificate

    @property
    def people(self) -> int:
        return sum(w.people for w in self.without)

    @property
    def measured(self) -> int:
        return sum(w.people for w in self.without if w.measured)


class Atlas:
    """What follows from a profile alone: its land, candidates and what each of them reaches."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self.unit = land_of(profile)
        towns = {u.code for u in profile.units if u.population / u.area_km2 >= TOWN}
        self.ground = Ground(list(self.unit), {c for c, u in self.unit.items() if u in towns})
        self._limit = profile.coverage.bad_dbm
        self.reach: dict[str, tuple[str, ...]] = dict(self._reached(candidates(self.unit)))
        self._existing: dict[str, frozenset[str]] = {}

    def _reached(self, cells: tuple[str, ...]) -> Mapping[str, tuple[str, ...]]:
        places = [h3.cell_to_latlng(c) for c in cells]
        return by_name(cells, self.ground.reached(places, self._limit), self.ground.cells)

    def of(self, cell: str) -> tuple[str, ...]:
        """What a site in this cell would reach, candidate or not."""
        if cell not in self.reach:
            return self._reached((cell,))[cell]
        return self.reach[cell]

    def served(self, operator: str) -> frozenset[str]:
        """Cells that the sites of the register should reach, those of one operator or all."""
        if operator not in self._existing:
            places, heights = [], []
            for a in self.profile.assets:
                mine = operator in (ANY, str(a.attrs.get("operator", "")))
                if a.kind == "site" and mine and a.lat is not None and a.lon is not None:
                    places.append((a.lat, a.lon))
                    heights.append(float(a.attrs.get("height_m", 35)))
            found = self.ground.reached(places, self._limit, heights=heights)
            numbers = {n for one in found for n in one.tolist()}
            self._existing[operator] = frozenset(self.ground.cells[n] for n in numbers)
        return self._existing[operator]


_atlases: list[Atlas] = []


def atlas(profile: Profile) -> Atlas:
    """The atlas of a profile, made once in a process for each of the last two asked for."""
    found = next((a for a in _atlases if a.profile is profile), None)
    if found is None:
        found = Atlas(profile)
        _atlases.append(found)
        del _atlases[:-2]
    return found


def build(
    ctx: ViewContext, operator: str = ANY, n: int = 10, least: int = 0, excluded: tuple[str, ...] = ()
) -> SitesView:
    """The suggestion of `n` sites, at least `least` per cent of each unit's people first, and none in units
    `excluded`."""
    known = atlas(ctx.profile)
    without, gaps = _without(ctx, known, operator), _gaps(ctx)
    plan, curve, told = _planned(known, _frozen(without), n, least, excluded)
    return SitesView(
        operator=operator,
        without=without,
        gaps=len(gaps),
        suggested=_proposal(known, plan, gaps, dict(_frozen(without))),
        curve=tuple(step.gain for step in curve.steps),
        knee=knee(curve, WORTH),
        certificate=told,
    )


def proposal(ctx: ViewContext, operator: str, cells: tuple[str, ...]) -> Proposal:
    """What sites in these cells would bring, in their order."""
    known = atlas(ctx.profile)
    people = {w.cell: w.people for w in _without(ctx, known, operator)}
    plan = outcome(people, {cell: known.of(cell) for cell in cells}, cells)
    return _proposal(known, plan, _gaps(ctx), people)


def shares(ctx: ViewContext, operator: str = ANY) -> tuple[Share, ...]:
    """Area and people served: of the province, then of its units, most without first. `ALL`: a cell is served
    where every operator serves it."""
    known = atlas(ctx.profile)
    without = _without_all(ctx, known) if operator == ALL else _without(ctx, known, operator)
    return _shares(known, without, _people(ctx))


def by_operator(ctx: ViewContext) -> dict[str, Share]:
    """The province for any operator, for all of them together, and for each."""
    return {code: shares(ctx, code)[0] for code in (ANY, ALL, *ctx.profile.operators)}


def _without_all(ctx: ViewContext, known: Atlas) -> tuple[Without, ...]:
    """Who lacks at least one operator: in each cell those who lack the one that serves fewest."""
    worst: dict[str, Without] = {}
    for operator in ctx.profile.operators:
        for found in _without(ctx, known, operator):
            before = worst.get(found.cell)
            if before is None or found.people > before.people:
                worst[found.cell] = found
    return tuple(worst[cell] for cell in sorted(worst))


@lru_cache(maxsize=16)
def _planned(
    known: Atlas, without: tuple[tuple[str, int], ...], n: int, least: int, excluded: tuple[str, ...]
) -> tuple[Plan, Plan, Certificate]:
    people = MappingProxyType(dict(without))
    never = frozenset(c for c in known.reach if known.unit[c] in excluded)
    wish = Wish(sites=n, excluded=never, least=Fraction(least, 100))
    plan = suggest(people, known.reach, wish, known.unit)
    further = Wish(sites=max(CURVE - n, 0), fixed=plan.sites, excluded=never)
    curve = suggest(people, known.reach, further)
    return plan, curve, certify(people, known.reach, wish, plan)


def _frozen(without: tuple[Without, ...]) -> tuple[tuple[str, int], ...]:
    return tuple((w.cell, w.people) for w in without)


def _without(ctx: ViewContext, known: Atlas, operator: str) -> tuple[Without, ...]:
    known_of = {cell.h3: (kind, cell) for kind, cell in judged(ctx, operator, RESOLUTION)}
    reached = known.served(operator)
    found = []
    living = _people(ctx)
    for cell in known.unit:
        people = living[cell]
        kind, stats = known_of.get(cell, ("samples", None))
        if kind == "bad" and stats is not None:
            found.append(
                Without(cell, known.unit[cell], (people * stats.bad + stats.n // 2) // stats.n, True)
            )
        elif kind == "samples" and cell not in reached:
            found.append(Without(cell, known.unit[cell], people, False))
    return tuple(w for w in found if w.people)


def _people(ctx: ViewContext) -> Mapping[str, int]:
    with ctx.store.read() as conn:
        return inhabitants(conn, ctx.profile).people


def _gaps(ctx: ViewContext) -> tuple[frozenset[str], ...]:
    """The ground of every open gap, at the resolution of people."""
    with ctx.store.read() as conn:
        found = registers.open_entries(conn, GAP)
    return tuple(frozenset(_coarse(c) for c in e.facts["cells"]) for e in found)


def _coarse(cell: str) -> str:
    return cell if h3.get_resolution(cell) <= RESOLUTION else str(h3.cell_to_parent(cell, RESOLUTION))


def _proposal(
    known: Atlas, plan: Plan, gaps: tuple[frozenset[str], ...], people: Mapping[str, int]
) -> Proposal:
    sites = []
    gained: dict[str, int] = {}
    served: set[str] = set()
    for step in plan.steps:
        lat, lon = h3.cell_to_latlng(step.site)
        unit = known.unit.get(step.site, "")
        sites.append(Site(step.site, lat, lon, unit, step.gain, step.total, step.cells))
        served.update(known.of(step.site))
        for cell in step.cells:
            gained[known.unit[cell]] = gained.get(known.unit[cell], 0) + people[cell]
    units = dict(sorted(gained.items(), key=lambda found: (-found[1], found[0])))
    return Proposal(tuple(sites), plan.total, sum(2 * len(g & served) >= len(g) > 0 for g in gaps), units)


def _shares(known: Atlas, without: tuple[Without, ...], people: Mapping[str, int]) -> tuple[Share, ...]:
    lacking = {w.cell: w.people for w in without}
    rows: dict[str, list[int]] = {}
    for cell, unit in known.unit.items():
        for name in ("", unit):
            row = rows.setdefault(name, [0, 0, 0, 0])
            row[0] += 1
            row[1] += cell not in lacking
            row[2] += people[cell]
            row[3] += lacking.get(cell, 0)
    shares = [Share(unit, *row) for unit, row in rows.items()]
    return tuple(sorted(shares, key=lambda s: (s.unit != "", -s.without, s.unit)))
