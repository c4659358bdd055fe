"""64-bit keys of many rows at once: columns of integers, mixed by multiplications as in SplitMix64."""

from __future__ import annotations

import numpy as np

from cockpit.store.batch import Ints

_SEED = 0x9E3779B97F4A7C15
_STEPS = ((np.uint64(30), np.uint64(0xBF58476D1CE4E5B9)), (np.uint64(27), np.uint64(0x94D049BB133111EB)))
_LAST = np.uint64(31)


def mixed(*columns: Ints) -> Ints:
    """One key a row, signed. The same on every machine; what is kept on disk depends on it."""
    found = np.full(len(columns[0]), _SEED, np.uint64)
    for column in columns:
        found ^= column.astype(np.int64).view(np.uint64)
        for shift, factor in _STEPS:  # products wrap around, as they are meant to
            found ^= found >> shift
            found *= factor
        found ^= found >> _LAST
    return found.view(np.int64)
