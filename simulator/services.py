"""Dossiers, payments, citizens' feedback and loudspeaker broadcasts as records that move through states.

Volumes: 125,506 dossiers in nine months of 2022 are 460 a day, 75 % of them online, 62 % of payments cashless
(figures of the province, 2022). Shares of late, digitised and rated records, and 45 feedbacks a day, are
assumptions. Working hours, lunch, Mondays, month ends and holidays come from the calendar.

What is counted are fields of the event where they are settled: `online`, `digitised`, `fee`, `paid_online`
of a
dossier when received, `eresult` when solved; `rating` (1 to 5) of a feedback when closed; `cashless` of a
payment; `ok` of a broadcast. Whether something was on time follows from `due` and the time of the last state.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from simulator import encode
from simulator.calendar import (
    DAY_MS,
    HOUR_MS,
    OFFICE,
    ONLINE,
    date_of,
    day_of,
    day_start,
    is_workday,
    work_weight,
    workday_table,
)  # fmt: skip
from simulator.daybook import Entry, times_of_day
from simulator.people import name, texts
from simulator.rng import I64, Bools, Stream, choose, lognormal_of
from simulator.world import World

DOSSIERS_A_DAY = 125_506 / 273  # F18: nine months of 2022
ONLINE_SHARE = 0.75  # F19
REMOTE = 60.0  # people per km² under which fewer apply online: an assumption
REMOTE_LESS = 0.09
CASHLESS_SHARE = 0.62  # F22
FEEDBACK_A_DAY = 45.0
FEEDBACK_WORKDAYS = 5
_MEAN_WEIGHT = 5.76 / 7  # mean of the calendar's weights over an ordinary week
SENT_AFTER_MS = (400, 5_000)
OPEN_DAYS = 45  # longest life of a record in days: what is looked back for

# Kind of procedure: share of dossiers, working days allowed, fee in đồng (0: none).
PROCEDURES = (
    ("chung_thuc", 0.24, 1, 10_000),
    ("ho_tich", 0.20, 2, 8_000),
    ("dat_dai", 0.16, 15, 250_000),
    ("dang_ky_kinh_doanh", 0.10, 3, 100_000),
    ("giao_thong", 0.08, 5, 135_000),
    ("bao_tro_xa_hoi", 0.08, 10, 0),
    ("lao_dong", 0.06, 7, 0),
    ("xay_dung", 0.05, 15, 150_000),
    ("y_te", 0.03, 10, 300_000),
)


@dataclass(frozen=True, slots=True)
class Cohort:
    """Records received on one day, in columns."""

    unit: I64
    sort: I64  # procedure or field
    received: I64
    begun: I64
    done: I64
    due: I64
    online: Bools
    flags: I64  # 16 random bits for what else is settled by chance


class Records:
    """Dossiers with their payments, feedback and broadcasts."""

    def __init__(self, world: World) -> None:
        self._world, self._profile = world, world.profile
        self._units = world.profile.units
        self._weights = np.array([u.population for u in self._units], dtype=np.float64)
        seed = world.seed
        self._d, self._f, self._b = (
            Stream(seed, f"services/{n}") for n in ("dossier", "feedback", "broadcast")
        )
        self._names = Stream(seed, "services/name")
        # Some units are slower than others; the share of late dossiers runs from 0.3 to about 5 %.
        slow = Stream(seed, "services/slow").uniform(np.arange(len(self._units)))
        self._late = 0.003 + 0.045 * slow * slow * slow
        remote = np.array([u.population / u.area_km2 < REMOTE for u in self._units])
        self._online = ONLINE_SHARE + REMOTE_LESS * (np.average(remote, weights=self._weights) - remote)
        self._places = {
            u.code: [p.name for p in self._profile.places if p.unit == u.code] for u in self._units
        }
        self._loudspeakers = {u.code: [] for u in self._units}  # type: dict[str, list[int]]
        for i in world.members.get("loudspeaker", np.zeros(0, dtype=np.int64)).tolist():
            self._loudspeakers.setdefault(self._profile.assets[i].unit, []).append(i)
        self.dossiers = lru_cache(maxsize=128)(self._dossiers)
        self.feedback = lru_cache(maxsize=128)(self._feedback)

    def day(self, day: int) -> Iterator[Entry]:
        """Everything that happens to records on a day."""
        start, end = day_start(day), day_start(day) + DAY_MS
        for cohort in range(day - OPEN_DAYS, day + 1):
            yield from self.steps("dossier", cohort, start - SENT_AFTER_MS[1], end)
            yield from self.steps("feedback", cohort, start - SENT_AFTER_MS[1], end)
        yield from self.payments(day - 1)
        yield from self.payments(day)
        yield from self.broadcasts(day)

    def final(self, day: int, until: int) -> Iterator[Entry]:
        """For a history that ends at `until`: what was received that day, once as received and once as it
        ended.

        A record that is still open at `until` shows the state it had reached.
        """
        for kind in ("dossier", "feedback"):
            c = self._cohort(kind, day)
            for j in range(len(c.received)):
                times = (int(t[j]) for t in (c.received, c.begun, c.done))
                reached = [s for s, t in enumerate(times) if t + _wait(t) < until]
                for state in reached[:1] + reached[1:][-1:]:
                    yield self._step(kind, day, c, j, state)
        yield from (e for e in self.payments(day) if e.sent < until)
        yield from (e for e in self.broadcasts(day) if e.sent < until)

    def steps(self, kind: str, day: int, t0: int, t1: int) -> Iterator[Entry]:
        """What happens in [t0, t1) to the records received on `day`."""
        c = self._cohort(kind, day)
        for state, times in enumerate((c.received, c.begun, c.done)):
            for j in np.flatnonzero((times >= t0) & (times < t1)).tolist():
                yield self._step(kind, day, c, j, state)

    def payments(self, day: int) -> Iterator[Entry]:
        """Fees of the dossiers received on a day, some minutes later."""
        c = self.dossiers(day)
        for j in range(len(c.received)):
            fee = PROCEDURES[int(c.sort[j])][3]
            if not fee:
                continue
            paid_online = self._paid_online(c, j)
            time = int(c.received[j]) + 60_000 + int(c.flags[j]) * 9  # one to eleven minutes
            key = self._key("dossier", day, c, j)
            data = self._record("payment", key, self._units[int(c.unit[j])].code, "paid", None, {
                "dossier": key, "amount_vnd": fee, "cashless": paid_online, "channel": "online" if paid_online
                else "cash", })  # fmt: skip
            yield self._entry("thanh-toan", "payment", key, time, (day << 24) | (j << 2), data)

    def broadcasts(self, day: int) -> Iterator[Entry]:
        """Two programmes a day in every unit that has loudspeakers; a cluster that is off does not reach
        anyone."""
        titles = texts()["broadcast"]["titles"]
        for u, unit in enumerate(self._units):
            clusters = np.array(self._loudspeakers[unit.code], dtype=np.int64)
            for slot, hour in enumerate((5.5, 17.0)):
                if not len(clusters):
                    continue
                r = int(self._b.bits(u, day * 2 + slot)[0])
                time = day_start(day) + int(hour * HOUR_MS) + r % 240_000
                at = np.full(len(clusters), time, dtype=np.int64)
                deaf = self._world.state("off", clusters, at) | self._world.state("silent", clusters, at)
                reached = len(clusters) - int(deaf.sum())
                spoken = 12 + (r >> 20) % 19
                title = titles[(r >> 32) % len(titles)].format(unit=unit.name)
                key = f"{unit.code}-{date_of(day):%y%m%d}-{slot + 1}"
                data = self._record("broadcast", key, unit.code, "sent" if reached else "failed", None, {
                    "title": title, "minutes": spoken, "clusters": len(clusters), "reached": reached,
                    "ok": reached > 0,
                })  # fmt: skip
                yield self._entry(
                    "loa-truyen-thanh", "broadcast", key, time, (day << 24) | (u << 1) | slot, data
                )

    def _cohort(self, kind: str, day: int) -> Cohort:
        return self.dossiers(day) if kind == "dossier" else self.feedback(day)

    def _step(self, kind: str, day: int, c: Cohort, j: int, state: int) -> Entry:
        time = int((c.received, c.begun, c.done)[state][j])
        key = self._key(kind, day, c, j)
        words = ("received", "processing", "solved" if kind == "dossier" else "closed")
        fields = (
            self._dossier_fields(c, j, state)
            if kind == "dossier"
            else self._feedback_fields(day, c, j, state)
        )
        data = self._record(kind, key, self._units[int(c.unit[j])].code, words[state], int(c.due[j]), fields)
        source = "mot-cua" if kind == "dossier" else "phan-anh"
        return self._entry(source, kind, key, time, (day << 24) | (j << 2) | state, data)

    def _dossier_fields(self, c: Cohort, j: int, state: int) -> dict[str, object]:
        procedure, flags = PROCEDURES[int(c.sort[j])], int(c.flags[j])
        if state == 0:
            return {
                "procedure": procedure[0], "online": bool(c.online[j]), "digitised": flags % 128 != 0,
                "fee": procedure[3] > 0, "paid_online": procedure[3] > 0 and self._paid_online(c, j),
            }  # fmt: skip
        if state == 1:
            return {}
        return {"eresult": (flags >> 7) % 16 != 0}

    def _paid_online(self, c: Cohort, j: int) -> bool:
        """Cashless: nearly everyone who applies online, few at the counter; together the published share."""
        share = 0.76 if c.online[j] else 0.2
        return (int(c.flags[j]) ^ 0x5A5A) / 65536 < share * (CASHLESS_SHARE / (0.75 * 0.76 + 0.25 * 0.2))

    def _feedback_fields(self, day: int, c: Cohort, j: int, state: int) -> dict[str, object]:
        flags = int(c.flags[j])
        if state == 0:
            group = texts()["feedback"][int(c.sort[j])]
            unit = self._units[int(c.unit[j])]
            places = self._places[unit.code] or [unit.name]
            place = places[(flags >> 4) % len(places)]
            text = group["texts"][flags % len(group["texts"])]
            return {
                "field": group["field"], "text": text.format(place=place, unit=unit.name),
                "person": name(self._names, day, j), "channel": "app" if flags & 0x8000 else "1022",
            }  # fmt: skip
        if state == 1:
            return {}
        if flags % 16 >= 7:  # most people do not rate
            return {}
        happy = (flags >> 8) < (236 if c.done[j] <= c.due[j] else 110)
        return {"rating": 4 + (flags >> 4) % 2 if happy else 1 + (flags >> 4) % 3}

    def _dossiers(self, day: int) -> Cohort:
        scale = self._profile.scale
        n = round(
            DOSSIERS_A_DAY
            / _MEAN_WEIGHT
            * work_weight(day)
            * scale
            * (1 + 0.05 * float(self._d.gauss(0, day)[0]))
        )
        entity = np.arange(n, dtype=np.int64) + (day << 24)
        shares = np.array([p[1] for p in PROCEDURES])
        sort = choose(self._d.uniform(entity, 1), shares)
        unit = choose(self._d.uniform(entity, 2), self._weights)
        online = (self._d.uniform(entity, 3) < self._online[unit]) | (not is_workday(day))
        u, v = self._d.uniform(entity, 4), self._d.uniform(entity, 5)
        received = day_start(day) + np.where(online, times_of_day(ONLINE, u, v), times_of_day(OFFICE, u, v))
        allowed = np.array([p[2] for p in PROCEDURES], dtype=np.int64)[sort]
        late = self._d.uniform(entity, 6) < self._late[unit]
        part = self._d.uniform(entity, 7)
        ratio = np.where(late, 1.1 + part * part * 0.7, 0.3 + 0.66 * part)
        return self._finish(self._d, day, entity, unit, sort, received, online, allowed, ratio, late)

    def _feedback(self, day: int) -> Cohort:
        busy = 0.7 + 0.3 * work_weight(day)
        n = round(FEEDBACK_A_DAY * self._profile.scale * busy * (1 + 0.12 * float(self._f.gauss(0, day)[0])))
        entity = np.arange(n, dtype=np.int64) + (day << 24)
        sort = choose(self._f.uniform(entity, 1), np.array([float(g["weight"]) for g in texts()["feedback"]]))
        unit = choose(self._f.uniform(entity, 2), self._weights)
        received = day_start(day) + times_of_day(
            ONLINE, self._f.uniform(entity, 4), self._f.uniform(entity, 5)
        )
        late = self._f.uniform(entity, 6) < self._late[unit] * 1.6
        ratio = np.clip(lognormal_of(self._f.gauss(entity, 7), 0.32, 1.7), 0.02, 0.95)
        ratio = np.where(late, 1.15 + ratio * 0.8, ratio)
        allowed = np.full(n, FEEDBACK_WORKDAYS, dtype=np.int64)
        return self._finish(
            self._f, day, entity, unit, sort, received, np.ones(n, dtype=bool), allowed, ratio, late
        )

    def _finish(
        self, stream: Stream, day: int, entity: I64, unit: I64, sort: I64, received: I64, online: Bools,
        allowed: I64, ratio: np.ndarray[tuple[int, ...], np.dtype[np.float64]], late: Bools,
    ) -> Cohort:  # fmt: skip
        """Due at 17:00 after the allowed working days; done within office hours, after `ratio` of the way."""
        work = workday_table(day, day + 60)
        first = int(np.searchsorted(work, day))
        due = day_start(work[first + allowed]) + 17 * HOUR_MS
        clock = times_of_day(OFFICE, stream.uniform(entity, 8), stream.uniform(entity, 9))
        ahead = np.floor(ratio * allowed + 0.5).astype(np.int64)
        done = day_start(work[first + np.where(late, np.maximum(ahead, allowed + 1), ahead)]) + clock
        begun = received + (lognormal_of(stream.gauss(entity, 10), 2.0, 2.0) * HOUR_MS).astype(np.int64)
        # Nobody works on it at night: what was received late is taken up the next working morning.
        morning = day_start(work[np.searchsorted(work, day_of(begun))]) + 7 * HOUR_MS + 1_800_000
        begun = np.where(begun < morning, morning + (received % (2 * HOUR_MS)), begun)
        done = np.where(done <= begun, begun + 40 * 60_000 + received % (2 * HOUR_MS), done)
        done = np.where(~late & (done > due), np.maximum(due - received % HOUR_MS, begun + 60_000), done)
        flags = (stream.bits(entity, 11) >> np.uint64(48)).astype(np.int64)
        return Cohort(unit, sort, received, begun, done, due, online, flags)

    def _key(self, kind: str, day: int, c: Cohort, j: int) -> str:
        letter = "HS" if kind == "dossier" else "PA"
        return f"{letter}.{self._units[int(c.unit[j])].code}-{date_of(day):%y%m%d}-{j + 1:04d}"

    @staticmethod
    def _record(
        kind: str, key: str, unit: str, state: str, due: int | None, fields: dict[str, object]
    ) -> dict[str, object]:
        data: dict[str, object] = {"kind": kind, "key": key, "unit": unit, "state": state}
        if due is not None:
            data["due"] = encode.iso(due)
        data["fields"] = fields
        return data

    def _entry(self, source: str, kind: str, key: str, time: int, n: int, data: dict[str, object]) -> Entry:
        return Entry(time, time + _wait(time), source, "record", f"{kind}/{key}", n, data)


def _wait(time: int) -> int:
    """Milliseconds until an event of this time is sent."""
    return SENT_AFTER_MS[0] + (time * 7919) % (SENT_AFTER_MS[1] - SENT_AFTER_MS[0])
