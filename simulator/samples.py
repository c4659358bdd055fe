"""Radio samples of volunteers' phones in settlements and of drive tests between units.

A phone samples every 240 s: at home at night, often at work by day, a good third of the time behind a wall. A
phone that hears nothing sends nothing, as in reality: what is worst is seen least. Vehicles drive on working
days at 35 km/h along a chain of neighbouring units and known bad places and sample every 2 s, with an antenna
on the roof; at sea they cannot go.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from simulator import encode
from simulator.calendar import DAY_MS, MOBILE, day_of, day_start, is_workday, minute_of_day, minutes, weekend
from simulator.daybook import TAGS
from simulator.encode import Chunk, before
from simulator.radio import Heard, Radio
from simulator.rng import F64, I64, U64, Bools, Stream, choose
from simulator.world import World

PHONES = 1_200
PHONE_MS = 240_000
VEHICLES = 6
DRIVE_MS = 2_000
DELAY_MS = (300, 5_000)
DEAF_DBM = -125.0
COMPLAINTS = 3.0  # so many times the volunteers where coverage is known to be bad
SHARES = {"viettel": 0.54, "vnpt": 0.25, "mobifone": 0.21}  # of phones; equal where an operator is not named
SHIFTS = ((450, 690), (780, 1020))  # minutes of the day vehicles drive in
_TAG = np.uint64(TAGS["sample"] << 60)
SPEED_M_MS = 35_000 / 3_600_000


class Samples:
    """Samples sent in a span, as a pure function of it."""

    def __init__(self, world: World, radio: Radio, ranks: dict[str, int]) -> None:
        profile, seed = world.profile, world.seed
        self._radio, self._ranks, self._profile = radio, ranks, profile
        self._d, self._s, self._v = (Stream(seed, f"samples/{n}") for n in ("device", "sample", "vehicle"))
        self._cell_load, self._slot = Stream(seed, "samples/load"), Stream(seed, "samples/slot")
        self._mobile = minutes(MOBILE)
        n = max(1, round(PHONES * profile.scale))
        devices = np.arange(n, dtype=np.int64)
        places = profile.places
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
        self._operator = self._subscribe(devices)
        self._phase = self._d.below(PHONE_MS, devices, 6)
        self._phone_codes = [f"dt-{i:05d}" for i in range(n)]
        self._vehicles = max(1, round(VEHICLES * profile.scale))
        self._vehicle_codes = [f"xe-{i + 1:02d}" for i in range(self._vehicles)]
        units = profile.units
        ux, uy = radio.plane.xy(np.array([u.lon for u in units]), np.array([u.lat for u in units]))
        # Vehicles go where people complain, too.
        ux, uy = np.append(ux, radio.hollows[:, 0]), np.append(uy, radio.hollows[:, 1])
        dry = radio.is_land(ux, uy)
        self._ux, self._uy = ux[dry], uy[dry]
        far = (self._ux[:, None] - self._ux) ** 2 + (self._uy[:, None] - self._uy) ** 2
        self._next = np.argsort(far, axis=1, kind="stable")[:, 1:6]
        self._tour = lru_cache(maxsize=64)(self._make_tour)

    def window(self, t0: int, t1: int) -> list[Chunk]:
        """Samples sent in [t0, t1)."""
        return [c for c in (self._phones(t0, t1), self._drives(t0, t1)) if c.lines]

    def thinned(self, day: int, n: int, until: int) -> list[str]:
        """About `n` of a day's samples, the same as live play sends, those sent before `until`, in order."""
        n = max(1, round(n * self._profile.scale))
        j = np.arange(n * 7 // 8, dtype=np.int64) + (day << 20)
        device = self._s.below(len(self._phase), j, 900)
        step = -((self._phase[device] - day_start(day)) // PHONE_MS) + self._s.below(
            DAY_MS // PHONE_MS, j, 901
        )
        pairs = np.unique(np.stack([device, step], axis=1), axis=0)
        lines = self._phone_lines(pairs[:, 0], pairs[:, 1])
        k = np.arange(n // 8, dtype=np.int64) + (day << 20)
        vehicle = self._v.below(self._vehicles, k, 902)
        tick = (
            day_start(day) // DRIVE_MS
            + self._v.below(DAY_MS // DRIVE_MS // 3, k, 903)
            + 450 * 60_000 // DRIVE_MS
        )
        pairs = np.unique(np.stack([vehicle, tick], axis=1), axis=0)
        return encode.merge(
            [before(lines, until), before(self._drive_lines(pairs[:, 0], pairs[:, 1]), until)]
        )

    def _ashore(self, x: F64, y: F64, x0: F64, y0: F64) -> tuple[F64, F64]:
        """The places, or where somebody started from in place of those at sea."""
        dry = self._radio.is_land(x, y)
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

    def _subscribe(self, devices: I64) -> I64:
        """Operators of phones: by market share, and people take the one that works at home."""
        operators = self._radio.operators
        near = np.stack([self._radio.nearest_m(o, *self._home) for o in range(len(operators))], axis=1)
        shares = np.array([SHARES.get(o, 1.0 / len(operators)) for o in operators])
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
        t = step * PHONE_MS + self._phase[device]
        minute = minute_of_day(t)
        # Where somebody is holds for 20 minutes.
        slot = t // 1_200_000
        away = self._slot.uniform(device, slot)
        office = (minute >= 450) & (minute < 1035) & ~weekend(t)
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
        heard = self._hear(self._operator[device], x, y, t, wall, device, step)
        accuracy = np.where(inside, 18.0, 5.0) + 12.0 * self._s.uniform(device, step * 8 + 5)
        codes = [self._phone_codes[i] for i in device.tolist()]
        return self._lines(
            "dien-thoai", codes, device, step, t, self._delay(device, step), self._operator[device],
            x, y, accuracy, inside, heard,
        )  # fmt: skip

    def _drives(self, t0: int, t1: int) -> Chunk:
        ticks = np.arange((t0 - DELAY_MS[1]) // DRIVE_MS, t1 // DRIVE_MS + 1, dtype=np.int64)
        vehicle, tick = np.repeat(np.arange(self._vehicles), len(ticks)), np.tile(ticks, self._vehicles)
        sent = tick * DRIVE_MS + self._delay(vehicle + (1 << 28), tick)
        keep = (sent >= t0) & (sent < t1)
        return self._drive_lines(vehicle[keep], tick[keep])

    def _drive_lines(self, vehicle: I64, tick: I64) -> Chunk:
        t = tick * DRIVE_MS
        minute = minute_of_day(t)
        on = np.zeros(len(t), dtype=bool)
        for a, b in SHIFTS:
            on |= (minute >= a) & (minute < b)
        x, y = np.zeros(len(t)), np.zeros(len(t))
        days = day_of(t)
        for day in np.unique(days).tolist():
            if not is_workday(day):
                on &= days != day
                continue
            for v in np.unique(vehicle).tolist():
                mine = on & (days == day) & (vehicle == v)
                if mine.any():
                    metres, tx, ty = self._tour(v, day)
                    gone = self._driven(t[mine] - day_start(day)) * SPEED_M_MS
                    x[mine], y[mine] = np.interp(gone, metres, tx), np.interp(gone, metres, ty)
        keep = on & self._radio.is_land(x, y)
        vehicle, tick, t, x, y = vehicle[keep], tick[keep], t[keep], x[keep], y[keep]
        device = vehicle + (1 << 28)
        operator = tick % len(self._radio.operators)  # a vehicle carries a phone of each
        heard = self._hear(operator, x, y, t, np.zeros(len(t)), device, tick)
        accuracy = 3.0 + 3.0 * self._s.uniform(device, tick * 8 + 5)
        codes = [self._vehicle_codes[i] for i in vehicle.tolist()]
        indoor = np.zeros(len(t), dtype=bool)
        delay = self._delay(device, tick)
        return self._lines("do-kiem", codes, vehicle, tick, t, delay, operator, x, y, accuracy, indoor, heard)

    @staticmethod
    def _driven(into: I64) -> I64:
        """Milliseconds driven since the morning."""
        spans = (np.clip(into, a * 60_000, b * 60_000) - a * 60_000 for a, b in SHIFTS)
        return np.asarray(sum(spans))

    def _make_tour(self, vehicle: int, day: int) -> tuple[F64, F64, F64]:
        """Metres along the way and the points of a day's tour: unit to neighbouring unit, never straight
        back."""
        at = int(self._v.below(len(self._ux), vehicle, day * 64)[0])
        before, xs, ys, way = -1, [self._ux[at]], [self._uy[at]], [0.0]
        for leg in range(1, 60):
            options = [n for n in self._next[at].tolist() if n != before] or [before]
            before, at = at, options[int(self._v.below(len(options), vehicle, day * 64 + leg)[0])]
            # Roads bend: a point beside the middle of the straight line.
            dx, dy = self._ux[at] - xs[-1], self._uy[at] - ys[-1]
            bend = 0.12 * float(self._v.gauss(before * 1000 + at, leg % 2)[0])
            for px, py in (
                (xs[-1] + dx / 2 - dy * bend, ys[-1] + dy / 2 + dx * bend),
                (self._ux[at], self._uy[at]),
            ):
                way.append(way[-1] + float(np.sqrt((px - xs[-1]) ** 2 + (py - ys[-1]) ** 2)))
                xs.append(px)
                ys.append(py)
        return np.array(way), np.array(xs), np.array(ys)

    def _hear(self, operator: I64, x: F64, y: F64, t: I64, wall: F64, device: I64, step: I64) -> Heard:
        crowd = self._cell_load.uniform((x // 1500).astype(np.int64) * 4096 + (y // 1500).astype(np.int64))
        load = self._mobile[minute_of_day(t)] * (0.2 + 0.65 * crowd)
        return self._radio.hear(operator, x, y, load, wall, device, step)

    def _lines(
        self, source: str, codes: list[str], device: I64, step: I64, t: I64, delay: I64, operator: I64,
        x: F64, y: F64, accuracy: F64, indoor: Bools, heard: Heard,
    ) -> Chunk:  # fmt: skip
        keep = heard.rsrp >= DEAF_DBM
        sent = t + delay
        ids: U64 = _TAG | (device.astype(np.uint64) << np.uint64(32)) | step.astype(np.uint64)
        lon, lat = self._radio.plane.lonlat(x, y)

        def column(values: F64, decimals: int, lo: float, hi: float) -> list[float]:
            found: list[float] = np.round(np.clip(values[keep], lo, hi), decimals).tolist()
            return found

        names = self._radio.operators
        rows = zip(
            [f"{i:016x}" for i in ids[keep].tolist()],
            [c for c, k in zip(codes, keep.tolist(), strict=True) if k],
            encode.isos(t[keep]), encode.isos(sent[keep]), [names[o] for o in operator[keep].tolist()],
            column(lat, 5, -90, 90), column(lon, 5, -180, 180), column(accuracy, 1, 1, 100),
            column(heard.rsrp, 1, -140, -44), column(heard.rsrq, 1, -19.5, -3), column(heard.sinr, 1, -20,
            30), column(heard.down, 1, 0.1, 300), column(heard.up, 1, 0.1, 100),
            [self._radio.cells[c] for c in heard.cell[keep].tolist()],
            ["true" if i else "false" for i in indoor[keep].tolist()], strict=True,
        )  # fmt: skip
        lines = [
            f'{{"specversion":"1.0","id":"{i}","source":"{source}","type":"ioc.sample","subject":"{code}","time":"{time}",'
            f'"sent":"{at}","data":{{"operator":"{name}","lat":{la},"lon":{lo},"accuracy_m":{acc},"rsrp_dbm":{rsrp},'
            f'"rsrq_db":{rsrq},"sinr_db":{sinr},"down_mbps":{down},"up_mbps":{up},"cell":"{cell}","indoor":{wall}}}}}'
            for i, code, time, at, name, la, lo, acc, rsrp, rsrq, sinr, down, up, cell, wall in rows
        ]
        rank = np.full(len(lines), self._ranks[source], dtype=np.int64)
        return Chunk(sent[keep], rank, ids[keep], lines)
