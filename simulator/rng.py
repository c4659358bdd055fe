"""Counter-based random numbers: a hash of (seed, stream, entity, step), in wrapping 64-bit integers.

Nothing is drawn in sequence, so any instant can be computed alone and in any order. Only integer
arithmetic and exactly rounded +, −, ×, ÷ are used: the same bits on every processor.
The mixer is SplitMix64 (Steele, Lea, Flood 2014), applied twice.
"""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
import numpy.typing as npt

U64 = npt.NDArray[np.uint64]
I64 = npt.NDArray[np.int64]
F64 = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

_M1 = np.uint64(0xBF58476D1CE4E5B9)
_M2 = np.uint64(0x94D049BB133111EB)
_G1 = np.uint64(0x9E3779B97F4A7C15)
_G2 = np.uint64(0xD1B54A32D192ED03)
_S30, _S27, _S31, _S11 = (np.uint64(n) for n in (30, 27, 31, 11))
_LOW = np.uint64(0xFFFF)
_S16, _S32, _S48 = (np.uint64(n) for n in (16, 32, 48))
_UNIT = 2.0**-53
# Variance of the sum of four uniforms on 0..65535 is (65536² − 1) / 3.
_GAUSS = (3.0**0.5) / 65536.0


def _mix(x: U64) -> U64:
    x = (x ^ (x >> _S30)) * _M1
    x = (x ^ (x >> _S27)) * _M2
    return x ^ (x >> _S31)


def _u64(values: Any) -> U64:
    return np.atleast_1d(np.asarray(values, dtype=np.int64)).astype(np.uint64)


class Stream:
    """One named stream of a seed. Two streams of the same seed are unrelated.

    `entity` and `step` are integers or integer arrays that broadcast; results are at least 1-d.
    """

    def __init__(self, seed: int, name: str) -> None:
        digest = hashlib.blake2b(name.encode(), digest_size=8, key=seed.to_bytes(8, "big", signed=True))
        self._key = np.uint64(int.from_bytes(digest.digest(), "big"))

    def bits(self, entity: Any, step: Any = 0) -> U64:
        """64 random bits for each (entity, step)."""
        return _mix(_mix(self._key ^ (_u64(entity) * _G1)) + _u64(step) * _G2)

    def uniform(self, entity: Any, step: Any = 0) -> F64:
        """Uniform in [0, 1)."""
        return (self.bits(entity, step) >> _S11).astype(np.float64) * _UNIT

    def gauss(self, entity: Any, step: Any = 0) -> F64:
        """About normal, mean 0, deviation 1, within ±3.47: the sum of four 16-bit uniforms."""
        return gauss_of(self.bits(entity, step))

    def below(self, n: Any, entity: Any, step: Any = 0) -> I64:
        """A whole number in [0, n)."""
        return np.asarray(np.floor(self.uniform(entity, step) * n).astype(np.int64))

    def smooth(self, entity: Any, time_ms: I64, period_ms: int) -> F64:
        """A smooth random walk around 0, deviation about 0.8: hashed lattice, cubic blend in between."""
        step = time_ms // period_ms
        w = (time_ms - step * period_ms) / period_ms
        w = w * w * (3.0 - 2.0 * w)
        low = self.gauss(entity, step)
        return np.asarray(low + (self.gauss(entity, step + 1) - low) * w)


def gauss_of(bits: U64) -> F64:
    """About normal numbers from 64 random bits each."""
    total = (bits & _LOW) + ((bits >> _S16) & _LOW) + ((bits >> _S32) & _LOW) + (bits >> _S48)
    return np.asarray((total.astype(np.float64) - 131070.0) * _GAUSS)


def lognormal_of(z: F64, median: float, spread: float) -> F64:
    """Skewed positive numbers from normal ones: median × spread^z for z = ±1.

    Uses (1 + z·c/8)^8 in place of exp, exact to rounding on every processor.
    """
    base = 1.0 + np.clip(z, -4, 4) * (np.log(spread) / 8.0)
    squared = base * base
    squared = squared * squared
    return np.asarray(median * squared * squared)


def choose(u: F64, weights: F64) -> I64:
    """Index drawn with the given weights from uniform numbers."""
    edges = np.add.accumulate(weights)
    at = np.searchsorted(edges, u * edges[-1], side="right")
    return np.asarray(np.minimum(at, len(weights) - 1), dtype=np.int64)
