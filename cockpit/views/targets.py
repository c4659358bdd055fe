"""Targets of an indicator as people see them: what is asked for when, and who set it why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cockpit.domain.catalog import Indicator, Text
from cockpit.domain.indicators import asked_of_unit
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
    """What the province's figure of now is judged by (`aim`), the figures of units that answer for a target,
    and those of spans; `by_day`: what was asked of the province on each of some days. `settings`: the newest,
    newest first. `versions`: how often was set for each unit and period. `periods`: what can be set next."""

    aim: Aim
    units: dict[str, Aim]
    spans: tuple[Aim, ...]
    by_day: tuple[float | None, ...]
    settings: tuple[Setting, ...]
    versions: dict[tuple[str, str], int]
    periods: tuple[str, ...]


def of_card(
    ctx: ViewContext,
    conn: Read,
    indicator: Indicator,
    now: Days,
    units: Mapping[str, Days],
    spans: Sequence[Days],
    today: int,
    days: Iterable[int],
) -> Targets:
    """What is asked of the province's figure of `now` and of the figures of units, what was asked of the
    province on some days, and what was set for anybody."""
    wanted, offset_s = [of_day(day) for day in days], ctx.profile.utc_offset_s

    def aim(of: Days, unit: str = "") -> Aim:
        return paths.asked(indicator, unit, of, ctx.now_ms, offset_s)

    asked = {
        label for one in (now, *units.values(), *spans, *wanted) for label in labels(one.first, one.last)
    }
    paths = Paths(q.of_indicator(conn, indicator.code, asked))
    shown = q.newest(conn, indicator.code, SHOWN)
    periods = open_periods(indicator.period, today) if indicator.direction != "none" else ()
    standing = q.standing(conn, indicator.code, {*periods, *(one.period for one in shown)})
    stand = {one.number for one in standing}
    return Targets(
        aim=aim(now),
        units={unit: found for unit, of in units.items() if asked_of_unit(indicator, found := aim(of, unit))},
        spans=tuple(aim(of) for of in spans),
        by_day=tuple(aim(one).target for one in wanted),
        settings=tuple(Setting(one, place(ctx, one.unit), one.number in stand) for one in shown),
        versions={(one.unit, one.period): one.version for one in standing},
        periods=periods,
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
    path = sorted(q.path(conn, indicator.code, unit), key=lambda one: report_days(one.period))
    return Asked(
        aim=Paths(known).asked(indicator, unit, days, ctx.now_ms, ctx.profile.utc_offset_s),
        versions=tuple(reversed(known)),
        path=tuple(Step(one, watch_of(indicator, one.value)) for one in path),
    )
