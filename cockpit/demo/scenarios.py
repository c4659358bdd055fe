"""What the simulator can play, told to those who may not know the simulator."""

from __future__ import annotations

import logging
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from cockpit.config import ConfigError
from cockpit.demo.state import DemoError, DemoState, Kind, Library, Note, Scenario, Step
from cockpit.profiles import Profile

if TYPE_CHECKING:
    from simulator import scenario as played

log = logging.getLogger(__name__)


def library(extra: tuple[str, ...] = (), profile: Profile | None = None, seed: int = 0) -> Library:
    """Every kind of fault and every scenario; `extra` may name files of scenarios of one's own. With a
    profile scenarios are rehearsed in it. Raises ConfigError where one cannot be read."""
    from simulator.kinds import KINDS
    from simulator.scenario import ScenarioError, load_scenario, names
    from simulator.scenario.cast import DEVICES_ONLY

    kinds = {
        k.code: Kind(k.code, k.on, k.size, k.unit, k.ramp_s, k.hold_s, k.recovery_s, k.code in DEVICES_ONLY)
        for k in KINDS.values()
    }
    own = names()
    read: dict[str, played.Scenario] = {}
    for code in (*own, *(name for name in extra if name not in own)):
        try:
            read[code] = load_scenario(code)
        except ScenarioError as error:
            raise ConfigError(str(error)) from None
    scenarios = {code: _told(code, s) for code, s in read.items()}
    if profile is None:
        return Library(kinds, scenarios)
    here = profile

    @lru_cache(maxsize=64)
    def rehearsed(code: str) -> Scenario:
        return _rehearsed(scenarios[code], read[code], here, seed)

    return Library(kinds, scenarios, lambda scenario: rehearsed(scenario.code))


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


def _told(code: str, s: played.Scenario) -> Scenario:
    steps = tuple(Step(x.kind, x.at_ms, x.ramp_ms, x.hold_ms, x.recovery_ms, x.label) for x in s.steps)
    notes = tuple(Note(n.at_ms, n.text) for n in s.notes)
    return Scenario(code, s.name, s.story, s.start_ms, s.length_ms, steps, notes)


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
            steps.append(replace(step, at_ms=first - told.start_ms, hold_ms=max(0, hold)))
    return replace(told, steps=tuple(steps))
