"""Indicators over HTTP: all of them now, and one of them for any period, by unit and by department."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request

from cockpit.domain.catalog import Indicator, Text
from cockpit.domain.indicators import UNIT_RECORDS, Status, asked_of_unit, judged
from cockpit.domain.instants import iso, iso_or_none
from cockpit.domain.periods import to_date, year_gone
from cockpit.domain.spans import SPANS, Stretch, stretch
from cockpit.domain.targets import Aim, TargetVersion, of_figure, of_stretch
from cockpit.parts import Parts
from cockpit.profiles.formulas import of_records
from cockpit.store.handles import Read
from cockpit.views import indicators, period_figures, targets
from cockpit.views.context import ViewContext
from cockpit.views.figure import Figure
from cockpit.views.figures import day_of
from cockpit.views.forecasts import Expected
from cockpit.views.period_figures import PeriodFigure
from cockpit.views.targets import Asked
from cockpit.web.answers.indicators import (
    DepartmentValue,
    ForecastAnswer,
    IndicatorAnswer,
    IndicatorsAnswer,
    IndicatorWithBreakdown,
    PartOfFigure,
    PeriodAnswer,
    PeriodValue,
    TargetOfPeriod,
    TargetSetting,
    UnitValue,
)
from cockpit.web.api_guard import Failure
from cockpit.web.api_params import Params

_PART, _WHOLE = (Text(name, name) for name in ("numerator", "denominator"))  # of an indicator without names


class Indicators:
    """Handlers that read."""

    def __init__(self, cockpit: Parts) -> None:
        self._cockpit = cockpit

    def listed(self, request: Request) -> IndicatorsAnswer:
        """Every indicator as it is now."""
        Params(request, ())
        found = {f.code: f for f in indicators.build(self._context()).figures}
        return IndicatorsAnswer([IndicatorAnswer(**self._plain(f, found)) for f in found.values()])

    def one(self, request: Request) -> IndicatorWithBreakdown:
        """One indicator, now or for a period."""
        code = str(request.path_params["code"])
        c, ctx = self._cockpit, self._context()
        params = Params(request, ("period", "unit", "at"))
        wanted = params.choice("period", ("", *SPANS), "")
        named = params.maybe_of("unit", {code: code for code in (*c.profile.unit, *c.profile.bodies)})
        at = params.instant("at", ctx.now_ms)
        indicator = c.profile.indicator.get(code)
        if indicator is None:
            raise Failure(404, "no_such_indicator", f"there is no indicator {code[:60]!r}")
        detail = indicators.detail(ctx, code)
        assert detail is not None  # noqa: S101 - the catalogue has it
        every = {f.code: f for f in indicators.build(ctx).figures}
        plain, period = self._plain(detail.figure, every), None
        unit, span = named or "", next((s for s in SPANS if s == wanted), "month" if named else None)
        with c.store.read() as conn:
            if span:
                found = stretch(span, day_of(at, c.profile.utc_offset_s))
                period = _period(found)
                asked = targets.of_days(ctx, conn, indicator, of_stretch(found), unit)
                doubt = detail.figure.status if detail.figure.status in ("suspect", "stale") else None
                plain |= self._of_period(ctx, conn, indicator, found, asked.aim, unit, doubt)
            else:  # as it is now
                days = of_figure(detail.figure.reported_for, day_of(ctx.now_ms, c.profile.utc_offset_s))
                asked = targets.of_days(ctx, conn, indicator, days, "")
        return IndicatorWithBreakdown(
            **plain,
            **_asked(asked),
            period=period,
            of_unit=unit,
            units=[UnitValue(u.unit.code, u.value, u.target, u.status, u.n) for u in detail.units],
            departments=[DepartmentValue(d.code, d.value, d.part, d.whole) for d in detail.departments],
            periods=[
                PeriodValue(_period(p.stretch), p.value, aim.target, p.finality, p.part, p.whole)
                for p, aim in zip(detail.periods, detail.targets.spans, strict=True)
            ],
            forecast=_forecast(detail.expected),
        )

    def _context(self) -> ViewContext:
        c = self._cockpit
        return ViewContext(c.store, c.profile, c.clock.domain_ms(), c.clock.real_ms(), c.demo is not None)

    def _plain(self, figure: Figure, every: dict[str, Figure]) -> dict[str, Any]:
        indicator = self._cockpit.profile.indicator[figure.code]
        return {
            name: getattr(figure, name)
            for name in ("code", "name", "unit", "value", "target", "direction", "status", "source_kind")
        } | {
            "simulated": figure.simulated,
            "finality": figure.finality,
            "asof": iso_or_none(figure.asof_ms),
            "owner": figure.owner,
            "parts": _parts(indicator, figure, every),
        }

    def _of_period(
        self,
        ctx: ViewContext,
        conn: Read,
        indicator: Indicator,
        wanted: Stretch,
        aim: Aim,
        unit: str,
        doubt: Status | None,
    ) -> dict[str, Any]:
        found = period_figures.of(ctx, conn, indicator, wanted, unit)
        return {
            "value": found.value,
            "target": aim.target,
            "finality": found.finality,
            "parts": _parts(indicator, found, {}),
            "status": self._judged(ctx, indicator, found, aim, unit, doubt),
        }

    @staticmethod
    def _judged(
        ctx: ViewContext,
        indicator: Indicator,
        found: PeriodFigure,
        aim: Aim,
        unit: str,
        doubt: Status | None,
    ) -> str:
        """As of now: doubt comes first while the period runs, and a unit's share of few is not judged."""
        if found.value is None:
            return "nodata"
        today = day_of(ctx.now_ms, ctx.profile.utc_offset_s)
        if doubt is not None and found.stretch.last >= today:
            return doubt
        if unit and not asked_of_unit(indicator, aim):
            return "unjudged"
        if unit and of_records(indicator) and found.whole is not None and found.whole < UNIT_RECORDS:
            return "samples"
        return judged(indicator, found.value, year_gone(found.stretch.until(today)), aim)


