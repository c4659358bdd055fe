"""The digital transformation index of a province (DTI): Decision 922/QĐ-BTTTT of 20 May 2022.

Eight main indices between 0 and 1: five foundations with 100 points each, digital government with 200,
digital economy and digital society with 150 each, 1,000 in all (eballsviet.com, stttt.daknong.gov.vn). With
F, 100 times the sum of the foundations:

    DTI = (F + 200 government + 150 economy + 150 society) / 1000
    pillar of government = (F + 200 government) / 700
    pillar of economy = (F + 150 economy) / 650
    pillar of society = (F + 150 society) / 650

Held against the results of 2022 of five provinces on dti.gov.vn/xep-hang-2022: each is met within 0.0001,
Quảng Ninh with 0.7024 and the pillars 0.7804, 0.7187, 0.6864. The set in force since April 2025 is
405/QĐ-BKHCN, whose weights could not be read.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Literal, NamedTuple

Index = Literal[
    "awareness", "institutions", "infrastructure", "people", "security", "government", "economy", "society"
]
FOUNDATIONS: tuple[Index, ...] = ("awareness", "institutions", "infrastructure", "people", "security")
POINTS: dict[Index, int] = {
    **dict.fromkeys(FOUNDATIONS, 100), "government": 200, "economy": 150, "society": 150,
}  # fmt: skip
PILLARS: tuple[Index, ...] = ("government", "economy", "society")
TOTAL = sum(POINTS.values())
DECIMALS = 4
"""As results are published."""

Values = Mapping[Index, float]
"""All eight main indices, 0 to 1."""


class Result(NamedTuple):
    """The index and its pillars, 0 to 1, to four decimals."""

    dti: float
    pillars: dict[Index, float]


def dti(values: Values) -> Result:
    """Raises ValueError where a main index is missing or not from 0 to 1."""
    for index in POINTS:
        if index not in values:
            raise ValueError(f"{index}: nothing")
        if not 0 <= values[index] <= 1:
            raise ValueError(f"{index}: {values[index]} is not from 0 to 1")
    got = {index: most * values[index] for index, most in POINTS.items()}
    base, most = math.fsum(got[index] for index in FOUNDATIONS), sum(POINTS[index] for index in FOUNDATIONS)
    pillars = {index: round((base + got[index]) / (most + POINTS[index]), DECIMALS) for index in PILLARS}
    return Result(round(math.fsum(got.values()) / TOTAL, DECIMALS), pillars)


def lost(values: Values) -> dict[Index, float]:
    """What each main index costs the DTI, on its scale from 0 to 1, what costs most first."""
    found = {index: most * (1 - values[index]) / TOTAL for index, most in POINTS.items()}
    return dict(sorted(found.items(), key=lambda item: -item[1]))
