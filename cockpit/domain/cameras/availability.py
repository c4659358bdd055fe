"""Presence from counts: how many of the expected events of an hour arrived."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def presence(counts: npt.NDArray[np.int64], rhythm_s: int, last_hour_s: float = 3600.0) -> Floats:
    """Share of expected events per hour, 0..1, shape as `counts` (..., hours).

    `last_hour_s`: seconds of the last hour that have passed (0..3600); an hour of which less than one
    rhythm has passed is NaN, not zero. Raises ValueError for an asset without a rhythm.
    """
    if rhythm_s <= 0:
        raise ValueError(f"rhythm {rhythm_s} s: presence needs an asset that sends by itself")
    expected = np.full(counts.shape, 3600.0 / rhythm_s)
    # Floored: an event that is due at this very second is not missing yet.
    expected[..., -1] = np.floor(last_hour_s / rhythm_s)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.minimum(counts / expected, 1.0)
    return np.where(expected >= 1, share, np.nan)


def availability(shares: Floats) -> float | None:
    """Mean presence over the known hours from the first one with an event, or None if there is none.

    Hours before the first event do not count: the camera was not connected then, which is not a fault.
    """
    known = ~np.isnan(shares)
    came = np.flatnonzero(known & (shares > 0))
    if not came.size:
        return None
    tail = shares[came[0] :]
    return float(np.nanmean(tail))
