"""On what a new demo opens: an instant, and the stories that play then."""

from __future__ import annotations

from dataclasses import dataclass

from cockpit.clock import RealClock
from cockpit.config import Config, ConfigError
from cockpit.demo.player import Player
from cockpit.demo.scenarios import library
from cockpit.domain import instants, periods
from cockpit.profiles import Profile

STORY = "working_morning"
"""On what a demo opens where nothing else is asked for, if the province has it."""

MORNING_H = 8
NOW = "now"


@dataclass(frozen=True, slots=True)
class Opening:
    """Domain time in ms; the scenarios that play, each since `lead_ms` before it."""

    at_ms: int
    scenarios: tuple[str, ...] = ()
    lead_ms: int = 0


def opening(config: Config, profile: Profile) -> Opening:
    """Where a new demo begins: at the instant of the recording, of the settings, of the scenario that they
    name; else in the morning of a working day, on a story of its own. Raises ConfigError, TapeError."""
    if config.replay:
        return Opening(Player.begins(config.replay))
    if config.start or not (config.simulator or config.scenarios):
        return Opening(start_ms(config.start), config.scenarios)
    found = library(config.scenarios, profile, config.seed).scenarios
    if config.scenarios:
        first = found[config.scenarios[0]]
        return Opening(first.start_ms + first.lead_ms, config.scenarios, first.lead_ms)
    at = morning(RealClock().domain_ms(), profile.utc_offset_s)
    return Opening(at, (STORY,), found[STORY].lead_ms) if STORY in found else Opening(at)


def morning(now_ms: int, offset_s: int) -> int:
    """Eight o'clock of the last working day that is not after the day of `now_ms`."""
    day = periods.day_number(now_ms, offset_s)
    while not periods.is_workday(day):
        day -= 1
    return periods.day_start_ms(day, offset_s) + MORNING_H * periods.HOUR_MS


def start_ms(start: str) -> int:
    """The instant that a setting names; the whole minute that it is for `now` and where it names none. Raises
    ConfigError."""
    if start in ("", NOW):
        return RealClock().domain_ms() // 60_000 * 60_000
    try:
        return instants.parse(start)
    except instants.NotAnInstant as error:
        raise ConfigError(f"COCKPIT_START: {error}, or {NOW!r}") from None
