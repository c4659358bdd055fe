"""What the simulator can play, told to those who may not know the simulator."""

from __future__ import annotations

import logging
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from cockpit.config import ConfigError
from cockpit.demo.state import (
    DemoError,
    DemoState,
    Kind,
    Library,
    Note,
    Order,
    Preset,
    Scenario,
    Step,
)
from cockpit.profiles import Profile

if TYPE_CHECKING:  # types alone: a cockpit without a demo does not load the simulator
    from simulator import scenario as played

log = logging.getLogger(__name__)


def library(extra: tuple[str, ...] = (), profile: Profile | None = None, seed: int = 0) -> Library:
    """Every kind of fault, every scenario and every ready fault of a province, of none the general ones;
    `extra` may name files of one's own scenarios. In a province scenarios are rehearsed. Raises ConfigError
    where one cannot be read, ProfileError where the simulator cannot play the province."""
    from simulator.kinds import KINDS, own_size
    from simulator.reading import simulation_of
    from simulator.scenario import ScenarioError, load_presets, load_scenario, names
    from simulator.scenario.cast import DEVICES_ONLY

    zone = profile.utc_offset_s if profile is not None else 0
    kinds = {
        k.code: Kind(k.code, k.on, size, k.unit, k.ramp_s, k.hold_s, k.recovery_s, k.code in DEVICES_ONLY)
        for k in KINDS.values()
        for size in (own_size(k.code, zone) or k.size,)
    }
    read: dict[str, played.Scenario] = {}
    try:
        for code in dict.fromkeys((*names(profile), *extra)):
            read[code] = load_scenario(code, profile)
        ready = () if profile is None else load_presets(profile)
    except ScenarioError as error:
        raise ConfigError(str(error)) from None
    scenarios = {code: _told(code, s) for code, s in read.items()}
    if profile is None:
        return Library(kinds, scenarios)
    here = profile
    simulation_of(here)

    @lru_cache(maxsize=64)
    def rehearsed(code: str) -> Scenario:
        return _rehearsed(scenarios[code], read[code], here, seed)

    presets = {p.code: _ready(p) for p in ready}
    return Library(kinds, scenarios, lambda scenario: rehearsed(scenario.code), presets)


def known(state: DemoState, extra: tuple[str, ...], profile: Profile, seed: int) -> tuple[Library, DemoState]:
    """The library with the scenarios of `state` too, and the state without those that cannot be read
    any more: a file that was played before the last start may be gone."""
    gone: set[str] = set()
    found = library(extra, profile, seed)
    for code in dict.fromkeys(c.code for c in state.scenarios):
        if code in found.scenarios:
            continue
        try:
            found = library((*extra, code), profile, seed)
        except ConfigError as error:
            log.warning("a scenario that was on the stage is not played on: %s", error)
            gone.add(code)
        else:
            extra = (*extra, code)
    return found, replace(state, scenarios=tuple(c for c in state.scenarios if c.code not in gone))


def _ready(p: played.Preset) -> Preset:
    ramp, hold, recovery = (
        None if ms is None else ms // 1000 for ms in (p.ramp_ms, p.hold_ms, p.recovery_ms)
    )
    return Preset(p.name, p.about, Order(p.on, p.kind, ramp, hold, recovery, p.size, p.code))


def _told(code: str, s: played.Scenario) -> Scenario:
    steps = tuple(Step(x.kind, x.at_ms, x.ramp_ms, x.hold_ms, x.recovery_ms, x.label) for x in s.steps)
    notes = tuple(Note(n.at_ms, n.text) for n in s.notes)
    return Scenario(code, s.name, s.story, s.start_ms, s.length_ms, steps, notes, s.lead_ms)


def _rehearsed(told: Scenario, read: played.Scenario, profile: Profile, seed: int) -> Scenario:
    """With the spans in which its steps really strike: wind, for one, decides for itself when it comes."""
    from simulator.scenario import ScenarioError, cast

    try:
        episodes = cast([(read, told.start_ms)], profile, seed)
    except ScenarioError as error:
        raise DemoError("unplayable", str(error)) from None
    steps = []
    for number, step in enumerate(told.steps, 1):
        mine = [e for e in episodes if e.id.startswith(f"{read.code}:{number}:")]
        if mine:
            first, last = min(e.start_ms for e in mine), max(e.end_ms for e in mine)
            hold = last - first - step.ramp_ms - step.recovery_ms
            struck = tuple(
                dict.fromkeys(code for e in mine for code in (e.touches or (e.unit or e.subject,)))
            )
            steps.append(replace(step, at_ms=first - told.start_ms, hold_ms=max(0, hold), struck=struck))
    return replace(told, steps=tuple(steps))
