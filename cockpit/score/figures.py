"""Figures out of verdicts: counts that add up over runs, and the shares and quantiles made of them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from cockpit.score.match import Verdict

WINDOW_MS = 600_000
"""Ten minutes: the window in which alarm systems count what one operator is given."""

CROWDED = 10
"""More alerts than this in ten minutes are more than one operator can handle (ISA-18.2, EEMUA 191)."""


@dataclass(slots=True)
class Tally:
    """What can be counted about a scenario, a rule, a kind or all. Durations in ms."""

    faults: int = 0
    expected: int = 0
    found: int = 0
    late: int = 0
    alerts: dict[str, int] = field(default_factory=dict)  # by what they are
    delays: list[int] = field(default_factory=list)
    overs: list[int] = field(default_factory=list)
    clears: list[int] = field(default_factory=list)
    false_resolves: int = 0
    with_symptoms: int = 0
    named: int = 0

    def add(self, other: Tally) -> None:
        """Take up the counts of another."""
        for name in ("faults", "expected", "found", "late", "false_resolves", "with_symptoms", "named"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for what, n in other.alerts.items():
            self.alerts[what] = self.alerts.get(what, 0) + n
        for mine, theirs in (
            (self.delays, other.delays),
            (self.overs, other.overs),
            (self.clears, other.clears),
        ):
            mine.extend(theirs)

    def figures(self) -> dict[str, Any]:
        """As printed with `--json`; null where nothing was there to be judged. Seconds."""
        right, wrong = self.alerts.get("right", 0), self.alerts.get("wrong", 0)
        return {
            "recall": share(self.found, self.expected),
            "precision": share(right, right + wrong),
            "cause": share(self.named, self.with_symptoms),
            "false_resolves": self.false_resolves,
            "detect_p50_s": seconds(quantile(self.delays, 0.5)),
            "detect_p95_s": seconds(quantile(self.delays, 0.95)),
            "over_p95_s": seconds(quantile(self.overs, 0.95)),
            "clear_p50_s": seconds(quantile(self.clears, 0.5)),
            "clear_p95_s": seconds(quantile(self.clears, 0.95)),
            "faults": self.faults,
            "expected": self.expected,
            "found": self.found,
            "late": self.late,
            "with_symptoms": self.with_symptoms,
            "named": self.named,
            "alerts": dict(sorted(self.alerts.items())),
        }


@dataclass(slots=True)
class Load:
    """Alerts that called the one operator of a run, by windows of ten minutes; a last part of a window
    counts as one."""

    windows: list[int] = field(default_factory=list)

    def figures(self) -> dict[str, Any]:
        n = len(self.windows)
        return {
            "per_10_min": round(sum(self.windows) / n, 3) if n else None,
            "peak_10_min": max(self.windows, default=0),
            "crowded": share(sum(w > CROWDED for w in self.windows), n),
        }


def share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def seconds(ms: int | None) -> float | None:
    return None if ms is None else round(ms / 1000, 1)


def quantile(values: Sequence[int], q: float) -> int | None:
    """The least value that at least a share `q` of all do not exceed; None of none."""
    return sorted(values)[max(0, math.ceil(q * len(values)) - 1)] if values else None


def load_of(calls: Iterable[int], start: int, end: int) -> Load:
    """Calls of [start, end) by windows."""
    windows = [0] * math.ceil((end - start) / WINDOW_MS)
    for t in calls:
        if start <= t < end:
            windows[(t - start) // WINDOW_MS] += 1
    return Load(windows)


@dataclass(frozen=True, slots=True)
class Tallies:
    """The tallies of one run or of many."""

    total: Tally
    rules: dict[str, Tally]
    kinds: dict[str, Tally]

    def add(self, other: Tallies) -> None:
        self.total.add(other.total)
        for mine, theirs in ((self.rules, other.rules), (self.kinds, other.kinds)):
            for code, tally in theirs.items():
                mine.setdefault(code, Tally()).add(tally)


def empty() -> Tallies:
    return Tallies(Tally(), {}, {})


def tallies(
    kinds: Iterable[str], verdict: Verdict, claimed: frozenset[str], judging: frozenset[str]
) -> Tallies:
    """Count a verdict. `kinds`: of each fault of the run. `claimed`: kinds of faults that rules claim;
    `judging`: rules that claim any. The total counts these alone; kinds and rules count everything."""
    out = empty()
    for kind in kinds:
        for tally in _of(out, kind, claimed):
            tally.faults += 1
    _count_hits(verdict, claimed, out)
    for judged in verdict.alerts:
        targets = [out.rules.setdefault(judged.alert.rule, Tally())]
        if judged.alert.rule in judging:
            targets.append(out.total)
        if judged.kind:
            targets.append(out.kinds.setdefault(judged.kind, Tally()))
        for tally in targets:
            tally.alerts[judged.what] = tally.alerts.get(judged.what, 0) + 1
    for named in verdict.named:
        for tally in _of(out, named.kind, claimed):
            tally.with_symptoms += 1
            tally.named += named.right
    for closing in verdict.cleared:
        for tally in [*_of(out, closing.kind, claimed), out.rules.setdefault(closing.rule, Tally())]:
            if closing.false:
                tally.false_resolves += 1
            else:
                tally.clears.append(closing.after)
    return out


def _of(out: Tallies, kind: str, claimed: frozenset[str]) -> list[Tally]:
    mine = out.kinds.setdefault(kind, Tally())
    return [mine, out.total] if kind in claimed else [mine]


def _count_hits(verdict: Verdict, claimed: frozenset[str], out: Tallies) -> None:
    for hit in verdict.hits:
        for tally in [*_of(out, hit.kind, claimed), out.rules.setdefault(hit.rule, Tally())]:
            tally.expected += 1
            tally.found += hit.opened is not None
            if hit.delay is not None and hit.over is not None:
                tally.late += hit.over > 0
                tally.delays.append(hit.delay)
                tally.overs.append(hit.over)
