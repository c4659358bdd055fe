"""Presence from counts: how many of the expected events of an hour arrived."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def presence(
    counts: npt.NDArray[np.int64], rhythm_s: int, last_hour_s: float = 3600.0, behind_s: float = 0.0
) -> Floats:
    """Share of expected events per hour, 0..1, shape as `counts` (..., hours).

    `last_hour_s`: seconds of the last hour that have passed (0..3600); `behind_s`: the counts hold what came
    until so long ago. An hour of which less than one rhythm is known is NaN, not zero. Raises ValueError for
    an asset without a rhythm.
    """
    if rhythm_s <= 0:
        raise ValueError(f"rhythm {rhythm_s} s: presence needs an asset that sends by itself")
    since = last_hour_s - behind_s + 3600.0 * np.arange(counts.shape[-1] - 1, -1, -1)
    known = np.clip(since, 0.0, 3600.0)
    # Floored: an event that is due at this very second is not missing yet.
    due = np.where(since < 3600.0, np.floor(known / rhythm_s), 3600.0 / rhythm_s)
    expected = np.broadcast_to(due, counts.shape)
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
