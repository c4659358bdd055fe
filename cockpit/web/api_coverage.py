"""Coverage over HTTP: cells with their class, and where to build next."""

from __future__ import annotations

from starlette.requests import Request

from cockpit.domain.coverage import share
from cockpit.parts import Parts
from cockpit.views import sites
from cockpit.views.context import ViewContext
from cockpit.views.coverage import ANY, judged
from cockpit.web.answers.coverage import (
    CellAnswer,
    CellsAnswer,
    CertificateAnswer,
    SiteAnswer,
    SuggestAnswer,
)
from cockpit.web.api_params import Params

LEVELS = ("8", "7")
WORD = "any"


class Coverage:
    """Handlers that read."""

    def __init__(self, cockpit: Parts) -> None:
        self._cockpit = cockpit

    def cells(self, request: Request) -> CellsAnswer:
        """Cells of an operator, or of the best one at each place."""
        params = Params(request, ("operator", "level"))
        operator, level = self._operator(params), int(params.choice("level", LEVELS, LEVELS[0]))
        found = []
        for kind, cell in judged(self._context(), operator, level):
            bad, low, high = (round(part, 4) for part in share(cell.bad, cell))
            found.append(CellAnswer(cell.h3, kind, cell.n, cell.groups, cell.devices, bad, low, high))
        return CellsAnswer(operator or WORD, level, found)

    def suggest(self, request: Request) -> SuggestAnswer:
        """Sites to build next, with the certificate of the plan."""
        params = Params(request, ("n", "operator"))
        operator = self._operator(params)
        view = sites.build(self._context(), operator, params.whole("n", 1, sites.MOST, 10))
        told = view.certificate
        return SuggestAnswer(
            operator=operator or WORD,
            without=view.people,
            measured=view.measured,
            total=view.suggested.total,
            certificate=CertificateAnswer(told.optimum, round(told.ratio, 4), told.proved),
            suggest=[
                SiteAnswer(s.cell, round(s.lat, 5), round(s.lon, 5), s.unit, s.gain, s.total)
                for s in view.suggested.sites
            ],
        )

    def _operator(self, params: Params) -> str:
        found = params.choice("operator", (WORD, *self._cockpit.profile.operators), WORD)
        return ANY if found == WORD else found

    def _context(self) -> ViewContext:
        c = self._cockpit
        return ViewContext(c.store, c.profile, c.clock.domain_ms(), c.clock.real_ms(), c.demo is not None)
