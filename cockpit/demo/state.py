"""What a presenter has set: the scenarios that run and the faults ordered. Data and its rules; who
carries it out stands in `cockpit.demo.controller`, who may order it in `cockpit.commands.presenting`.

A `DemoState` is frozen and lives in the store: a command reads it, changes it and writes it back in one
transaction, and the `DemoRun` shows the newest to everybody else. Times are ms of domain time.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import msgspec

from cockpit.clock import Clock
from cockpit.domain.catalog import Text
from cockpit.profiles import Profile

STARTER = "cockpit demo"
"""Who orders the scenarios that a demo is started with."""

KEY = "stage"
"""Where the state is kept in the store."""

NAMES = (
    "stage_begin", "stage_end", "stage_clear", "stage_preset", "fault", "fault_undo", "clock_speed",
    "clock_pause", "clock_step", "clock_jump", "clock_reset",
)  # fmt: skip
"""The commands of presenters, as they stand on record."""

SILENT = "silent"
"""An order of this kind means the silence of whatever it names."""

MAX_SECONDS = 7 * 86_400
MAX_OPEN = 100
MAX_SIZE = 1e6
MAX_TIMES = 20
"""A fault is at most so many times as strong as its kind is by itself, and never turned round: a feed that is
late by weeks would keep the simulator busy for ever."""

DEFAULT_SECONDS = 1800
KEEP_MS = 86_400_000
"""What has ended still plays a part for so long: events it held back may be on their way."""

SOURCE, UNIT = "source", "unit"
"""What a kind of fault may strike besides kinds of assets."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of fault the simulator can play. `on`: kinds of assets, SOURCE or UNIT; `size` in `unit`, 0
    where it has none; lengths in seconds are for orders without one. `devices`: of the feeds it strikes only
    those of devices that send in a rhythm."""

    code: str
    on: tuple[str, ...]
    size: float
    unit: str
    ramp_s: int
    hold_s: int
    recovery_s: int
    devices: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """A fault of a scenario; `at_ms` counts from the scenario's beginning. `struck` are the codes that it
    strikes in this province, as far as that is known."""

    kind: str
    at_ms: int
    ramp_ms: int
    hold_ms: int
    recovery_ms: int
    label: Text
    struck: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """What a presenter says from `at_ms` on."""

    at_ms: int
    text: Text


@dataclass(frozen=True, slots=True)
class Scenario:
    """A story. `start_ms` is its own instant; a demo that opens on it finds `lead_ms` of it played."""

    code: str
    name: Text
    story: Text
    start_ms: int
    length_ms: int
    steps: tuple[Step, ...]
    notes: tuple[Note, ...]
    lead_ms: int = 0


@dataclass(frozen=True, slots=True)
class Order:
    """A fault wanted; None takes the kind's own length. `preset` is the ready one it came from."""

    asset: str
    kind: str
    ramp_s: int | None = None
    hold_s: int | None = None
    recovery_s: int | None = None
    size: float = 0.0
    preset: str = ""


@dataclass(frozen=True, slots=True)
class Preset:
    """A fault that lies ready, with its name and what a leader will see of it."""

    name: Text
    about: Text
    order: Order


def as_written(scenario: Scenario) -> Scenario:
    return scenario


@dataclass(frozen=True, slots=True)
class Library:
    """What can be played, as the simulator told at the start. `rehearse` tells of a scenario when in this
    province its steps really strike; it raises DemoError where it cannot be played here. `presets` are the
    ready faults of this province and size."""

    kinds: dict[str, Kind] = field(default_factory=dict)
    scenarios: dict[str, Scenario] = field(default_factory=dict)
    rehearse: Callable[[Scenario], Scenario] = as_written
    presets: dict[str, Preset] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fault:
    """One order. It ends at `until_ms`, the end exclusive, or where it was undone."""

    id: int
    asset: str  # code of an asset, a source or a unit
    kind: str
    since_ms: int
    ramp_ms: int
    hold_ms: int
    recovery_ms: int
    size: float = 0.0
    undone_ms: int | None = None
    preset: str = ""

    @property
    def until_ms(self) -> int:
        end = self.since_ms + self.ramp_ms + self.hold_ms + self.recovery_ms
        return end if self.undone_ms is None else min(end, self.undone_ms)


@dataclass(frozen=True, slots=True)
class RunningScenario:
    """A scenario that runs since `from_ms`; `ended_ms` if it was taken off."""

    code: str
    from_ms: int
    ended_ms: int | None = None


@dataclass(frozen=True, slots=True)
class DemoState:
    """All of it. `epoch` grows whenever domain time does not simply go on; `version` with every change."""

    scenarios: tuple[RunningScenario, ...] = ()
    faults: tuple[Fault, ...] = ()
    next_id: int = 1
    epoch: int = 0
    version: int = 0

    def dump(self) -> str:
        return msgspec.json.encode(self).decode()


