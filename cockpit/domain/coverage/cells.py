"""What is known about one hexagon for one operator, and the class that follows from it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from cockpit.domain.coverage.wilson import wilson

CellClass = Literal["bad", "weak", "good", "samples"]
"""`samples`: not enough measured to say anything. It is neither good nor bad."""

_RANK: dict[CellClass, int] = {"good": 0, "weak": 1, "bad": 2, "samples": 3}


@dataclass(frozen=True, slots=True)
class Limits:
    """Thresholds in dBm and the floor under which a cell is not judged."""

    weak_dbm: float = -100.0
    bad_dbm: float = -110.0
    min_groups: int = 5
    min_devices: int = 2


class CellStats(NamedTuple):
    """Counts of one cell. `groups` counts distinct (device, 50 m, hour), the independent looks.

    `weak` counts samples under the weak threshold, those under the bad one (`bad`) among them.
    `rsrp_sum`, `rsrp_min` in 0.1 dBm; `last` is the instant of the newest sample in ms.
    """

    h3: str
    n: int
    groups: int
    devices: int
    weak: int
    bad: int
    rsrp_sum: int
    rsrp_min: int
    last: int

    @property
    def mean_dbm(self) -> float | None:
        return self.rsrp_sum / self.n / 10 if self.n else None


def share(hits: int, cell: CellStats) -> tuple[float, float, float]:
    """Share of samples and its Wilson 95 % bounds: (share, low, high), each 0..1.

    Samples of one phone at one place are one look, so the interval counts groups, not rows: rows
    that repeat each other change neither the share nor its width.
    """
    if not cell.n:
        return 0.0, 0.0, 1.0
    p = hits / cell.n
    looks = min(cell.groups, cell.n)
    return p, *wilson(p * looks, looks)


def classify(cell: CellStats, limits: Limits) -> CellClass:
    """Bad (weak) when surely more than half of the samples lie under the bad (weak) threshold."""
    if cell.n == 0 or cell.groups < limits.min_groups or cell.devices < limits.min_devices:
        return "samples"
    if _surely_most(cell.bad, cell):
        return "bad"
    if _surely_most(cell.weak, cell):
        return "weak"
    return "good"


def _surely_most(hits: int, cell: CellStats) -> bool:
    # The lower bound lies under the share itself, so most cells need no interval.
    return 2 * hits > cell.n and share(hits, cell)[1] > 0.5


def merged(h3: str, cells: Iterable[CellStats]) -> CellStats:
    """One cell made of several. Devices may repeat between cells, so their number is a lower bound:
    the largest of the parts."""
    parts = list(cells)
    if not parts:
        raise ValueError(f"{h3}: no cells to merge")
    return CellStats(
        h3=h3,
        n=sum(c.n for c in parts),
        groups=sum(c.groups for c in parts),
        devices=max(c.devices for c in parts),
        weak=sum(c.weak for c in parts),
        bad=sum(c.bad for c in parts),
        rsrp_sum=sum(c.rsrp_sum for c in parts),
        rsrp_min=min(c.rsrp_min for c in parts),
        last=max(c.last for c in parts),
    )


def best_of(operators: Sequence[CellStats], limits: Limits) -> CellStats:
    """The operator who serves the cell best, among those measured enough: a phone of any operator.

    Ties go to the lower share of weak samples, then to more groups, then to the order given.
    """
    if not operators:
        raise ValueError("no operator has a sample here")
    return min(
        operators,
        key=lambda c: (_RANK[classify(c, limits)], c.bad / max(c.n, 1), c.weak / max(c.n, 1), -c.groups),
    )
