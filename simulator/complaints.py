"""Citizens complain where something is broken: further records of feedback, besides the ordinary ones.

People write from ten minutes after a trouble began on, most of them within an hour and a half, by day far
more than at night, fewer and fewer the longer it lasts, and none after it is over. How many follows from the
people it concerns. Rates are assumptions, chosen so that a power cut in a commune of 30,000 brings three
complaints in its first hour of a working day, where an ordinary day brings one.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b

import numpy as np

from cockpit.domain.periods import DAY_MS, HOUR_MS
from simulator.calendar import ONLINE, date_of, minutes
from simulator.cohorts import Cohort, Drawn, finish
from simulator.daybook import SENT_AFTER_MS, Entry, record
from simulator.delays import NEVER, OPENS, bending, delays_of
from simulator.episodes import OPEN_MS, Episode
from simulator.kinds import KINDS
from simulator.people import complaint, name
from simulator.rng import F64, I64, Stream, choose, lognormal_of
from simulator.services import FEEDBACK_WORKDAYS, OPEN_DAYS, Records, rating
from simulator.troubles import NOTICED, Finder, Trouble
from simulator.world import World

RATES = {
    "power": 0.1, "signal": 0.2, "weak": 0.12, "camera": 0.02, "loudspeaker": 0.06, "quiet": 0.04,
    "counter": 0.025, "system": 0.0018, "payment": 0.0009, "storm": 0.07, "crowd": 0.04,
}  # fmt: skip
"""Complaints an hour of 1,000 people concerned, in the first hour and at the busiest time of the day."""

NOTICE_MS = 10 * 60_000
"""Nobody writes sooner after the onset."""

OVER_MS = 10 * 60_000
"""Who has begun to write sends it off even if the trouble is just over."""

HOURS = 48
"""After two days everyone who complains has done so."""

_WEARY = ((0.0, 1.0, 2.0, 3.0, 6.0, 12.0, 24.0), (1.0, 0.8, 0.5, 0.35, 0.2, 0.1, 0.03))
"""How readily people write after so many waking hours of it."""

_MANY = 64  # complaints an hour of one trouble at most
_TAG = 1 << 58
LATE_ONE_IN = 7  # of dossiers that became late through others' fault, so many bring a complaint


@dataclass(frozen=True, slots=True)
class Letters:
    """Complaints in columns: `about` gives the trouble of each."""

    troubles: list[Trouble]
    about: I64
    cohort: Cohort


class Complaints:
    """Feedback about what the episodes broke."""

    def __init__(self, world: World, records: Records) -> None:
        self._world, self._profile, self._records = world, world.profile, records
        self._zone, self._people = world.zone, world.simulation.people
        played = world.simulation.feedback
        self._source = played.source if played is not None else ""
        self._units = world.profile.units
        self._finder = Finder(world)
        self._s, self._f = Stream(world.seed, "complaints"), Stream(world.seed, "complaints/handling")
        self._names = Stream(world.seed, "complaints/name")
        self._places = {
            u.code: [p.name for p in self._profile.places if p.unit == u.code] for u in self._units
        }
        self._place = {p.code: p.name for p in self._profile.places}
        self._shape = minutes(ONLINE)
        self._awake = np.append(0.0, np.add.accumulate(self._shape)) / 60.0
        self._letters = lru_cache(maxsize=4)(self._write)

    def matters(self, episode: Episode, day: int) -> bool:
        """Whether people still wait on a day for an answer to what they wrote of an episode."""
        if episode.kind not in NOTICED and not bending(episode, self._people):
            return False
        return bool(
            episode.start_ms < self._zone.day_start(day + 1)
            and episode.end_ms > self._zone.day_start(day - OPEN_DAYS)
        )

    def day(self, day: int) -> Iterator[Entry]:
        """Complaints written, taken up and closed on a day."""
        if not self._source:
            return
        episodes = tuple(e for e in self._world.episodes if self.matters(e, day))
        written = self._letters(episodes)
        start, end = self._zone.day_start(day) - SENT_AFTER_MS[1], self._zone.day_start(day + 1)
        c = written.cohort
        for state, times in enumerate((c.received, c.begun, c.done)):
            for j in np.flatnonzero((times >= start) & (times < end)).tolist():
                yield self._step(written.troubles[int(written.about[j])], c, j, state)
        if any(bending(e, self._people) for e in episodes):
            yield from self._overdue(day)

    def _step(self, trouble: Trouble, c: Cohort, j: int, state: int) -> Entry:
        time, number = int((c.received, c.begun, c.done)[state][j]), int(c.sort[j])
        unit, written, mark = self._units[int(c.unit[j])], int(c.received[j]), _mark(trouble)
        date = date_of(int(self._zone.day_of(written)))
        key = f"PA.{unit.code}-{date:%y%m%d}-{mark % 9000 + 1000}{number:04d}"
        flags = int(c.flags[j])
        fields: dict[str, object] = {}
        if state == 0:
            places = self._places[unit.code] or [unit.name]
            place = self._place.get(trouble.place, places[(flags >> 4) % len(places)])
            operator = self._profile.operators.get(trouble.operator, "")
            field, text = complaint(
                trouble.sort, flags, self._zone, place=place, unit=unit.name, operator=operator,
                since=trouble.since, written=written,
            )  # fmt: skip
            fields = {
                "field": field, "text": text, "person": name(self._names, mark, number),
                "channel": "app" if flags & 0x8000 else "1022",
            }  # fmt: skip
        elif state == 2:
            fields = rating(flags, bool(c.done[j] <= c.due[j]))
        n = _TAG | (mark << 15) | (number << 2) | state
        word = ("received", "processing", "closed")[state]
        return record(
            self._zone, self._source, "feedback", key, unit.code, word, time, n, fields, int(c.due[j])
        )

    def _write(self, episodes: tuple[Episode, ...]) -> Letters:
        """Who complains of what, and how long answers take. `sort` numbers the complaints of a trouble."""
        troubles = self._finder.find(episodes)
        about, number, t = self._written(troubles)
        marks = np.array([_mark(trouble) for trouble in troubles], dtype=np.int64)
        entity = (marks[about] << 12) + number
        unit = np.array([trouble.unit for trouble in troubles], dtype=np.int64)[about]
        unit = np.where(unit >= 0, unit, choose(self._s.uniform(entity, 5), self._records.weights))
        late = self._f.uniform(entity, 6) < self._records.late[unit] * 1.6
        ratio = np.clip(lognormal_of(self._f.gauss(entity, 7), 0.1, 2.0), 0.01, 0.95)
        ratio = np.where(late, 1.15 + ratio * 0.8, ratio)
        allowed = np.full(len(t), FEEDBACK_WORKDAYS, dtype=np.int64)
        drawn = Drawn(entity, unit, unit, number, t, np.ones(len(t), dtype=bool), allowed, ratio, late)
        first = int(self._zone.day_of(int(t.min()))) if len(t) else 0
        bent = tuple(e for e in episodes if bending(e, self._people))
        c = finish(
            self._f, self._zone, first, drawn, delays_of(self._world, self._source, bent) if bent else None
        )
        # Nobody says it is settled before it is.
        end = np.array([trouble.end for trouble in troubles], dtype=np.int64)[about]
        over = np.minimum(end + 40 * 60_000, NEVER)
        wait = np.where(end - t < OPEN_MS // 2, over + entity % (2 * HOUR_MS), NEVER)
        done = np.where((c.done < over) & (c.done < NEVER), wait, c.done)
        cohort = dataclasses.replace(c, done=np.minimum(done, NEVER))
        return Letters(troubles, about, cohort)

    def _written(self, troubles: list[Trouble]) -> tuple[I64, I64, I64]:
        """Complaints of troubles: about which, their number, when. An hour of a trouble after the other."""
        start = np.array([trouble.start for trouble in troubles], dtype=np.int64)
        rate = np.array([trouble.people * RATES[trouble.sort] for trouble in troubles], dtype=np.float64)
        mark = np.array([_mark(trouble) for trouble in troubles], dtype=np.int64)
        hours = np.arange(HOURS, dtype=np.int64)
        middle = start[:, None] + NOTICE_MS + hours * HOUR_MS + HOUR_MS // 2
        waited = self._waking(middle) - self._waking(start)[:, None]
        weary = np.interp(waited, np.array(_WEARY[0]), np.array(_WEARY[1]))
        busy = self._shape[self._zone.minute_of_day(middle)]
        expected = (rate / 1000.0 * min(self._profile.scale, 1.0))[:, None] * weary * busy
        drawn = np.floor(expected + self._s.uniform(mark[:, None], hours * 8)).astype(np.int64)
        count = np.minimum(drawn, _MANY).ravel()
        cell = np.repeat(np.arange(len(count)), count)
        about, hour = cell // HOURS, cell % HOURS
        number = hour * _MANY + np.arange(len(cell)) - np.repeat(np.add.accumulate(count) - count, count)
        entity = (mark[about] << 12) + number
        t = start[about] + NOTICE_MS + hour * HOUR_MS
        t = t + (self._s.uniform(entity, 1) * HOUR_MS).astype(np.int64)
        keep = t < np.array([trouble.end for trouble in troubles], dtype=np.int64)[about] + OVER_MS
        doubt = self._s.uniform(entity, 2)
        for n, trouble in enumerate(troubles):
            e = trouble.episode
            mine = np.flatnonzero(about == n) if e is not None else ()
            if e is not None and len(mine):
                share = min(e.size or KINDS[e.kind].size, 1.0) if e.kind in ("storm", "crowd") else 1.0
                keep[mine] &= doubt[mine] < e.strength(t[mine]) * share
        return about[keep], number[keep], t[keep]

    def _waking(self, t: I64) -> F64:
        """Waking hours since the epoch: an hour counts as much as people are up and about."""
        local = t + self._zone.offset_ms
        return np.asarray(local // DAY_MS * self._awake[-1] + self._awake[local // 60_000 % 1440])

    def _overdue(self, day: int) -> Iterator[Entry]:
        """Complaints about dossiers that are late because an office was closed or a system down, on the
        morning after they were due."""
        unit_of = self._units
        for cohort in range(day - OPEN_DAYS, day):
            c = self._records.dossiers(cohort)
            for j in np.flatnonzero(c.hindered & (c.flags % LATE_ONE_IN == 0)).tolist():
                at = (
                    int(self._zone.day_start(self._zone.day_of(int(c.due[j])) + 1))
                    + OPENS * 60_000
                    + int(c.flags[j]) * 100
                )
                if int(self._zone.day_of(at)) != day or at >= int(c.done[j]):
                    continue
                unit, dossier = unit_of[int(c.unit[j])], self._records.key("dossier", cohort, c, j)
                due = int(c.due[j])
                field, text = complaint(
                    "late",
                    int(c.flags[j]),
                    self._zone,
                    unit=unit.name,
                    dossier=dossier,
                    since=due,
                    written=at,
                )
                fields: dict[str, object] = {
                    "field": field, "text": text, "person": name(self._names, cohort, j), "channel": "app",
                }  # fmt: skip
                n = (1 << 57) | (cohort << 24) | (j << 2)
                key = f"PA.{unit.code}-{date_of(day):%y%m%d}-7{cohort % 100:02d}{j:04d}"
                yield record(self._zone, self._source, "feedback", key, unit.code, "received", at, n, fields)


def _mark(trouble: Trouble) -> int:
    """Forty bits that name a trouble: the same place broken again at another time is another trouble."""
    name_of = f"{trouble.id}@{trouble.start}".encode()
    return int.from_bytes(blake2b(name_of, digest_size=5).digest(), "big")
