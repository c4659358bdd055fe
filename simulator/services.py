"""Dossiers, payments and citizens' feedback as records that move through states.

Volumes, and the feeds they come by, stand in the profile's `simulation.toml`. Shares of late, digitised and
rated records are assumptions. Working hours, lunch, Mondays, month ends, Tết and holidays come from the
calendar; storms, closed counters and systems that are down from the episodes (`simulator.delays`).

What is counted are fields of the event where they are settled: `online`, `digitised`, `fee`, `paid_online` of
a dossier when received, `eresult` when solved; `rating` (1 to 5) of a feedback when closed; `cashless` of a
payment. Whether something was on time follows from `due` and the time of the last state.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache, partial

import numpy as np

from cockpit.domain.periods import is_workday
from simulator.calendar import OFFICE, ONLINE, date_of, work_weight
from simulator.cohorts import Cohort, Drawn, finish
from simulator.daybook import SENT_AFTER_MS, Entry, record, times_of_day, wait_ms
from simulator.delays import NEVER, bending, delays_of
from simulator.episodes import Episode
from simulator.people import name, spoken, texts
from simulator.rng import I64, Stream, choose, lognormal_of
from simulator.world import World

REMOTE = 60.0  # people per km² under which fewer apply online: an assumption
REMOTE_LESS = 0.09
FEEDBACK_WORKDAYS = 5
CASHLESS = (0.76, 0.2)  # of those who apply online, and at the counter: what a published share is made of
_MEAN_WEIGHT = 5.76 / 7  # mean of the calendar's weights over an ordinary week
OPEN_DAYS = 45  # longest life of a record in days: what is looked back for
DELAY_DAYS = 6  # who could not come on a day comes at most so many days later

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


class Records:
    """Dossiers with their payments, and feedback."""

    def __init__(self, world: World) -> None:
        self._world, self._profile, self._zone = world, world.profile, world.zone
        self._units = world.profile.units
        played = world.simulation
        self._played, self._people = played, played.people
        parts = {"dossier": played.dossiers, "feedback": played.feedback}
        self._sources = {kind: part.source for kind, part in parts.items() if part is not None}
        d, f, p = played.dossiers, played.feedback, played.payments
        self._dossiers_a_day = d.count / d.days if d is not None else 0.0
        self._feedback_a_day = f.a_day if f is not None else 0.0
        self.weights = np.array([u.population for u in self._units], dtype=np.float64)
        seed = world.seed
        self._d, self._f = (Stream(seed, f"services/{n}") for n in ("dossier", "feedback"))
        self._names = Stream(seed, "services/name")
        # Some units are slower than others; the share of late dossiers runs from 0.3 to about 5 %.
        slow = Stream(seed, "services/slow").uniform(np.arange(len(self._units)))
        self.late = 0.003 + 0.045 * slow * slow * slow
        remote = np.array([u.population / u.area_km2 < REMOTE for u in self._units])
        share = d.online if d is not None else 0.0
        counters = share * CASHLESS[0] + (1.0 - share) * CASHLESS[1]
        self._cashless = p.cashless / counters if p is not None else 0.0
        self._online = share + REMOTE_LESS * (np.average(remote, weights=self.weights) - remote)
        self._places = {
            u.code: [p.name for p in self._profile.places if p.unit == u.code] for u in self._units
        }
        self._offices = max(round(self._profile.scale), 1)
        self._drawn = lru_cache(maxsize=128)(self._draw)
        self._finished = lru_cache(maxsize=256)(self._finish)
        self._delays = lru_cache(maxsize=32)(partial(delays_of, world))

    def day(self, day: int) -> Iterator[Entry]:
        """Everything that happens to records on a day."""
        start, end = self._zone.day_start(day), self._zone.day_start(day + 1)
        for cohort in range(day - OPEN_DAYS, day + 1):
            for kind in self._sources:
                yield from self.steps(kind, cohort, start - SENT_AFTER_MS[1], end)
        # What is paid late in the evening is told the next day; who could not come pays days later.
        back = DELAY_DAYS if self._bent(day - DELAY_DAYS) else 1
        for cohort in range(day - back, day + 1):
            yield from self.payments(cohort)

    def matters(self, episode: Episode, day: int) -> bool:
        """Whether an episode moves records of a day: it may move what was brought weeks before."""
        if not bending(episode, self._people) or episode.start_ms >= self._zone.day_start(day + 1):
            return False
        return bool(episode.end_ms > self._zone.day_start(day - OPEN_DAYS))

    def final(self, day: int, until: int) -> Iterator[Entry]:
        """For a history that ends at `until`: what was received that day, once as received and once as it
        ended.

        A record that is still open at `until` shows the state it had reached.
        """
        for kind in self._sources:
            c = self._cohort(kind, day)
            for j in range(len(c.received)):
                times = (int(t[j]) for t in (c.received, c.begun, c.done))
                reached = [s for s, t in enumerate(times) if t + wait_ms(t) < until]
                for state in reached[:1] + reached[1:][-1:]:
                    yield self._step(kind, day, c, j, state)
        yield from (e for e in self.payments(day) if e.sent < until)

    def steps(self, kind: str, day: int, t0: int, t1: int) -> Iterator[Entry]:
        """What happens in [t0, t1) to the records brought on `day`."""
        c = self._cohort(kind, day)
        for state, times in enumerate((c.received, c.begun, c.done)):
            for j in np.flatnonzero((times >= t0) & (times < t1)).tolist():
                yield self._step(kind, day, c, j, state)

    def payments(self, day: int) -> Iterator[Entry]:
        """Fees of the dossiers brought on a day, some minutes later."""
        if self._played.payments is None:
            return
        source, c = self._played.payments.source, self.dossiers(day)
        times = c.received + 60_000 + c.flags * 9  # one to eleven minutes
        delays = self._delays(source, self._bent(day))
        if delays:
            times = np.where(c.received < NEVER, delays.system(times), NEVER)
        for j in np.flatnonzero(times < NEVER).tolist():
            fee = PROCEDURES[int(c.sort[j])][3]
            if not fee:
                continue
            paid_online = self._paid_online(c, j)
            key = self.key("dossier", day, c, j)
            yield record(
                self._zone, source, "payment", key, self._units[int(c.unit[j])].code, "paid",
                int(times[j]), (day << 24) | (j << 2), {
                    "dossier": key, "amount_vnd": fee, "cashless": paid_online,
                    "channel": "online" if paid_online else "cash",
                },
            )  # fmt: skip

    def dossiers(self, day: int) -> Cohort:
        """Dossiers brought on a day."""
        return self._cohort("dossier", day)

    def feedback(self, day: int) -> Cohort:
        """Feedback given on a day, as on any other."""
        return self._cohort("feedback", day)

    def key(self, kind: str, day: int, c: Cohort, j: int) -> str:
        """What a record is called: who comes again later keeps the number of the first day."""
        letter = "HS" if kind == "dossier" else "PA"
        return f"{letter}.{self._units[int(c.unit[j])].code}-{date_of(day):%y%m%d}-{j + 1:04d}"

    def _cohort(self, kind: str, day: int) -> Cohort:
        return self._finished(kind, day, self._bent(day))

    def _bent(self, day: int) -> tuple[Episode, ...]:
        """Episodes that may move what is brought on a day."""
        start = self._zone.day_start(day)
        return tuple(e for e in self._world.episodes if bending(e, self._people) and e.end_ms > start)

    def _step(self, kind: str, day: int, c: Cohort, j: int, state: int) -> Entry:
        time = int((c.received, c.begun, c.done)[state][j])
        key = self.key(kind, day, c, j)
        words = ("received", "processing", "solved" if kind == "dossier" else "closed")
        fields = (
            self._dossier_fields(c, j, state)
            if kind == "dossier"
            else self._feedback_fields(day, c, j, state)
        )
        unit = self._units[int(c.unit[j])].code
        n = (day << 24) | (j << 2) | state
        return record(
            self._zone, self._sources[kind], kind, key, unit, words[state], time, n, fields, int(c.due[j])
        )

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
        share = CASHLESS[0] if c.online[j] else CASHLESS[1]
        return (int(c.flags[j]) ^ 0x5A5A) / 65536 < share * self._cashless

    def _feedback_fields(self, day: int, c: Cohort, j: int, state: int) -> dict[str, object]:
        flags = int(c.flags[j])
        if state == 0:
            group = texts()["feedback"][int(c.sort[j])]
            unit = self._units[int(c.unit[j])]
            places = self._places[unit.code] or [unit.name]
            place = places[(flags >> 4) % len(places)]
            text = group["texts"][flags % len(group["texts"])]
            return {
                "field": group["field"], "text": text.format(place=spoken(place), unit=spoken(unit.name)),
                "person": name(self._names, day, j), "channel": "app" if flags & 0x8000 else "1022",
            }  # fmt: skip
        return rating(flags, bool(c.done[j] <= c.due[j])) if state == 2 else {}

    def _finish(self, kind: str, day: int, bent: tuple[Episode, ...]) -> Cohort:
        delays = self._delays(self._sources.get(kind, ""), bent) if bent else None
        return finish(
            self._d if kind == "dossier" else self._f, self._zone, day, self._drawn(kind, day), delays
        )

    def _draw(self, kind: str, day: int) -> Drawn:
        return self._dossiers(day) if kind == "dossier" else self._feedback(day)

    def _dossiers(self, day: int) -> Drawn:
        scale = self._profile.scale
        n = round(
            self._dossiers_a_day
            / _MEAN_WEIGHT
            * work_weight(day)
            * scale
            * (1 + 0.05 * float(self._d.gauss(0, day)[0]))
        )
        entity = np.arange(n, dtype=np.int64) + (day << 24)
        shares = np.array([p[1] for p in PROCEDURES])
        sort = choose(self._d.uniform(entity, 1), shares)
        unit = choose(self._d.uniform(entity, 2), self.weights)
        online = (self._d.uniform(entity, 3) < self._online[unit]) | (not is_workday(day))
        u, v = self._d.uniform(entity, 4), self._d.uniform(entity, 5)
        received = self._zone.day_start(day) + np.where(
            online, times_of_day(ONLINE, u, v), times_of_day(OFFICE, u, v)
        )
        allowed = np.array([p[2] for p in PROCEDURES], dtype=np.int64)[sort]
        late = self._d.uniform(entity, 6) < self.late[unit]
        part = self._d.uniform(entity, 7)
        ratio = np.where(late, 1.1 + part * part * 0.7, 0.3 + 0.66 * part)
        return Drawn(entity, unit, self._office(entity, unit), sort, received, online, allowed, ratio, late)

    def _feedback(self, day: int) -> Drawn:
        busy = 0.7 + 0.3 * work_weight(day)
        more = 1 + 0.12 * float(self._f.gauss(0, day)[0])
        n = round(self._feedback_a_day * self._profile.scale * busy * more)
        entity = np.arange(n, dtype=np.int64) + (day << 24)
        sort = choose(self._f.uniform(entity, 1), np.array([float(g["weight"]) for g in texts()["feedback"]]))
        unit = choose(self._f.uniform(entity, 2), self.weights)
        received = self._zone.day_start(day) + times_of_day(
            ONLINE, self._f.uniform(entity, 4), self._f.uniform(entity, 5)
        )
        late = self._f.uniform(entity, 6) < self.late[unit] * 1.6
        ratio = np.clip(lognormal_of(self._f.gauss(entity, 7), 0.32, 1.7), 0.02, 0.95)
        ratio = np.where(late, 1.15 + ratio * 0.8, ratio)
        allowed = np.full(n, FEEDBACK_WORKDAYS, dtype=np.int64)
        everyone = np.ones(n, dtype=bool)
        return Drawn(entity, unit, self._office(entity, unit), sort, received, everyone, allowed, ratio, late)

    def _office(self, entity: I64, unit: I64) -> I64:
        """Which office a record goes to: at sizes above a province every unit stands several times."""
        return np.asarray(unit + entity % self._offices * len(self._units))


def rating(flags: int, in_time: bool) -> dict[str, object]:
    """What the person says of an answer, 1 to 5; most do not rate."""
    if flags % 16 >= 7:
        return {}
    happy = (flags >> 8) < (236 if in_time else 110)
    return {"rating": 4 + (flags >> 4) % 2 if happy else 1 + (flags >> 4) % 3}