def state_of(text: str | None) -> DemoState:
    """The state that was kept; an empty one where none was."""
    if not text:
        return DemoState()
    kept = msgspec.json.decode(text)
    if "castings" in kept:  # as versions up to 0.2 called them
        kept["scenarios"] = kept.pop("castings")
    return msgspec.convert(kept, DemoState)


class DemoError(ValueError):
    """An order that cannot be taken; `code` is stable, the message says what is expected."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class DemoRun:
    """The newest state, and what may be ordered. Safe to use from any thread. `recorded`: a recording is
    played, which nobody can change."""

    def __init__(
        self, clock: Clock, profile: Profile, library: Library | None = None, *, recorded: bool = False
    ) -> None:
        self.recorded = recorded
        self._clock = clock
        self._profile = profile
        self.library = library or Library()
        self._feeds = {a.source for a in profile.assets if a.rhythm_s and a.kind not in ("system", "host")}
        self._lock = threading.Lock()
        self._state = DemoState()

    @property
    def state(self) -> DemoState:
        return self._state

    @property
    def epoch(self) -> int:
        return self._state.epoch

    def adopt(self, state: DemoState) -> None:
        """Show this one from now on, unless a newer one is shown already."""
        with self._lock:
            if state.version > self._state.version:
                self._state = state

    def restore(self, state: DemoState) -> None:
        """Show this one, whatever was shown before."""
        with self._lock:
            self._state = state

    def faults(self) -> list[Fault]:
        """The orders in force, oldest first."""
        now = self._clock.domain_ms()
        return [f for f in self._state.faults if f.undone_ms is None and f.until_ms > now]

    def ended(self) -> list[Fault]:
        """Orders that have ended lately, or were undone."""
        now = self._clock.domain_ms()
        over = (f for f in self._state.faults if f.undone_ms is not None or f.until_ms <= now)
        return [f for f in over if f.until_ms > now - KEEP_MS]

    def playing(self) -> list[RunningScenario]:
        """The scenarios on the stage, oldest first."""
        return [c for c in self._state.scenarios if c.ended_ms is None]

    def scenarios(self) -> list[RunningScenario]:
        """The scenarios on the stage and those taken off lately."""
        now = self._clock.domain_ms()
        return [c for c in self._state.scenarios if c.ended_ms is None or c.ended_ms > now - KEEP_MS]

    def kind_of(self, code: str) -> str:
        """What a code names: a kind of assets, SOURCE or UNIT. Raises DemoError."""
        asset = self._profile.asset.get(code)
        if asset is not None:
            return asset.kind
        if code in self._profile.source:
            return SOURCE
        if code in self._profile.unit:
            return UNIT
        raise DemoError("unknown_asset", f"asset {code!r}: no asset, source or unit of the catalogue")

    def kinds_on(self, code: str) -> list[Kind]:
        """The kinds of fault that can strike what a code names. Raises DemoError."""
        what = self.kind_of(code)
        if what == UNIT:
            here = {a.kind for a in self._profile.assets if a.unit == code}
            return [k for k in self.library.kinds.values() if UNIT in k.on or not here.isdisjoint(k.on)]
        able = what != SOURCE or code in self._feeds
        return [k for k in self.library.kinds.values() if what in k.on and (able or not k.devices)]

    def inject(self, state: DemoState, order: Order, at: int) -> tuple[DemoState, Fault]:
        """The state with one more fault from `at` on. Raises DemoError."""
        self._must_play()
        lengths = self._lengths(order)
        state = _tidy(state, at)
        if sum(f.until_ms > at for f in state.faults) >= MAX_OPEN:
            raise DemoError("too_many", f"{MAX_OPEN} faults are in force already; undo one first")
        if order.preset and any(f.preset == order.preset and f.until_ms > at for f in state.faults):
            raise DemoError("in_force", f"preset {order.preset!r} is in force; undo it first")
        fault = Fault(state.next_id, order.asset, order.kind, at, *lengths, order.size, preset=order.preset)
        return _changed(state, faults=(*state.faults, fault), next_id=fault.id + 1), fault

    def must_have(self, code: str) -> Preset:
        """The ready fault of a code. Raises DemoError."""
        self._must_play()
        found = self.library.presets.get(code)
        if found is None:
            names = ", ".join(self.library.presets) or "none"
            raise DemoError("unknown_preset", f"preset {code!r}: expected one of {names}")
        return found

    def _must_play(self) -> None:
        if self.recorded:
            raise DemoError("recorded", "a recording is played: nobody plays scenarios or faults")

    def _lengths(self, order: Order) -> tuple[int, int, int]:
        """Ramp, hold and recovery in ms of an order that can be taken."""
        known = {SILENT, *self.library.kinds}
        if order.kind not in known:
            expected = ", ".join(sorted(known))
            raise DemoError("unknown_kind", f"kind {order.kind!r}: expected one of {expected}")
        what = self.kind_of(order.asset)
        kind = self.library.kinds.get(order.kind)
        if kind is not None and kind not in self.kinds_on(order.asset):
            feed = "source of devices" if kind.devices else SOURCE
            expected = " or ".join(feed if on == SOURCE else on for on in kind.on)
            raise DemoError("wrong_subject", f"{order.asset!r} is a {what}: {order.kind} strikes {expected}")
        if kind is None and what == UNIT:
            raise DemoError("wrong_subject", f"{order.asset!r} is a unit: name the kind of fault")
        usual = (0, DEFAULT_SECONDS, 0) if kind is None else (kind.ramp_s, kind.hold_s, kind.recovery_s)
        asked = (order.ramp_s, order.hold_s, order.recovery_s)
        lengths = [own if given is None else given for given, own in zip(asked, usual, strict=True)]
        if min(lengths) < 0 or not 1 <= sum(lengths) <= MAX_SECONDS:
            raise DemoError("bad_seconds", f"seconds {sum(lengths)}: expected 1 to {MAX_SECONDS}")
        if not abs(order.size) <= MAX_SIZE:
            raise DemoError("bad_size", f"size {order.size}: expected a number within ±{MAX_SIZE:g}")
        if kind is not None and kind.size and not 0 <= order.size / kind.size <= MAX_TIMES:
            most = f"{MAX_TIMES * kind.size:g} {kind.unit}"
            raise DemoError("bad_size", f"size {order.size:g}: expected a number from 0 to {most}")
        ramp, hold, recovery = (seconds * 1000 for seconds in lengths)
        return ramp, hold, recovery

    def undo(self, state: DemoState, fault_id: int, at: int) -> DemoState:
        """The state with a fault that ends at `at`. Raises DemoError if none such is in force."""
        now = self._clock.domain_ms()
        if not any(f.id == fault_id and f.undone_ms is None and f.until_ms > now for f in state.faults):
            raise DemoError("no_fault", f"no fault {fault_id} is in force")
        faults = tuple(replace(f, undone_ms=at) if f.id == fault_id else f for f in state.faults)
        return _changed(_tidy(replace(state, faults=faults), at))

    def begin(self, state: DemoState, code: str, at: int) -> DemoState:
        """The state with a scenario that begins at `at`, beside those that play. Raises DemoError."""
        self.must_know(code)
        if any(c.code == code and c.ended_ms is None for c in state.scenarios):
            raise DemoError("already", f"scenario {code!r} is on the stage; take it off first")
        state = _tidy(state, at)
        return _changed(state, scenarios=(*state.scenarios, RunningScenario(code, at)))

    def must_know(self, code: str) -> Scenario:
        """The scenario of a code, rehearsed. Raises DemoError."""
        self._must_play()
        found = self.library.scenarios.get(code)
        if found is None:
            names = ", ".join(self.library.scenarios) or "none"
            raise DemoError("unknown_scenario", f"scenario {code!r}: expected one of {names}")
        return self.library.rehearse(found)

    def end(self, state: DemoState, code: str, at: int) -> DemoState:
        """The state with a scenario taken off at `at`. Raises DemoError if it is not on the stage."""
        if not any(c.code == code and c.ended_ms is None for c in state.scenarios):
            raise DemoError("not_playing", f"scenario {code!r} is not on the stage")
        return _changed(_tidy(state, at), scenarios=_ended(state.scenarios, at, code))

    def clear(self, state: DemoState, at: int) -> DemoState:
        """The state with every scenario off and every fault undone at `at`."""
        state = _tidy(state, at)
        faults = tuple(f if f.until_ms <= at else replace(f, undone_ms=at) for f in state.faults)
        return _changed(state, scenarios=_ended(state.scenarios, at), faults=faults)


def next_epoch(state: DemoState, at_least: int = 0) -> DemoState:
    """The same state in a new epoch, later than `at_least`."""
    return _changed(state, epoch=max(state.epoch, at_least) + 1)


def _ended(
    scenarios: tuple[RunningScenario, ...], now: int, code: str | None = None
) -> tuple[RunningScenario, ...]:
    return tuple(
        replace(c, ended_ms=now) if c.ended_ms is None and code in (None, c.code) else c for c in scenarios
    )


def _tidy(state: DemoState, now: int) -> DemoState:
    """Without what ended long ago."""
    old = now - KEEP_MS
    return replace(
        state,
        scenarios=tuple(c for c in state.scenarios if c.ended_ms is None or c.ended_ms > old),
        faults=tuple(f for f in state.faults if f.until_ms > old),
    )


def _changed(state: DemoState, **changes: object) -> DemoState:
    return replace(state, version=state.version + 1, **changes)  # type: ignore[arg-type]
