"""Which sites to build next: the most people gained with a number of sites or a budget.

Lazy greedy (CELF, Leskovec 2007): what a site adds never grows as others are built, so what it added before
is a bound, and few sites have to be looked at again. It finds at least 1 − 1/e of the best there is; then
single sites are exchanged for others for as long as that gains people. How near it came is told by
`certificate`. People are whole numbers, so every sum and every comparison is exact; of equals the site with
the lower id comes first.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

Reach = Mapping[str, Collection[str]]
"""By a candidate's id the cells it would serve."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for. `sites` and `budget` both bind, None: not at all; without any of the two every site
    that still gains people is built.

    `cost` by candidate, `1` for those that are not in it. `fixed` are built whatever they gain, before all
    others, and count neither as sites nor as cost; `excluded` are never built. `least`: of each unit's people
    at least this share, as far as candidates reach them, before gains elsewhere count.
    """

    sites: int | None = None
    budget: int | None = None
    cost: Mapping[str, int] = field(default_factory=dict)
    fixed: tuple[str, ...] = ()
    excluded: frozenset[str] = frozenset()
    least: Fraction = Fraction(0)

    def price(self, site: str) -> int:
        return self.cost.get(site, 1)


@dataclass(frozen=True, slots=True)
class Step:
    """A site in the order of building, with whom it adds to those before it."""

    site: str
    gain: int
    total: int
    cells: tuple[str, ...]  # newly served, in the order of their ids
    cost: int


@dataclass(frozen=True, slots=True)
class Plan:
    """Sites in the order of building. `looked`: how often a gain was reckoned."""

    steps: tuple[Step, ...]
    looked: int

    @property
    def total(self) -> int:
        return self.steps[-1].total if self.steps else 0

    @property
    def sites(self) -> tuple[str, ...]:
        return tuple(step.site for step in self.steps)


def suggest(
    people: Mapping[str, int], reach: Reach, wish: Wish, unit: Mapping[str, str] | None = None
) -> Plan:
    """The sites to build. `people` who are without by cell; `unit` of each cell, for a least share.

    With a budget, the better of two plans: by gain, and by gain for its cost.
    Raises ValueError for a cost that is not above nothing or a number of sites below it.
    """
    if (wish.sites or 0) < 0 or any(price <= 0 for price in wish.cost.values()):
        raise ValueError("expected a number of sites from 0 and costs above 0")
    by_gain = _Build(people, reach, wish, unit or {}).run(by_cost=False)
    if wish.budget is None:
        return by_gain if wish.least > 0 else _exchanged(people, reach, wish, by_gain)
    by_cost = _Build(people, reach, wish, unit or {}).run(by_cost=True)
    return by_cost if by_cost.total > by_gain.total else by_gain


def outcome(people: Mapping[str, int], reach: Reach, sites: Sequence[str]) -> Plan:
    """What sites bring that somebody has chosen, in their order."""
    served: set[str] = set()
    steps: list[Step] = []
    total = 0
    for site in dict.fromkeys(sites):
        new = tuple(sorted(c for c in reach.get(site, ()) if c in people and c not in served))
        served.update(new)
        gain = sum(people[c] for c in new)
        total += gain
        steps.append(Step(site, gain, total, new, 1))
    return Plan(tuple(steps), len(steps))


@dataclass(frozen=True, slots=True)
class Knee:
    """After `sites` that bring `people`, each further one brings fewer than `least`; `more` are looked at."""

    sites: int
    people: int
    least: int
    more: int


def knee(plan: Plan, least: int) -> Knee:
    """Where a plan's gain falls below `least` people a site for good."""
    worth = [n for n, step in enumerate(plan.steps, 1) if step.gain >= least]
    sites = worth[-1] if worth else 0
    return Knee(sites, plan.steps[sites - 1].total if sites else 0, least, len(plan.steps) - sites)


ROUNDS = 40
"""Exchanges that are made at most: each gains people, few are ever found."""


def _exchanged(people: Mapping[str, int], reach: Reach, wish: Wish, plan: Plan) -> Plan:
    """The plan with single sites given for others while that gains people, in the greedy order."""
    fixed = set(wish.fixed)
    chosen = {s for s in plan.sites if s not in fixed}
    others = [s for s in sorted(reach) if s not in wish.excluded and s not in fixed]
    cells = {
        s: [c for c in sorted(set(reach[s])) if people.get(c, 0) > 0]
        for s in (*others, *sorted(fixed & reach.keys()))
    }
    by_cell: dict[str, list[str]] = {}
    for site in others:
        for cell in cells[site]:
            by_cell.setdefault(cell, []).append(site)
    moved = False
    for _ in range(ROUNDS):
        move = _best_move(people, cells, by_cell, chosen, [s for s in fixed if s in cells])
        if move is None:
            break
        out, into = move
        chosen = chosen - {out} | {into}
        moved = True
    if not moved:
        return plan
    return _Build(
        people, {s: reach[s] for s in sorted({*chosen, *fixed} & reach.keys())}, wish, {}
    ).run(by_cost=False)  # fmt: skip


