"""The past before a first start, newest first, in two parts. The core is what screens need at once: hourly
roll-ups per asset and radio samples of the last days, records as they ended, typed reports, the last minutes
raw. The detail is the last hours raw, and the samples and roll-ups of the days before.

Everything comes from the functions that live play uses. Counts are exact; means, least and greatest values of
an hour are taken from a few instants of it plus the noise and spikes expected between them.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Set
from typing import BinaryIO, Literal

import numpy as np

from cockpit.domain.catalog import Asset, Metric
from cockpit.domain.periods import DAY_MS, HOUR_MS
from simulator import digits, encode, surveys
from simulator.analytics import CHANGE, Analytics
from simulator.calendar import date_of
from simulator.daybook import chunk_of, write
from simulator.play import Play
from simulator.rng import F64, I64
from simulator.systems import whose
from simulator.telemetry import hourly_counts, last_heard
from simulator.world import Kind

INSTANTS = {"camera": 3, "link": 4}
"""Instants of an hour that are looked at; of other kinds two."""

BOX_INSTANTS = 4
SAMPLES_A_DAY = 4_000
SAMPLE_DAYS = 4  # of samples that belong to the core: a weekend, and the drives of the day before it
RAW_MS = HOUR_MS
NEWEST_MS = 3 * 60_000  # raw events that belong to the core
NEWEST_DAYS = 7  # roll-ups that belong to the core; of cells, which no screen shows by themselves, two
REPORT_DAYS = 40  # typed figures reach so far back from the first day: what stood then must not be missing
_TAG = 11 << 60

Part = Literal["all", "core", "detail", "surveys"]

Hours = tuple[I64, I64, I64, I64]
"""n, sum, least, greatest: arrays (assets, 24), integers of the metric's resolution."""


