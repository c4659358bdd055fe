"""Requests for an explanation whose end comes near or has passed: the unit is reminded, then its leader
is told, then the leader of the province, each at its very instant and on record."""

from __future__ import annotations

from cockpit.domain import requests as life
from cockpit.domain.registers import REQUEST, Moved
from cockpit.domain.requests import Request, request_of
from cockpit.engine.folds import ENGINE
from cockpit.store import registers
from cockpit.store.handles import Read, Write
from cockpit.store.queries import registers as queries


class Reminders:
    """The requests that wait for an answer. Instants are ms of domain time."""

    def __init__(self, offset_s: int) -> None:
        self._offset_s = offset_s
        self._open: dict[int, Request] = {}
        self._moved: list[Moved] = []

    @property
    def waiting(self) -> bool:
        """Whether something is to be written."""
        return bool(self._moved)

    def reload(self, conn: Read) -> None:
        """Take the register as it stands: people act on it."""
        found = [request_of(entry) for entry in queries.open_entries(conn, REQUEST)]
        self._open = {request.entry.id: request for request in found if request.waiting}
        for moved in self._moved:
            request = self._open.get(moved.entry.id)
            if request is not None and request.entry.version == moved.seen:
                self._open[moved.entry.id] = request_of(moved.entry)

    def look(self, after: int, upto: int) -> set[int]:
        """The instants within (after, upto] at which somebody is to be told."""
        found = (at for r in self._open.values() for at in life.prompts(r, self._offset_s).values())
        return {at for at in found if after < at <= upto}

    def run(self, t: int) -> None:
        """Tell what is to be told by `t`."""
        for number, request in self._open.items():
            while (moved := life.prompted(request, t, ENGINE, self._offset_s)) is not None:
                self._moved.append(moved)
                request = request_of(moved.entry)
            self._open[number] = request

    def save(self, conn: Write) -> None:
        """Write what was told. Who answered meanwhile was quicker: that stays."""
        for moved in self._moved:
            registers.move(conn, moved)

    def saved(self) -> None:
        """What waited is on disk."""
        self._moved = []
