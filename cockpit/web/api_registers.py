"""What is kept in registers, over HTTP: entries with a life of their own, and the steps they took."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec
from starlette.requests import Request

from cockpit.domain import registers
from cockpit.domain.instants import iso
from cockpit.domain.registers import GAP, Entry, Step
from cockpit.parts import Parts
from cockpit.store.queries import registers as rows
from cockpit.web.api_guard import Failure
from cockpit.web.api_params import Params
from cockpit.web.api_read import MAX_LIMIT

MOST = 2**63 - 1
"""The largest number that a database knows."""

Instant = Annotated[str, msgspec.Meta(extra_json_schema={"format": "date-time"})]


class EntryAnswer(msgspec.Struct):
    """An entry. `facts` is what is measured of it, by name; `due` is when its next step is."""

    code: str
    id: int
    kind: str
    state: str
    unit: str
    owner: str
    opened: Instant
    due: Instant | None
    closed: Instant | None
    version: int
    simulated: bool
    facts: Mapping[str, Any]


class StepAnswer(msgspec.Struct):
    """A step of an entry's life, with what shows it."""

    time: Instant
    actor: str
    what: str
    before: str
    after: str
    evidence: Mapping[str, Any]


class EntryWithHistory(EntryAnswer):
    """An entry with the steps of its life, oldest first."""

    history: list[StepAnswer]


class GapAnswer(msgspec.Struct):
    """An open coverage gap, measured as when the engine looked last. `share` of the samples lie under the
    threshold, `low` and `high` are its Wilson 95 % bounds; `last` is when the newest sample was taken."""

    code: str
    id: int
    state: str
    unit: str
    owner: str
    opened: Instant
    due: Instant | None
    version: int
    simulated: bool
    cells: list[str]
    lat: float
    lon: float
    samples: int
    groups: int
    devices: int
    share: float
    low: float
    high: float
    mean_dbm: float | None
    last: Instant


class GapsAnswer(msgspec.Struct):
    """All open gaps, in order of their numbers."""

    gaps: list[GapAnswer]


class Registers:
    """Handlers that read. Each gets a request and returns what becomes JSON."""

    def __init__(self, cockpit: Parts) -> None:
        self._cockpit = cockpit

    def listed(self, request: Request) -> dict[str, Any]:
        """The newest entries of a register in order of their numbers, closed ones too."""
        kind = self._kind(request)
        params = Params(request, ("state", "unit", "limit"))
        unit = params.maybe_of("unit", self._cockpit.profile.unit)
        state = params.choice("state", registers.STATES[kind], "")
        limit = params.whole("limit", 1, MAX_LIMIT, 1000)
        with self._cockpit.store.read() as conn:
            found = rows.entries(conn, kind, state, unit.code if unit else "", limit)
        return {kind: [EntryAnswer(**self._plain(e)) for e in found]}

    def entry(self, request: Request) -> EntryWithHistory:
        """One entry, with the steps of its life."""
        kind, number = self._kind(request), int(request.path_params["id"])
        Params(request, ())
        if number > MOST:
            raise _no_such_entry(kind, number)
        with self._cockpit.store.read() as conn:
            found = rows.entry(conn, kind, number)
            steps = rows.history(conn, kind, number)
        if found is None:
            raise _no_such_entry(kind, number)
        return EntryWithHistory(**self._plain(found), history=[_step(step) for step in steps])

    def gaps(self, request: Request) -> GapsAnswer:
        """Open coverage gaps: what the page lists and the indicator counts."""
        Params(request, ())
        with self._cockpit.store.read() as conn:
            return GapsAnswer([self._gap(e) for e in rows.open_entries(conn, GAP)])

    def _plain(self, entry: Entry) -> dict[str, Any]:
        return {
            "code": registers.code_of(entry.kind, entry.id),
            **{name: getattr(entry, name) for name in ("id", "kind", "state", "unit", "owner", "version")},
            "opened": iso(entry.opened),
            "due": _iso(entry.due),
            "closed": _iso(entry.closed),
            "simulated": self._cockpit.demo is not None,
            "facts": entry.facts,
        }

    def _gap(self, entry: Entry) -> GapAnswer:
        plain, facts = self._plain(entry), dict(entry.facts)
        total, last = facts.pop("rsrp_sum"), facts.pop("last")
        mean = round(total / facts["samples"] / 10, 1) if facts["samples"] else None
        for name in ("kind", "closed", "facts"):
            del plain[name]
        return GapAnswer(**plain, **facts, mean_dbm=mean, last=iso(last))

    def _kind(self, request: Request) -> str:
        kind = str(request.path_params["kind"])
        if kind not in registers.KINDS:
            expected = ", ".join(registers.KINDS)
            raise Failure(404, "no_such_register", f"there is no register {kind[:60]!r}: expected {expected}")
        return kind


def _no_such_entry(kind: str, number: int) -> Failure:
    return Failure(404, "no_such_entry", f"the register {kind} has no entry {number}")


def _step(step: Step) -> StepAnswer:
    return StepAnswer(iso(step.t), step.actor, step.what, step.before, step.after, step.evidence)


def _iso(t: int | None) -> str | None:
    return None if t is None else iso(t)
