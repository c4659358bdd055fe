"""The world: every asset that sends by itself, when it sends, and what its values are at any instant.

Built from a profile and a seed, then only asked: nothing in it changes with time except caches.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np

from cockpit.domain.catalog import Metric
from cockpit.domain.periods import DAY_MS
from cockpit.profiles import Profile
from simulator.analytics import ATTRIBUTE, CAMERA, Analytics
from simulator.devices import APART, STATES
from simulator.effects import Bend
from simulator.episodes import Episode
from simulator.faults import Faults, Intervals
from simulator.outages import Outages
from simulator.reading import simulation_of
from simulator.rng import F64, I64, Bools, Stream
from simulator.signals import Model, Signal
from simulator.sky import Sky
from simulator.zone import Zone

Episodes = tuple[Episode, ...]


@dataclass(frozen=True, slots=True)
class Derived:
    """A metric that follows the state of things: `at(i, t)` gives its value, i a position in its kind."""

    at: Callable[[I64, I64], F64]

    def value(self, i: I64, t: I64, step: I64) -> F64:
        return self.at(i, t)

    def hours(self, t: I64, n: I64, lo: float, hi: float) -> tuple[F64, F64, F64]:
        """As `Model.hours`, from the instants alone."""
        assets = np.arange(len(n))[:, None]
        seen = np.stack([self.at(assets, row[None, :]) + np.zeros(n.shape) for row in t])
        return seen.mean(axis=0), seen.min(axis=0), seen.max(axis=0)


class Kind:
    """All assets of one kind that send observations in a common rhythm."""

    def __init__(
        self,
        world: World,
        code: str,
        members: list[int],
        signals: Mapping[str, Signal],
        metrics: list[Metric],
    ) -> None:
        assets = [world.profile.assets[m] for m in members]
        self.code, self.source = code, assets[0].source
        self.index = np.array(members, dtype=np.int64)
        self.ids = world.ids[self.index]
        self.codes = [a.code for a in assets]
        self.rhythm_ms = assets[0].rhythm_s * 1000
        # Evenly spread over the rhythm, in an order that has nothing to do with place.
        drawn = Stream(world.seed, f"{code}/phase").uniform(self.ids)
        order = np.argsort(np.argsort(drawn, kind="stable"), kind="stable")
        self.phase = (order * self.rhythm_ms) // len(members)
        self.metrics = metrics
        self.models: list[Model | Derived] = []
        for metric in self.metrics:
            signal = signals.get(metric.code)
            if signal is None:
                self.models.append(Derived(world.derived(code, metric.code, self.index)))
                continue
            of = np.array([signal.factor(a.attrs) for a in assets]) if signal.of else None
            self.models.append(Model(world.seed, code, metric.code, signal, self.ids, world.zone, of))
        self.bend = world.bend(self)
        boxes = code == CAMERA and any(a.attrs.get(ATTRIBUTE) for a in assets)
        self.box = Analytics(world, assets, self.ids) if boxes else None

    def due(self, t0: int, t1: int) -> tuple[I64, I64, I64]:
        """Events with time in [t0, t1): positions in the kind, instants and step numbers."""
        first = -((self.phase - t0) // self.rhythm_ms)
        count = np.maximum(-((self.phase - t1) // self.rhythm_ms) - first, 0)
        i = np.repeat(np.arange(len(first)), count)
        ahead = np.arange(len(i)) - np.repeat(np.add.accumulate(count) - count, count)
        step = first[i] + ahead
        return i, step * self.rhythm_ms + self.phase[i], step

    def counts(self, start: I64, end: I64, i: I64) -> I64:
        """How many events of position `i` have their time in [start, end)."""
        phase = self.phase[i]
        return np.asarray(-((phase - end) // self.rhythm_ms) + ((phase - start) // self.rhythm_ms))

    def values(self, i: I64, t: I64, step: I64) -> list[I64]:
        """Each metric's value as an integer of its resolution."""
        found = list(self.some(range(len(self.metrics)), i, t, step).values())
        if self.box is not None:
            self.box.over(self.metrics, found, i, t)
        return found

    def some(self, columns: Iterable[int], i: I64, t: I64, step: I64) -> dict[int, I64]:
        """The same for some of the metrics, by number, without what a camera's analytics box sees."""
        hits = self.bend.touching(i, t) if self.bend else []
        held = self.bend.frozen(hits, t)
        counted = step if held is t else np.where(held < t, (held - self.phase[i]) // self.rhythm_ms, step)
        values = {n: self.models[n].value(i, held, counted) for n in columns}
        if hits:
            values = self.bend.bend(hits, self.ids[i], t, step, values)
        found = {}
        for n, value in values.items():
            metric = self.metrics[n]
            clipped = np.clip(value, metric.lo, metric.hi)
            found[n] = np.rint(clipped * metric.scale).astype(np.int64)
        return found


class World:
    """Assets by index (their place in the profile), their faults, their kinds."""

    def __init__(self, profile: Profile, seed: int) -> None:
        self.profile, self.seed = profile, seed
        self.zone = Zone(profile.utc_offset_s)
        self.simulation = simulation_of(profile)
        self.sky = Sky(seed, self.zone, *self._middle())
        self._episodes: Episodes = ()
        self.ids = np.array([a.id for a in profile.assets], dtype=np.int64)
        self.at = {a.code: i for i, a in enumerate(profile.assets)}
        parents = np.array([self.at.get(a.depends_on, -1) for a in profile.assets], dtype=np.int64)
        members: dict[str, list[int]] = {}
        for i, asset in enumerate(profile.assets):
            members.setdefault(asset.kind, []).append(i)
        self.members = {k: np.array(v, dtype=np.int64) for k, v in members.items()}
        self.parents = parents
        self.faults = Faults(seed, self.members, self.ids, parents)
        kinds = [a.kind for a in profile.assets]
        self.outages = Outages(seed, self.at, kinds, self.ids, self.faults.children, self._of_source)
        self._drawn = lru_cache(maxsize=64)(self._draw)
        self._joined = lru_cache(maxsize=64)(self._join)
        self.kinds = [kind for code, found in sorted(members.items()) if (kind := self._kind(code, found))]

    def _middle(self) -> tuple[float, float]:
        """Latitude and longitude whose sun the province has."""
        told, (west, south, east, north) = self.simulation.sky, self.profile.bbox
        lat = (south + north) / 2 if told.lat is None else told.lat
        return lat, (west + east) / 2 if told.lon is None else told.lon

    def _kind(self, code: str, members: list[int]) -> Kind | None:
        """A kind of device that sends by itself; None where it does not, or no metric of it has a model."""
        signals = self.simulation.signals(code)
        metrics = [
            m
            for m in self.profile.metrics
            if code in m.kinds and not m.only and (m.code in signals or (code, m.code) in STATES)
        ]
        if code in APART or not metrics or not self.profile.assets[members[0]].rhythm_s:
            return None
        return Kind(self, code, members, signals, metrics)

    @property
    def episodes(self) -> Episodes:
        """The faults that play besides ordinary ones: an input like the seed."""
        return self._episodes

    @episodes.setter
    def episodes(self, episodes: Episodes) -> None:
        if episodes == self._episodes:
            return
        self._episodes = episodes
        self._joined.cache_clear()
        for kind in self.kinds:
            kind.bend = self.bend(kind)

    def silence(self, day: int) -> Intervals:
        """What is silent during UTC day number `day`, ordinary faults and episodes together."""
        return self._joined("silent", day)

    def broken(self, effect: str, day: int) -> Intervals:
        """What is really under an effect during a UTC day, feeds that merely send nothing left out."""
        real = [e for e in self._episodes if e.kind != "source_silent"]
        spans = self.outages.spans(real, day * DAY_MS, (day + 1) * DAY_MS)
        own = ((s.asset, s.start, s.end) for s in spans if s.effect == effect)
        return self._drawn(effect, day).joined(own)

    def state(self, effect: str, index: I64, t: I64) -> Bools:
        """Whether assets (by index) are under an effect at instants; broadcasts."""
        days = t // DAY_MS
        low, high = int(days.min()), int(days.max())
        found = np.zeros(np.broadcast_shapes(index.shape, t.shape), dtype=bool)
        for day in range(low, high + 1):
            hit = self._joined(effect, day).covers(index, t)
            found |= hit if low == high else hit & (days == day)
        return found

    def bend(self, kind: Kind) -> Bend:
        """What the episodes do to the values of a kind of asset."""
        states = frozenset(n for n, m in enumerate(kind.models) if isinstance(m, Derived))
        metrics = [(m.code, m.unit) for m in kind.metrics]
        struck = [(e, found) for e in self._episodes if (found := self._struck(e, kind)) is not False]
        return Bend(self.seed, kind.code, metrics, states, struck)

    def struck(self, episode: Episode) -> list[int]:
        """Assets an episode strikes directly, by index: what it touches, or its subject."""
        if episode.unit:
            return [i for i, a in enumerate(self.profile.assets) if a.unit == episode.unit]
        if episode.subject in self.profile.source:
            return self._of_source(episode.subject)
        return [self.at[c] for c in episode.touches or (episode.subject,) if c in self.at]

    def _struck(self, episode: Episode, kind: Kind) -> I64 | Literal[False] | None:
        """Positions in a kind that an episode changes values of: those it strikes and what is below them.
        None for all of them, False for none."""
        if episode.subject in self.profile.source:
            return None if kind.source == episode.subject else False
        roots = self.struck(episode)
        found = roots if episode.unit else [i for root in roots for i in self.faults.below(root)]
        positions = np.flatnonzero(np.isin(kind.index, np.array(found, dtype=np.int64)))
        return positions if len(positions) else False

    def derived(self, kind: str, metric: str, index: I64) -> Callable[[I64, I64], F64]:
        """The function behind a metric that follows a state: one of `devices.STATES`."""
        if (kind, metric) == ("recorder", "cameras_connected"):
            return self._connected(index)
        bad, good = (66.67, 100.0) if metric == "avail_pct" else (0.0, 1.0)  # one of three sectors locked
        effect = STATES[kind, metric]
        return lambda i, t: np.where(self.state(effect, index[i], t), bad, good)

    def _connected(self, recorders: I64) -> Callable[[I64, I64], F64]:
        cameras_of = [np.flatnonzero(self.parents == r) for r in recorders.tolist()]
        widest = max((len(c) for c in cameras_of), default=0)
        table = np.full((len(recorders), widest), -1, dtype=np.int64)
        for row, found in enumerate(cameras_of):
            table[row, : len(found)] = found

        def at(i: I64, t: I64) -> F64:
            i, t = np.broadcast_arrays(i, t)
            count = np.zeros(i.shape)
            for column in range(widest):
                camera = table[i, column]
                count += (camera >= 0) & ~self.state("silent", camera, t)
            return count

        return at

    def _draw(self, effect: str, day: int) -> Intervals:
        return self.faults.draw(effect, day * DAY_MS, (day + 1) * DAY_MS)

    def _join(self, effect: str, day: int) -> Intervals:
        ordinary = self._drawn(effect, day)
        if not self._episodes:
            return ordinary
        spans = self.outages.spans(self._episodes, day * DAY_MS, (day + 1) * DAY_MS)
        return ordinary.joined((s.asset, s.start, s.end) for s in spans if s.effect == effect)

    def _of_source(self, code: str) -> list[int]:
        return [i for i, a in enumerate(self.profile.assets) if a.source == code]
