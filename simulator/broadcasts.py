"""Loudspeaker broadcasts: programmes at the hours of the profile in every unit that has loudspeakers, each a
record that tells how many clusters it reached.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from cockpit.domain.periods import HOUR_MS
from simulator.calendar import date_of
from simulator.daybook import Entry, record
from simulator.episodes import Episode
from simulator.people import texts
from simulator.rng import Stream
from simulator.world import World

DEAFENING = ("feeder_out", "link_silent", "link_flap", "loudspeaker_silent", "reboot_loop", "source_silent",
             "commission")  # fmt: skip
"""Kinds of episodes that can silence a loudspeaker."""


class Broadcasts:
    """What communes broadcast; a cluster that is off or cut off does not reach anyone."""

    def __init__(self, world: World) -> None:
        self._world, self._units, self._zone = world, world.profile.units, world.zone
        self._stream = Stream(world.seed, "services/broadcast")
        self._played = world.simulation.broadcasts
        clusters: dict[str, list[int]] = {u.code: [] for u in self._units}
        for i in world.members.get("loudspeaker", np.zeros(0, dtype=np.int64)).tolist():
            clusters.setdefault(world.profile.assets[i].unit, []).append(i)
        self._clusters = {code: np.array(found, dtype=np.int64) for code, found in clusters.items()}

    def day(self, day: int) -> Iterator[Entry]:
        """Broadcasts of a day."""
        if self._played is None:
            return
        titles = texts()["broadcast"]["titles"]
        for u, unit in enumerate(self._units):
            clusters = self._clusters[unit.code]
            for slot, hour in enumerate(self._played.hours):
                if not len(clusters):
                    continue
                r = int(self._stream.bits(u, day * 2 + slot)[0])
                time = self._zone.day_start(day) + int(hour * HOUR_MS) + r % 240_000
                at = np.full(len(clusters), time, dtype=np.int64)
                deaf = self._world.state("off", clusters, at) | self._world.state("silent", clusters, at)
                reached = len(clusters) - int(deaf.sum())
                spoken = 12 + (r >> 20) % 19
                title = titles[(r >> 32) % len(titles)].format(unit=unit.name)
                key = f"{unit.code}-{date_of(day):%y%m%d}-{slot + 1}"
                yield record(
                    self._zone, self._played.source, "broadcast", key, unit.code,
                    "sent" if reached else "failed", time, (day << 24) | (u << 1) | slot, {
                        "title": title, "minutes": spoken, "clusters": len(clusters), "reached": reached,
                        "ok": reached > 0,
                    },
                )  # fmt: skip

    def matters(self, episode: Episode, day: int) -> bool:
        """Whether an episode can keep clusters from speaking on a day; those need minutes to start again."""
        return (
            episode.kind in DEAFENING
            and episode.start_ms < self._zone.day_start(day + 1)
            and self._world.outages.last_ms(episode) > self._zone.day_start(day)
        )
