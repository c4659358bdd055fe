"""What one run left behind."""

from __future__ import annotations

from dataclasses import dataclass

from cockpit.score.figures import Load, Tallies
from cockpit.score.findings import Findings


@dataclass(frozen=True, slots=True)
class Result:
    """A run and what came of it. `findings`: what was missed, wrong, late, not named, closed too soon."""

    name: str
    seed: int
    tallies: Tallies
    load: Load
    findings: Findings
    events: int
    refused: dict[str, int]
    seconds: float
