"""What an analytics box makes of a camera's picture: brightness, sharpness, grain, colour, change, view,
clock.

The figures follow the scene, the light of the sky, rain, traffic and the faults of the camera, by a model
that is cheap for many cameras at once. The painter draws from the same conditions; a test holds both
together.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np

from cockpit.domain.catalog import Asset, Metric
from cockpit.profiles import Profile
from simulator import damage, optics
from simulator.calendar import OFFICE, STREET, Shape, minutes
from simulator.damage import Damage
from simulator.devices import BOX
from simulator.episodes import Episode
from simulator.kinds import KINDS
from simulator.rng import F64, I64, Bools, Stream
from simulator.sky import Sky
from simulator.zone import Zone

CAMERA = "camera"
ATTRIBUTE = "analytics"
CHANGE = "change_pct"
"""Every camera sends it; of one with a box it is what the box sees."""

_MARKET: Shape = (
    0, 0, 0, 0.05, 0.25, 0.7, 1, 1, 0.9, 0.75, 0.6, 0.5, 0.35, 0.3, 0.35, 0.5, 0.75, 0.7, 0.4, 0.15, 0.06,
    0.02, 0, 0,
)  # fmt: skip
_SCHOOL: Shape = (
    0, 0, 0, 0, 0, 0.05, 0.6, 1, 0.3, 0.35, 0.3, 0.8, 0.3, 0.6, 0.3, 0.35, 0.8, 0.7, 0.2, 0.1, 0.06, 0.02,
    0, 0,
)  # fmt: skip
CROWDS = {"office": OFFICE, "school": _SCHOOL, "market": _MARKET}
"""Who passes a camera over the day, by scene; all others follow the street."""

HASH = "content_hash"
FLICKER = {
    "brightness_pct": 0.015, "sharpness": 0.03, "noise": 0.04, "cast_pct": 0.05, "view_pct": 0.02,
    CHANGE: 0.3,
}  # fmt: skip
"""What is told lies so far about what is expected, as a share: who passes differs from picture to picture."""

HELD = ("camera_frozen", "stuck")
STORM_RAIN, CROWD_BUSY = 1.0, 0.35


Kept = tuple[tuple[bytes, bytes, tuple[Episode, ...]] | None, dict[str, F64]]


class Conditions(NamedTuple):
    """What the pictures of some cameras show, as columns. `t`: the instant shown, earlier than now where a
    picture stands still (`frozen`) or a box is stuck. The others are shares, 0 to 1; `no_clock` is 0 or 1."""

    t: I64
    frozen: Bools
    day: F64
    dusk: F64
    rain: F64
    busy: F64
    black: F64
    covered: F64
    blurred: F64
    moved: F64
    noise: F64
    colour: F64
    no_clock: F64

    def faults(self, row: int) -> Damage:
        """The faults of one row, as the painter wants them."""
        columns = (self.black, self.covered, self.blurred, self.moved, self.noise, self.colour)
        black, covered, blurred, moved, noise, colour = (float(c[row]) for c in columns)
        return Damage(black, covered, blurred, moved, noise, colour, bool(self.no_clock[row]))


class Surroundings(Protocol):
    """What the boxes stand in: of a world as much as they look at."""

    @property
    def profile(self) -> Profile: ...
    @property
    def seed(self) -> int: ...
    @property
    def sky(self) -> Sky: ...
    @property
    def zone(self) -> Zone: ...
    @property
    def episodes(self) -> tuple[Episode, ...]: ...


class Analytics:
    """The boxes of the cameras of a world. Positions are those among all cameras, `i`; instants `t` in ms."""

    def __init__(self, world: Surroundings, assets: Sequence[Asset], ids: I64) -> None:
        self._world, self._ids = world, ids
        self.sky, self._zone = world.sky, world.zone
        self.metrics: list[Metric] = [
            m for m in world.profile.metrics if CAMERA in m.kinds and m.only == ATTRIBUTE and m.code in BOX
        ]
        self.has = np.array([bool(a.attrs.get(ATTRIBUTE)) for a in assets], dtype=np.bool_)
        self._at = {a.code: n for n, a in enumerate(assets) if self.has[n]}
        scenes, _ = optics.table()
        self._scene = np.array([scenes.get(str(a.attrs.get("scene", "")), scenes["road"]) for a in assets])
        self._lat, self._lon = (
            np.array([middle if v is None else v for v in column], dtype=np.float64)
            for middle, column in (
                (self.sky.lat, [a.lat for a in assets]),
                (self.sky.lon, [a.lon for a in assets]),
            )
        )
        self._unit = np.array([a.unit for a in assets])
        self._street = np.stack([minutes(CROWDS.get(name, STREET)) for name in scenes])
        self._exposure = optics.exposure(world.seed, ids)
        self._content = Stream(world.seed, "camera/content")
        self._flicker = [Stream(world.seed, f"camera/flicker/{code}") for code in FLICKER]
        self._hours_kept: Kept = (None, {})
        self._told_kept: Kept = (None, {})
        # Both in one value: pictures are asked for on another thread.
        self._hits: tuple[tuple[Episode, ...], list[tuple[Episode, I64]]] = ((), [])

    def rows(self, i: I64) -> I64:
        """Which of the rows are of a camera with a box."""
        return np.flatnonzero(self.has[i])

    def conditions(self, i: I64, t: I64) -> Conditions:
        """What pictures show at instants; `i` and `t` of one length."""
        struck = self._struck(i, t)
        shown, frozen = t, np.zeros(len(t), dtype=np.bool_)
        for episode, rows in struck:
            if episode.kind in HELD:
                shown = t.copy() if shown is t else shown
                shown[rows] = np.minimum(shown[rows], episode.start_ms)
                if episode.kind == "camera_frozen":
                    frozen[rows] = True
        day, dusk = self.sky.light(shown)
        share = {name: np.zeros(len(t)) for name in (*Damage._fields, "storm", "crowd")}
        for episode, rows in struck:
            name = NAMES.get(episode.kind)
            if name is not None:
                size = (episode.size or KINDS[episode.kind].size or 1.0) if name not in FULL else 1.0
                share[name][rows] = np.maximum(share[name][rows], size * episode.strength(shown[rows]))
        rain = np.maximum(
            self.sky.rain(self._lat[i], self._lon[i], shown), STORM_RAIN * np.minimum(share["storm"], 1.0)
        )
        people = self._street[self._scene[i], self._zone.minute_of_day(shown)] * np.where(
            self._zone.weekend(shown), 0.85, 1.0
        )
        busy = (0.1 + 0.75 * people) * (1.0 - 0.35 * rain) + CROWD_BUSY * share["crowd"]
        black, covered, blurred, moved, noise, colour, no_clock = (
            np.minimum(share[name], 1.0) for name in Damage._fields
        )
        return Conditions(
            shown, frozen, day, dusk, rain, np.clip(busy, 0.0, 0.95), black, covered, blurred, moved, noise,
            colour, np.where(no_clock > 0, 1.0, 0.0),
        )  # fmt: skip

    def figures(self, i: I64, t: I64) -> dict[str, F64]:
        """By metric, in natural units. Rows of cameras with a box only."""
        return self.look(i, self.conditions(i, t))

    def look(self, i: I64, c: Conditions) -> dict[str, F64]:
        """What a box makes of pictures taken under conditions, one row each."""
        red, green, blue, sharp, grain, calm, traffic, view = optics.usual(
            self._scene[i], c.day, c.dusk, c.rain
        )
        dry = optics.usual(self._scene[i], c.day, c.dusk, 0.0 * c.rain)
        own, hidden, under = self._exposure[i], *optics.covered(c.covered)
        blur, dim = optics.blurred(c.blurred), optics.dimmed(c.black)
        cloth = damage.CLOTH_NIGHT + (1.0 - damage.CLOTH_NIGHT) * c.day
        colours = []
        for n, mean in enumerate((red, green, blue)):
            behind = mean * own * (1.0 - hidden) + damage.CLOTH[n] / 2.55 * cloth * hidden
            tinted = behind * (1.0 + (damage.PINK[n] - 1.0) * c.colour)
            colours.append(np.minimum(tinted, 100.0) * (1.0 - c.black))
        middle = (colours[0] + colours[1] + colours[2]) / 3.0
        extra = damage.GRAIN * c.noise
        sensor = damage.GRAIN_NIGHT + (damage.GRAIN_DAY - damage.GRAIN_NIGHT) * c.day
        fine = GRAIN_SHARP * sensor * sensor
        tint = 1.0 + (TINT_SHARP - 1.0) * c.colour
        lines = (own * blur.lines * under.lines * tint) ** 2 * np.maximum(sharp * sharp - fine, 0.0)
        drops = np.maximum(grain * grain - dry[4] * dry[4], 0.0) * (blur.lines * under.drops) ** 2
        rest = 1.0 - c.black
        added, noise_view = optics.noisy(c.noise)
        change = (dry[5] + traffic * c.busy) * blur.traffic * under.traffic * dim.traffic
        change = change + (calm - dry[5]) * blur.drops * under.drops * dim.drops * (
            1.0 - TINT_DROPS * c.colour
        )
        return {
            "brightness_pct": np.asarray(sum(w * x for w, x in zip(optics.LUMA, colours, strict=True))),
            "sharpness": np.sqrt(lines + fine + NOISE_SHARP * extra * extra) * rest,
            "noise": np.sqrt(dry[4] * dry[4] + drops + (NOISE_GRAIN * extra) ** 2) * rest * rest,
            "cast_pct": np.maximum.reduce([np.abs(x - middle) for x in colours]),
            "view_pct": view * blur.view * under.view * dim.view * noise_view * optics.turned(c.moved),
            "clock_seen": 1.0 - c.no_clock,
            HASH: self._hash(i, c),
            CHANGE: np.where(c.frozen, 0.0, change + (100.0 - change) * added * rest),
        }

    def _hash(self, i: I64, c: Conditions) -> F64:
        """Anew with every picture, but for one that stands still or is all black."""
        bits = (self._content.bits(self._ids[i], c.t) & np.uint64(0xFFFF)).astype(np.float64)
        return np.where(c.black >= 1.0, 0.0, bits)

    def values(self, i: I64, t: I64) -> list[I64]:
        """What boxes send besides what every camera sends: integers of each metric's resolution."""
        found = self._told(i, t)
        return [self._whole(metric, found[metric.code]) for metric in self.metrics]

    def over(self, metrics: Sequence[Metric], columns: list[I64], i: I64, t: I64) -> None:
        """Put what boxes see of change in place of what is reckoned for cameras without one."""
        rows = self.rows(i)
        for n, metric in enumerate(metrics):
            if metric.code == CHANGE and len(rows):
                columns[n][rows] = self._whole(metric, self._told(i[rows], t[rows])[CHANGE])

    def hours(self, metric: Metric, t: I64, n: I64) -> tuple[F64, F64, F64]:
        """Mean, least and greatest of what the boxes tell of a metric: as `signals.Model.hours`, with a row
        for each camera with a box. `t`: (instants, hours), `n`: (cameras with a box, hours)."""
        cameras, shape = np.flatnonzero(self.has), (len(n), *t.shape)
        i = np.broadcast_to(cameras[:, None, None], shape).ravel()
        found = self._hours(i, np.broadcast_to(t, shape).ravel())[metric.code].reshape(shape)
        wide = FLICKER.get(metric.code, 0.0) * (np.maximum(n, 1) - 1) / (n + 1)
        low, high = found.min(axis=1) * (1.0 - wide), found.max(axis=1) * (1.0 + wide)
        if metric.code == HASH:
            low, high = metric.hi / (n + 1), metric.hi * n / (n + 1)
            return np.broadcast_to(metric.hi / 2, n.shape), low, high
        return found.mean(axis=1), low, high

    def _hours(self, i: I64, t: I64) -> dict[str, F64]:
        """`figures`, kept for the metrics of one day after the other."""
        key = (i.tobytes(), t.tobytes(), self._world.episodes)
        if self._hours_kept[0] != key:
            self._hours_kept = (key, self.figures(i, t))
        return self._hours_kept[1]

    def _told(self, i: I64, t: I64) -> dict[str, F64]:
        """`figures` with what no two pictures have alike. Kept: asked for twice for the same events."""
        key = (i.tobytes(), t.tobytes(), self._world.episodes)
        if self._told_kept[0] == key:
            return self._told_kept[1]
        seen = self.conditions(i, t)
        found, shown = self.look(i, seen), seen.t
        for n, (code, share) in enumerate(FLICKER.items()):
            found[code] = found[code] * (
                1.0 + share * (2.0 * self._flicker[n].uniform(self._ids[i], shown) - 1.0)
            )
        self._told_kept = key, found
        return found

    @staticmethod
    def _whole(metric: Metric, value: F64) -> I64:
        return np.rint(np.clip(value, metric.lo, metric.hi) * metric.scale).astype(np.int64)

    def _struck(self, i: I64, t: I64) -> list[tuple[Episode, I64]]:
        """Episodes that show in the pictures of these rows, with the numbers of the rows."""
        known, hits = self._hits
        if known is not self._world.episodes:
            known = self._world.episodes
            hits = [(e, at) for e in known if len(at := self._cameras(e))]
            self._hits = known, hits
        found = []
        for episode, cameras in hits:
            inside = (t >= episode.start_ms) & (t < episode.end_ms)
            if inside.any():
                rows = np.flatnonzero(inside & np.isin(i, cameras))
                if len(rows):
                    found.append((episode, rows))
        return found

    def _cameras(self, episode: Episode) -> I64:
        """Positions of cameras with a box that an episode strikes."""
        if episode.kind not in NAMES and episode.kind not in HELD:
            return np.zeros(0, dtype=np.int64)
        if episode.unit:
            return np.flatnonzero(self.has & (self._unit == episode.unit))
        codes = episode.touches or (episode.subject,)
        return np.array([self._at[c] for c in codes if c in self._at], dtype=np.int64)


NAMES = {
    "camera_black": "black", "camera_covered": "covered", "camera_blurred": "blurred",
    "camera_moved": "moved", "camera_noise": "noise", "camera_colour": "colour", "camera_clock": "no_clock",
    "storm": "storm", "crowd": "crowd",
}  # fmt: skip
"""What an episode of a kind is a share of."""

FULL = ("black", "no_clock")
"""Shares that are the strength itself, whatever size an episode gives."""

# Measured on pictures of all scenes: what grain adds to the square of sharpness, what is left of added noise
# in both figures, what a pink picture keeps of its contrast and loses of the rain that is seen to fall.
GRAIN_SHARP, NOISE_SHARP, NOISE_GRAIN, TINT_SHARP, TINT_DROPS = 5.0, 5.2, 1.06, 0.85, 0.38
