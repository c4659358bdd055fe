"""What people did and what became of it: the log of commands of some days, refused ones too."""

from __future__ import annotations

from dataclasses import dataclass

from cockpit.domain.periods import DAY_MS
from cockpit.store.queries import audit
from cockpit.store.queries.audit import Entry
from cockpit.views.context import ViewContext

MOST = 5_000
"""Entries that a page or a file holds; more are counted as left out."""


@dataclass(frozen=True, slots=True)
class AuditView:
    """The newest first. `cut`: there are older ones in these days that have no room."""

    now_ms: int
    days: int
    entries: tuple[Entry, ...]
    cut: bool

    @property
    def refused(self) -> int:
        """How many were not carried out; what was so already is none of them."""
        return sum(entry.outcome not in ("done", "already") for entry in self.entries)

    @property
    def actors(self) -> int:
        """How many people."""
        return len({entry.actor for entry in self.entries})


def build(ctx: ViewContext, days: int) -> AuditView:
    """What was done in the last `days` times 24 hours of domain time."""
    with ctx.store.read() as conn:
        found = audit.entries(conn, ctx.now_ms - days * DAY_MS, ctx.now_ms + 1, limit=MOST + 1)
    return AuditView(ctx.now_ms, days, tuple(found[:MOST]), len(found) > MOST)
