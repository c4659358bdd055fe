"""What is reckoned here against what people report of the same period: the two never mean the same number."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from cockpit.domain.catalog import Text
from cockpit.domain.periods import report_days
from cockpit.domain.spans import Stretch, stretch
from cockpit.store.handles import Read
from cockpit.store.queries import reports
from cockpit.views import period_figures
from cockpit.views.context import ViewContext
from cockpit.views.figures import day_of


@dataclass(frozen=True, slots=True)
class Difference:
    """An indicator that was reported for a period, and what it was in that period by the data here."""

    code: str
    short: Text
    unit: Text
    decimals: int
    period: str
    measured: float
    reported: float

    @property
    def differs(self) -> bool:
        """Whether the two are not the same as they are shown."""
        return round(abs(self.reported - self.measured), self.decimals) > 0


def differences(ctx: ViewContext, conn: Read, codes: Collection[str] | None = None) -> tuple[Difference, ...]:
    """Of the province's indicators that are compared (of all, unless told which), those with a report that
    stands, the widest apart first. A period that is not known here as a whole is not compared, unless it
    still runs."""
    today = day_of(ctx.now_ms, ctx.profile.utc_offset_s)
    found = []
    for indicator in ctx.profile.indicators:
        if not indicator.compared or (codes is not None and indicator.code not in codes):
            continue
        own = [ctx.profile.source[s].id for s in indicator.sources if s in ctx.profile.source]
        told = reports.standing(conn, indicator.code, today, but=own)
        about = None if told is None else stretch_of(told.period)
        if told is None or about is None:
            continue
        here = period_figures.of(ctx, conn, indicator, about)
        if here.value is None or (here.finality == "partial" and about.last < today):
            continue
        found.append(
            Difference(
                indicator.code, indicator.short, indicator.unit, indicator.decimals, told.period, here.value,
                told.value,
            )
        )  # fmt: skip
    return tuple(sorted(found, key=lambda d: (-abs(d.reported - d.measured), d.code)))


def stretch_of(label: str) -> Stretch | None:
    """The period of a report; None where it can be of none."""
    try:
        first, _ = report_days(label)
    except ValueError:
        return None
    spans = (stretch(span, first) for span in period_figures.REPORTED)
    return next((one for one in spans if one.label == label), None)
