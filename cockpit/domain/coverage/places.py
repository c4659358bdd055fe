"""How well the place of a sample is known: what is known badly says nothing about a cell."""

from __future__ import annotations

EXACT_M = 50.0
"""Metres: a sample whose place is less exact decides nothing about 4G."""

UNKNOWN = "accuracy"
INEXACT = "position"


def place_problem(accuracy_m: float) -> str:
    """Why a place decides nothing: `UNKNOWN`, `INEXACT`, or empty where it is good. 0 is unknown, as Android
    writes it."""
    if accuracy_m == 0:
        return UNKNOWN
    return INEXACT if accuracy_m > EXACT_M else ""
