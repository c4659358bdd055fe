"""What a running demo has played, judged as `cockpit score` judges a run: by the same functions, from the log
of the stage, which says what was played, and the log of the alerts, which says what came of it.

`python -m cockpit.score.played` reads one task and writes one answer, as JSON. It works beside the cockpit,
never in it: what really happened is known in this process alone, and only the judgement leaves it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import msgspec

from cockpit import signals
from cockpit.domain.alerting import of_kept
from cockpit.domain.alerting.played import EVERYDAY, ORDERED, SORTS, Figures, Finding, Played, Sort
from cockpit.domain.alerting.rules import split
from cockpit.engine.kinds import CLAIMS
from cockpit.profiles import Profile, load
from cockpit.score.alertlog import Raised
from cockpit.score.figures import Tallies, Tally, empty, tallies
from cockpit.score.findings import astray
from cockpit.score.match import Verdict, judge
from cockpit.score.promise import claims, lag_of
from cockpit.score.truth import Fault, faults_of
from simulator.orders import episodes_of, read_log
from simulator.play import Play
from simulator.samples import Deaf
from simulator.truth import truth_lines

MOST = 20
"""Findings of one sort that are told, the newest; all are counted."""

NICE = 10
"""Whoever looks at a page can wait; what a demo plays and evaluates cannot."""

Span = tuple[int, int]


class Task(msgspec.Struct, frozen=True):
    """What was played and what came of it. `log`: lines of the stage's log; `rules`: those in force as they
    are kept; `spans`: the pieces of time that were played, ms, oldest first; `whole`: from the beginning of
    the demo on."""

    profile: str
    size: str
    seed: int
    deaf: Deaf
    log: list[str]
    rules: list[str]
    spans: list[Span]
    whole: bool
    alerts: list[Raised]


def judged(task: Task) -> Played:
    """Raises ProfileError, OrderError, ValueError."""
    profile = load(task.profile, size=task.size)
    kept = [of_kept(body) for body in task.rules]
    profile = replace(profile, rules=tuple(rule for rule in kept if rule is not None))
    play = Play(profile, task.seed, task.deaf)
    play.obey(episodes_of(*read_log(task.log), profile, task.seed))
    return of_play(play, profile, task.spans, task.alerts, task.whole)


def of_play(
    play: Play, profile: Profile, spans: Sequence[Span], alerts: Sequence[Raised], whole: bool
) -> Played:
    """Judge the pieces of a play by what was raised in them."""
    claimed, judging = claims(profile)
    total, scenarios = empty(), dict[str, Tallies]()
    found, waiting = list[Finding](), 0
    for start, end in spans:
        faults = faults_of(truth_lines(play, start, end, CLAIMS))
        verdict = _within(judge(faults, _until(alerts, end), start, end, lag_of(profile)), start)
        fresh = [fault for fault in faults if fault.onset >= start]
        total.add(tallies((f.kind for f in fresh), verdict, claimed, judging))
        group = {fault.id: group_of(fault) for fault in faults}
        for name in dict.fromkeys(group.values()):
            kinds = (f.kind for f in fresh if group[f.id] == name)
            part = tallies(kinds, _of(verdict, group, name), claimed, judging)
            scenarios.setdefault(name, empty()).add(part)
        found += _findings(verdict, faults, alerts, judging)
        if (start, end) == spans[-1]:  # behind a leap nobody waits any more
            waiting = sum(e.by > end for fault in fresh for e in fault.expected)
    return Played(
        start=spans[0][0],
        end=spans[-1][1],
        spans=len(spans),
        whole=whole,
        waiting=waiting,
        total=_figures(total.total),
        rules={code: _figures(one) for code, one in sorted(total.rules.items()) if code in judging},
        scenarios={name: _figures(one.total) for name, one in scenarios.items() if one.total.expected},
        findings=tuple(_newest(found)),
        counts={sort: sum(f.sort == sort for f in found) for sort in SORTS},
    )


def group_of(fault: Fault) -> str:
    """The scenario that a fault is of, or what stands in place of one."""
    return fault.scenario or (ORDERED if fault.id.startswith("order-") else EVERYDAY)


def _until(alerts: Iterable[Raised], end: int) -> list[Raised]:
    """As it stood at `end`: what was closed later was open."""
    return [
        a if a.closed is None or a.closed < end else replace(a, closed=None, reason="")
        for a in alerts
        if a.opened < end
    ]


def _within(verdict: Verdict, start: int) -> Verdict:
    """What opened and closed in the piece itself: what was there before was judged in the piece before."""
    return replace(
        verdict,
        alerts=tuple(j for j in verdict.alerts if j.alert.opened >= start),
        cleared=tuple(c for c in verdict.cleared if c.at >= start),
    )


def _of(verdict: Verdict, group: dict[str, str], name: str) -> Verdict:
    """What of a verdict is about faults of a group; a wrong alert is about none."""
    return Verdict(
        hits=tuple(h for h in verdict.hits if group[h.fault] == name),
        alerts=tuple(j for j in verdict.alerts if group.get(j.fault) == name),
        named=tuple(n for n in verdict.named if group[n.fault] == name),
        cleared=tuple(c for c in verdict.cleared if group[c.fault] == name),
    )


def _figures(tally: Tally) -> Figures:
    told = tally.figures()
    kinds = told.pop("alerts")
    told |= {"right": kinds.get("right", 0), "wrong": kinds.get("wrong", 0)}
    return msgspec.convert({f: told[f] for f in Figures.__dataclass_fields__}, Figures)


def _findings(
    verdict: Verdict, faults: Iterable[Fault], alerts: Iterable[Raised], judging: frozenset[str]
) -> Iterator[Finding]:
    of_id = {fault.id: fault for fault in faults}
    found = astray(verdict, judging)
    opened = {(a.key, a.opened): int(a.id) for a in alerts}
    closed = {(a.key, a.closed): int(a.id) for a in alerts}
    for h in found.missed:
        yield _finding("missed", h.key, of_id[h.fault], h.by, None)
    for h in found.late:
        number = None if h.opened is None else opened.get((h.key, h.opened))
        yield _finding("late", h.key, of_id[h.fault], h.by, number)
    for j in found.wrong:
        rule, code = split(j.alert.key)
        yield Finding("wrong", rule, code, "", "", j.alert.opened, None, None, int(j.alert.id))
    for n in found.not_named:
        fault = of_id[n.fault]
        stray = next((number for (key, _), number in opened.items() if key in n.stray), None)
        yield _finding("not_named", f"|{fault.cause}", fault, None, stray)
    for c in found.false_resolves:
        yield _finding("false_resolves", c.key, of_id[c.fault], None, closed.get((c.key, c.at)))


def _finding(sort: Sort, key: str, fault: Fault, by: int | None, alert: int | None) -> Finding:
    rule, code = split(key)
    return Finding(sort, rule, code, fault.kind, group_of(fault), fault.onset, fault.end, by, alert)


def _newest(found: list[Finding]) -> Iterator[Finding]:
    for sort in SORTS:
        mine = sorted((f for f in found if f.sort == sort), key=lambda f: (-f.at, f.rule, f.code))
        yield from mine[:MOST]


def main() -> None:
    os.nice(NICE)
    task = msgspec.json.decode(sys.stdin.readline(), type=Task)
    signals.end_with_input(sys.stdin)
    sys.stdout.buffer.write(msgspec.json.encode(judged(task)))


if __name__ == "__main__":
    main()
