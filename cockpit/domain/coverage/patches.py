"""Patches of cells that share a class: where the signal is surely bad, or surely weak."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import h3

from cockpit.domain.coverage.cells import CellClass, CellStats, Limits, best_of, classify, merged, share
from cockpit.domain.coverage.hexes import components

Classified = Sequence[tuple[CellClass, CellStats]]


@dataclass(frozen=True, slots=True)
class Patch:
    """Touching cells of one class. `share` counts samples under the threshold of the class, `low` and `high`
    are its Wilson 95 % bounds."""

    kind: CellClass
    cells: tuple[str, ...]  # in the order of their ids
    whole: CellStats
    share: float
    low: float
    high: float

    @property
    def middle(self) -> tuple[float, float]:
        """Latitude and longitude of the member cell nearest to the mean of all."""
        return _middle(self.cells)


def best_cells(
    operators: Iterable[Sequence[CellStats]], limits: Limits
) -> tuple[tuple[CellClass, CellStats], ...]:
    """Cell by cell the operator who serves it best, with its class, in the order of the cells' ids."""
    per_cell: dict[str, list[CellStats]] = {}
    for cells in operators:
        for cell in cells:
            per_cell.setdefault(cell.h3, []).append(cell)
    best = (best_of(per_cell[h], limits) for h in sorted(per_cell))
    return tuple((classify(cell, limits), cell) for cell in best)


def patches(cells: Classified, kind: CellClass) -> list[Patch]:
    """Patches of a class, larger ones first. Bad cells also hang together over one that is not measured
    enough: what lies between two holes is hardly good."""
    stats = {c.h3: c for _, c in cells}
    bridges = [c.h3 for k, c in cells if k == "samples"] if kind == "bad" else ()
    found = []
    for members in components((c.h3 for k, c in cells if k == kind), bridges):
        whole = merged(members[0], [stats[h] for h in members])
        hits = whole.bad if kind == "bad" else whole.weak
        found.append(Patch(kind, members, whole, *share(hits, whole)))
    return found


def carried(
    known: Mapping[int, Iterable[str]], found: Sequence[Patch], first: Collection[int] = ()
) -> dict[int, int]:
    """Which patches carry on what was known: position in `found` -> number in `known`.

    What shares ground is the same thing, however it has grown or shrunk. Where a patch has split, its largest
    part keeps the number; where several have become one, it keeps the number of the one with most ground in
    it. Ties go to the lower number, then to the earlier patch. Numbers of `first` come before all
    others, with less ground too.
    """
    ground = {number: frozenset(cells) for number, cells in known.items()}
    owners: dict[str, list[int]] = {}
    for number, cells in ground.items():
        for cell in cells:
            owners.setdefault(cell, []).append(number)
    pairs = []
    for position, patch in enumerate(found):
        for number in {n for cell in patch.cells for n in owners.get(cell, ())}:
            shared = len(ground[number].intersection(patch.cells))
            pairs.append((number not in first, -shared, number, position))
    taken: dict[int, int] = {}
    for _, _, number, position in sorted(pairs):
        if position not in taken and number not in taken.values():
            taken[position] = number
    return taken


@lru_cache(maxsize=8192)
def _middle(cells: tuple[str, ...]) -> tuple[float, float]:
    points: list[tuple[float, float]] = [h3.cell_to_latlng(c) for c in cells]
    lat = sum(p[0] for p in points) / len(points)
    lon = sum(p[1] for p in points) / len(points)
    return min(points, key=lambda p: ((p[0] - lat) ** 2 + (p[1] - lon) ** 2, p))
