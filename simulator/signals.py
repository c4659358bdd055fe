"""A measured value as a sum of causes: a level of its own, the rhythm of day and week, a slow walk, a drift
over days, spikes that last minutes, and white noise. Stateless: the value at any instant stands alone.

`base` is everything but spikes and noise. History takes hourly figures from `base` at a few instants
and adds noise and spikes as expected, so that it matches what live play would have sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from cockpit.domain.periods import DAY_MS, HOUR_MS
from simulator.calendar import Shape, minutes
from simulator.rng import F64, I64, Stream, gauss_of
from simulator.zone import Zone

# Expected largest of n draws of `gauss` (the sum of four uniforms), by simulation of 200,000 sets.
_N = np.array([1, 2, 4, 8, 12, 20, 30, 60, 120, 240, 360], dtype=np.float64)
_TOP = np.array([0.0, 0.57, 1.03, 1.42, 1.61, 1.82, 1.97, 2.19, 2.37, 2.53, 2.61])


@dataclass(frozen=True, slots=True)
class Signal:
    """How one metric of one kind of asset behaves, in natural units. Pairs are ranges over the assets."""

    level: tuple[float, float]
    daily: tuple[float, float] = (0.0, 0.0)  # added at the peak of `shape`
    shape: Shape | None = None
    weekend: float = 1.0  # factor on `daily` at weekends
    walk: float = 0.0
    walk_ms: int = 40 * 60_000
    drift: float = 0.0  # one deviation over about nine days
    noise: float = 0.0
    spike: str = ""  # name of the spike stream: metrics with the same name spike together
    spike_chance: float = 0.0  # per asset and hour
    spike_size: tuple[float, float] = (0.0, 0.0)
    spike_s: tuple[float, float] = (60.0, 240.0)
    of: str = ""  # attribute of the asset that everything above is a share of
    shares: tuple[tuple[str, float], ...] = ()  # what a word in that attribute stands for

    def factor(self, attrs: Mapping[str, str | int | float]) -> float:
        """What the figures above are multiplied by for an asset. KeyError for an unknown word."""
        found = attrs[self.of]
        return dict(self.shares)[str(found)] if self.shares else float(found)


class Model:
    """A `Signal` for given assets. `i` is a position among them, `t` milliseconds; both broadcast."""

    def __init__(
        self,
        seed: int,
        kind: str,
        metric: str,
        signal: Signal,
        ids: I64,
        zone: Zone,
        share_of: F64 | None = None,
    ) -> None:
        self.signal, self._ids, self._zone, self._of = signal, ids, zone, share_of
        name = f"{kind}/{metric}"
        own = Stream(seed, f"{name}/own")
        u = own.uniform(ids, 0)
        self.level = signal.level[0] + u * (signal.level[1] - signal.level[0])
        self.daily = signal.daily[0] + own.uniform(ids, 1) * (signal.daily[1] - signal.daily[0])
        # Assets do not share one clock of habits: each is up to 20 minutes early or late.
        self._early = own.below(41, ids, 2) - 20
        self._minutes = minutes(signal.shape) if signal.shape else None
        self._walk, self._drift = Stream(seed, f"{name}/walk"), Stream(seed, f"{name}/drift")
        self._noise = Stream(seed, f"{name}/noise")
        self._spikes = Stream(seed, f"{kind}/spike/{signal.spike}")

    def base(self, i: I64, t: I64) -> F64:
        """The value without spikes and noise."""
        s = self.signal
        value = self.level[i]
        if self._minutes is not None:
            swing = self._minutes[(self._zone.minute_of_day(t) + self._early[i]) % 1440] * self.daily[i]
            value = value + (
                swing if s.weekend == 1.0 else np.where(self._zone.weekend(t), s.weekend, 1.0) * swing
            )
        if s.walk:
            value = value + s.walk * self._walk.smooth(self._ids[i], t, s.walk_ms)
        if s.drift:
            value = value + s.drift * self._drift.smooth(self._ids[i], t, 9 * DAY_MS)
        return np.broadcast_to(value, np.broadcast_shapes(np.shape(i), np.shape(t)))

    def value(self, i: I64, t: I64, step: I64) -> F64:
        """The value as sent. `step` numbers the events of an asset. 1-d arrays of one length."""
        value = self.base(i, t)
        if self.signal.spike_chance:
            hour = t // HOUR_MS
            hit = np.flatnonzero(self._spiking(i, hour))
            if len(hit):
                start, length, size = self._spike(i[hit], hour[hit])
                into = (t[hit] - hour[hit] * HOUR_MS) / 1000.0 - start
                value = value.copy()
                value[hit] += np.where((into >= 0) & (into < length), size, 0.0)
        if self.signal.noise:
            value = value + self.signal.noise * self._noise.gauss(self._ids[i], step)
        return value if self._of is None else value * self._of[i]

    def _spiking(self, i: I64, hour: I64) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
        return np.asarray(self._spikes.uniform(self._ids[i], hour * 4) < self.signal.spike_chance)

    def _spike(self, i: I64, hour: I64) -> tuple[F64, F64, F64]:
        """Start and length in seconds of the hour, and size."""
        s, ids = self.signal, self._ids[i]
        length = s.spike_s[0] + self._spikes.uniform(ids, hour * 4 + 1) * (s.spike_s[1] - s.spike_s[0])
        start = self._spikes.uniform(ids, hour * 4 + 2) * (3600.0 - length)
        size = s.spike_size[0] + self._spikes.uniform(ids, hour * 4 + 3) * (s.spike_size[1] - s.spike_size[0])
        return start, length, size

    def hours(self, t: I64, n: I64, lo: float, hi: float) -> tuple[F64, F64, F64]:
        """Mean, least and greatest value of the events of each hour.

        `t` has shape (instants, hours), in rising order within its hour; `n` (assets, hours) counts
        the events. Results have the shape of `n`; where n is 0 they mean nothing.
        """
        s, assets = self.signal, np.arange(len(self.level))[:, None]
        seen = np.stack([self.base(assets, row[None, :]) for row in t])
        mean, low, high = seen.mean(axis=0), seen.min(axis=0), seen.max(axis=0)
        hour = np.broadcast_to(t[0][None, :] // HOUR_MS, n.shape)
        some = np.maximum(n, 1)
        if s.noise:
            draws = self._noise.bits(self._ids[assets] ^ (1 << 40), hour)
            top = np.interp(some, _N, _TOP)
            wobble = ((draws & np.uint64(255)).astype(np.float64) / 255.0 - 0.5) * 0.5
            mean = mean + s.noise * gauss_of(draws) / np.sqrt(some)
            low = np.minimum(low - s.noise * (top + wobble), mean)
            high = np.maximum(high + s.noise * (top - wobble), mean)
        if s.spike_chance:
            a, h = np.nonzero(self._spiking(assets, hour))
            _, length, size = self._spike(a, hour[a, h])
            part = np.floor(some[a, h] * length / 3600.0 + 0.5) / some[a, h]
            mean = mean.copy()
            mean[a, h] += part * size
            up = (part > 0) & (size > 0)
            high[a[up], h[up]] = np.maximum(high[a[up], h[up]], high[a[up], h[up]] + size[up])
            down = (part > 0) & (size < 0)
            low[a[down], h[down]] += size[down]
        if self._of is not None:
            mean, low, high = (x * self._of[:, None] for x in (mean, low, high))
        return np.clip(mean, lo, hi), np.clip(low, lo, hi), np.clip(high, lo, hi)
