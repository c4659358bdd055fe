"""What people cannot do while an office is closed or a system is down, and when they do it then.

Who finds a counter closed comes again in office hours once it is open; in a storm some do not come at all.
What was to be entered in a system that is down waits, and is entered four times as fast when it is back.
Officials go on where they were kept from working, so that some of what was in time becomes late. Shares are
assumptions.
"""

from __future__ import annotations

from collections.abc import Container, Iterable

import numpy as np

from cockpit.domain.periods import DAY_MS, HOUR_MS
from cockpit.profiles.sizes import ID_STEP
from simulator.calendar import workday_table
from simulator.episodes import Episode
from simulator.kinds import KINDS
from simulator.rng import I64, Bools, Stream
from simulator.world import World
from simulator.zone import Zone

NEVER = 1 << 50
"""The instant of what does not happen: far beyond every day that is played."""

FASTER = 4
"""What waited for a system comes so many times faster when it is back."""

GIVE_UP_MS = 5 * DAY_MS
"""Who would have to wait longer than this does not come any more."""

OPENS, CLOSES = 450, 1020
"""Minutes of the day between which people work on records."""

STAY_AWAY = 0.4
"""Of those who would have come to the counter in a storm, the share that does not come later."""

CLOSING = ("feeder_out", "link_silent", "storm")
"""Kinds that close a commune's counter: no power, no line, or nobody goes out."""

CLOSING_STRENGTH = 0.5
"""Of a storm: from here on offices are closed."""

Closed = tuple[int, int, int]
"""An office (−1: all of them), and from when to when in ms."""


def bending(episode: Episode, people: Container[str]) -> bool:
    """Whether an episode can move records at all; `people` are the feeds whose systems people use."""
    return episode.subject in people if episode.kind == "source_silent" else episode.kind in CLOSING


def delays_of(world: World, source: str, episodes: Iterable[Episode]) -> Delays:
    """What the episodes do to records that a system sends."""
    number = {u.code: n for n, u in enumerate(world.profile.units)}
    dossiers = world.simulation.dossiers
    own_portal = dossiers.portal if dossiers is not None and dossiers.source == source else ""
    closed: list[Closed] = []
    storms: list[Closed] = []
    down: list[Closed] = []
    portal: list[Closed] = []
    for e in episodes:
        if e.kind == "source_silent":
            if e.subject == source:
                down.append((-1, e.start_ms, e.end_ms))
            elif e.subject == own_portal:
                portal.append((-1, e.start_ms, e.end_ms))
        elif e.kind == "storm":
            strong = e.unit in number and _size(e) >= CLOSING_STRENGTH
            for copy in range(max(round(world.profile.scale), 1) if strong else 0):
                storms.append((number[e.unit] + copy * len(number), *_strong(e)))
        elif e.kind in CLOSING:
            for index in world.struck(e):
                asset = world.profile.assets[index]
                access = asset.kind == "feeder" or asset.attrs.get("role") == "access"
                if access and asset.unit in number:
                    office = number[asset.unit] + asset.id // ID_STEP * len(number)
                    closed.append((office, e.start_ms, e.end_ms))
    return Delays(world.seed, world.zone, closed, storms, down, portal)


def _size(storm: Episode) -> float:
    return storm.size or KINDS["storm"].size


def _strong(storm: Episode) -> tuple[int, int]:
    """From when to when a storm is strong enough for offices to be closed."""
    need = CLOSING_STRENGTH / _size(storm)
    return storm.start_ms + round(storm.ramp_ms * need), storm.end_ms - round(storm.recovery_ms * need)


