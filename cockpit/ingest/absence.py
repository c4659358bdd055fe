"""What stands in a table where there is no value. One definition for every column.

Tools write words (`N/A`, `null`, `NaN`), phones the largest or smallest whole number: Android's
`CellInfo.UNAVAILABLE` is 2147483647, its negative and neighbours come from sums and from rounding to 32 bits.
"""

from __future__ import annotations

from cockpit.domain.decimals import decimal

WORDS = frozenset(
    (
        "", "-", "--", "—", "–", "?", "n/a", "na", "n.a.", "#n/a", "#na", "null", "(null)", "none", "nil",
        "nan", "-nan", "undefined", "unknown", "\\n",
    )
)  # fmt: skip
"""Compared in small letters without the spaces around them; `\\N` is how databases export null."""

NUMBERS = frozenset(
    float(n) for top in (2**31, 2**63) for n in (top - 1, top, -(top - 1), -top)
)  # fmt: skip
"""The ends of 32-bit and 64-bit whole numbers, either sign, exact or rounded up."""

_SHORTEST = 10  # characters of the shortest of NUMBERS


def absent(text: str) -> bool:
    """Whether a cell holds no value."""
    found = text.strip().lower()
    return found in WORDS or (len(found) >= _SHORTEST and decimal(found) in NUMBERS)
