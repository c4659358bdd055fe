"""Radio samples of volunteers' phones in settlements and of drive tests between units.

A phone samples every 240 s: at home at night, often at work by day, a good third of the time behind a wall.
Vehicles drive on working days at 35 km/h along a chain of neighbouring units and known bad places and sample
every 2 s, with an antenna on the roof; at sea they cannot go.

A phone that hears nothing cannot send: `deaf` says what becomes of it. "drop": nothing, as with most apps,
and what is worst is seen least. "later": it keeps what it measured for two hours and sends it when it hears
again, with the time it was measured, the floor of its receiver as level (no more than that was there), and no
cell, quality or speed.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from functools import lru_cache
from typing import Literal

import numpy as np

from cockpit.domain.periods import DAY_MS, is_workday
from simulator.air import Air
from simulator.calendar import MOBILE, minutes
from simulator.encode import Chunk, before
from simulator.radio import Heard, radio_of
from simulator.rng import F64, I64, Stream, choose
from simulator.seen import Seen, Writer, joined
from simulator.simulation import Drives, Phones
from simulator.world import World

USUAL = 1_200  # phones of a province, for which a day of the past has its number of samples
PHONE_MS = 240_000
LEGS = 60  # from unit to unit on a day, more than a vehicle gets through
DRIVE_MS = 2_000
DELAY_MS = (300, 5_000)
KEPT = 30  # samples a phone keeps while it hears nothing: two hours
COMPLAINTS = 3.0  # so many times the volunteers where coverage is known to be bad
SHIFTS = ((450, 690), (780, 1020))  # minutes of the day vehicles drive in
SPEED_M_MS = 35_000 / 3_600_000


Deaf = Literal["drop", "later"]


class Samples:
    """Samples sent in a span, as a pure function of it."""

    def __init__(self, world: World, ranks: dict[str, int], deaf: Deaf = "drop") -> None:
        played, seed = world.simulation, world.seed
        self._profile, self._zone, self._ranks, self._deaf = world.profile, world.zone, ranks, deaf
        self._calling = self._driving = False
        if not played.sampling:
            return  # nobody listens: there need be no air
        self.radio = radio_of(world.profile, seed)
        self.air = Air(world, self.radio)
        self._d, self._s, self._v = (Stream(seed, f"samples/{n}") for n in ("device", "sample", "vehicle"))
        self._cell_load, self._slot = Stream(seed, "samples/load"), Stream(seed, "samples/slot")
        self._mobile = minutes(MOBILE)
        if played.phones is not None:
            self._hand_out(played.phones)
        if played.drives is not None:
            self._send_out(played.drives)

    def _hand_out(self, phones: Phones) -> None:
        """Where volunteers live and work, and whose customers they are."""
        radio, places = self.radio, self._profile.places
        n = max(1, round(phones.count * self._profile.scale))
        self._share = phones.count / USUAL
        devices = np.arange(n, dtype=np.int64)
        px, py = radio.plane.xy(np.array([p.lon for p in places]), np.array([p.lat for p in places]))
        people = np.array([p.population for p in places], dtype=np.float64)
        # Square roots: volunteers are sought everywhere, not only where most people live, and above all
        # where people complain.
        sought = np.sqrt(people)
        sought = sought * np.where(radio.hollow_db(px, py) > 0, COMPLAINTS, 1.0)
        home = choose(self._d.uniform(devices, 0), sought)
        work = self._work(px, py, people, home, devices)
        reach = np.clip(4.0 * np.sqrt(people), 100.0, 380.0)
        hx, hy = (
            px[home] + reach[home] * self._d.gauss(devices, 1),
            py[home] + reach[home] * self._d.gauss(devices, 2),
        )
        self._home = self._ashore(hx, hy, px[home], py[home])
        wx, wy = px[work] + 150 * self._d.gauss(devices, 3), py[work] + 150 * self._d.gauss(devices, 4)
        self._work_at = self._ashore(wx, wy, px[work], py[work])
        self._operator = self._subscribe(devices, phones.shares)
        self._phase = self._d.below(PHONE_MS, devices, 6)
        names = [f"dt-{i:05d}" for i in range(n)]
        self._phones_out = Writer(radio, self._zone, phones.source, self._ranks[phones.source], names)
        self._calling = True

    def _send_out(self, drives: Drives) -> None:
        """Where vehicles go, if there are two places to drive between."""
        radio, units = self.radio, self._profile.units
        ux, uy = radio.plane.xy(np.array([u.lon for u in units]), np.array([u.lat for u in units]))
        # Vehicles go where people complain, too.
        ux, uy = np.append(ux, radio.hollows[:, 0]), np.append(uy, radio.hollows[:, 1])
        dry = radio.is_land(ux, uy)
        self._ux, self._uy = ux[dry], uy[dry]
        if len(self._ux) < 2:
            return
        far = (self._ux[:, None] - self._ux) ** 2 + (self._uy[:, None] - self._uy) ** 2
        self._next = np.argsort(far, axis=1, kind="stable")[:, 1:6]
        self._vehicles = max(1, round(drives.vehicles * self._profile.scale))
        self._tour = lru_cache(maxsize=64 + 2 * self._vehicles)(self._make_tour)
        names = [f"xe-{i + 1:02d}" for i in range(self._vehicles)]
        self._drives_out = Writer(radio, self._zone, drives.source, self._ranks[drives.source], names)
        self._driving = True

    @property
    def driving(self) -> bool:
        """Whether there are drive tests."""
        return self._driving

    @property
    def vehicles(self) -> int:
        """Of drive tests."""
        return self._vehicles

    def window(self, t0: int, t1: int) -> list[Chunk]:
        """Samples sent in [t0, t1)."""
        found = [self._phones(t0, t1)] if self._calling else []
        found += [self._drives(t0, t1)] if self._driving else []
        return [c for c in found if c.lines]

    def thinned(self, day: int, n: int, until: int) -> list[Chunk]:
        """About `n` of a day's samples where 1,200 phones send, the same as live play sends: those sent
        before `until`."""
        n = max(1, round(n * self._profile.scale))
        found = [self._thinned_phones(day, n)] if self._calling else []
        found += [self._thinned_drives(day, n)] if self._driving else []
        return [before(chunk, until) for chunk in found]

    def _thinned_phones(self, day: int, n: int) -> Chunk:
        n = max(8, round(n * self._share))
        j = np.arange(n * 7 // 8, dtype=np.int64) + (day << 20)
        device = self._s.below(len(self._phase), j, 900)
        step = -((self._phase[device] - self._zone.day_start(day)) // PHONE_MS) + self._s.below(
            DAY_MS // PHONE_MS, j, 901
        )
        pairs = np.unique(np.stack([device, step], axis=1), axis=0)
        return self._phones_of(pairs[:, 0], pairs[:, 1])

    def _thinned_drives(self, day: int, n: int) -> Chunk:
        k = np.arange(n // 8, dtype=np.int64) + (day << 20)
        vehicle = self._v.below(self._vehicles, k, 902)
        tick = (
            self._zone.day_start(day) // DRIVE_MS
            + self._v.below(DAY_MS // DRIVE_MS // 3, k, 903)
            + 450 * 60_000 // DRIVE_MS
        )
        pairs = np.unique(np.stack([vehicle, tick], axis=1), axis=0)
        return self._drive_lines(pairs[:, 0], pairs[:, 1])

    def _phones_of(self, device: I64, step: I64) -> Chunk:
        """These steps alone, each sent when its phone hears."""
        seen = self._phone_seen(device, step)
        hears = seen.hears
        found = [self._phones_out.lines(seen.of(hears), (seen.t + self._delay(device, step))[hears])]
        waiting = seen.of(~hears) if self._deaf == "later" else seen.of(np.zeros(len(hears), dtype=bool))
        for ahead in range(1, KEPT + 1):
            if not len(waiting.t):
                break
            then = self._phone_seen(waiting.device, waiting.step + ahead)
            sends = then.hears
            sent = (then.t + self._delay(then.device, then.step))[sends]
            found.append(self._phones_out.without_network(waiting.of(sends), sent))
            waiting = waiting.of(~sends)
        return joined(found)

    def _ashore(self, x: F64, y: F64, x0: F64, y0: F64) -> tuple[F64, F64]:
        """The places, or where somebody started from in place of those at sea."""
        dry = self.radio.is_land(x, y)
        return np.where(dry, x, x0), np.where(dry, y, y0)

    def _work(self, px: F64, py: F64, people: F64, home: I64, devices: I64) -> I64:
        """Where phones spend the working day: one of the eight nearest settlements, the greater the
        likelier."""
        found = np.empty(len(devices), dtype=np.int64)
        u = self._d.uniform(devices, 7)
        for place in np.unique(home).tolist():
            near = np.argsort((px - px[place]) ** 2 + (py - py[place]) ** 2, kind="stable")[:8]
            mine = home == place
            found[mine] = near[choose(u[mine], people[near])]
        return found

    def _subscribe(self, devices: I64, told: Mapping[str, float]) -> I64:
        """Operators of phones: by market share, and people take the one that works at home."""
        operators = self.radio.operators
        near = np.stack([self.radio.nearest_m(o, *self._home) for o in range(len(operators))], axis=1)
        shares = np.array([told.get(o, 1.0 / len(operators)) for o in operators])
        weights = np.add.accumulate(shares / (1.0 + (near / 1_200.0) ** 4), axis=1)
        u = self._d.uniform(devices, 5)
        return np.asarray((u[:, None] * weights[:, -1:] >= weights[:, :-1]).sum(axis=1))

    def _phones(self, t0: int, t1: int) -> Chunk:
        low = t0 - DELAY_MS[1]
        first = -((self._phase - low) // PHONE_MS)
        count = np.maximum(-((self._phase - t1) // PHONE_MS) - first, 0)
        device = np.repeat(np.arange(len(first)), count)
        step = first[device] + np.arange(len(device)) - np.repeat(np.add.accumulate(count) - count, count)
        sent = step * PHONE_MS + self._phase[device] + self._delay(device, step)
        keep = (sent >= t0) & (sent < t1)
        return self._phone_lines(device[keep], step[keep])

    def _delay(self, device: I64, step: I64) -> I64:
        return DELAY_MS[0] + self._s.below(DELAY_MS[1] - DELAY_MS[0], device, step * 8)

    def _phone_lines(self, device: I64, step: I64) -> Chunk:
        """What phones send of these steps, and with it what they kept while they heard nothing."""
        seen = self._phone_seen(device, step)
        hears = seen.hears
        sent = seen.t + self._delay(device, step)
        found = [self._phones_out.lines(seen.of(hears), sent[hears])]
        if self._deaf == "later":
            device, step, sent = device[hears], step[hears], sent[hears]
            for back in range(1, KEPT + 1):
                kept = self._phone_seen(device, step - back)
                silent = ~kept.hears
                if not silent.any():
                    break
                device, step, sent = device[silent], step[silent], sent[silent]
                found.append(self._phones_out.without_network(kept.of(silent), sent))
        return joined(found)

    def _phone_seen(self, device: I64, step: I64) -> Seen:
        t = step * PHONE_MS + self._phase[device]
        minute = self._zone.minute_of_day(t)
        # Where somebody is holds for 20 minutes.
        slot = t // 1_200_000
        away = self._slot.uniform(device, slot)
        office = (minute >= 450) & (minute < 1035) & ~self._zone.weekend(t)
        at_work = away < np.where(office, 0.62, np.where((minute >= 360) & (minute < 1320), 0.14, 0.0))
        wander = np.where(minute < 330, 15.0, 140.0)
        x = np.where(at_work, self._work_at[0][device], self._home[0][device])
        y = np.where(at_work, self._work_at[1][device], self._home[1][device])
        x, y = self._ashore(
            x + wander * self._slot.gauss(device + (1 << 30), slot) + 8 * self._s.gauss(device, step * 8 + 1),
            y + wander * self._slot.gauss(device + (1 << 31), slot) + 8 * self._s.gauss(device, step * 8 + 2),
            x, y,
        )  # fmt: skip
        inside = self._s.uniform(device, slot * 8 + 3) < np.where(minute < 330, 0.6, 0.34)
        wall = np.where(inside, 4.0 + 6.0 * self._s.uniform(device, slot * 8 + 4), 0.0)
        operator = self._operator[device]
        heard = self._hear(operator, x, y, t, wall, device, step)
        accuracy = np.where(inside, 18.0, 5.0) + 12.0 * self._s.uniform(device, step * 8 + 5)
        return Seen(device, step, t, operator, x, y, accuracy, inside, heard)

    def _drives(self, t0: int, t1: int) -> Chunk:
        ticks = np.arange((t0 - DELAY_MS[1]) // DRIVE_MS, t1 // DRIVE_MS + 1, dtype=np.int64)
        vehicle, tick = np.repeat(np.arange(self._vehicles), len(ticks)), np.tile(ticks, self._vehicles)
        sent = tick * DRIVE_MS + self._delay(vehicle + (1 << 28), tick)
        keep = (sent >= t0) & (sent < t1)
        return self._drive_lines(vehicle[keep], tick[keep])

    def _drive_lines(self, vehicle: I64, tick: I64) -> Chunk:
        t = tick * DRIVE_MS
        minute = self._zone.minute_of_day(t)
        on = np.zeros(len(t), dtype=bool)
        for a, b in SHIFTS:
            on |= (minute >= a) & (minute < b)
        x, y = np.zeros(len(t)), np.zeros(len(t))
        days = self._zone.day_of(t)
        for day in np.unique(days).tolist():
            if not is_workday(day):
                on &= days != day
                continue
            driving = np.flatnonzero(on & (days == day))
            gone = self._driven(t[driving] - self._zone.day_start(day)) * SPEED_M_MS
            starts = np.flatnonzero(
                np.diff(vehicle[driving], prepend=-1)
            )  # vehicles come one after the other
            for a, b in itertools.pairwise([*starts.tolist(), len(driving)]):
                metres, tx, ty = self._tour(int(vehicle[driving[a]]), day)
                rows, far = driving[a:b], gone[a:b]
                x[rows], y[rows] = np.interp(far, metres, tx), np.interp(far, metres, ty)
        keep = on & self.radio.is_land(x, y)
        vehicle, tick, t, x, y = vehicle[keep], tick[keep], t[keep], x[keep], y[keep]
        device = vehicle + (1 << 28)
        operator = tick % len(self.radio.operators)  # a vehicle carries a phone of each
        heard = self._hear(operator, x, y, t, np.zeros(len(t)), device, tick)
        accuracy = 3.0 + 3.0 * self._s.uniform(device, tick * 8 + 5)
        outdoors = np.zeros(len(t), dtype=bool)
        seen = Seen(vehicle, tick, t, operator, x, y, accuracy, outdoors, heard)
        sent = t + self._delay(device, tick)
        hears = seen.hears
        found = [self._drives_out.lines(seen.of(hears), sent[hears])]
        if self._deaf == "later":  # of its phones another one hears: nothing has to wait
            found.append(self._drives_out.without_network(seen.of(~hears), sent[~hears]))
        return joined(found)

    @staticmethod
    def _driven(into: I64) -> I64:
        """Milliseconds driven since the morning."""
        spans = (np.clip(into, a * 60_000, b * 60_000) - a * 60_000 for a, b in SHIFTS)
        return np.asarray(sum(spans))

    def _make_tour(self, vehicle: int, day: int) -> tuple[F64, F64, F64]:
        """Metres along the way and the points of a day's tour: unit to neighbouring unit, never straight
        back."""
        drawn = self._v.uniform(vehicle, day * 64 + np.arange(LEGS)).tolist()
        way = [int(drawn[0] * len(self._ux))]
        for leg in range(1, LEGS):
            options = [n for n in self._next[way[-1]].tolist() if n != (way[-2] if leg > 1 else -1)]
            way.append((options or [way[-2]])[int(drawn[leg] * max(len(options), 1))])
        x, y = self._ux[way], self._uy[way]
        # Roads bend: a point beside the middle of the straight line.
        pairs = np.array(way[:-1]) * 1000 + np.array(way[1:])
        bend = 0.12 * self._v.gauss(pairs, np.arange(1, LEGS) % 2)
        dx, dy = x[1:] - x[:-1], y[1:] - y[:-1]
        xs, ys = np.empty(2 * LEGS - 1), np.empty(2 * LEGS - 1)
        xs[::2], ys[::2] = x, y
        xs[1::2], ys[1::2] = x[:-1] + dx / 2 - dy * bend, y[:-1] + dy / 2 + dx * bend
        steps = np.sqrt((xs[1:] - xs[:-1]) ** 2 + (ys[1:] - ys[:-1]) ** 2)
        return np.append(0.0, np.add.accumulate(steps)), xs, ys

    def _hear(self, operator: I64, x: F64, y: F64, t: I64, wall: F64, device: I64, step: I64) -> Heard:
        crowd = self._cell_load.uniform((x // 1500).astype(np.int64) * 4096 + (y // 1500).astype(np.int64))
        load = self._mobile[self._zone.minute_of_day(t)] * (0.2 + 0.65 * crowd)
        air = self.air.at(self.radio.copy_of(device), t)
        return self.radio.hear(operator, x, y, load, wall, device, step, air)
