"""The world: every asset that sends by itself, when it sends, and what its values are at any instant.

Built from a profile and a seed, then only asked: nothing in it changes with time except caches.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from cockpit.profiles import Profile
from simulator import cameras, network
from simulator.calendar import DAY_MS
from simulator.faults import Faults, Intervals, Order
from simulator.rng import F64, I64, Bools, Stream
from simulator.signals import Model, Signal

SIGNALS: dict[str, dict[str, Signal]] = {
    "camera": cameras.CAMERA,
    "recorder": cameras.RECORDER,
    "link": network.LINK,
    "site": network.SITE,
    "cell": network.CELL,
    "loudspeaker": network.LOUDSPEAKER,
}
Orders = tuple[Order, ...]


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

    def __init__(self, world: World, code: str, members: list[int]) -> None:
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
        self.metrics = [m for m in world.profile.metrics if code in m.kinds and not m.only]
        self.models: list[Model | Derived] = []
        for metric in self.metrics:
            signal = SIGNALS[code].get(metric.code)
            if signal is None:
                self.models.append(Derived(world.derived(code, metric.code, self.index)))
                continue
            of = np.array([signal.factor(a.attrs) for a in assets]) if signal.of else None
            self.models.append(Model(world.seed, code, metric.code, signal, self.ids, of))

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
        found = []
        for metric, model in zip(self.metrics, self.models, strict=True):
            value = np.clip(model.value(i, t, step), metric.lo, metric.hi)
            found.append(np.rint(value * metric.scale).astype(np.int64))
        return found


class World:
    """Assets by index (their place in the profile), their faults, their kinds."""

    def __init__(self, profile: Profile, seed: int) -> None:
        """`orders` may be set at any time: the presenter's fault orders, an input like the seed."""
        self.profile, self.seed = profile, seed
        self.orders: Orders = ()
        self.ids = np.array([a.id for a in profile.assets], dtype=np.int64)
        self.at = {a.code: i for i, a in enumerate(profile.assets)}
        parents = np.array([self.at.get(a.depends_on, -1) for a in profile.assets], dtype=np.int64)
        members: dict[str, list[int]] = {}
        for i, asset in enumerate(profile.assets):
            members.setdefault(asset.kind, []).append(i)
        self.members = {k: np.array(v, dtype=np.int64) for k, v in members.items()}
        self.parents = parents
        self.faults = Faults(seed, self.members, self.ids, parents)
        self._drawn = lru_cache(maxsize=64)(self._draw)
        self._joined = lru_cache(maxsize=64)(self._join)
        self.kinds = [
            Kind(self, code, found)
            for code, found in sorted(members.items())
            if code in SIGNALS and profile.assets[found[0]].rhythm_s
        ]

    def silence(self, day: int) -> Intervals:
        """What is silent during UTC day number `day`, faults and orders together."""
        return self._joined(day, tuple(o for o in self.orders if self._touches(o, day)))

    def state(self, effect: str, index: I64, t: I64) -> Bools:
        """Whether assets (by index) are under an effect at instants; broadcasts."""
        days = t // DAY_MS
        low, high = int(days.min()), int(days.max())
        found = np.zeros(np.broadcast_shapes(index.shape, t.shape), dtype=bool)
        for day in range(low, high + 1):
            spans = self.silence(day) if effect == "silent" else self._drawn(effect, day)
            hit = spans.covers(index, t)
            found |= hit if low == high else hit & (days == day)
        return found

    def derived(self, kind: str, metric: str, index: I64) -> Callable[[I64, I64], F64]:
        """The function behind a metric that follows faults. KeyError where the metric has no model."""
        if (kind, metric) == ("recorder", "cameras_connected"):
            return self._connected(index)
        if (kind, metric) == ("link", "up"):
            return lambda i, t: np.ones(np.broadcast_shapes(i.shape, t.shape))
        if (kind, metric) == ("site", "avail_pct"):  # one of three sectors locked
            return lambda i, t: np.where(self.state("locked", index[i], t), 66.67, 100.0)
        effect = {
            ("recorder", "write_ok"): "disk",
            ("site", "power_ok"): "mains",
            ("loudspeaker", "online"): "off",
        }[kind, metric]
        return lambda i, t: np.where(self.state(effect, index[i], t), 0.0, 1.0)

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

    def _join(self, day: int, orders: Orders) -> Intervals:
        roots = [(self.at[o.asset], o.start_ms, o.end_ms) for o in orders if o.asset in self.at]
        return self.faults.join(self._drawn("silent", day), roots)

    @staticmethod
    def _touches(order: Order, day: int) -> bool:
        return order.start_ms < (day + 1) * DAY_MS and order.end_ms > day * DAY_MS
