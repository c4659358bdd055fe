"""Scenarios cast on a province: each step's fault on each asset it selects, as episodes.

Pure and light: needs the profile alone. The same scenario, seed and profile give the same episodes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from cockpit.profiles import Profile
from simulator.episodes import HIDDEN, Episode
from simulator.kinds import SOURCE, UNIT, own_size
from simulator.rng import Stream
from simulator.scenario.model import Scenario, ScenarioError, Step
from simulator.scenario.select import places, select
from simulator.scenario.wind import blown

BEARS = 0.12
"""Things bear so much more or less wind than a step says, as a share."""

DEVICES_ONLY = (
    "flood", "schema_change", "stuck", "spike", "drift", "unit_mixup", "clock_skew", "time_zone",
)  # fmt: skip
"""Kinds that, on a feed, need one of devices that send in a rhythm."""


def cast(scenarios: Sequence[tuple[Scenario, int]], profile: Profile, seed: int) -> tuple[Episode, ...]:
    """Episodes of scenarios anchored at instants (ms since the epoch), by onset.

    Raises ScenarioError where a selector finds nothing in this profile and size.
    """
    found = [e for scenario, anchor in scenarios for e in _episodes(scenario, anchor, profile, seed)]
    return tuple(sorted(found, key=lambda e: (e.start_ms, e.id)))


def _episodes(scenario: Scenario, anchor: int, profile: Profile, seed: int) -> Iterator[Episode]:
    for number, step in enumerate(scenario.steps, 1):
        draw = Stream(seed, f"scenario/{scenario.code}/{scenario.seed}/{number}")
        codes = select(step.selector, profile, draw, step.where)
        if step.kind in DEVICES_ONLY:
            _of_devices(step, codes, profile)
        size = step.size or own_size(step.kind, profile.utc_offset_s)
        if step.kind == "hidden_hop":
            name = f"{HIDDEN}hop:{scenario.code}:{number}"
            yield _episode(
                scenario, number, step, size, name, anchor + step.at_ms, step.hold_ms, tuple(codes)
            )
            continue
        for code, start, hold in _when(scenario, step, codes, profile, draw):
            subject = f"{HIDDEN}{step.kind}:{code}" if step.selector.kind == UNIT else code
            yield _episode(scenario, number, step, size, subject, anchor + start, hold, ())


def _when(
    scenario: Scenario, step: Step, codes: list[str], profile: Profile, draw: Stream
) -> Iterator[tuple[str, int, int]]:
    """Onset and hold of each that is struck."""
    numbers, lat, lon = places(profile, step.selector.kind, codes)
    late = np.floor(draw.uniform(numbers, 1) * step.spread_ms).astype(np.int64)
    if not step.over_ms:
        for code, wait in zip(codes, late.tolist(), strict=True):
            yield code, step.at_ms + wait, step.hold_ms
        return
    bears = step.over_ms * (1.0 + BEARS * (2.0 * draw.uniform(numbers, 2) - 1.0))
    first, last = blown(scenario.track, lat, lon, bears, step.at_ms)
    if not (first >= 0).any():
        raise ScenarioError(
            f"{step.where}: key 'wind'",
            f"no {step.selector.kind} that ever feels {step.over_ms:g} m/s in size {profile.size}",
            "at least one",
            "Lower the wind, or bring the track nearer.",
        )
    for code, start, end, wait in zip(codes, first.tolist(), last.tolist(), late.tolist(), strict=True):
        if start >= 0:
            yield code, start + wait, max(end - start - step.ramp_ms, 0) + step.hold_ms


def _episode(
    scenario: Scenario, number: int, step: Step, size: float, subject: str, start: int, hold: int,
    touches: tuple[str, ...],
) -> Episode:  # fmt: skip
    return Episode(
        id=f"{scenario.code}:{number}:{subject}",
        kind=step.kind,
        subject=subject,
        start_ms=start,
        ramp_ms=step.ramp_ms,
        hold_ms=hold,
        recovery_ms=step.recovery_ms,
        size=size,
        scenario=scenario.code,
        touches=touches,
    )


def _of_devices(step: Step, codes: list[str], profile: Profile) -> None:
    sending = {a.source for a in profile.assets if a.rhythm_s and a.kind not in ("system", "host")}
    for code in codes:
        if step.selector.kind == SOURCE and code not in sending:
            raise ScenarioError(
                f"{step.where}: key 'select.id'",
                repr(code),
                f"a feed of devices: {', '.join(sorted(sending))}",
                f"Give {step.kind} to one of these.",
            )
