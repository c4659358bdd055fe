"""What the alerts of a demo were worth, held against what was really played: figures, and what went wrong one
by one. docs/score.md defines every figure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

ORDERED, EVERYDAY = ":ordered", ":everyday"
"""In place of a scenario: faults that a presenter ordered one by one, and those that happen by themselves."""

Sort = Literal["missed", "wrong", "late", "not_named", "false_resolves"]
SORTS: tuple[Sort, ...] = ("missed", "wrong", "late", "not_named", "false_resolves")
"""What can go wrong, in the order in which it is told."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares are 0..1, spans in seconds; None where nothing was there to be judged."""

    recall: float | None
    precision: float | None
    cause: float | None
    detect_p50_s: float | None
    detect_p95_s: float | None
    over_p95_s: float | None
    expected: int
    found: int
    late: int
    right: int
    wrong: int
    with_symptoms: int
    named: int
    false_resolves: int


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that went wrong; times in ms. `code`: what the alert is about, or the cause of a fault whose
    cause was not named. `kind` and `scenario` are of the fault, "" for an alert of nothing that happened.
    `at`: the fault's onset, or when a wrong alert opened; `end` and `by`: when the fault was over, and by
    when the alert was due, where there is such. `alert` is its number, None where there was none."""

    sort: Sort
    rule: str
    code: str
    kind: str
    scenario: str
    at: int
    end: int | None
    by: int | None
    alert: int | None


@dataclass(frozen=True, slots=True)
class Played:
    """What was played in [`start`, `end`), ms, in `spans` pieces: leaps in between are not judged.
    `whole`: from the beginning of the demo on. `waiting`: alerts that faults must still bring about, whose
    time is not over. `findings` are the newest of each sort, `counts` all of them."""

    start: int
    end: int
    spans: int
    whole: bool
    waiting: int
    total: Figures
    rules: Mapping[str, Figures]
    scenarios: Mapping[str, Figures]
    findings: tuple[Finding, ...]
    counts: Mapping[str, int]
