"""A command and what became of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from cockpit.clock import Clock
from cockpit.profiles import Profile
from cockpit.stage import Director, Stage
from cockpit.store import Store

Role = Literal["leader", "operator", "presenter", "admin"]
Value = str | int | float | None

Code = Literal[
    "done",
    "already",  # it is so already: `facts` say by whom and since when
    "changed",  # somebody else was quicker: `facts` hold the version as it is now
    "closed",
    "unknown",
    "no_right",
    "reason_needed",
    "too_long",
    "reason_too_long",
    "bad_argument",
    "read_only",
    "stage",  # the stage cannot take it: `facts` hold the code of the error and its reason
]


@dataclass(frozen=True, slots=True)
class Command:
    """What somebody wants done. `args` by command: acknowledge(alert, version, note),
    rule_off(rule, until_ms), rule_on(rule), report_withdraw(report),
    fault(asset, kind, ramp_s, hold_s, recovery_s, size), fault_undo(id),
    stage_begin(scenario), stage_end(scenario), stage_clear(), clock_speed(speed),
    clock_pause(paused), clock_step(seconds), clock_jump(to_ms), clock_reset(); `reason` in the person's
    words."""

    actor: str
    role: str
    name: str
    args: dict[str, Value] = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """`ok` only for `done`. `code` is a key of the words catalogue, `facts` fill it."""

    ok: bool
    code: Code
    facts: dict[str, Any] = field(default_factory=dict)


class Config(Protocol):
    @property
    def mode(self) -> str: ...


class Cockpit(Protocol):
    """What a command needs of the running cockpit."""

    @property
    def config(self) -> Config: ...
    @property
    def store(self) -> Store: ...
    @property
    def profile(self) -> Profile: ...
    @property
    def clock(self) -> Clock: ...
    @property
    def writable(self) -> bool: ...
    @property
    def stage(self) -> Stage | None: ...
    @property
    def director(self) -> Director | None: ...


def refused(code: Code, **facts: Any) -> Result:
    return Result(False, code, facts)
