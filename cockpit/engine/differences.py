"""What people report against what the data say of the same period: a figure of the province or of a unit.

Only periods that are over and known here as a whole are compared: what still runs is not what was reported.
"""

from __future__ import annotations

from typing import NamedTuple

from cockpit.domain.alerting.condition import Level
from cockpit.domain.alerting.rules import level_of
from cockpit.domain.catalog import Indicator, Rule
from cockpit.domain.numbers import SourceId
from cockpit.domain.periods import DAY_MS, report_days
from cockpit.profiles import Profile
from cockpit.profiles.formulas import factor, of_records, reckoned
from cockpit.store import meta
from cockpit.store import reports as kept
from cockpit.store.handles import Read
from cockpit.store.queries import figures, indicators, reports

PERIODS = 6
"""So many of the newest periods are looked at for one that is over."""


class Told(NamedTuple):
    """A figure that stands as reported, by whom, and as it is by the data here, both in the figure's unit;
    `measured` None where the period is not known as a whole."""

    period: str
    reported: float
    measured: float | None
    person: str
    number: int


class Differences:
    """What stands at an instant, read anew where something was reported or withdrawn, or a day has begun."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._known: dict[tuple[str, str], Told | None] = {}
        self._until = -1
        self._key: tuple[int, str | None, int] = (-1, None, 0)

    def look(self, conn: Read, until: int) -> None:
        """From here on `of` tells what stands at this instant of domain time."""
        key = self._day(until), meta.get(conn, kept.CHANGED), kept.last_number(conn)
        # A report may be there before its time, as a simulator sends ahead of the clock, and be due only now.
        if key != self._key or until < self._until or reports.received_within(conn, self._until, until):
            self._known.clear()
            self._key = key
        self._until = until

    def of(self, conn: Read, indicator: Indicator, unit: str = "") -> Told | None:
        """The newest report of a period that is over; None where nothing of the kind stands."""
        about = indicator.code, unit
        if about in self._known:
            return self._known[about]
        found = self._read(conn, indicator, unit)
        if found is None or found.measured is not None:  # days gone by may still be on their way
            self._known[about] = found
        return found

    def _read(self, conn: Read, indicator: Indicator, unit: str) -> Told | None:
        own, today = self._own(indicator), self._day(self._until)
        found = reports.by_period(conn, indicator.code, unit, "", own, PERIODS, until=self._until + 1)
        over = next((report for report in found if report.ends < today), None)
        if over is None:
            return None
        here = self._measured(conn, indicator, over.period, unit, own)
        return Told(over.period, over.value, here, over.person, over.number)

    def _measured(
        self, conn: Read, indicator: Indicator, period: str, unit: str, own: list[SourceId]
    ) -> float | None:
        first, last = report_days(period)
        if of_records(indicator):
            return self._counted(conn, indicator, first, last, unit)
        if indicator.measure["kind"] == "latest":
            told = reports.of_period(conn, indicator.code, unit, period, own)
            if told is not None:
                return told.value
        days = [] if unit else figures.days_of(conn, indicator.code, last, last)
        return days[0][1] if days else None

    def _counted(self, conn: Read, indicator: Indicator, first: int, last: int, unit: str) -> float | None:
        """The formula over the records of the period's days, where they are known from the first on."""
        counts: dict[str, float | None] = {}
        for name, one in indicator.counts.items():
            since = figures.first_records(conn, one.records)
            if since is None or since > first:
                return None
            sums = indicators.tally_counts(conn, one.records, first, last, unit)
            if sums:
                counts[name] = float(sums.get((unit, one.tally), 0))
        return reckoned(indicator, counts, factor(self._profile, indicator)).value

    def _own(self, indicator: Indicator) -> list[SourceId]:
        return [self._profile.source[s].id for s in indicator.sources if s in self._profile.source]

    def _day(self, ms: int) -> int:
        return (ms + self._profile.utc_offset_s * 1000) // DAY_MS


def level_of_difference(rule: Rule, indicator: Indicator, told: Told | None) -> tuple[Level, float | None]:
    """What a rule makes of it, and how far the two lie apart, as the figure is shown. Where nothing stands
    nothing lies apart; a period that is not known as a whole says nothing."""
    if told is None:
        return Level.CLEAR, None
    if told.measured is None:
        return Level.GONE, None
    apart = round(abs(told.reported - told.measured), indicator.decimals)
    return level_of(rule, apart), apart


def facts_of(told: Told | None) -> dict[str, object]:
    """What explains a difference, by name."""
    if told is None:
        return {}
    return {
        "period": told.period, "reported": told.reported, "measured": told.measured, "person": told.person,
        "report": told.number,
    }  # fmt: skip
