"""What rules claim to find, and by when: as their kinds say it to whoever knows what really happened."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from cockpit.domain.catalog import Rule


class Claim(NamedTuple):
    """`how`: in which way the truth of a simulation finds out what a rule of this kind must raise, "" for not
    at all. `within_ms`: how long after it began its alert is open at the latest, by rule and by the rhythm
    (ms) of what it is about; the way of events not counted."""

    how: str
    within_ms: Callable[[Rule, int], int]


UNCLAIMED = Claim("", lambda rule, rhythm_ms: 0)
"""Of a kind that nobody knows."""
