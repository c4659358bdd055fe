"""Targets of an indicator as people see them: what is asked for when, and who set it why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cockpit.domain.catalog import Indicator, Text
from cockpit.domain.periods import report_days
from cockpit.domain.targets import Aim, Days, Paths, TargetVersion, labels, of_day, open_periods, watch_of
from cockpit.store.handles import Read
from cockpit.store.queries import targets as q
from cockpit.views.context import ViewContext

SHOWN = 100
"""Settings that a card lists, the newest first."""


@dataclass(frozen=True, slots=True)
class Setting:
    """A target that was set; `place` None for the province. `stands`: nothing newer was set for its unit and
    period."""

    version: TargetVersion
    place: Text | None
    stands: bool


@dataclass(frozen=True, slots=True)
class Targets:
    """`aim`: what the province's figure is judged by. `by_day`: what was asked for on each of the days asked
    about. `settings`: the newest, newest first. `versions`: how often was set for each unit and period.
    `periods`: what can be set next."""

    aim: Aim
    by_day: tuple[float | None, ...]
    settings: tuple[Setting, ...]
    versions: dict[tuple[str, str], int]
    periods: tuple[str, ...]


def of_card(
    ctx: ViewContext, conn: Read, indicator: Indicator, now: Days, today: int, days: Iterable[int]
) -> Targets:
    """What is asked of the province's figure of `now`, and was on some days, and what was set for anybody."""
    wanted, offset_s = [of_day(day) for day in days], ctx.profile.utc_offset_s
    asked = {label for one in (now, *wanted) for label in labels(one.first, one.last)}
    paths = Paths(q.of_indicator(conn, indicator.code, asked))
    standing = {one.number: one for one in q.standing(conn, indicator.code)}
    return Targets(
        aim=paths.asked(indicator, "", now, ctx.now_ms, offset_s),
        by_day=tuple(paths.asked(indicator, "", one, ctx.now_ms, offset_s).target for one in wanted),
        settings=tuple(
            Setting(one, place(ctx, one.unit), one.number in standing)
            for one in q.newest(conn, indicator.code, SHOWN)
        ),
        versions={(one.unit, one.period): one.version for one in standing.values()},
        periods=open_periods(indicator.period, today) if indicator.direction != "none" else (),
    )


def place(ctx: ViewContext, code: str) -> Text | None:
    """The unit or department by its code; None for the province."""
    if not code:
        return None
    unit = ctx.profile.unit.get(code)
    return Text(unit.name, unit.name) if unit else ctx.profile.bodies.get(code, Text(code, code))


@dataclass(frozen=True, slots=True)
class Step:
    """A part of a path: what holds for a period that somebody has set a target for."""

    version: TargetVersion
    watch: float | None


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for on some days. `versions`: all settings that bear on it, the newest first.
    `path`: what holds for every period that has a target of its own, in order of time."""

    aim: Aim
    versions: tuple[TargetVersion, ...]
    path: tuple[Step, ...]


def of_days(ctx: ViewContext, conn: Read, indicator: Indicator, days: Days, unit: str) -> Asked:
    """What is asked of the province, or of a unit or department, on some days."""
    periods = labels(days.first, days.last)
    known = [one for one in q.of_indicator(conn, indicator.code, periods) if one.unit in (unit, "")]
    path = [one for one in q.standing(conn, indicator.code) if one.unit == unit]
    path.sort(key=lambda one: report_days(one.period))
    return Asked(
        aim=Paths(known).asked(indicator, unit, days, ctx.now_ms, ctx.profile.utc_offset_s),
        versions=tuple(reversed(known)),
        path=tuple(Step(one, watch_of(indicator, one.value)) for one in path),
    )
