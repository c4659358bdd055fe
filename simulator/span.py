"""What a jump skips: hourly roll-ups where whole hours pass, single events at the edges, so that no hour is
half a summary; records, reports and figures of systems as they were sent; samples thinned out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from cockpit.domain.periods import HOUR_MS
from simulator import encode
from simulator.history import SAMPLES_A_DAY, History, Hours, joined
from simulator.play import Play
from simulator.rng import I64
from simulator.world import Kind

_TAG = 13 << 60
_LATE_MS = 5_000  # an event of an hour may be sent so long after its end
_OBSERVATION = '"type":"ioc.observation"'
_TIME = '"time":"'
_SENT = '"sent":"'


class Span(History):
    """Everything sent in [start, end) by a play that obeys its episodes."""

    def __init__(self, play: Play, start: int, end: int) -> None:
        first = int(play.world.zone.day_of(start))
        days = int(play.world.zone.day_of(end - 1)) - first + 1
        super().__init__(play, days, end, raw_ms=0)
        self._start, self._end = start, end
        self._from = -(-start // HOUR_MS) * HOUR_MS  # whole hours are [_from, raw_from)
        self._first_day = first
        # An asset has one summary a day of the past, and one more for each jump on that day.
        self._tag = _TAG | ((self._from // HOUR_MS) & 0x1FFF) << 47

    def lines(self) -> Iterator[bytes]:
        """Whole lines in pieces, oldest first."""
        if self._from >= self.raw_from:
            yield from self._singles(self._start, self._end)
            return
        yield from self._singles(self._start, self._from)
        yield joined(self._late())
        yield from self._events()
        yield from self._samples_between()
        for day in range(self._first_day, self._last + 1):
            yield from self._rollups(day, self._world.kinds)
        yield joined(self._last_heard())
        yield from self._singles(self.raw_from, self._end, since=self._zone.iso(self.raw_from))

    def _singles(self, start: int, end: int, since: str = "") -> Iterator[bytes]:
        for t0 in range(start, end, 60_000):
            lines = self._play.window(t0, min(t0 + 60_000, end))
            yield joined(_younger(lines, since) if since else lines)

    def _late(self) -> list[str]:
        """Observations of the hour before the first whole one that are sent in it."""
        mark = self._zone.iso(self._from)
        lines = self._play.window(self._from, self._from + _LATE_MS)
        return [x for x in lines if _OBSERVATION in x and _of(x, _TIME, mark) < mark]

    def _events(self) -> Iterator[bytes]:
        """What happens a few thousand times a day, as it was sent."""
        for t0 in range(self._from, self.raw_from, HOUR_MS):
            yield joined(encode.merge(self._play.daybook.window(t0, t0 + HOUR_MS)))

    def _samples_between(self) -> Iterator[bytes]:
        low, high = self._zone.iso(self._from), self._zone.iso(self.raw_from)
        for day in range(self._first_day, self._last + 1):
            lines = self._play.thinned(day, SAMPLES_A_DAY, self._until)
            yield joined([x for x in lines if low <= _of(x, _SENT, low) < high])

    def _last_heard(self) -> list[str]:
        """The last observations of those who are silent at the end."""
        found: list[str] = []
        for kind in self._world.kinds:
            i, step = self._heard[kind.code]
            inside = self._inside(kind, i, step)
            found += self._play.telemetry.single(kind, i[inside], step[inside]).lines
        return found

    def _inside(self, kind: Kind, i: I64, step: I64) -> I64:
        """Which of these are in the hours that are summed up."""
        t = step * kind.rhythm_ms + kind.phase[i]
        return np.flatnonzero((t >= self._from) & (t < self.raw_from))

    def kind_hours(self, kind: Kind, day: int) -> dict[str, Hours]:
        """As for the past, with nothing before the first whole hour."""
        hours = self._zone.day_start(day) + np.arange(24, dtype=np.int64) * HOUR_MS
        before = hours < self._from
        found = super().kind_hours(kind, day)
        for parts in found.values():
            for part in parts:
                part[:, before] = 0
        return found


def _of(line: str, name: str, like: str) -> str:
    """An instant of a line, as text of the same length as another."""
    at = line.index(name) + len(name)
    return line[at : at + len(like)]


def _younger(lines: Iterable[str], since: str) -> list[str]:
    return [x for x in lines if _OBSERVATION not in x or _of(x, _TIME, since) >= since]
