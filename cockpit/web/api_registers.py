"""What is kept in registers, over HTTP: entries with a life of their own, and the steps they took."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request

from cockpit.domain import registers
from cockpit.domain.instants import iso, iso_or_none
from cockpit.domain.registers import HANDOVER, MUTE, Entry, Step
from cockpit.parts import Parts
from cockpit.store.queries import registers as rows
from cockpit.web.answers.registers import (
    EntriesAnswer,
    EntryAnswer,
    EntryWithHistory,
    StepAnswer,
)
from cockpit.web.api_guard import Failure
from cockpit.web.api_params import MAX_LIMIT, Params

MOST = 2**63 - 1
"""The largest number that a database knows."""


class Registers:
    """Handlers that read. Each gets a request and returns what becomes JSON."""

    def __init__(self, cockpit: Parts) -> None:
        self._cockpit = cockpit

    def listed(self, request: Request) -> EntriesAnswer:
        """The newest entries of a register in order of their numbers, closed ones too."""
        kind = self._kind(request)
        params = Params(request, ("state", "unit", "limit"))
        profile = self._cockpit.profile
        unit = params.maybe_of("unit", {code: code for code in (*profile.unit, *profile.bodies)})
        state = params.choice("state", registers.STATES[kind], "")
        limit = params.whole("limit", 1, MAX_LIMIT, 1000)
        with self._cockpit.store.read() as conn:
            found = rows.entries(conn, kind, state, unit or "", limit)
        return {kind: [EntryAnswer(**self.plain(e)) for e in found]}

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
        return EntryWithHistory(**self.plain(found), history=[_step(kind, step) for step in steps])

    def plain(self, entry: Entry) -> dict[str, Any]:
        """An entry as it is told."""
        return {
            "code": registers.code_of(entry.kind, entry.id),
            **{name: getattr(entry, name) for name in ("id", "kind", "state", "unit", "owner", "version")},
            "opened": iso(entry.opened),
            "due": iso_or_none(entry.due),
            "closed": iso_or_none(entry.closed),
            "simulated": self._cockpit.demo is not None,
            "facts": _told(entry.kind, entry.facts),
        }

    def _kind(self, request: Request) -> str:
        kind = str(request.path_params["kind"])
        if kind not in registers.KINDS:
            expected = ", ".join(registers.KINDS)
            raise Failure(404, "no_such_register", f"there is no register {kind[:60]!r}: expected {expected}")
        return kind


def _no_such_entry(kind: str, number: int) -> Failure:
    return Failure(404, "no_such_entry", f"the register {kind} has no entry {number}")


def _step(kind: str, step: Step) -> StepAnswer:
    shown = _told(kind, step.evidence)
    return StepAnswer(iso(step.t), step.actor, step.what, step.before, step.after, shown)


def _told(kind: str, found: Mapping[str, Any]) -> Mapping[str, Any]:
    """What is kept of an entry, as it is told: of a mute and a handover with its instants in words."""
    if kind == HANDOVER:
        return {name: _sheet(v) if name == "sheet" else v for name, v in found.items()}
    if kind != MUTE:
        return found
    return {name: iso(v) if name in ("since", "until", "critical_until") else v for name, v in found.items()}


def _sheet(found: Mapping[str, Any]) -> Mapping[str, Any]:
    def ends(rows: list[dict[str, Any]]) -> list[Mapping[str, Any]]:
        return [_end(row) for row in rows]

    instants = {name: iso(found[name]) for name in ("since", "until")}
    lists = {n: ends(found[n]) for n in ("requests", "gaps", "tasks", "mutes") if n in found}
    return {**found, **instants, **lists}


def _end(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """An entry of a list, with the instants of a mute in words."""
    more = {"facts": _told(MUTE, row["facts"])} if "facts" in row else {}
    return {**row, "at": iso_or_none(row["at"]), **more}
