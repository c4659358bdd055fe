"""Alerts against truth: what was found, what was wrong, what was named, what was closed too soon.

Pure functions; every definition is explained with an example in docs/score.md. Times are milliseconds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from cockpit.domain.numbers import AlertId
from cockpit.score.alertlog import CLEARED, Raised
from cockpit.score.truth import Expected, Fault

What = Literal["right", "again", "before", "may", "symptom", "wrong"]
"""Of an alert: expected by a fault; expected and there before in the same fault; of a fault older than the
run; allowed; of something a fault reaches; of nothing that happened."""

Wants = dict[str, list[tuple[Fault, Expected]]]
"""By key: the faults that expect an alert on it."""

Lag = Callable[[str], int]
"""How long after the end of a fault an alert about a code may still open because of it: until its next event
tells that it is good again."""


@dataclass(frozen=True, slots=True)
class Hit:
    """An alert that was expected, and when it was there. `opened` is None where it never came; `already`
    where it was open before the onset, for another fault."""

    fault: str
    kind: str
    rule: str
    key: str
    onset: int
    by: int
    opened: int | None
    already: bool = False

    @property
    def delay(self) -> int | None:
        """From the onset to the alert."""
        return None if self.opened is None or self.already else self.opened - self.onset

    @property
    def over(self) -> int | None:
        """How long after its deadline it came; negative where it was in time."""
        return None if self.opened is None or self.already else self.opened - self.by


@dataclass(frozen=True, slots=True)
class Judged:
    """An alert and what it is; `fault` is the id of the one that makes it so, "" for a wrong one."""

    alert: Raised
    what: What
    fault: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Named:
    """A fault with symptoms: alerts about what it reaches, the cause itself left out. `stray` are the keys of
    those not folded below an alert about the cause at the last instant at which they should have been."""

    fault: str
    kind: str
    symptoms: int
    stray: tuple[str, ...]
    open: bool  # whether the expected alert on the cause was there

    @property
    def right(self) -> bool:
        return self.open and not self.stray


@dataclass(frozen=True, slots=True)
class Cleared:
    """An expected alert that closed as cleared. `after` is ms since the end of its fault; `false` where
    the fault went on."""

    key: str
    rule: str
    fault: str
    kind: str
    at: int
    after: int
    false: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """Everything that can be said of one run."""

    hits: tuple[Hit, ...]
    alerts: tuple[Judged, ...]
    named: tuple[Named, ...]
    cleared: tuple[Cleared, ...]


def judge(faults: Sequence[Fault], alerts: Sequence[Raised], start: int, end: int, lag: Lag) -> Verdict:
    """Judge the alerts of a run over [start, end)."""
    wants: Wants = {}
    for fault in faults:
        for expected in fault.expected:
            wants.setdefault(expected.key, []).append((fault, expected))
    of_key: dict[str, list[Raised]] = {}
    for alert in alerts:
        of_key.setdefault(alert.key, []).append(alert)
    judged = _alerts(faults, alerts, wants, start, lag)
    return Verdict(
        hits=tuple(
            _hit(fault, expected, of_key.get(expected.key, ()), lag)
            for fault in faults
            for expected in fault.expected
            if fault.onset >= start and expected.by <= end
        ),
        alerts=tuple(judged),
        named=tuple(_names(faults, judged, start, end)),
        cleared=tuple(_cleared(alerts, wants)),
    )


def _latest(fault: Fault, expected: Expected, lag: Lag) -> int:
    """Until when an alert counts as that of the fault."""
    return max(fault.end, expected.by) + lag(expected.key.partition("|")[2])


def _hit(fault: Fault, expected: Expected, alerts: Iterable[Raised], lag: Lag) -> Hit:
    """Found is an alert that opens in the fault, or one that stays open from before it past its deadline."""
    opened: int | None = None
    already = False
    for alert in alerts:
        if fault.onset <= alert.opened <= _latest(fault, expected, lag):
            opened, already = alert.opened, False
            break
        if alert.opened < fault.onset and alert.open_at(min(expected.by, fault.end)):
            opened, already = alert.opened, True
    return Hit(fault.id, fault.kind, expected.rule, expected.key, fault.onset, expected.by, opened, already)


def _alerts(
    faults: Sequence[Fault], alerts: Iterable[Raised], wants: Wants, start: int, lag: Lag
) -> list[Judged]:
    allowed: dict[str, list[Fault]] = {}
    reached: dict[str, list[Fault]] = {}
    for fault in faults:
        for key in fault.may:
            allowed.setdefault(key, []).append(fault)
        for code in fault.affected | {fault.cause}:
            reached.setdefault(code, []).append(fault)
    served: set[tuple[str, str]] = set()
    return [_one(alert, wants, allowed, reached, served, start, lag) for alert in alerts]


def _one(
    alert: Raised,
    wants: Wants,
    allowed: dict[str, list[Fault]],
    reached: dict[str, list[Fault]],
    served: set[tuple[str, str]],
    start: int,
    lag: Lag,
) -> Judged:
    """`served`: pairs of fault and key that have had their alert; grows."""
    expecting = [
        fault
        for fault, expected in wants.get(alert.key, ())
        if fault.onset <= alert.opened <= _latest(fault, expected, lag)
    ]
    for fault in expecting:
        if fault.onset >= start and (fault.id, alert.key) not in served:
            served.add((fault.id, alert.key))
            return Judged(alert, "right", fault.id, fault.kind)
    if expecting:
        what: What = "before" if expecting[0].onset < start else "again"
        return Judged(alert, what, expecting[0].id, expecting[0].kind)
    for what, among in (("may", allowed.get(alert.key, ())), ("symptom", reached.get(alert.code, ()))):
        for fault in among:
            if fault.onset <= alert.opened <= fault.end + lag(alert.code):
                return Judged(alert, what, fault.id, fault.kind)
    return Judged(alert, "wrong")


def _names(faults: Sequence[Fault], judged: Sequence[Judged], start: int, end: int) -> Iterable[Named]:
    """Faults whose cause can be named (an expected alert is about it, due within the run) and that have
    symptoms, with what is folded where."""
    about: dict[str, list[Raised]] = {}
    on: dict[str, list[Raised]] = {}
    symptoms: dict[str, list[Raised]] = {}
    for j in judged:
        about.setdefault(j.alert.key, []).append(j.alert)
        on.setdefault(j.alert.code, []).append(j.alert)
        if j.what == "symptom":
            symptoms.setdefault(j.alert.code, []).append(j.alert)
    by_id = {j.alert.id: j.alert for j in judged}
    naming: dict[str, list[Fault]] = {}
    for fault in faults:
        for key in fault.on_cause:
            naming.setdefault(key, []).append(fault)
    for fault in faults:
        due = [e for e in fault.expected if e.key in fault.on_cause and e.by <= end]
        mine = [
            alert
            for code in sorted(fault.affected - {fault.cause})
            for alert in symptoms.get(code, ())
            if fault.onset <= alert.opened < fault.end
        ]
        if not due or not mine or fault.onset < start:
            continue
        causes = [a for e in due for a in about.get(e.key, ()) if _during(a, fault)]
        above = [a for a in on.get(fault.cause, ()) if _during(a, fault)]
        stray = tuple(a.key for a in mine if not _folded(a, above, fault, end, by_id, naming))
        yield Named(fault.id, fault.kind, len(mine), stray, bool(causes))


def _during(alert: Raised, fault: Fault) -> bool:
    return alert.opened < fault.end and (alert.closed is None or alert.closed > fault.onset)


def _folded(
    symptom: Raised,
    causes: Sequence[Raised],
    fault: Fault,
    end: int,
    by_id: dict[AlertId, Raised],
    naming: dict[str, list[Fault]],
) -> bool:
    """Whether a symptom is folded below an alert about the cause, directly or over others, or below that of
    another fault above it, at the last instant at which fault, symptom and such alerts were all there."""
    until = min([t for t in (symptom.closed, fault.end, end) if t is not None])
    until = min(until, max((c.closed or end for c in causes), default=until))
    wanted = {c.id for c in causes}
    at, seen = symptom.cause_at(until - 1), set[AlertId]()
    while at is not None and at not in seen:
        seen.add(at)
        if at in wanted:
            return True
        above = by_id.get(at)
        if above is None:
            return False
        if any(symptom.code in f.affected and f.onset < until for f in naming.get(above.key, ())):
            return True
        at = above.cause_at(until - 1)
    return False


def _cleared(alerts: Iterable[Raised], wants: Wants) -> Iterable[Cleared]:
    """Closings of expected alerts, against the fault that lasted longest among those that expect them."""
    for alert in alerts:
        if alert.closed is None or alert.reason != CLEARED:
            continue
        closed = alert.closed
        own = [(f, e) for f, e in wants.get(alert.key, ()) if f.onset <= closed and f.end > alert.opened]
        wrong = [f for f, e in own if closed < f.end and (alert.opened >= f.onset or e.by <= closed)]
        past = [f for f, _ in own if f.end <= closed]
        for fault in wrong[:1] or sorted(past, key=lambda f: f.end)[-1:]:
            yield Cleared(
                alert.key, alert.rule, fault.id, fault.kind, closed, closed - fault.end, bool(wrong)
            )
