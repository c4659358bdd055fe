"""Figures of departmental systems: a few numbers every five minutes, hour, day, week or month.

Which, and at what level, stands in the profile's `simulation.toml`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

import numpy as np

from cockpit.domain.catalog import Asset
from cockpit.domain.periods import DAY_MS, HOUR_MS, WORK_HOURS, is_workday
from simulator.calendar import date_of, minutes, season, trips, work_weight
from simulator.daybook import Entry
from simulator.episodes import Episode
from simulator.kinds import KINDS
from simulator.rng import F64, I64, Stream
from simulator.simulation import SHAPES, Department, Figure
from simulator.world import World
from simulator.zone import weekday

_START = dt.date(2026, 1, 1).toordinal() - 719163
SENT_AFTER_MS = (500, 4_000)
CROWD, CROWD_MOST = 0.5, 2.0
"""What a crowd in one unit adds to visitors, in shares of a weekend's swing, and what all add at most."""


class Systems:
    """Observations of the assets of kind `system`."""

    def __init__(self, world: World) -> None:
        self._world, self._zone = world, world.zone
        units, people = world.profile.units, sum(u.population for u in world.profile.units)
        self._islands = {u.code for u in units if u.kind == "dac_khu"}
        self._share = {u.code: u.population / people for u in units}
        self._figures = {f.metric: f for f in world.simulation.figure}
        self._season = world.simulation.visitors.season if world.simulation.visitors is not None else ()
        self._noise = {code: Stream(world.seed, f"systems/{code}") for code in self._figures}
        self._tables = {name: minutes(shape) for name, shape in SHAPES.items()}
        played = [(a, [c for c in _metrics(a) if c in self._figures]) for a in self._members()]
        self._played = {a.code: codes for a, codes in played if codes}
        self._assets = [a for a, codes in played if codes]

    def _members(self) -> list[Asset]:
        found = self._world.members.get("system", np.zeros(0, np.int64)).tolist()
        return [self._world.profile.assets[i] for i in found]

    def day(self, day: int) -> Iterator[Entry]:
        """Everything departmental systems send on a day."""
        for asset in self._assets:
            yield from self._entries(asset, day)

    def matters(self, episode: Episode, day: int) -> bool:
        """Whether an episode changes figures of a day: storms, crowds, and what keeps systems silent."""
        known = episode.kind in ("storm", "crowd", "source_silent")
        return (
            known
            and episode.start_ms < self._zone.day_start(day + 1)
            and episode.end_ms > self._zone.day_start(day - 1)
        )

    def last(self, until: int) -> Iterator[Entry]:
        """The newest figures of each system sent before `until`, looked for up to 40 days back."""
        for asset in self._assets:
            for day in range(int(self._zone.day_of(until)), int(self._zone.day_of(until)) - 40, -1):
                found = [e for e in self._entries(asset, day) if e.sent < until]
                if found:
                    yield from {whose(e): e for e in found}.values()
                    break

    def told(self, day: int, until: int) -> Iterator[Entry]:
        """The last report of each figure on a day, sent before `until`: what its past is made of."""
        for asset in self._assets:
            found = [e for e in self._entries(asset, day) if e.type == "report" and e.sent < until]
            yield from {whose(e): e for e in found}.values()

    @property
    def assets(self) -> list[Asset]:
        return self._assets

    def figures(self, asset: Asset, day: int) -> tuple[I64, dict[str, I64]]:
        """Instants of a day and, by metric, the integers sent then."""
        times = self._times(asset, day)
        if len(times):
            index = np.array([self._world.at[asset.code]], dtype=np.int64)
            times = times[~self._world.state("silent", index, times)]
        return times, {code: self._values(code, asset.id, day, times) for code in self._played[asset.code]}

    def _entries(self, asset: Asset, day: int) -> Iterator[Entry]:
        times, figures = self.figures(asset, day)
        told = [(n, c) for n, c in enumerate(figures) if self._figures[c].indicator]
        scales = {code: self._world.profile.metric[code].scale for code in figures}
        columns = {c: v.tolist() if scales[c] == 1 else (v / scales[c]).tolist() for c, v in figures.items()}
        for n, time in enumerate(times.tolist()):
            wait = SENT_AFTER_MS[0] + (time // 1000 * 7919 + asset.id) % (SENT_AFTER_MS[1] - SENT_AFTER_MS[0])
            number = (asset.id << 32) | (time // 1000 & 0xFFFFFFFF)
            values = {code: column[n] for code, column in columns.items()}
            yield Entry(
                time, time + wait, asset.source, "observation", asset.code, number, {"values": values}
            )
            if n and times[n - 1] // HOUR_MS == time // HOUR_MS:
                continue  # what a figure is made of is told once an hour at most
            for place, code in told:
                data = self._report(code, asset, time, float(values[code]))
                at = (time // 1000 & 0xFFFFFFFF) << 8 | place
                yield Entry(
                    time, time + wait, asset.source, "report", self._figures[code].indicator, at, data
                )
                if n == 0:  # departments close their books once
                    yield from self._by_department(code, asset, time, wait, at, data)

    def _report(self, code: str, asset: Asset, time: int, value: float) -> dict[str, object]:
        """The same figure with its parts, for its period by the calendar."""
        f = self._figures[code]
        indicator = self._world.profile.indicator[f.indicator]
        made = f.step * round(value / indicator.factor * f.whole / f.step)
        date = date_of(int(self._zone.day_of(time)))
        forms = {"M": f"{date:%Y-%m}", "Q": f"{date.year}-Q{(date.month + 2) // 3}", "Y": str(date.year)}
        return {
            "indicator": indicator.code, "period": forms.get(indicator.period, date.isoformat()),
            "value": round(indicator.factor * made / f.whole, indicator.decimals), "person": asset.name,
            "numerator": _plain(made), "denominator": _plain(f.whole),
        }  # fmt: skip

    def _by_department(
        self, code: str, asset: Asset, time: int, wait: int, at: int, data: dict[str, object]
    ) -> Iterator[Entry]:
        """The same figure of each department, from parts of the province's own."""
        f, departments = self._figures[code], self._world.simulation.department
        if not f.departments or not departments:
            return
        indicator = self._world.profile.indicator[f.indicator]
        whole, made = round(f.whole / f.step), round(float(str(data["numerator"])) / f.step)
        shares = shared(made, whole, f.departments, departments)
        for k, (one, (top, bottom)) in enumerate(zip(departments, shares, strict=True)):
            if bottom:
                told = data | {
                    "department": one.body,
                    "value": round(indicator.factor * top / bottom, indicator.decimals),
                    "numerator": _plain(top * f.step), "denominator": _plain(bottom * f.step),
                }  # fmt: skip
                number = at | (k + 1) << 48  # above the instant and the place of the figure
                yield Entry(time, time + wait, asset.source, "report", f.indicator, number, told)

    def _going(self, f: Figure, times: I64) -> F64:
        """What storms leave of a figure and crowds add to it, 1 on an ordinary day.

        Ferries to the islands stop for all when one of them lies in a storm; elsewhere offices close and
        visitors stay away in the units that it crosses.
        """
        left, more = np.ones(len(times)), np.zeros(len(times))
        for e in self._world.episodes if f.tourist or f.shape or f.work else ():
            if e.unit not in self._share:
                continue
            island = e.unit in self._islands
            strength = self._felt(e, times) * (e.size or KINDS[e.kind].size)
            if e.kind == "crowd" and (island or not f.island):
                more += strength * CROWD * f.tourist
            elif e.kind == "storm" and f.island and island:
                left = np.minimum(left, 1.0 - np.clip(strength * 2.0, 0.0, 0.99))
            elif e.kind == "storm" and not f.island:
                left = left - 0.9 * np.clip(strength, 0.0, 1.0) * self._share[e.unit]
        return np.asarray(np.maximum(left, 0.0) * (1.0 + np.minimum(more, CROWD_MOST)))

    @staticmethod
    def _felt(e: Episode, times: I64) -> F64:
        """Strength at the instants; for the one figure of a day its mean over the 24 hours before."""
        if len(times) > 1:
            return e.strength(times)
        return np.asarray(e.strength(times[:, None] - np.arange(24) * HOUR_MS).mean(axis=1))

    def _times(self, asset: Asset, day: int) -> I64:
        start, entity, rhythm_s = self._zone.day_start(day), asset.id, asset.rhythm_s
        office = self._world.profile.source[asset.source].calendar == "workdays"
        if office and not is_workday(day):
            return np.zeros(0, dtype=np.int64)
        if rhythm_s < 86_400:
            first = (entity * 37_000) % (rhythm_s * 1000)
            times = np.arange(start + first, start + DAY_MS, rhythm_s * 1000, dtype=np.int64)
            if not office:
                return times
            minute = self._zone.minute_of_day(times)
            return times[np.logical_or.reduce([(minute >= a) & (minute < b) for a, b in WORK_HOURS])]
        date = date_of(day)
        if (rhythm_s == 604_800 and weekday(day) != 0) or (rhythm_s > 604_800 and date.day != 2 + entity % 4):
            return np.zeros(0, dtype=np.int64)
        # The night's figures, early in the morning.
        return np.array([start + 6 * HOUR_MS + (entity * 613_000) % (2 * HOUR_MS)], dtype=np.int64)

    def _values(self, code: str, entity: int, day: int, times: I64) -> I64:
        f, metric = self._figures[code], self._world.profile.metric[code]
        if f.year:
            gone = date_of(day).timetuple().tm_yday / 365.0
            level = f.level * gone * (0.6 + 0.4 * gone)
        else:
            level = f.level + f.slope * (day - _START)
        if f.work:
            level *= work_weight(day)
        if f.tourist:
            level *= 1.0 + f.tourist * trips(day)
        if f.season:
            level *= season(day, self._season)
        going = self._going(f, times)
        value = np.full(len(times), level) * going
        if f.shape:
            value = value * self._tables[f.shape][self._zone.minute_of_day(times)]
        if f.noise:
            wobble = self._noise[code].gauss(entity, times // 1000)
            value = value + f.noise * wobble * np.minimum(going, 1.0)
        if f.indicator:  # what its parts make, so that both say the same
            factor = self._world.profile.indicator[f.indicator].factor
            most = f.whole if self._world.profile.indicator[f.indicator].unit.vi == "%" else np.inf
            made = f.step * np.rint(value / factor * f.whole / f.step)
            value = factor * np.minimum(made, most) / f.whole
        return np.asarray(np.rint(np.clip(value, metric.lo, metric.hi) * metric.scale), dtype=np.int64)


def whose(entry: Entry) -> tuple[str, str]:
    """What a system sends something of: a device or an indicator, and the department that reports it."""
    return entry.subject, str(entry.data.get("department", ""))


def shared(made: int, whole: int, per_mille: int, departments: Sequence[Department]) -> list[tuple[int, int]]:
    """Parts of `made` of `whole` by department, in whole steps: together so many per mille of both, exactly
    all where these are 1,000. None has made more than its own whole."""
    total, weights = whole * per_mille // 1000, sum(one.weight for one in departments)
    wholes = [total * one.weight // weights for one in departments]
    wholes[-1] += total - sum(wholes)
    if not total:
        return [(0, 0)] * len(departments)
    wanted = made * total // whole
    parts = [
        max(0, min(w, made * w // whole + w * one.better // 1000))
        for w, one in zip(wholes, departments, strict=True)
    ]
    left = wanted - sum(parts)
    for k, (part, w) in enumerate(zip(parts, wholes, strict=True)):
        step = min(left, w - part) if left > 0 else max(left, -part)
        parts[k] += step
        left -= step
    return list(zip(parts, wholes, strict=True))


def _plain(number: float) -> float | int:
    """A count as a whole number, money and hours to the cent."""
    return int(number) if number == int(number) else round(number, 2)


def _metrics(asset: Asset) -> list[str]:
    """Codes of what a system sends."""
    return str(asset.attrs.get("metrics", "")).split()
