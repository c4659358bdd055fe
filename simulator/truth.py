"""What really happened: the faults that were played, apart from the events. It never travels over the
wire."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from simulator import encode
from simulator.world import World


def truth_lines(world: World, start: int, end: int) -> Iterator[bytes]:
    """Ordinary faults and episodes that touch [start, end), by onset: one JSON object a line.

    `effect` is `silent` or the state that values show; `affected` lists everything that is silent with the
    cause.
    """
    assets = world.profile.assets
    rows = [
        (onset, name, effect, index, until)
        for name, effect, index, onset, until in world.faults.roots(start, end)
    ]
    rows += [
        (e.start_ms, e.kind, "silent", world.at[e.subject], e.end_ms)
        for e in world.episodes
        if e.subject in world.at and e.start_ms < end and e.end_ms > start
    ]
    for onset, name, effect, index, until in sorted(rows):
        below = world.faults.below(index) if effect == "silent" else [index]
        yield msgspec.json.encode({
            "id": f"{name}:{assets[index].code}:{onset}",
            "kind": name,
            "effect": effect,
            "cause": assets[index].code,
            "affected": sorted(assets[i].code for i in below),
            "onset": encode.iso(onset),
            "end": encode.iso(until),
        }) + b"\n"  # fmt: skip
