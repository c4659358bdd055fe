"""Figures that people type: quarterly and yearly statistics, and monthly figures of departments and communes
beside what machines measure. Typed figures are rounded, and some are a little kinder than the machine's.
Which, and at what level, stands in the profile's `simulation.toml`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from cockpit.domain.periods import is_workday
from simulator.calendar import OFFICE, date_of
from simulator.daybook import Entry, times_of_day
from simulator.episodes import Episode
from simulator.people import name, texts
from simulator.rng import Stream
from simulator.simulation import Statistic
from simulator.world import World


class Reports:
    """Reports as the people of departments and communes type them on working days."""

    def __init__(self, world: World) -> None:
        self._profile, self._zone, self._played = world.profile, world.zone, world.simulation
        self._s = Stream(world.seed, "reports")

    def day(self, day: int) -> Iterator[Entry]:
        """Reports typed on a day."""
        if not is_workday(day):
            return
        date = date_of(day)
        for n, statistic in enumerate(self._played.statistic):
            if self._typed_on(date, 4 + n):
                yield self._statistic(day, n, statistic)
        last_month = (date.replace(day=1) - dt.timedelta(days=1)).strftime("%Y-%m")
        for n, typed in enumerate(self._played.beside):
            if self._typed_on(date, 3 + n % 3):
                value = min(typed.mean + typed.spread * float(self._s.gauss(n, day)[0]), 100.0)
                yield self._entry(
                    day, 100 + n, typed.source, typed.indicator, "", last_month, round(value, 1)
                )
        for u, unit in enumerate(self._profile.units):
            for n, typed in enumerate(self._played.by_commune):
                if self._typed_on(date, 1 + (u * 7 + n * 3) % 20):
                    number = 1000 + u * 8 + n
                    value = min(typed.mean + typed.spread * float(self._s.gauss(number, day)[0]), 100.0)
                    yield self._entry(
                        day, number, typed.source, typed.indicator, unit.code, last_month, round(value, 1)
                    )

    def matters(self, episode: Episode, day: int) -> bool:
        """Never: people type what they typed the month before."""
        return False

    @staticmethod
    def _typed_on(date: dt.date, due: int) -> bool:
        """Whether this working day is the one for what is due on a day of the month: that day or the next
        working one."""
        before = date
        while True:
            if before.day == due:
                return True
            before -= dt.timedelta(days=1)
            if is_workday(before.toordinal() - 719163):
                return False

    def _statistic(self, day: int, n: int, statistic: Statistic) -> Entry:
        indicator, date = self._profile.indicator[statistic.indicator], date_of(day)
        if indicator.period == "Y":
            period = str(date.year if statistic.this_year else date.year - 1)
            at = int(period) - 2026 + (0.0 if statistic.this_year else 1.0)
        elif indicator.period == "Q":
            ended = (date.month - 1) // 3  # quarters of this year that have ended
            year, quarter = (date.year, ended) if ended else (date.year - 1, 4)
            period, at = f"{year}-Q{quarter}", year - 2026 + quarter / 4
        else:
            ended_month = date.replace(day=1) - dt.timedelta(days=1)
            period, at = ended_month.strftime("%Y-%m"), ended_month.year - 2026 + ended_month.month / 12
        value = statistic.level + statistic.change * at
        if indicator.unit.vi == "%":
            value = min(value, 100.0)
        return self._entry(
            day, n, statistic.source, indicator.code, "", period, round(value, statistic.decimals)
        )

    def _entry(self, day: int, n: int, source: str, code: str, unit: str, period: str, value: float) -> Entry:
        time = self._zone.day_start(day) + int(
            times_of_day(OFFICE, self._s.uniform(n, day * 2 + 1), self._s.uniform(n, day * 2))[0]
        )
        notes = texts()["report"]["notes"]
        bits = int(self._s.bits(n + 7_000_000, day)[0])
        data: dict[str, object] = {
            "indicator": code, "unit": unit, "period": period, "value": value,
            "person": name(self._s, n % 1000 + 9_000_000),
        }  # fmt: skip
        if bits % 3 == 0:
            data["note"] = notes[(bits >> 8) % len(notes)]
        return Entry(time, time + 800 + bits % 1500, source, "report", code, (day << 20) | n, data)