def _asked(asked: Asked) -> dict[str, Any]:
    held = asked.aim.version
    return {
        "watch": asked.aim.watch,
        "target_version": held.version if held else 0,
        "target_period": held.period if held else "",
        "versions": [_setting(one) for one in asked.versions],
        "path": [
            TargetOfPeriod(step.version.period, step.version.value, step.watch, step.version.version)
            for step in asked.path
        ],
    }


def _setting(one: TargetVersion) -> TargetSetting:
    return TargetSetting(
        one.number, one.unit, one.period, one.version, one.value, one.before, iso(one.t), iso(one.real),
        one.actor, one.role, one.reason,
    )  # fmt: skip


def _forecast(found: Expected | None) -> ForecastAnswer | None:
    if found is None:
        return None
    made, best = found.forecast, found.forecast.tried[0]
    on = None if found.target_day is None else to_date(found.target_day).isoformat()
    return ForecastAnswer(
        to_date(made.day).isoformat(), made.value, made.low, made.high, made.method, best.error, best.n,
        made.ahead, on,
    )  # fmt: skip


def _period(found: Stretch) -> PeriodAnswer:
    return PeriodAnswer(
        found.span, found.label, to_date(found.first).isoformat(), to_date(found.last).isoformat()
    )


def _parts(
    indicator: Indicator, found: Figure | PeriodFigure, every: dict[str, Figure]
) -> list[PartOfFigure]:
    of = indicator.measure.get("of")
    if isinstance(of, tuple):
        return [PartOfFigure(every[c].name, every[c].value, c) for c in of if c in every]
    part, whole = found.part, found.whole
    if part is None:
        return [PartOfFigure(name, value) for name, value in found.counts]
    names = indicator.parts
    made = [PartOfFigure(names.numerator if names else _PART, part)]
    if whole is not None:
        made.append(PartOfFigure(names.denominator if names else _WHOLE, whole))
    return made
