"""One unit or department over HTTP: its figures, places, counts, and what is open there."""

from __future__ import annotations

from starlette.requests import Request

from cockpit.domain.instants import iso, iso_or_none
from cockpit.parts import Parts
from cockpit.views import unit_page
from cockpit.views.context import ViewContext
from cockpit.views.home import Need
from cockpit.views.unit_page import OfUnit
from cockpit.web.answers.registers import EntryAnswer
from cockpit.web.answers.units import OpenAlert, UnitAnswer, UnitCounts, UnitFigure, UnitRank
from cockpit.web.api_guard import Failure
from cockpit.web.api_params import Params
from cockpit.web.api_registers import Registers


class Units:
    """Handlers that read."""

    def __init__(self, cockpit: Parts, kept: Registers) -> None:
        self._cockpit = cockpit
        self._kept = kept

    def one(self, request: Request) -> UnitAnswer:
        """The unit or department of a code."""
        code = str(request.path_params["code"])
        Params(request, ())
        c = self._cockpit
        ctx = ViewContext(c.store, c.profile, c.clock.domain_ms(), c.clock.real_ms(), c.demo is not None)
        view = unit_page.build(ctx, code)
        if view is None:
            raise Failure(404, "no_such_unit", f"there is no unit and no department {code[:60]!r}")
        return UnitAnswer(
            code=code,
            name=view.name,
            kind=view.group,
            population=view.unit.population if view.unit else None,
            asof=iso(view.now_ms),
            counts=UnitCounts(*view.counts),
            figures=[_figure(f, simulated=ctx.simulated) for f in view.figures],
            ranks=[UnitRank(f.indicator.code, *f.row.place) for f in view.figures if f.row.place],
            open=[_open(need) for need in view.needs],
            entries=[EntryAnswer(**self._kept.plain(e)) for e in (*view.tasks, *view.gaps, *view.asked)],
        )


def _figure(found: OfUnit, *, simulated: bool) -> UnitFigure:
    row = found.row
    low, high = row.bounds or (None, None)
    return UnitFigure(
        found.indicator.code, row.value, row.status, row.part, row.whole, low, high,
        row.move.by if row.move else None, row.per, found.aim.target if found.aim else None,
        iso_or_none(found.asof_ms), found.source_kind, simulated,
    )  # fmt: skip


def _open(need: Need) -> OpenAlert:
    a = need.alert
    return OpenAlert(
        a.id,
        a.rule,
        a.rule_name,
        a.subject,
        a.priority,
        iso(a.since),
        iso(a.due),
        a.owner,
        a.ack_by is not None,
        bool(a.simulated),
    )
