"""Channels that tell people outside: what waits, what was sent, what could not be."""

from __future__ import annotations

from dataclasses import dataclass

from cockpit.store import notices
from cockpit.store.notices import ChannelNow, Notice
from cockpit.views.context import ViewContext

SHOWN = 10
"""Dead letters that are shown; more are counted."""

LATE_MS = 300_000
"""What waits for longer, in real time, is told on its own."""


@dataclass(frozen=True, slots=True)
class ChannelsView:
    """All channels by name, and the newest dead letters. `late` counts notices that wait too long."""

    real_ms: int
    channels: tuple[ChannelNow, ...]
    letters: tuple[Notice, ...]
    late: int

    @property
    def dead(self) -> int:
        return sum(one.dead for one in self.channels)


def build(ctx: ViewContext) -> ChannelsView:
    with ctx.store.read() as conn:
        found = tuple(notices.standing(conn))
        letters = tuple(notices.dead(conn, SHOWN)) if any(one.dead for one in found) else ()
        late = notices.waiting_since(conn, ctx.real_ms - LATE_MS) if found else 0
    return ChannelsView(ctx.real_ms, found, letters, late)
