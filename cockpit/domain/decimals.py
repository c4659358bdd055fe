"""Numbers as people and tools write them in tables: plain decimals, nothing else that Python reads."""

from __future__ import annotations

import math
import re

_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_WHOLE = re.compile(r"[+-]?[0-9]{1,18}")


def decimal(text: str) -> float | None:
    """The number a cell holds, None if it holds none.

    Digits are ASCII, the point is a point; an exponent is taken, as tools write small numbers so. No
    underscores, hexadecimals, infinities or NaN, which `float` takes.
    """
    found = text.strip()
    if len(found) > 64 or not _DECIMAL.fullmatch(found):
        return None
    value = float(found)
    return value if math.isfinite(value) else None


def whole(text: str) -> int | None:
    """The whole number a cell holds, None if it holds none."""
    found = text.strip()
    return int(found) if _WHOLE.fullmatch(found) else None