class History:
    """The past of a play until an instant."""

    def __init__(self, play: Play, days: int, until: int, raw_ms: int = RAW_MS) -> None:
        """`days` provincial days end with the one `until` lies in; raw events begin `raw_ms` earlier, on
        the hour."""
        self._play, self._world, self._zone = play, play.world, play.world.zone
        self._until = until
        self._last = int(self._zone.day_of(until - 1))
        self._days = days
        self._tag = _TAG
        self.raw_from = (until - raw_ms) // HOUR_MS * HOUR_MS
        self._heard = {k.code: last_heard(self._world, k, self.raw_from) for k in self._world.kinds}
        self._final_systems = {whose(e): e for e in play.systems.last(until)}

    def write(self, out: BinaryIO, part: Part = "all") -> None:
        """Everything, or one of the two parts, as lines."""
        # Millions of short lists come and go without a cycle among them: looking for cycles costs a tenth.
        gc.disable()
        try:
            for piece in self.pieces(part):
                out.write(piece)
        finally:
            gc.enable()

    def pieces(self, part: Part = "all") -> Iterator[bytes]:
        """Whole lines in pieces of a few megabytes. Surveys are a part of their own, and not of `all`: they
        are older than the days that were asked for."""
        if part == "surveys":
            yield from surveys.pieces(self._play, self._until)
            return
        newest = max(self.raw_from, self._until - NEWEST_MS)
        lately = self._silent_lately(newest) if part != "all" else []
        if part != "detail":
            yield from self._known()
            yield joined(lately)
            yield from self._raw(newest, self._until)
            for day in self._days_back(self._days + REPORT_DAYS):
                yield from self._core(day)
        days = self._days_back(self._days)
        if part != "detail":
            yield from self._samples(days[:SAMPLE_DAYS])
        if part != "core":
            yield from self._samples(days[SAMPLE_DAYS:])
            yield from self._raw(self.raw_from, newest, set(lately))
            for day in days:
                yield from self._rollups(day, [k for k in self._world.kinds if self._later(k, day)])

    def _samples(self, days: Iterable[int]) -> Iterator[bytes]:
        for day in days:
            yield joined(self._play.thinned(day, SAMPLES_A_DAY, self._until))

    def _days_back(self, count: int) -> range:
        return range(self._last, self._last - count, -1)

    def _core(self, day: int) -> Iterator[bytes]:
        reports = chunk_of(self._play.reports.day(day), self._play.ranks, self._zone, day)
        lines = encode.before(reports, self._until).lines
        if day > self._last - self._days:
            yield from self._rollups(day, [k for k in self._world.kinds if not self._later(k, day)])
            yield from self._system_rollups(day)
            told = self._play.systems.told(day, self.raw_from)
            lines += [write(e, self._zone) for e in told if self._final_systems.get(whose(e)) != e]
            lines += [write(e, self._zone) for e in self._play.records.final(day, self._until)]
            lines += [write(e, self._zone) for e in self._play.broadcasts.day(day) if e.sent < self._until]
        yield joined(lines)

    def _known(self) -> Iterator[bytes]:
        """The last observations of who is silent or slow, and the figures of systems of the raw span."""
        lines = [write(e, self._zone) for e in self._final_systems.values() if e.time < self.raw_from]
        for kind in self._world.kinds:
            i, step = self._heard[kind.code]
            if len(i):
                lines += self._play.telemetry.single(kind, i, step).lines
        yield joined(lines)
        for day in {int(self._zone.day_of(self.raw_from)), self._last}:
            late = self._play.systems.day(day)
            yield joined(
                [write(e, self._zone) for e in late if e.time >= self.raw_from and e.sent < self._until]
            )

    def _silent_lately(self, newest: int) -> list[str]:
        """The last observations of who has fallen silent in the raw span before `newest`: of the detail, but
        for a screen to know them silent they come with the core."""
        lines: list[str] = []
        for kind in self._world.kinds:
            i, step = last_heard(self._world, kind, self._until)
            t = step * kind.rhythm_ms + kind.phase[i]
            mine = (t >= self.raw_from) & (t < newest)
            if mine.any():
                lines += self._play.telemetry.single(kind, i[mine], step[mine]).lines
        return lines

    def _raw(self, start: int, end: int, known: Set[str] = frozenset()) -> Iterator[bytes]:
        """Observations sent in [start, end) with their time in the raw span, the newest minute first, but for
        those that are known."""
        for t1 in range(end, start, -60_000):
            t0 = max(t1 - 60_000, start)
            lines = encode.merge(self._play.telemetry.window(t0, t1, self.raw_from))
            yield joined([line for line in lines if line not in known] if known else lines)

    def _later(self, kind: Kind, day: int) -> bool:
        """Whether roll-ups belong to the detail. Half of all are of cells."""
        return day <= self._last - (2 if kind.code == "cell" else NEWEST_DAYS)

    def _rollups(self, day: int, kinds: Iterable[Kind]) -> Iterator[bytes]:
        for kind in kinds:
            hours = self.kind_hours(kind, day)
            if kind.box is None:
                yield self._lines(kind.ids, kind.source, kind.codes, day, hours)
                continue
            more = self.box_hours(kind.box, day, next(iter(hours.values()))[0])
            for has, found in ((~kind.box.has, hours), (kind.box.has, hours | more)):
                codes = [kind.codes[i] for i in np.flatnonzero(has).tolist()]
                part = {
                    code: (n[has], s[has], low[has], top[has]) for code, (n, s, low, top) in found.items()
                }
                yield self._lines(kind.ids[has], kind.source, codes, day, part)

    def _system_rollups(self, day: int) -> Iterator[bytes]:
        for asset in self._play.systems.assets:
            hours = self.system_hours(asset, day)
            if any(h[0].any() for h in hours.values()):
                yield self._lines(np.array([asset.id]), asset.source, [asset.code], day, hours)

    def kind_hours(self, kind: Kind, day: int) -> dict[str, Hours]:
        """By metric: n, sum, least, greatest per asset and hour; zeros where n is 0."""
        hours = self._zone.day_start(day) + np.arange(24, dtype=np.int64) * HOUR_MS
        n = hourly_counts(self._world, kind, hours)
        for i, step in zip(*self._heard[kind.code], strict=True):
            hour = (int(step) * kind.rhythm_ms + int(kind.phase[i]) - int(hours[0])) // HOUR_MS
            if 0 <= hour < 24:  # this one is sent raw
                n[i, hour] -= 1
        n[:, hours >= self.raw_from] = 0
        count = INSTANTS.get(kind.code, 2)
        middles = ((np.arange(count) + 0.5) * (HOUR_MS / count)).astype(np.int64)
        t = hours[None, :] + middles[:, None]
        return {
            metric.code: _whole(metric, n, model.hours(t, n, metric.lo, metric.hi))
            for metric, model in zip(kind.metrics, kind.models, strict=True)
        }

    def box_hours(self, box: Analytics, day: int, n: I64) -> dict[str, Hours]:
        """What analytics boxes make of pictures, in the same shape; zeros for cameras without one."""
        hours = self._zone.day_start(day) + np.arange(24, dtype=np.int64) * HOUR_MS
        into = ((np.arange(BOX_INSTANTS) + 0.5) * (HOUR_MS / BOX_INSTANTS)).astype(np.int64)
        t = hours[None, :] + into[:, None]
        found = {}
        change = [m for m in self._world.profile.metrics if m.code == CHANGE]
        for metric in (*box.metrics, *change):
            whole = _whole(metric, n[box.has], box.hours(metric, t, n[box.has]))
            columns = tuple(np.zeros_like(n) for _ in whole)
            for column, part in zip(columns, whole, strict=True):
                column[box.has] = part
            found[metric.code] = (columns[0], columns[1], columns[2], columns[3])
        return found

    def system_hours(self, asset: Asset, day: int) -> dict[str, Hours]:
        """The same for one departmental system: exact, from each of its figures."""
        times, figures = self._play.systems.figures(asset, day)
        final = self._final_systems.get((asset.code, ""))
        keep = times < self.raw_from
        if final is not None:
            keep &= times != final.time
        hour = (times[keep] - self._zone.day_start(day)) // HOUR_MS
        found = {}
        for code, column in figures.items():
            q = column[keep]
            n = np.bincount(hour, minlength=24)[:24].astype(np.int64)
            total = np.zeros(24, dtype=np.int64)
            low, high = np.full(24, np.iinfo(np.int64).max), np.full(24, np.iinfo(np.int64).min)
            np.add.at(total, hour, q)
            np.minimum.at(low, hour, q)
            np.maximum.at(high, hour, q)
            low, high = np.where(n > 0, low, 0), np.where(n > 0, high, 0)
            found[code] = (n[None], total[None], low[None], high[None])
        return found

    def _lines(self, ids: I64, source: str, codes: list[str], day: int, hours: dict[str, Hours]) -> bytes:
        end = min(self._zone.day_start(day) + DAY_MS, self.raw_from) - 1
        at = self._zone.iso(end)
        tail = f'{at}","sent":"{at}","data":{{"day":"{date_of(day).isoformat()}","hours":'.encode()
        n = next(iter(hours.values()))[0]
        counts = digits.rows(n, 1)  # all metrics of an asset share their counts
        metrics: list[tuple[bytes, bytes, list[bytes], bytes, list[bytes], bytes, list[bytes]]] = []
        for code, (_, *parts) in hours.items():
            scale = self._world.profile.metric[code].scale
            total, low, high = (digits.rows(part, scale) for part in parts)
            first = f'"{code}":{{"n":['.encode()
            metrics.append((first, b'],"sum":[', total, b'],"min":[', low, b'],"max":[', high))
        heads = [encode.head(source, "rollup", code).encode() for code in codes]
        there = (n > 0).sum(axis=1).tolist()
        pieces: list[bytes] = []
        for row, asset in enumerate(ids.tolist()):
            if not there[row]:
                continue
            pieces += (
                b'{"specversion":"1.0","id":"',
                b"%016x" % (self._tag | (day << 32) | asset),
                heads[row],
                tail,
            )
            comma = b"{"
            for k0, k1, total, k2, low, k3, high in metrics:
                pieces += (comma, k0, counts[row], k1, total[row], k2, low[row], k3, high[row], b"]}")
                comma = b","
            pieces.append(b"}}}\n")
        return b"".join(pieces)


def _whole(metric: Metric, n: I64, figures: tuple[F64, F64, F64]) -> Hours:
    """Mean, least and greatest as integers of the metric's resolution; zeros where n is 0."""
    mean, low, high = figures
    there = n > 0
    low_q = np.where(there, np.rint(np.clip(low, metric.lo, metric.hi) * metric.scale), 0)
    high_q = np.where(
        there, np.maximum(np.rint(np.clip(high, metric.lo, metric.hi) * metric.scale), low_q), 0
    )
    total = np.clip(np.rint(mean * metric.scale * n), low_q * n, high_q * n)
    return n, total.astype(np.int64), low_q.astype(np.int64), high_q.astype(np.int64)


def joined(lines: list[str]) -> bytes:
    """Lines as bytes, each with its end."""
    return ("\n".join(lines) + "\n").encode() if lines else b""