def _best_move(
    people: Mapping[str, int], cells: Mapping[str, Sequence[str]], by_cell: Mapping[str, Sequence[str]],
    chosen: Collection[str], fixed: Collection[str],
) -> tuple[str, str] | None:  # fmt: skip
    """The site to give up and the one to build in its place, None where no exchange gains anybody."""
    times: dict[str, int] = {}
    for site in (*chosen, *fixed):
        for cell in cells[site]:
            times[cell] = times.get(cell, 0) + 1
    gain = {s: sum(people[c] for c in mine if c not in times) for s, mine in cells.items() if s not in chosen}
    best = max(gain.values(), default=0)
    leader = min((s for s, g in gain.items() if g == best and s not in fixed), default="")
    found: tuple[int, str, str] | None = None
    for out in sorted(chosen):
        alone = [c for c in cells[out] if times[c] == 1]
        loss = sum(people[c] for c in alone)
        more: dict[str, int] = {leader: 0} if leader else {}
        for cell in alone:
            for site in by_cell[cell]:
                if site not in chosen:
                    more[site] = more.get(site, 0) + people[cell]
        for site in sorted(more):
            won = gain[site] + more[site] - loss
            if won > 0 and (found is None or won > found[0]):
                found = won, out, site
    return None if found is None else found[1:]


class _Build:
    """One way through the candidates."""

    def __init__(self, people: Mapping[str, int], reach: Reach, wish: Wish, unit: Mapping[str, str]) -> None:
        self._people, self._wish, self._unit = people, wish, unit
        self._reach = {
            site: frozenset(c for c in cells if people.get(c, 0) > 0)
            for site, cells in reach.items()
            if site not in wish.excluded or site in wish.fixed
        }
        self._served: set[str] = set()
        self._steps: list[Step] = []
        self._total = self._spent = self._looked = self._built = 0
        self._lack: tuple[int, dict[str, int]] = -1, {}  # after so many steps, what each unit lacks

    def run(self, *, by_cost: bool) -> Plan:
        for site in dict.fromkeys(self._wish.fixed):
            self._build(site, 0)
        if self._wish.least > 0:
            self._lazily(self._needed, by_cost=by_cost)
        self._lazily(self._gain, by_cost=by_cost)
        return Plan(tuple(self._steps), self._looked)

    def _lazily(self, worth: Callable[[str], int], *, by_cost: bool) -> None:
        def key(site: str) -> Fraction:
            self._looked += 1
            found = worth(site)
            return Fraction(-found, self._wish.price(site) if by_cost else 1)

        taken = {step.site for step in self._steps}
        heap = [(key(site), site, len(self._steps)) for site in sorted(self._reach) if site not in taken]
        heapq.heapify(heap)
        while heap and (self._wish.sites is None or self._built < self._wish.sites):
            bound, site, when = heapq.heappop(heap)
            price = self._wish.price(site)
            if bound == 0:
                return
            if self._wish.budget is not None and self._spent + price > self._wish.budget:
                continue  # a cheaper one may still fit
            if when < len(self._steps):
                heapq.heappush(heap, (key(site), site, len(self._steps)))
                continue
            self._build(site, price)

    def _build(self, site: str, price: int) -> None:
        new = tuple(sorted(self._reach.get(site, frozenset()) - self._served))
        gain = sum(self._people[c] for c in new)
        self._served.update(new)
        self._total += gain
        self._spent += price
        self._built += price > 0
        self._steps.append(Step(site, gain, self._total, new, price))

    def _gain(self, site: str) -> int:
        people = self._people
        return sum(people[c] for c in self._reach[site] if c not in self._served)

    def _needed(self, site: str) -> int:
        """Gain that counts towards the least share of a unit, and no more."""
        if self._lack[0] != len(self._steps):
            self._lack = len(self._steps), self._lacking()
        lacking = self._lack[1]
        by_unit: dict[str, int] = {}
        for cell in self._reach[site]:
            if cell not in self._served:
                name = self._unit.get(cell, "")
                by_unit[name] = by_unit.get(name, 0) + self._people[cell]
        return sum(min(found, lacking.get(name, 0)) for name, found in by_unit.items())

    def _lacking(self) -> dict[str, int]:
        reachable: set[str] = set().union(*self._reach.values()) if self._reach else set()
        could: dict[str, int] = {}
        has: dict[str, int] = {}
        for cell in reachable:
            name = self._unit.get(cell, "")
            could[name] = could.get(name, 0) + self._people[cell]
            if cell in self._served:
                has[name] = has.get(name, 0) + self._people[cell]
        least = self._wish.least
        need = {name: -(-n * least.numerator // least.denominator) for name, n in could.items()}
        return {name: max(n - has.get(name, 0), 0) for name, n in need.items()}
