"""Files as evidence, over HTTP: handed in before the command that names them, given out as attachments."""

from __future__ import annotations

from urllib.parse import quote

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from cockpit.domain.evidence import MAX_BYTES, MEDIA
from cockpit.ingest.evidence import TooMany, Unfit, take
from cockpit.parts import Parts
from cockpit.store import evidence
from cockpit.store.evidence import Handed
from cockpit.store.queries import evidence as queries
from cockpit.web.answers.evidence import EvidenceTaken
from cockpit.web.api_commands import same_origin
from cockpit.web.api_guard import Failure, Guard, answer
from cockpit.web.api_params import BadParameter, Params
from cockpit.web.bodies import Arriving

WHY = {
    "empty": "the body is empty",
    "too_large": f"the file is larger than {MAX_BYTES} bytes",
    "not_a_kind": f"expected a file of one of the kinds {', '.join(MEDIA)}, by its content",
    "other_kind": "the file is of another kind than Content-Type says",
    "damaged": "the file is cut off, or more than one file",
    "script": "the file holds a program or a script",
    "locked": "the file is locked with a password: nobody could look into it",
}
STATUS = {"empty": 400, "too_large": 413}
MAX_ASKED_NAME = 400
SAFE = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "private, no-store",
}
"""A browser keeps such a file apart from the cockpit, whatever is in it."""


class HandingIn:
    """Handlers of files."""

    def __init__(self, cockpit: Parts, guard: Guard) -> None:
        self._cockpit = cockpit
        self._guard = guard
        self._arriving = Arriving(MAX_BYTES, WHY["too_large"])

    async def take(self, request: Request) -> Response:
        """Who hands it in is asked before anything of the body is read."""
        grant = await run_in_threadpool(self._guard.grant, request)
        if grant.person is None and grant.role != "pages":
            reason = f"the token has the role {grant.role}; a person hands in (`cockpit token person`)"
            raise Failure(403, "no_right", reason)
        same_origin(request)
        params = Params(request, ("name", "by", "unit"))
        name, by, unit = (params.text(one) or "" for one in ("name", "by", "unit"))
        if len(name) > MAX_ASKED_NAME:
            raise BadParameter("name", name, f"at most {MAX_ASKED_NAME} signs")
        if grant.role != "pages":
            if by or unit:
                raise Failure(403, "no_right", "a person's token hands in in that person's name alone")
            by, unit = grant.name, grant.unit
        elif not by:
            raise BadParameter("by", by, "the name of who hands it in")
        if not self._cockpit.writable:
            raise Failure(503, "read_only", "this process only shows what is stored", {"Retry-After": "5"})
        body = await self._arriving.body(request)
        declared = request.headers.get("content-type", "")
        try:
            made = await run_in_threadpool(
                take, self._cockpit.store, body, name=name, declared=declared, person=by, unit=unit
            )
        except Unfit as unfit:
            raise Failure(STATUS.get(unfit.code, 415), unfit.code, WHY[unfit.code]) from None
        except TooMany:
            reason = "too many files of this person wait for a command that names them"
            raise Failure(429, "too_many", reason, {"Retry-After": "3600"}) from None
        return answer(_told(made), 201)

    def give(self, request: Request) -> Response:
        """To whoever may read the entry that names it; what nothing names yet to who handed it in alone."""
        name = str(request.path_params["id"])
        Params(request, ())
        with self._cockpit.store.read() as conn:
            rows = queries.handed(conn, name) if evidence.is_id(name) else []
            named = queries.entries(conn, name)
        if rows and not named:
            person = self._guard.person(request)
            rows = [row for row in rows if person and row.person == person]
        data = evidence.read(self._cockpit.store.path, name) if rows else None
        if data is None:
            raise Failure(404, "no_such_evidence", f"there is no file {name[:64]!r}")
        return Response(data, media_type=MEDIA[rows[0].kind], headers={
            **SAFE, "Content-Disposition": f"attachment; filename*=UTF-8''{quote(rows[0].name, safe='')}",
        })  # fmt: skip


def _told(made: Handed) -> EvidenceTaken:
    return msgspec.convert(made._asdict() | {"evidence": made.id}, EvidenceTaken)
