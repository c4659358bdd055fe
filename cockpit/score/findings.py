"""What went wrong in a run, one by one, for a person to look at. Instants are seconds since its start."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from cockpit.score.match import Cleared, Hit, Judged, Named, Verdict
from cockpit.score.truth import Fault

MOST = 40
"""Findings of one sort that a run tells; all are counted."""

Finding = dict[str, Any]
Findings = dict[str, list[Finding]]
"""By sort: missed, late, wrong, not_named, false_resolves, and unclaimed: wrong, were it not for rules that
claim nothing."""


@dataclass(frozen=True, slots=True)
class Astray:
    """All that went wrong in a verdict, by sort."""

    missed: tuple[Hit, ...]
    late: tuple[Hit, ...]
    wrong: tuple[Judged, ...]
    not_named: tuple[Named, ...]
    false_resolves: tuple[Cleared, ...]
    unclaimed: tuple[Judged, ...]


def astray(verdict: Verdict, judging: frozenset[str]) -> Astray:
    """`judging`: rules with a claim."""
    wrong = [j for j in verdict.alerts if j.what == "wrong"]
    return Astray(
        missed=tuple(h for h in verdict.hits if h.opened is None),
        late=tuple(h for h in verdict.hits if h.over is not None and h.over > 0),
        wrong=tuple(j for j in wrong if j.alert.rule in judging),
        not_named=tuple(n for n in verdict.named if not n.right),
        false_resolves=tuple(c for c in verdict.cleared if c.false),
        unclaimed=tuple(j for j in wrong if j.alert.rule not in judging),
    )


def findings(verdict: Verdict, faults: Sequence[Fault], judging: frozenset[str], start: int) -> Findings:
    """The first findings of every sort; a sort without any is left out. `judging`: rules with a claim."""
    ends = {fault.id: fault.end for fault in faults}
    found = astray(verdict, judging)
    sorts: dict[str, Iterable[Finding]] = {
        "missed": (_hit(h, ends, start) for h in found.missed[:MOST]),
        "late": (_hit(h, ends, start) for h in found.late[:MOST]),
        "wrong": (_wrong(j, start) for j in found.wrong[:MOST]),
        "not_named": (_unnamed(n) for n in found.not_named[:MOST]),
        "false_resolves": (_closed(c, start) for c in found.false_resolves[:MOST]),
        "unclaimed": (_wrong(j, start) for j in found.unclaimed[:MOST]),
    }
    return {name: rows for name, told in sorts.items() if (rows := list(told))}


def _hit(hit: Hit, ends: dict[str, int], start: int) -> Finding:
    return {
        "key": hit.key,
        "fault": hit.fault,
        "kind": hit.kind,
        "onset": _at(hit.onset, start),
        "by": _at(hit.by, start),
        "opened": _at(hit.opened, start),
        "end": _at(ends[hit.fault], start),
    }


def _wrong(judged: Judged, start: int) -> Finding:
    alert = judged.alert
    return {
        "key": alert.key,
        "opened": _at(alert.opened, start),
        "closed": _at(alert.closed, start),
        "reason": alert.reason,
    }


def _unnamed(named: Named) -> Finding:
    return {
        "fault": named.fault,
        "kind": named.kind,
        "cause_open": named.open,
        "symptoms": named.symptoms,
        "stray": list(named.stray[:8]),
    }


def _closed(closing: Cleared, start: int) -> Finding:
    return {
        "key": closing.key,
        "fault": closing.fault,
        "kind": closing.kind,
        "closed": _at(closing.at, start),
        "too_soon": round(-closing.after / 1000, 1),
    }


def _at(t: int | None, start: int) -> float | None:
    return None if t is None else round((t - start) / 1000, 1)
