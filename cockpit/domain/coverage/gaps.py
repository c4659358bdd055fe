"""What the engine makes of coverage gaps: ground where even the best operator is surely bad.

One opens when it is found and keeps its number for as long as it holds any of its ground. It closes when
another takes what is bad of it, or when at least half of it is measured and none of it is bad; one that
people are at (`cockpit.domain.coverage.gap_life`) only when that is proved as people have to prove it.
Ground that nobody measures any more says nothing. Bad again on its old ground, a gap opens again, verified,
under its old number. Where several become one, that which people are at keeps its number.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from cockpit.domain.coverage.cells import CellClass, CellStats
from cockpit.domain.coverage.gap_life import REPORTED, VERIFIED, life_of, opened_again, proof_of
from cockpit.domain.coverage.patches import Classified, Patch, carried, patches
from cockpit.domain.registers import CLOSED, Entry, Moved, Step

ACTOR = "engine"

Cells = Mapping[str, tuple[CellClass, CellStats]]
"""What is judged, by cell."""


TOLD = (
    "cells", "lat", "lon", "samples", "groups", "devices", "share", "low", "high", "rsrp_sum", "last",
)  # fmt: skip
"""Names of what is measured of a gap."""


def moved(
    entries: Mapping[int, Entry],
    cells: Classified,
    t: int,
    begin: Callable[[int, Patch], Entry],
) -> tuple[list[Moved], dict[int, Mapping[str, Any]]]:
    """What becomes of the gaps in `entries` (open and closed, by number) at instant `t`, given the cells of
    the best operators: the steps in order of the numbers, and by number the facts of those that go on.

    `begin(number, patch)` makes a new entry; what opens again takes its place and due time from one.
    """
    found = patches(cells, "bad")
    going = {n: e.facts["cells"] for n, e in entries.items() if e.state != CLOSED}
    gone = {n: e.facts["cells"] for n, e in entries.items() if e.state == CLOSED}
    at_work = [n for n in going if entries[n].state != REPORTED]
    steps: list[Moved] = []
    facts: dict[int, Mapping[str, Any]] = {}
    kept = carried(going, found, at_work)
    for position, number in kept.items():
        facts[number] = told(found[position])
    mended = {c for n, ground in gone.items() if life_of(entries[n]).quiet > t for c in ground}
    new = [p for n, p in enumerate(found) if n not in kept and not _seen_before_work(p, mended)]
    again = carried({n: c for n, c in gone.items() if life_of(entries[n]).quiet <= t}, new)
    number = max(entries, default=0)
    for position, patch in enumerate(new):
        if position in again:
            steps.append(_reopened(entries[again[position]], begin(again[position], patch), patch, t))
            continue
        number += 1
        steps.append(_begun(begin(number, patch), patch, t))
    judged = {c.h3: (kind, c) for kind, c in cells if kind != "samples"}
    holders = {cell: number for position, number in kept.items() for cell in found[position].cells}
    for lost in sorted(going.keys() - set(kept.values())):
        if any(c in holders for c in going[lost]) or _measured_good(entries[lost], judged):
            steps.append(_closed(entries[lost], judged, holders, t))
    return sorted(steps, key=lambda m: m.entry.id), facts


def told(patch: Patch) -> dict[str, Any]:
    """What is measured of a gap, in the form it is kept in."""
    lat, lon = patch.middle
    whole = patch.whole
    return {
        "cells": list(patch.cells),
        "lat": round(lat, 5),
        "lon": round(lon, 5),
        "samples": whole.n,
        "groups": whole.groups,
        "devices": whole.devices,
        "share": round(patch.share, 4),
        "low": round(patch.low, 4),
        "high": round(patch.high, 4),
        "rsrp_sum": whole.rsrp_sum,
        "last": whole.last,
    }


def _seen_before_work(patch: Patch, mended: set[str]) -> bool:
    """Whether most of it is ground that was proved good after work: what makes it look bad was measured
    before."""
    return 2 * sum(c in mended for c in patch.cells) >= len(patch.cells)


def _measured_good(entry: Entry, judged: Cells) -> bool:
    """Whether what was a gap is measured and not bad. None of its ground is a patch of bad cells any more."""
    ground: Sequence[str] = entry.facts["cells"]
    known = [judged[c][1] for c in ground if c in judged]
    if 2 * len(known) < len(ground):
        return False
    by_measuring = entry.state == VERIFIED and life_of(entry).alone  # and nobody has been at it since
    return entry.state == REPORTED or by_measuring or proof_of(known).enough


def _begun(entry: Entry, patch: Patch, t: int) -> Moved:
    return Moved(entry, 0, Step(t, ACTOR, "found", "", REPORTED, _measured(patch)))


def _reopened(entry: Entry, fresh: Entry, patch: Patch, t: int) -> Moved:
    after = replace(
        entry, state=VERIFIED, unit=fresh.unit, closed=None, due=fresh.due, version=entry.version + 1,
        facts={**fresh.facts, **opened_again(entry), "alone": True},
    )  # fmt: skip
    return Moved(after, entry.version, Step(t, ACTOR, "reopened", entry.state, VERIFIED, _measured(patch)))


def _closed(entry: Entry, judged: Cells, holders: Mapping[str, int], t: int) -> Moved:
    """It is no gap of its own any more: merged into another, or measured and not bad."""
    cells: Sequence[str] = entry.facts["cells"]
    into = next((holders[c] for c in cells if c in holders), None)
    evidence: dict[str, Any] = {"cells": len(cells), "judged": sum(c in judged for c in cells)}
    if into is not None:
        evidence["into"] = into
    after = replace(entry, state=CLOSED, closed=t, due=None, version=entry.version + 1)
    what = "merged" if into is not None else "measured_good"
    return Moved(after, entry.version, Step(t, ACTOR, what, entry.state, CLOSED, evidence))


def _measured(patch: Patch) -> dict[str, Any]:
    return {"cells": len(patch.cells), "samples": patch.whole.n, "groups": patch.whole.groups}
