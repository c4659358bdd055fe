"""Requests for an explanation: all there are, how fast units answer, and one with its life."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cockpit.domain import requests as life
from cockpit.domain.registers import Step
from cockpit.domain.requests import Request, Times
from cockpit.store.queries import registers
from cockpit.store.queries import requests as queries
from cockpit.views.context import ViewContext

KEEP_S = 20.0
"""Seconds a computed view is good for: what is late changes by the minute."""

MOST = 2000
"""The newest so many requests are shown and counted."""


def stamp(ctx: ViewContext) -> int:
    """A view is also computed anew when this changes: somebody has taken a step."""
    with ctx.store.read() as conn:
        return registers.last_step(conn)


@dataclass(frozen=True, slots=True)
class RequestsView:
    """`requests`: what is overdue first, then by when an answer is due, then what waits to be judged, then
    what is over, newest first. `of`: those not over by what they are about (kind and code)."""

    now_ms: int
    requests: tuple[Request, ...]
    of: Mapping[tuple[str, str], tuple[Request, ...]]
    times: tuple[Times, ...]

    @property
    def waiting(self) -> int:
        """How many wait for an answer."""
        return sum(r.waiting for r in self.requests)

    @property
    def late(self) -> int:
        """How many of these are overdue."""
        return sum(r.late(self.now_ms) for r in self.requests)

    @property
    def answered(self) -> int:
        """How many answers wait to be judged."""
        return sum(r.state == "answered" for r in self.requests)


@dataclass(frozen=True, slots=True)
class RequestView:
    """One request with the steps of its life, oldest first."""

    request: Request
    history: tuple[Step, ...]
    now_ms: int


def build(ctx: ViewContext, unit: str = "") -> RequestsView:
    """All requests, or those of a unit."""
    with ctx.store.read() as conn:
        found = queries.every(conn, MOST, unit)
    about: dict[tuple[str, str], list[Request]] = {}
    for request in found:
        if request.entry.closed is None:
            about.setdefault((request.facts.about.kind, request.facts.about.code), []).append(request)
    return RequestsView(
        now_ms=ctx.now_ms,
        requests=tuple(sorted(found, key=_place)),
        of={what: tuple(some) for what, some in about.items()},
        times=tuple(life.times(found, ctx.now_ms)),
    )


def _place(request: Request) -> tuple[int, int]:
    entry = request.entry
    if request.waiting:
        return 0, request.facts.due
    return (1, request.facts.due) if entry.closed is None else (2, -entry.closed)


def one(ctx: ViewContext, number: int) -> RequestView | None:
    """A request by its number, None where there is none."""
    with ctx.store.read() as conn:
        found = queries.one(conn, number)
        if found is None:
            return None
        steps = registers.history(conn, found.entry.kind, number)
    return RequestView(found, tuple(steps), ctx.now_ms)
