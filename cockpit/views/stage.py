"""The stage as a presenter sees it: what has happened, what plays, what is coming, what to say now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from cockpit.demo.state import NAMES, SOURCE, DemoRun, Fault, Note, RunningScenario, Scenario
from cockpit.domain.catalog import Text
from cockpit.profiles import Profile
from cockpit.store import Store
from cockpit.store.queries import stage as rows
from cockpit.store.queries.stage import Done

LOG_LINES = 40

Phase = Literal["past", "now", "coming"]
Page = Literal["alerts", "coverage", "gaps", "cameras", "sources"]
RADIO = frozenset({"site", "cell"})


@dataclass(frozen=True, slots=True)
class Act:
    """A scenario on the stage."""

    scenario: Scenario
    running: RunningScenario

    @property
    def end_ms(self) -> int:
        return self.running.from_ms + self.scenario.length_ms


@dataclass(frozen=True, slots=True)
class Seen:
    """Where a fault is seen: a page, and there the `unit` it is in or the `source` that it strikes, "" where
    that is not one alone."""

    page: Page
    unit: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """A bar of the time line: a fault of a scenario, with its label, or one ordered (`fault`)."""

    start_ms: int
    end_ms: int
    phase: Phase
    kind: str
    label: Text | None
    scenario: Scenario | None
    fault: Fault | None
    seen: Seen


@dataclass(frozen=True, slots=True)
class Spoken:
    """A note of a scenario on the stage, at its instant."""

    at_ms: int
    note: Note
    scenario: Scenario


@dataclass(frozen=True, slots=True)
class StageView:
    """`said` is the note that holds now, `next` the one to come; moments are in order of their start."""

    now_ms: int
    acts: tuple[Act, ...]
    moments: tuple[Moment, ...]
    said: Spoken | None
    next: Spoken | None
    faults: tuple[Fault, ...]
    log: tuple[Done, ...]  # newest first


def of(run: DemoRun, store: Store, profile: Profile, now_ms: int) -> StageView:
    """The stage at an instant of domain time."""
    acts = tuple(Act(run.must_know(c.code), c) for c in run.playing() if c.code in run.library.scenarios)
    faults = tuple(run.faults())
    seen = _Seeing(run, profile)
    moments = [moment for act in acts for moment in _of_scenario(act, now_ms, seen)]
    for running in run.scenarios():
        if running.ended_ms is not None and running.code in run.library.scenarios:
            moments += _of_scenario(Act(run.must_know(running.code), running), now_ms, seen)
    moments += [
        _moment(f.since_ms, f.until_ms - f.since_ms, now_ms, f.kind, seen(f.kind, (f.asset,)), fault=f)
        for f in (*run.ended(), *faults)
        if f.until_ms > f.since_ms
    ]
    notes = sorted(
        (Spoken(act.running.from_ms + n.at_ms, n, act.scenario) for act in acts for n in act.scenario.notes),
        key=lambda spoken: spoken.at_ms,
    )
    with store.read() as conn:
        log = rows.done(conn, NAMES, LOG_LINES)
    return StageView(
        now_ms=now_ms,
        acts=acts,
        moments=tuple(sorted(moments, key=lambda m: (m.start_ms, m.end_ms))),
        said=next((n for n in reversed(notes) if n.at_ms <= now_ms), None),
        next=next((n for n in notes if n.at_ms > now_ms), None),
        faults=faults,
        log=tuple(reversed(log)),
    )


CLOSES_GAPS = frozenset({"new_site"})
"""Kinds of what is no fault: a coverage gap gets its signal."""


class _Seeing:
    """Tells where faults are seen: feeds and cameras on their pages, what no rule claims to find about sites
    and cells on the map of the signal, what closes gaps among these, all else among the alerts."""

    def __init__(self, run: DemoRun, profile: Profile) -> None:
        self._kinds = run.library.kinds
        self._profile = profile
        self._claimed = {kind for rule in profile.rules for kind in rule.detects}

    def __call__(self, kind: str, struck: tuple[str, ...]) -> Seen:
        profile = self._profile
        sources = [code for code in struck if code in profile.source]
        on = set(self._kinds[kind].on) if kind in self._kinds else set()
        if sources or on == {SOURCE}:
            return Seen("sources", source=sources[0] if len(sources) == 1 else "")
        assets = [profile.asset[code] for code in struck if code in profile.asset]
        units = {a.unit for a in assets} | {code for code in struck if code in profile.unit}
        unit = units.pop() if len(units) == 1 else ""
        if on == {"camera"} or (assets and all(a.kind == "camera" for a in assets)):
            return Seen("cameras", unit)
        if kind in CLOSES_GAPS:
            return Seen("gaps", unit)
        if on & RADIO and on <= RADIO and kind not in self._claimed:
            return Seen("coverage", unit)
        return Seen("alerts", unit)


def _of_scenario(act: Act, now: int, seen: _Seeing) -> list[Moment]:
    """The faults of a scenario; of one that was taken off those that had begun, cut there."""
    begin, cut = act.running.from_ms, act.running.ended_ms
    found = []
    for step in act.scenario.steps:
        start = begin + step.at_ms
        end = start + step.ramp_ms + step.hold_ms + step.recovery_ms
        if cut is not None:
            if start >= cut:
                continue
            end = min(end, cut)
        where = seen(step.kind, step.struck)
        found.append(
            _moment(start, end - start, now, step.kind, where, label=step.label, scenario=act.scenario)
        )
    return found


def _moment(
    start: int, length: int, now: int, kind: str, seen: Seen, *, label: Text | None = None,
    scenario: Scenario | None = None, fault: Fault | None = None,
) -> Moment:  # fmt: skip
    end = start + length
    phase: Phase = "coming" if start > now else "past" if end <= now else "now"
    return Moment(start, end, phase, kind, label, scenario, fault, seen)
