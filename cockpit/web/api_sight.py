"""What who asks may read of citizens, over HTTP: persons by their role; in a demo, where all of it is made
up, whoever has no person's token as well."""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import Request

from cockpit.domain import feedback
from cockpit.domain.feedback import Sight
from cockpit.domain.numbers import SourceId
from cockpit.parts import Parts
from cockpit.web.api_guard import Failure, Guard

Sees = Callable[[SourceId, str], Sight]
"""What may be read of what a source tells of a unit, by the source's id and the unit's code."""


class Sights:
    """Asks the token that came along."""

    def __init__(self, cockpit: Parts, guard: Guard) -> None:
        self._cockpit, self._guard = cockpit, guard

    def of(self, request: Request) -> Sees:
        """Of a demo's own sources everybody reads all."""
        try:
            grant = self._guard.grant(request)
        except Failure:  # reading may be open: who may read at all is asked elsewhere
            grant = None
        role, own = (grant.person, grant.unit) if grant is not None else (None, "")
        if role is not None:
            return lambda source, unit: feedback.sight(role, own, unit)
        return lambda source, unit: "all" if self.made_up(source) else "nothing"

    def made_up(self, source: SourceId) -> bool:
        """Whether it is of a feed that the demo plays itself."""
        known = self._cockpit.profile.source_by_id.get(source)
        return self._cockpit.demo is not None and known is not None and known.time == "domain"