class Delays:
    """Closed counters and systems that are down, for records of one system."""

    def __init__(
        self,
        seed: int,
        zone: Zone,
        closed: Iterable[Closed] = (),
        storms: Iterable[Closed] = (),
        down: Iterable[Closed] = (),
        portal: Iterable[Closed] = (),
    ) -> None:
        """`closed`: counters without power or line; `storms`: closed, and some people stay at home for good;
        `down`: the system, for everyone; `portal`: the way in for those who apply online."""
        self._zone = zone
        self._stream = Stream(seed, "services/delay")
        spans = (_joined(found) for found in (closed, storms, down, portal))
        self._closed, self._storms, self._down, self._portal = spans

    def __bool__(self) -> bool:
        return bool(self._closed or self._storms or self._down or self._portal)

    def arrival(self, office: I64, t: I64, entity: I64, online: Bools) -> I64:
        """When records really come: those of the counter once it is open again, all once the system runs."""
        for code, start, end in self._storms:
            if not _touches(start, end, t):
                continue
            away = _hit(code, start, end, office, t) & ~online
            t = np.where(away & (self._stream.uniform(entity, 1) < STAY_AWAY), NEVER, t)
        moved = self._reopened(office, t, entity, ~online)
        for code, start, end in self._portal:
            moved = np.where(
                online & _hit(code, start, end, office, moved), _queued(moved, start, end), moved
            )
        moved = self._recovered(office, moved)
        # Who stood before a closed door comes again in office hours.
        return _patient(t, self._office_hours(moved, entity, (moved != t) & ~online))

    def work(self, office: I64, t: I64, entity: I64) -> I64:
        """When officials really do what they would have done at `t`."""
        everyone = np.ones(len(t), dtype=bool)
        moved = self._recovered(office, self._reopened(office, t, entity, everyone))
        return _patient(t, self._office_hours(moved, entity, moved != t))

    def system(self, t: I64) -> I64:
        """When something is entered that nobody has to be in an office for."""
        return _patient(t, self._recovered(np.zeros(len(t), dtype=np.int64), t))

    def _reopened(self, office: I64, t: I64, entity: I64, who: Bools) -> I64:
        spread = (self._stream.uniform(entity, 2) * 2 * HOUR_MS).astype(np.int64)
        for code, start, end in sorted((*self._closed, *self._storms), key=lambda s: s[1]):
            if _touches(start, end, t):
                t = np.where(who & _hit(code, start, end, office, t), end + spread, t)
        return t

    def _recovered(self, office: I64, t: I64) -> I64:
        for code, start, end in self._down:
            t = np.where(_hit(code, start, end, office, t), _queued(t, start, end), t)
        return t

    def _office_hours(self, t: I64, entity: I64, who: Bools) -> I64:
        """The instant itself in office hours, else one in the next working morning."""
        real = np.where(who & (t < NEVER), t, 0)
        if not real.any():
            return t
        days = self._zone.day_of(real[real > 0])
        work = workday_table(int(days.min()), int(days.max()) + 20)
        minute = self._zone.minute_of_day(real)
        day = self._zone.day_of(real)
        next_day = work[np.minimum(np.searchsorted(work, day + (minute >= CLOSES)), len(work) - 1)]
        morning = self._zone.day_start(next_day) + OPENS * 60_000
        morning = morning + (self._stream.uniform(entity, 3) * 2 * HOUR_MS).astype(np.int64)
        off = (real > 0) & ((next_day != day) | (minute < OPENS))
        return np.where(off, morning, t)


def _touches(start: int, end: int, t: I64) -> bool:
    return bool(len(t) and t.min() < end and (t[t < NEVER].max(initial=0)) >= start)


def _hit(code: int, start: int, end: int, office: I64, t: I64) -> Bools:
    there = (t >= start) & (t < end)
    return there if code < 0 else there & (office == code)


def _queued(t: I64, start: int, end: int) -> I64:
    return np.asarray(end + 60_000 + (t - start) // FASTER)


def _patient(was: I64, t: I64) -> I64:
    """Delays beyond patience become NEVER."""
    return np.where(t > was + GIVE_UP_MS, NEVER, t)


def _joined(spans: Iterable[Closed]) -> list[Closed]:
    """Overlapping spans of an office as one, by start."""
    found: list[Closed] = []
    for unit, start, end in sorted(spans):
        if found and found[-1][0] == unit and start <= found[-1][2]:
            found[-1] = (unit, found[-1][1], max(found[-1][2], end))
        else:
            found.append((unit, start, end))
    return sorted(found, key=lambda s: s[1])
