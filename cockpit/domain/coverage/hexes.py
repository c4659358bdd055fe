"""Hexagons: patches of neighbouring cells, and the roll-up to a coarser resolution."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import h3

from cockpit.domain.coverage.cells import CellStats, merged


def components(cells: Iterable[str], bridges: Iterable[str] = ()) -> tuple[tuple[str, ...], ...]:
    """Patches of cells that touch: each sorted, larger patches first, then by their first cell.

    A cell of `bridges` (not measured enough) may join patches that touch it on both sides but is not
    itself a member. The answer depends on the set of cells only, not on their order.
    """
    members = set(cells)
    passable = set(bridges) - members
    done: set[str] = set()
    patches: list[tuple[str, ...]] = []
    for seed in sorted(members):
        if seed in done:
            continue
        patch, edge, crossed = {seed}, [seed], set[str]()
        while edge:
            cell = edge.pop()
            for near in h3.grid_disk(cell, 1):
                if near in members and near not in patch:
                    patch.add(near)
                    edge.append(near)
                elif near in passable and near not in crossed:
                    crossed.add(near)
                    # One step over a bridge, never a walk along several.
                    beyond = members.intersection(h3.grid_disk(near, 1)) - patch
                    patch |= beyond
                    edge.extend(beyond)
        done |= patch
        patches.append(tuple(sorted(patch)))
    return tuple(sorted(patches, key=lambda p: (-len(p), p[0])))


def parents(cells: Iterable[CellStats], resolution: int) -> tuple[CellStats, ...]:
    """Cells rolled up to a coarser resolution, in the order of their ids."""
    groups: defaultdict[str, list[CellStats]] = defaultdict(list)
    for cell in cells:
        groups[h3.cell_to_parent(cell.h3, resolution)].append(cell)
    return tuple(merged(parent, groups[parent]) for parent in sorted(groups))
