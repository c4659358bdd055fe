"""What is played in the form the outside knows: of `GET /api/v1/clock`, and for the simulator's process."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from cockpit.demo import state
from cockpit.domain.instants import Iso, iso


class Fault(msgspec.Struct):
    """A fault ordered; `until` is where it really ends, before its length if it was undone."""

    id: int
    asset: str
    kind: str
    since: Iso = msgspec.field(name="from")
    ramp_s: float
    hold_s: float
    recovery_s: float
    until: Iso
    size: float


class RunningScenario(msgspec.Struct):
    """A scenario that runs, with `until` where it was taken off."""

    code: str
    since: Iso = msgspec.field(name="from")
    until: Iso | UnsetType = UNSET


class Played(msgspec.Struct):
    """Scenarios and faults together."""

    scenarios: list[RunningScenario]
    faults: list[Fault]


def fault(f: state.Fault) -> Fault:
    return Fault(
        f.id, f.asset, f.kind, iso(f.since_ms), f.ramp_ms / 1000, f.hold_ms / 1000, f.recovery_ms / 1000,
        iso(f.until_ms), f.size,
    )  # fmt: skip


def scenario(c: state.RunningScenario) -> RunningScenario:
    return RunningScenario(c.code, iso(c.from_ms), UNSET if c.ended_ms is None else iso(c.ended_ms))


def playing(run: state.DemoRun) -> Played:
    """What is on the stage."""
    return Played([scenario(c) for c in run.playing()], [fault(f) for f in run.faults()])


def ended(run: state.DemoRun) -> Played:
    """What ended lately."""
    over = [scenario(c) for c in run.scenarios() if c.ended_ms is not None]
    return Played(over, [fault(f) for f in run.ended()])


def orders_of(run: state.DemoRun) -> dict[str, Any]:
    """What the simulator is to play: also what has ended, for what it held back."""
    scenarios = [scenario(c) for c in run.scenarios()]
    played = Played(scenarios, [fault(f) for f in (*run.ended(), *run.faults())])
    return dict(msgspec.to_builtins(played))
