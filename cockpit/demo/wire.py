"""What is played in the form the outside knows: of `GET /api/v1/clock`, and of the log."""

from __future__ import annotations

from typing import Any

from cockpit.demo.state import DemoRun, Fault, RunningScenario
from cockpit.domain.instants import iso


def fault(f: Fault) -> dict[str, Any]:
    """A fault ordered; `until` is where it really ends, before its length if it was undone."""
    return {
        "id": f.id,
        "asset": f.asset,
        "kind": f.kind,
        "from": iso(f.since_ms),
        "ramp_s": f.ramp_ms / 1000,
        "hold_s": f.hold_ms / 1000,
        "recovery_s": f.recovery_ms / 1000,
        "until": iso(f.until_ms),
        "size": f.size,
    }


def scenario(c: RunningScenario) -> dict[str, Any]:
    """A scenario that runs, with `until` where it was taken off."""
    shown: dict[str, Any] = {"code": c.code, "from": iso(c.from_ms)}
    if c.ended_ms is not None:
        shown["until"] = iso(c.ended_ms)
    return shown


def orders_of(run: DemoRun) -> dict[str, Any]:
    """What the simulator is to play: also what has ended, for what it held back."""
    return {
        "scenarios": [scenario(c) for c in run.scenarios()],
        "faults": [fault(f) for f in (*run.ended(), *run.faults())],
    }
