"""How far each unit is by pillar, and what draws it down."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from cockpit.domain.catalog import Indicator, Unit
from cockpit.domain.indicators import Status, asked_of_unit, due_now, says_little
from cockpit.domain.periods import year_gone
from cockpit.domain.scoring import Score
from cockpit.domain.targets import Paths, labels, of_figure
from cockpit.profiles.pillars import Pillar
from cockpit.store.queries import figures as q
from cockpit.store.queries import targets
from cockpit.store.rows import IndicatorNow
from cockpit.views import pillars
from cockpit.views.context import ViewContext
from cockpit.views.figures import day_of
from cockpit.views.pillars import Judged


@dataclass(frozen=True, slots=True)
class UnitScores:
    """`whole`: of all figures that the unit answers for; `by_pillar`: in the order of the pillars."""

    unit: Unit
    whole: Score
    by_pillar: tuple[Score, ...]


@dataclass(frozen=True, slots=True)
class UnitPillars:
    """`pillars`: those under which units answer for anything; `units`: the lowest score first, those without
    one at the end."""

    pillars: tuple[Pillar, ...]
    units: tuple[UnitScores, ...]


def build(ctx: ViewContext) -> UnitPillars:
    """Every unit, by what it is asked for itself: what only the province answers for counts for none."""
    profile, today = ctx.profile, day_of(ctx.now_ms, ctx.profile.utc_offset_s)
    with ctx.store.read() as conn:
        found = q.every_unit(conn)
        told = {
            (code, unit): of_figure(json.loads(row.detail).get("period"), today)
            for code, rows in found.items()
            for unit, row in rows.items()
            if unit in profile.unit
        }
        periods = {label for days in told.values() for label in labels(days.first, days.last)}
        paths = Paths(targets.of_periods(conn, periods))
    gone = year_gone(today)

    def judged(indicator: Indicator, unit: str, row: IndicatorNow) -> Judged | None:
        days = told[indicator.code, unit]
        aim = paths.asked(indicator, unit, days, ctx.now_ms, profile.utc_offset_s)
        if not asked_of_unit(indicator, aim) or says_little(indicator, row.n or 0):
            return None
        target, watch = due_now(indicator, gone, aim)
        status: Status = row.status  # type: ignore[assignment]
        return indicator, status, row.value, target, watch

    own: dict[str, dict[str, Judged]] = {unit.code: {} for unit in profile.units}
    for code, rows in found.items():
        if code not in profile.indicator:
            continue
        for unit, row in rows.items():
            if unit in own and (one := judged(profile.indicator[code], unit, row)) is not None:
                own[unit][code] = one
    asked = {code for of_unit in own.values() for code in of_unit}
    shown = tuple(p for p in profile.pillars if asked.intersection(p.indicators))
    units = [_scores(unit, own[unit.code], shown) for unit in profile.units if own[unit.code]]
    units.sort(key=lambda one: (one.whole.value is None, one.whole.value or 0.0, one.unit.code))
    return UnitPillars(shown, tuple(units))


def _scores(unit: Unit, own: Mapping[str, Judged], shown: tuple[Pillar, ...]) -> UnitScores:
    by_pillar = tuple(pillars.of([own[code] for code in p.indicators if code in own]) for p in shown)
    return UnitScores(unit, pillars.of(own.values()), by_pillar)
