"""What episodes do to values: metrics of the assets they strike are set, shifted, scaled, frozen or spoiled.

Every effect follows the strength of its episode, 0 to 1 (`Episode.strength`). Effects on metrics that a
profile does not have are left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from simulator.episodes import Episode
from simulator.kinds import KINDS
from simulator.rng import F64, I64, Stream

Op = Literal["set", "add", "scale"]
"""With strength 1: the value is `amount`; it is `amount` higher; it is `amount` times what it was."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What a kind of fault does to one metric of a kind of asset. `amount` None: the episode's size."""

    asset_kind: str
    metric: str
    op: Op
    amount: float | None = None


EFFECTS: dict[str, tuple[Effect, ...]] = {
    "camera_loss": (Effect("camera", "loss_pct", "add"), Effect("camera", "bitrate_kbps", "scale", 0.8)),
    "camera_slow": (Effect("camera", "fps", "set"), Effect("camera", "bitrate_kbps", "scale", 0.4)),
    "camera_frozen": (
        Effect("camera", "change_pct", "set", 0.0),
        Effect("camera", "bitrate_kbps", "scale", 0.06),
    ),
    "camera_black": (
        Effect("camera", "change_pct", "set", 0.1),
        Effect("camera", "bitrate_kbps", "scale", 0.08),
    ),
    "camera_covered": (
        Effect("camera", "change_pct", "scale", 0.1),
        Effect("camera", "bitrate_kbps", "scale", 0.15),
    ),
    "camera_blurred": (
        Effect("camera", "change_pct", "scale", 0.7),
        Effect("camera", "bitrate_kbps", "scale", 0.45),
    ),
    "camera_noise": (
        Effect("camera", "change_pct", "add", 18.0),
        Effect("camera", "bitrate_kbps", "scale", 1.4),
    ),
    "recorder_disk": (Effect("recorder", "disk_free_pct", "set"),),
    "link_busy": (Effect("link", "util_pct", "set"), Effect("link", "latency_ms", "add", 45.0)),
    "site_degraded": (Effect("site", "avail_pct", "set"),),
    "site_hot": (Effect("site", "temp_c", "set"),),
    "antenna_tilt": (
        Effect("cell", "users", "scale", 0.45),
        Effect("cell", "prb_pct", "scale", 0.6),
        Effect("cell", "drop_pct", "add", 2.4),
    ),
    "cell_busy": (Effect("cell", "prb_pct", "set"), Effect("cell", "users", "scale", 2.2)),
    "cell_drops": (Effect("cell", "drop_pct", "set"),),
    "loudspeaker_quiet": (Effect("loudspeaker", "volume_db", "set"),),
    "crowd": (
        Effect("cell", "prb_pct", "add", 22.0),
        Effect("cell", "users", "scale", 2.4),
        Effect("link", "util_pct", "add", 12.0),
        Effect("camera", "change_pct", "scale", 1.6),
    ),
    "storm": (
        Effect("camera", "change_pct", "add", 9.0),
        Effect("cell", "drop_pct", "add", 0.9),
        Effect("link", "latency_ms", "add", 12.0),
    ),
}
"""Effects by kind. `size` of crowd and storm is a share that multiplies their strength."""

SENSOR = ("stuck", "spike", "drift", "unit_mixup")
"""Kinds that spoil what is reported, whatever is measured."""

SPIKE_CHANCE = 0.08
PERCENT = "%"


@dataclass(frozen=True, slots=True)
class Hit:
    """An episode on positions of a kind of asset (None: all). What `Bend` works through."""

    episode: Episode
    positions: I64 | None
    effects: tuple[tuple[int, Op, float], ...]  # column of the metric, operation, amount


class Bend:
    """All that episodes do to the values of one kind of asset.

    `metrics`: (code, unit) by column; `states`: columns that show a state, which no spike or drift reaches.
    """

    def __init__(
        self,
        seed: int,
        kind: str,
        metrics: Sequence[tuple[str, str]],
        states: frozenset[int],
        struck: Iterable[tuple[Episode, I64 | None]],
        table: Mapping[str, tuple[Effect, ...]] = EFFECTS,
    ) -> None:
        columns = {code: n for n, (code, _) in enumerate(metrics)}
        self._spikes = Stream(seed, f"{kind}/spike-fault")
        self._percent = {n for n, (_, unit) in enumerate(metrics) if unit == PERCENT}
        self._free = set(range(len(metrics))) - states
        self._hits: list[Hit] = []
        for episode, positions in struck:
            size = episode.size or KINDS[episode.kind].size
            effects = tuple(
                (columns[e.metric], e.op, size if e.amount is None else e.amount)
                for e in table.get(episode.kind, ())
                if e.asset_kind == kind and e.metric in columns
            )
            if effects or episode.kind in SENSOR:
                self._hits.append(Hit(episode, positions, effects))
        self._start = np.array([h.episode.start_ms for h in self._hits], dtype=np.int64)
        self._end = np.array([h.episode.end_ms for h in self._hits], dtype=np.int64)

    def __bool__(self) -> bool:
        return bool(self._hits)

    def touching(self, i: I64, t: I64) -> list[tuple[Hit, I64]]:
        """Hits that touch any of the rows (position, instant), with the numbers of those rows."""
        if not len(t) or not self._hits:
            return []
        low, high = int(t.min()), int(t.max())
        found = []
        for n in np.flatnonzero((self._start <= high) & (self._end > low)).tolist():
            hit = self._hits[n]
            inside = (t >= hit.episode.start_ms) & (t < hit.episode.end_ms)
            if hit.positions is not None:
                one = len(hit.positions) == 1
                inside &= (i == hit.positions[0]) if one else np.isin(i, hit.positions)
            rows = np.flatnonzero(inside)
            if len(rows):
                found.append((hit, rows))
        return found

    def frozen(self, hits: list[tuple[Hit, I64]], t: I64) -> I64:
        """The instants whose values are reported: for a stuck device the moment it got stuck."""
        held = t
        for hit, rows in hits:
            if hit.episode.kind == "stuck":
                held = t.copy() if held is t else held
                held[rows] = np.minimum(held[rows], hit.episode.start_ms)
        return held

    def bend(
        self, hits: list[tuple[Hit, I64]], ids: I64, t: I64, step: I64, given: Mapping[int, F64]
    ) -> dict[int, F64]:
        """Columns of values by their number, as they are after all hits; `ids` by row."""
        values = dict(given)
        own: set[int] = set()

        def column(n: int) -> F64:
            if n not in own:
                values[n] = np.array(values[n], dtype=np.float64)
                own.add(n)
            return values[n]

        for hit, rows in hits:
            episode = hit.episode
            strength = episode.strength(t[rows])
            size = episode.size or KINDS[episode.kind].size
            if episode.kind in ("crowd", "storm"):
                strength = strength * size
            for n, op, amount in hit.effects:
                if n not in values:
                    continue
                value = column(n)
                if op == "add":
                    value[rows] += amount * strength
                elif op == "scale":
                    value[rows] *= 1.0 + (amount - 1.0) * strength
                else:
                    value[rows] += (amount - value[rows]) * strength
            if episode.kind == "drift":
                for n in values.keys() & self._free:
                    column(n)[rows] *= 1.0 + (size - 1.0) * strength
            elif episode.kind == "spike":
                struck = rows[self._spikes.uniform(ids[rows], step[rows]) < SPIKE_CHANCE]
                for n in values.keys() & self._free:
                    column(n)[struck] *= 1.0 + size
            elif episode.kind == "unit_mixup":
                for n in values.keys() & self._percent:
                    column(n)[rows] /= 100.0
        return values
