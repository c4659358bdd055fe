"""The clock of a demo, what can be played and what plays."""

from __future__ import annotations

import msgspec

from cockpit.demo.wire import Fault, Played, RunningScenario
from cockpit.domain.catalog import Text
from cockpit.domain.instants import Iso


class ClockStart(msgspec.Struct):
    """What a reset goes back to: its domain time, and the size of the copy of the database."""

    domain: Iso
    bytes: int


class Clock(msgspec.Struct):
    """Domain time `domain` on its way to `wish`, never beyond `watermark`: up to there the simulator has sent
    everything, and it may send up to `grant`. `speed` is wanted, `reached` is real; `step` is where a paused
    clock that plays a step will stand; `epoch` grows whenever domain time does not simply go on."""

    domain: Iso
    wish: Iso
    watermark: Iso
    grant: Iso
    speed: float
    reached: float
    paused: bool
    step: Iso | None
    epoch: int
    start: ClockStart | None
    scenarios: list[RunningScenario]
    faults: list[Fault]
    ended: Played


class FaultKind(msgspec.Struct):
    """A kind of fault. `on`: the kinds of assets it strikes, `source` or `unit`; `size` in `unit`, 0 where it
    has none; lengths are for orders without one."""

    kind: str
    on: tuple[str, ...]
    size: float
    unit: str
    ramp_s: float
    hold_s: float
    recovery_s: float


class Faults(msgspec.Struct):
    """Faults in force, and the kinds there are."""

    faults: list[Fault]
    kinds: list[FaultKind]


class FaultUndone(msgspec.Struct):
    """A fault that ends now."""

    id: int
    undone: bool


class Scenario(msgspec.Struct):
    """A story that can be played. `start` is its own instant, for a demo that has none yet; `from` is since
    when it plays, null where it does not."""

    code: str
    name: Text
    story: Text
    start: Iso
    length_s: float
    since: Iso | None = msgspec.field(name="from")


class Scenarios(msgspec.Struct):
    """Every scenario."""

    scenarios: list[Scenario]


class ScenariosBegun(msgspec.Struct):
    """Scenarios that begin now."""

    scenarios: list[RunningScenario]


class ScenarioEnded(msgspec.Struct):
    """A scenario that was taken off."""

    code: str
    ended: bool


class StageCleared(msgspec.Struct):
    """Nothing plays any more."""

    cleared: bool


class Preset(msgspec.Struct):
    """A fault that lies ready: what it strikes and how, and what is seen of it."""

    code: str
    name: Text
    about: Text
    asset: str
    kind: str


class Presets(msgspec.Struct):
    """The ready faults of this province and size."""

    presets: list[Preset]


class ReturnPoint(msgspec.Struct):
    """A point that a reset can go back to: its domain time, the size of the copy of the database, and the
    scenarios that began there; `current` is the one that a reset without a number takes."""

    point: int
    domain: Iso
    bytes: int
    scenarios: list[str]
    current: bool


class ReturnPoints(msgspec.Struct):
    """Every point, in the order in which they were taken. Number 0 is where the demo begins."""

    points: list[ReturnPoint]
