"""What the simulator plays: every simulated source with what it sent, and the catalogue it plays on."""

from __future__ import annotations

from dataclasses import dataclass

from cockpit.domain.catalog import Source, Text
from cockpit.domain.numbers import SourceId
from cockpit.domain.periods import HOUR_MS
from cockpit.store.queries import simulator as s
from cockpit.store.queries import sources as source_rows
from cockpit.views.context import ViewContext


@dataclass(frozen=True, slots=True)
class Played:
    """A source: its state, what it sent in the running hour and in the 24 hours until now."""

    source: Source
    state: str
    last: int | None  # ms
    hour_events: int
    day_events: int
    day_observations: int
    day_rejected: int


@dataclass(frozen=True, slots=True)
class SimulatorView:
    """`kinds`: how many assets of each kind the catalogue has."""

    now_ms: int
    sources: tuple[Played, ...]
    kinds: tuple[tuple[Text, int], ...]
    events: int
    observations: int
    rejected: int


def build(ctx: ViewContext) -> SimulatorView:
    hour = ctx.now_ms // HOUR_MS
    with ctx.store.read() as conn:
        running = s.sent(conn, hour, hour)
        day = s.sent(conn, hour - 23, hour)
        states = source_rows.now(conn)
    nothing = s.Sent(SourceId(0), 0, 0, 0)
    played = []
    for source in ctx.profile.inputs:
        if source.time != "domain":
            continue
        now, total = running.get(source.id, nothing), day.get(source.id, nothing)
        state = states.get(source.id)
        played.append(
            Played(
                source=source,
                state=state.state if state else "never",
                last=state.last or None if state else None,
                hour_events=now.events,
                day_events=total.events,
                day_observations=total.observations,
                day_rejected=total.rejected,
            )
        )
    counts: dict[str, int] = {}
    for asset in ctx.profile.assets:
        counts[asset.kind] = counts.get(asset.kind, 0) + 1
    return SimulatorView(
        now_ms=ctx.now_ms,
        sources=tuple(played),
        kinds=tuple((kind.name, counts[kind.code]) for kind in ctx.profile.kinds if counts.get(kind.code)),
        events=sum(p.day_events for p in played),
        observations=sum(p.day_observations for p in played),
        rejected=sum(p.day_rejected for p in played),
    )
