"""Indicators over HTTP: all of them now, and one of them for any period, by unit and by department."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request

from cockpit.domain.catalog import Indicator, Text
from cockpit.domain.indicators import judged
from cockpit.domain.instants import iso_or_none
from cockpit.domain.periods import to_date, year_gone
from cockpit.domain.spans import SPANS, Span, Stretch, stretch
from cockpit.parts import Parts
from cockpit.store.handles import Read
from cockpit.views import indicators, period_figures
from cockpit.views.context import ViewContext
from cockpit.views.figure import Figure
from cockpit.views.figures import day_of
from cockpit.views.period_figures import PeriodFigure
from cockpit.web.answers.indicators import (
    DepartmentValue,
    IndicatorAnswer,
    IndicatorsAnswer,
    IndicatorWithBreakdown,
    PartOfFigure,
    PeriodAnswer,
    PeriodValue,
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
        span = params.choice("period", ("", *SPANS), "")
        unit = params.maybe_of("unit", c.profile.unit)
        at = params.instant("at", ctx.now_ms)
        indicator = c.profile.indicator.get(code)
        if indicator is None:
            raise Failure(404, "no_such_indicator", f"there is no indicator {code[:60]!r}")
        detail = indicators.detail(ctx, code)
        assert detail is not None  # noqa: S101 - the catalogue has it
        every = {f.code: f for f in indicators.build(ctx).figures}
        plain, period = self._plain(detail.figure, every), None
        if span or unit is not None:
            wanted: Any = span or "month"
            with c.store.read() as conn:
                asked = self._of_period(ctx, conn, indicator, wanted, at, unit.code if unit else "")
            plain |= asked
            period = _period(stretch(wanted, day_of(at, c.profile.utc_offset_s)))
        return IndicatorWithBreakdown(
            **plain,
            period=period,
            of_unit=unit.code if unit else "",
            units=[UnitValue(u.unit.code, u.value, u.status, u.n) for u in detail.units],
            departments=[DepartmentValue(d.code, d.value, d.part, d.whole) for d in detail.departments],
            periods=[
                PeriodValue(_period(p.stretch), p.value, p.finality, p.part, p.whole) for p in detail.periods
            ],
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
        self, ctx: ViewContext, conn: Read, indicator: Indicator, span: Span, at: int, unit: str
    ) -> dict[str, Any]:
        found = period_figures.of(
            ctx, conn, indicator, stretch(span, day_of(at, ctx.profile.utc_offset_s)), unit
        )
        return {
            "value": found.value,
            "finality": found.finality,
            "parts": _parts(indicator, found, {}),
            "status": self._judged(ctx, indicator, found, unit),
        }

    @staticmethod
    def _judged(ctx: ViewContext, indicator: Indicator, found: PeriodFigure, unit: str) -> str:
        if found.value is None:
            return "nodata"
        if unit and not indicator.each_unit:
            return "unjudged"
        today = day_of(ctx.now_ms, ctx.profile.utc_offset_s)
        return judged(indicator, found.value, year_gone(found.stretch.until(today)))


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
