"""Figures that people type: quarterly and yearly statistics, and monthly figures of departments and communes
beside what machines measure. Typed figures are rounded, and some are a little kinder than the machine's.

Levels of statistics are the province's published ones where known: 94 % with a smartphone, 7.1 % of the
product from the digital economy in 2024, a DTI of 0.7024 in 2022. The others are assumptions.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from simulator.calendar import OFFICE, date_of, day_start, is_workday
from simulator.daybook import Entry, times_of_day
from simulator.episodes import Episode
from simulator.people import name, texts
from simulator.rng import Stream
from simulator.world import World

# Statistics: source, decimals, level, change a year.
STATISTICS = {
    "I39": ("bao-cao", 1, 41.0, 14.0), "I41": ("bao-cao", 1, 94.0, 1.0), "I50": ("bao-cao", 1, 79.5, 2.5),
    "I53": ("bao-cao", 1, 58.0, 5.0), "I54": ("bao-cao", 1, 100.0, 0.0), "I47": ("thong-ke", 1, 7.9, 0.8),
    "I48": ("thong-ke", 1, 9.4, 1.1), "I55": ("dti", 4, 0.7412, 0.012), "I24": ("ke-hoach", 1, 40.7, 6.0),
    "I25": ("ke-hoach", 1, 37.3, 8.0), "I23": ("thi-dua", 1, 96.0, 0.5),
}  # fmt: skip
# Beside the machine: mean reported value of the province, and how far reports scatter.
BESIDE = {"I08": (99.2, 0.3), "I10": (84.0, 1.5), "I17": (63.5, 1.5), "I38": (99.8, 0.1), "I42": (98.5, 0.6)}
BY_COMMUNE = {"I08": (98.9, 0.8), "I10": (78.0, 6.0), "I19": (97.5, 1.8)}


class Reports:
    """Reports as the people of departments and communes type them on working days."""

    def __init__(self, world: World) -> None:
        self._profile = world.profile
        self._s = Stream(world.seed, "reports")

    def day(self, day: int) -> Iterator[Entry]:
        """Reports typed on a day."""
        if not is_workday(day):
            return
        date = date_of(day)
        for n, code in enumerate(STATISTICS):
            if self._typed_on(date, 4 + n):
                yield self._statistic(day, n, code)
        last_month = (date.replace(day=1) - dt.timedelta(days=1)).strftime("%Y-%m")
        for n, (code, (mean, spread)) in enumerate(BESIDE.items()):
            if self._typed_on(date, 3 + n % 3):
                value = min(mean + spread * float(self._s.gauss(n, day)[0]), 100.0)
                yield self._entry(day, 100 + n, "bao-cao", code, "", last_month, round(value, 1))
        for u, unit in enumerate(self._profile.units):
            for n, (code, (mean, spread)) in enumerate(BY_COMMUNE.items()):
                if self._typed_on(date, 1 + (u * 7 + n * 3) % 20):
                    value = min(mean + spread * float(self._s.gauss(1000 + u * 8 + n, day)[0]), 100.0)
                    yield self._entry(
                        day, 1000 + u * 8 + n, "bao-cao", code, unit.code, last_month, round(value, 1)
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

    def _statistic(self, day: int, n: int, code: str) -> Entry:
        source, decimals, level, change = STATISTICS[code]
        date = date_of(day)
        kind = self._profile.indicator[code].period
        if kind == "Y":
            period = str(date.year if source == "dti" else date.year - 1)
            at = int(period) - 2026 + (0.0 if source == "dti" else 1.0)
        elif kind == "Q":
            ended = (date.month - 1) // 3  # quarters of this year that have ended
            year, quarter = (date.year, ended) if ended else (date.year - 1, 4)
            period, at = f"{year}-Q{quarter}", year - 2026 + quarter / 4
        else:
            ended_month = date.replace(day=1) - dt.timedelta(days=1)
            period, at = ended_month.strftime("%Y-%m"), ended_month.year - 2026 + ended_month.month / 12
        value = level + change * at
        if self._profile.indicator[code].unit.vi == "%":
            value = min(value, 100.0)
        return self._entry(day, n, source, code, "", period, round(value, decimals))

    def _entry(self, day: int, n: int, source: str, code: str, unit: str, period: str, value: float) -> Entry:
        time = day_start(day) + int(
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
