"""Citizens' feedback over HTTP, in the shape of a register. What people wrote and who they are goes to
persons alone, by their role."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from starlette.requests import Request

from cockpit.domain import feedback
from cockpit.domain.feedback import FEEDBACK, STATES, Sight
from cockpit.domain.instants import iso, iso_or_none
from cockpit.parts import Parts
from cockpit.store.queries import feedback as q
from cockpit.store.queries import records
from cockpit.store.queries.feedback import Step
from cockpit.store.queries.records import RecordRow
from cockpit.web.answers.registers import (
    PetitionAnswer,
    PetitionsAnswer,
    PetitionWithHistory,
    StepAnswer,
)
from cockpit.web.api_guard import Failure, Guard
from cockpit.web.api_params import MAX_LIMIT, Params
from cockpit.web.api_sight import Sights


class Petitions:
    """Handlers that read."""

    def __init__(self, cockpit: Parts, guard: Guard) -> None:
        self._cockpit, self._sights = cockpit, Sights(cockpit, guard)

    def listed(self, request: Request) -> PetitionsAnswer:
        """The petitions that changed last, closed ones too."""
        params = Params(request, ("state", "unit", "limit"))
        profile = self._cockpit.profile
        unit = params.maybe_of("unit", {code: code for code in (*profile.unit, *profile.bodies)})
        state = params.choice("state", STATES, "")
        limit = params.whole("limit", 1, MAX_LIMIT, 1000)
        sees = self._sights.of(request)
        with self._cockpit.store.read() as conn:
            found = records.newest(conn, FEEDBACK, state, unit or "", limit)
            versions = records.versions(conn, FEEDBACK, [row.key for row in found])
        return PetitionsAnswer(
            [
                PetitionAnswer(**self._plain(row, versions[row.key], sees(row.source, row.unit)))
                for row in found
            ]
        )

    def one(self, request: Request) -> PetitionWithHistory:
        """One petition, with the states it came through."""
        key = str(request.path_params["id"])
        Params(request, ())
        sees = self._sights.of(request)
        with self._cockpit.store.read() as conn:
            found = records.record(conn, FEEDBACK, key)
            steps = q.steps(conn, key)
        if found is None:
            raise Failure(404, "no_such_entry", f"the register {FEEDBACK} has no entry {key[:60]!r}")
        source = next((s.code for s in self._cockpit.profile.sources if s.id == found.source), "")
        history = [_step(before, after, source) for before, after in pairwise((None, *steps)) if after]
        return PetitionWithHistory(
            **self._plain(found, len(steps), sees(found.source, found.unit)), history=history
        )

    def _plain(self, row: RecordRow, version: int, seen: Sight) -> dict[str, Any]:
        return {
            "code": row.key,
            "id": row.key,
            "kind": FEEDBACK,
            "state": row.state,
            "unit": row.unit,
            "owner": row.unit,
            "opened": iso(row.opened),
            "due": iso_or_none(row.due),
            "closed": iso_or_none(row.closed),
            "version": version,
            "simulated": self._sights.made_up(row.source),
            "facts": feedback.told(row.fields, seen),
            "withheld": list(feedback.withheld(row.fields, seen)),
        }


def _step(before: Step | None, after: Step, source: str) -> StepAnswer:
    return StepAnswer(iso(after.t), source, after.state, before.state if before else "", after.state, {})
