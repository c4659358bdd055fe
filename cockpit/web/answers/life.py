"""Whether the process lives, how far its start is, and what time it is."""

from __future__ import annotations

from typing import Literal

import msgspec
from msgspec import UNSET, UnsetType

from cockpit.domain.instants import Iso


class Alive(msgspec.Struct):
    """The process answers."""

    alive: bool


class Leap(msgspec.Struct):
    """How far the clock of the machine leapt lately, ahead or back (below 0), and when."""

    leapt_s: float
    at: Iso


class Ready(msgspec.Struct):
    """All is up. `writable`: this process takes events; `past`: a part of a demo's past is missing."""

    ready: bool
    writable: bool
    past: Literal["missing"] | UnsetType = UNSET
    clock: Leap | UnsetType = UNSET


class Starting(msgspec.Struct):
    """How far a start is: `done` steps of `total` (0: not known) of a phase. With `failed` it has ended for a
    `reason`, and with a code where the database was at fault."""

    ready: bool
    phase: str
    done: int
    total: int
    failed: bool | UnsetType = UNSET
    reason: str | UnsetType = UNSET
    code: str | UnsetType = UNSET


class Gone(msgspec.Struct):
    """The files were removed or replaced: nothing is promised until a new start."""

    ready: bool
    failed: bool
    code: Literal["gone"]
    reason: str


class Pulse(msgspec.Struct):
    """Whether the engine lives and what time it is. All but `revision` and `ready` is null while the cockpit
    starts; the age of the last tick also where none is known."""

    revision: int
    domain_ms: int | None
    tick_age_s: float | None
    speed: float | None
    reached: float | None
    paused: bool | None
    ready: bool
