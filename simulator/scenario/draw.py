"""Scenarios drawn by chance: a few faults of all kinds, at random instants, on random subjects."""

from __future__ import annotations

import numpy as np

from cockpit.domain.catalog import Text
from cockpit.profiles import Profile
from simulator.kinds import SOURCE
from simulator.rng import Stream
from simulator.scenario.model import Scenario, Selector, Step

MINUTE = 60_000
START_MS = 1_794_268_800_000
"""Tuesday, 10 November 2026, 07:00 in the province: the day from which the start is drawn."""

LENGTH_MS = 240 * MINUTE
FAULTS = 5

# What is drawn, on what, the least and most minutes it holds, and minutes in which it rises: long enough for
# the slowest rule about it.
_DRAWN: tuple[tuple[str, str, int, int, int], ...] = (
    ("camera_silent", "camera", 5, 90, 0), ("camera_silent", "camera", 1, 4, 0),
    ("camera_loss", "camera", 20, 90, 1), ("camera_slow", "camera", 20, 90, 1),
    ("recorder_silent", "recorder", 6, 90, 0), ("recorder_write", "recorder", 10, 90, 0),
    ("recorder_disk", "recorder", 60, 120, 20), ("link_silent", "link", 8, 90, 0),
    ("link_flap", "link", 60, 120, 0), ("link_busy", "link", 40, 120, 5),
    ("feeder_out", "feeder", 30, 120, 0), ("site_silent", "site", 25, 120, 0),
    ("power_loss", "site", 25, 110, 0), ("site_degraded", "site", 45, 120, 0),
    ("site_hot", "site", 60, 120, 20), ("cell_busy", "cell", 100, 130, 5),
    ("cell_drops", "cell", 80, 130, 5), ("loudspeaker_silent", "loudspeaker", 30, 120, 0),
    ("loudspeaker_quiet", "loudspeaker", 45, 120, 0), ("hidden_hop", "site", 30, 120, 0),
    ("source_silent", SOURCE, 45, 120, 0), ("source_late", SOURCE, 60, 120, 0),
    ("duplicates", SOURCE, 30, 90, 0), ("flood", SOURCE, 20, 60, 0),
    ("clock_skew", "camera", 40, 120, 0), ("time_zone", "recorder", 40, 120, 0),
    ("schema_change", SOURCE, 30, 90, 0), ("reboot_loop", "camera", 60, 120, 0),
    ("stuck", "cell", 60, 120, 0), ("out_of_order", SOURCE, 30, 90, 0),
)  # fmt: skip
_TELLING = ("camera", "site", "link", "loudspeaker")
"""Kinds of devices whose feeds are struck as a whole."""


def draw(profile: Profile, seed: int, k: int) -> list[Scenario]:
    """`k` scenarios from a seed. Each strikes a thing at most once, and a feed as a whole at most once."""
    return [_one(profile, seed, n) for n in range(k)]


def _one(profile: Profile, seed: int, n: int) -> Scenario:
    chance = Stream(seed, "scenario/draw")
    feeds = _feeds(profile, _TELLING)
    roots, reached, struck = set[str](), set[str](), set[str]()
    steps: list[Step] = []
    attempt = 0
    while len(steps) < FAULTS and attempt < 200:
        u = chance.uniform(np.full(6, n), attempt * 8 + np.arange(6)).tolist()
        attempt += 1
        kind, on, low, high, ramp = _DRAWN[int(u[0] * len(_DRAWN))]
        codes = feeds if on == SOURCE else [a.code for a in profile.assets if a.kind == on]
        if not codes:
            continue
        code = codes[int(u[1] * len(codes))]
        root, feeds_of = _reached(profile, code)
        # Faults that hide each other say little about either.
        if root in roots or struck & feeds_of or (on == SOURCE and code in reached):
            continue
        roots.add(root)
        reached |= feeds_of
        if on == SOURCE:
            struck.add(code)
        hold = round((low + u[2] * (high - low)) * MINUTE)
        steps.append(
            Step(
                kind=kind,
                selector=Selector(kind=on, ids=(code,)),
                at_ms=round((10 + u[3] * 60) * MINUTE),
                ramp_ms=ramp * MINUTE,
                hold_ms=hold,
                recovery_ms=0,
                size=0.0,
                label=Text(vi=f"{kind}: {code}", en=f"{kind}: {code}"),
                where=f"drawn from seed {seed}, scenario {n + 1}",
            )
        )
    hour = int(chance.below(15, n, 999)[0])
    name = Text(vi=f"Ngẫu nhiên {seed}.{n + 1}", en=f"Random {seed}.{n + 1}")
    story = Text(vi="Vài sự cố rút ngẫu nhiên theo mã lần chạy.", en="A few faults drawn from the seed.")
    return Scenario(
        code=f"random_{seed}_{n + 1}",
        name=name,
        story=story,
        seed=seed,
        start_ms=START_MS + hour * 60 * MINUTE,
        length_ms=LENGTH_MS,
        steps=tuple(sorted(steps, key=lambda s: s.at_ms)),
        notes=(),
    )


def _feeds(profile: Profile, kinds: tuple[str, ...]) -> list[str]:
    """The feeds that devices of these kinds send through, in this order."""
    return list(dict.fromkeys(a.source for kind in kinds for a in profile.assets if a.kind == kind))


def _reached(profile: Profile, code: str) -> tuple[str, set[str]]:
    """What stands at the top of what a thing needs, and the feeds that tell of it and of what it supplies."""
    asset = profile.asset.get(code)
    if asset is None:
        return code, {code}
    feeds = set(_feeds(profile, _TELLING)) if asset.kind == "feeder" else {asset.source}
    if asset.kind in ("link", "recorder"):
        feeds |= set(_feeds(profile, ("camera", "loudspeaker")))
    while asset.depends_on:
        asset = profile.asset[asset.depends_on]
    return asset.code, feeds
