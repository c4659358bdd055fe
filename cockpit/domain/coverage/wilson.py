"""The Wilson score interval of a share."""

from __future__ import annotations

from math import sqrt

Z95 = 1.959963984540054
"""Two-sided 95 % quantile of the normal distribution."""


def wilson(hits: float, n: float, z: float = Z95) -> tuple[float, float]:
    """Bounds of the true share when `hits` of `n` were hits (Wilson 1927).

    `hits` may be fractional: a share of samples carried over to the smaller number of independent
    groups. With `n` = 0 nothing is known: (0, 1). Raises ValueError unless 0 <= hits <= n.
    """
    if not 0 <= hits <= n:
        raise ValueError(f"{hits} hits of {n}: expected 0 <= hits <= n")
    if n == 0:
        return 0.0, 1.0
    p = hits / n
    zz = z * z
    middle = (p + zz / (2 * n)) / (1 + zz / n)
    half = z / (1 + zz / n) * sqrt(p * (1 - p) / n + zz / (4 * n * n))
    return max(0.0, middle - half), min(1.0, middle + half)
