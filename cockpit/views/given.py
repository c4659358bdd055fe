"""Tasks that were given outside of plans, by what they are about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cockpit.domain.plans.model import Item, item_of
from cockpit.store.queries import registers
from cockpit.views.context import ViewContext

KEEP_S = 20.0
"""Seconds a computed view is good for: what is late changes by the day."""


def stamp(ctx: ViewContext) -> int:
    """A view is also computed anew when this changes: somebody has taken a step."""
    with ctx.store.read() as conn:
        return registers.last_step(conn)


@dataclass(frozen=True, slots=True)
class GivenView:
    """Open tasks by what they are about (kind and code), what is due first at the top."""

    now_ms: int
    of: Mapping[tuple[str, str], tuple[Item, ...]]


def build(ctx: ViewContext) -> GivenView:
    """All that are open."""
    with ctx.store.read() as conn:
        found = [item_of(entry) for entry in registers.given(conn)]
    about: dict[tuple[str, str], list[Item]] = {}
    for item in sorted(found, key=lambda one: (one.entry.due or 0, one.entry.id)):
        of = item.facts.about
        if of is not None:
            about.setdefault((of.kind, of.code), []).append(item)
    return GivenView(ctx.now_ms, {what: tuple(some) for what, some in about.items()})
