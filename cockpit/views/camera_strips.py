"""A day of each camera that a page shows, as one state an hour."""

from __future__ import annotations

import numpy as np

from cockpit.store.queries import loading
from cockpit.views.context import ViewContext
from cockpit.views.hours import HOUR_MS, WHOLE, hours_of

HOURS = 24
KEEP_S = 30.0
"""Seconds computed strips are good for: they rest on hours."""

PARTIAL = 0.5
"""From this share of the expected events on an hour is partial; below it is lost."""


def build(ctx: ViewContext, asset_ids: tuple[int, ...]) -> tuple[tuple[str, ...], ...]:
    """Per asset 24 states, oldest first: good, warn, bad, "" where nothing is known, and wait where the
    past is still being brought in."""
    with ctx.store.read() as conn:
        filling = loading.start(conn)
    return tuple(_strip(ctx, asset_id, filling) for asset_id in asset_ids)


def _strip(ctx: ViewContext, asset_id: int, filling: int | None) -> tuple[str, ...]:
    asset = ctx.profile.asset_by_id[asset_id]
    now = ctx.now_of(asset.source)
    hours = hours_of(ctx, asset_id, now, HOURS)
    if asset.rhythm_s <= 0 or not hours.metrics:
        return ("",) * HOURS
    shares = hours.presence(asset.rhythm_s, now % HOUR_MS / 1000)
    states = np.where(shares >= WHOLE, "good", np.where(shares >= PARTIAL, "warn", "bad"))
    states = np.where(np.isnan(shares), "", states)
    if filling is not None:
        states = np.where((hours.starts >= filling // HOUR_MS * HOUR_MS) & (states != "good"), "wait", states)
    return tuple(states.tolist())
