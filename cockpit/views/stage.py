"""The stage as a presenter sees it: what has happened, what plays, what is coming, what to say now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from cockpit.demo.state import NAMES, DemoRun, Fault, Note, RunningScenario, Scenario
from cockpit.domain.catalog import Text
from cockpit.store import Store
from cockpit.store.queries import stage as rows
from cockpit.store.queries.stage import Done

LOG_LINES = 40

Place = Literal["past", "now", "coming"]


@dataclass(frozen=True, slots=True)
class Act:
    """A scenario on the stage."""

    scenario: Scenario
    running: RunningScenario

    @property
    def end_ms(self) -> int:
        return self.running.from_ms + self.scenario.length_ms


@dataclass(frozen=True, slots=True)
class Moment:
    """A bar of the time line: a fault of a scenario, with its label, or one ordered (`fault`)."""

    start_ms: int
    end_ms: int
    place: Place
    kind: str
    label: Text | None
    scenario: Scenario | None
    fault: Fault | None


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


def of(run: DemoRun, store: Store, now_ms: int) -> StageView:
    """The stage at an instant of domain time."""
    acts = tuple(Act(run.must_know(c.code), c) for c in run.playing() if c.code in run.library.scenarios)
    faults = tuple(run.faults())
    moments = [moment for act in acts for moment in _of_scenario(act, now_ms)]
    for running in run.scenarios():
        if running.ended_ms is not None and running.code in run.library.scenarios:
            moments += _of_scenario(Act(run.must_know(running.code), running), now_ms)
    moments += [
        _moment(f.since_ms, f.until_ms - f.since_ms, now_ms, f.kind, fault=f)
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


def _of_scenario(act: Act, now: int) -> list[Moment]:
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
        found.append(_moment(start, end - start, now, step.kind, label=step.label, scenario=act.scenario))
    return found


def _moment(
    start: int, length: int, now: int, kind: str, *, label: Text | None = None,
    scenario: Scenario | None = None, fault: Fault | None = None,
) -> Moment:  # fmt: skip
    end = start + length
    place: Place = "coming" if start > now else "past" if end <= now else "now"
    return Moment(start, end, place, kind, label, scenario, fault)
