"""Open coverage gaps over HTTP, with whom each concerns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import UNSET
from starlette.requests import Request

from cockpit.domain.coverage.gap_life import GapLife
from cockpit.domain.instants import iso, iso_or_none
from cockpit.domain.registers import GAP, code_of
from cockpit.parts import Parts
from cockpit.store.queries import registers as rows
from cockpit.views import gaps
from cockpit.views.gaps import Gap
from cockpit.web.answers.registers import CountedGap, GapAnswer, GapsAnswer, NearAnswer, PeopleAnswer
from cockpit.web.api_params import Params


class OfGaps:
    """Handlers that read. Each gets a request and returns what becomes JSON."""

    def __init__(self, cockpit: Parts) -> None:
        self._cockpit = cockpit

    def gaps(self, request: Request) -> GapsAnswer:
        """Open coverage gaps: what the page lists and the indicator counts."""
        Params(request, ())
        with self._cockpit.store.read() as conn:
            found, counted = rows.open_entries(conn, GAP), rows.counted(conn, GAP)
            known = gaps.known(conn, self._cockpit.profile, found)
        listed = UNSET if counted is None else [CountedGap(**_measured(c)) for c in counted]
        return GapsAnswer([self._gap(gap) for gap in known], listed)

    def _gap(self, gap: Gap) -> GapAnswer:
        entry, life = gap.entry, gap.life
        return GapAnswer(
            code=code_of(GAP, entry.id),
            id=entry.id,
            state=entry.state,
            unit=entry.unit,
            owner=entry.owner,
            opened=iso(entry.opened),
            due=iso_or_none(entry.due),
            version=entry.version,
            simulated=self._cockpit.demo is not None,
            reopened=life.reopened,
            money=life.money,
            kind=gap.kind,
            operators=list(gap.bad_operators),
            people=PeopleAnswer(*gap.people),
            hamlets=[
                NearAnswer(n.hamlet.code, n.hamlet.name, n.metres, n.inside, n.hamlet.made_up)
                for n in gap.hamlets
            ],
            **gap.ground._asdict(),
            **_measured(entry.facts),
        )


def _measured(found: Mapping[str, Any]) -> dict[str, Any]:
    """What is kept of a gap's ground, as it is told."""
    facts = {k: v for k, v in found.items() if k not in GapLife.__struct_fields__}
    total, last = facts.pop("rsrp_sum"), facts.pop("last")
    mean = round(total / facts["samples"] / 10, 1) if facts["samples"] else None
    return facts | {"mean_dbm": mean, "last": iso(last)}
