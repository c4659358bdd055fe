"""Radio samples as columns, however many there are."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import Any

import numpy as np

from cockpit.store.batch import NO_RATE, Ints, Names, Sample, Samples


@lru_cache(maxsize=16_384)
def hashed(text: str) -> int:
    """A signed 64-bit BLAKE2b."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little", signed=True)


def columns_of(found: Sequence[tuple[int, Sample]]) -> Samples:
    """Samples with the position of their event, as columns."""
    devices, device = numbered([s.device for _, s in found])
    operators, operator = numbered([s.operator for _, s in found])
    reasons, why = numbered([s.apart for _, s in found], ("",))
    return Samples(
        np.array([event for event, _ in found], np.int64),
        device,
        operator,
        np.array([int(s.h3, 16) for _, s in found], np.int64),
        np.array([s.lat for _, s in found], np.float64),
        np.array([s.lon for _, s in found], np.float64),
        np.array([s.rsrp_cb for _, s in found], np.int64),
        np.array([NO_RATE if s.down_kbps is None else s.down_kbps for _, s in found], np.int64),
        why,
        devices,
        operators,
        reasons,
    )


def numbered(texts: Sequence[str], first: Names = ()) -> tuple[Names, Ints]:
    """Different texts in the order in which they come, after the first ones, and the number of each."""
    numbers = {name: n for n, name in enumerate(dict.fromkeys((*first, *texts)))}
    return tuple(numbers), np.array([numbers[text] for text in texts], np.int64)


def joined(parts: Sequence[Samples]) -> Samples:
    """All of them, one after the other."""
    if len(parts) == 1:
        return parts[0]
    columns: dict[str, Any] = {
        name: np.concatenate([getattr(part, name) for part in parts])
        for name in ("event", "h3", "lat", "lon", "rsrp_cb", "down_kbps")
    }
    for column, names in (("device", "devices"), ("operator", "operators"), ("why", "reasons")):
        every, number = numbered([name for part in parts for name in getattr(part, names)])
        own = np.split(number, np.cumsum([len(getattr(part, names)) for part in parts])[:-1])
        columns[names] = every
        columns[column] = np.concatenate([n[getattr(p, column)] for n, p in zip(own, parts, strict=True)])
    return Samples(**columns)
