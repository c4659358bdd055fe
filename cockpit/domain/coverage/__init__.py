"""Coverage as a share with a bound, never as a mean: cells, their class, and patches of bad cells."""

from cockpit.domain.coverage.cells import CellClass, CellStats, Limits, best_of, classify, merged, share
from cockpit.domain.coverage.hexes import components, parents
from cockpit.domain.coverage.wilson import wilson

__all__ = [
    "CellClass",
    "CellStats",
    "Limits",
    "best_of",
    "classify",
    "components",
    "merged",
    "parents",
    "share",
    "wilson",
]
