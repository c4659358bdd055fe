"""A day of each camera that a page shows, as one state an hour."""

from __future__ import annotations

import numpy as np

from cockpit.domain.cameras import presence
from cockpit.views.context import ViewContext
from cockpit.views.hours import HOUR_MS, hours_of

HOURS = 24
KEEP_S = 30.0
"""Seconds computed strips are good for: they rest on hours."""

WHOLE, PARTIAL = 0.9, 0.5
"""From these shares of the expected events on an hour is whole, or partial; below it is lost."""


def build(ctx: ViewContext, asset_ids: tuple[int, ...]) -> tuple[tuple[str, ...], ...]:
    """Per asset 24 states, oldest first: good, warn, bad, or "" where nothing is known."""
    return tuple(_strip(ctx, asset_id) for asset_id in asset_ids)


def _strip(ctx: ViewContext, asset_id: int) -> tuple[str, ...]:
    asset = ctx.profile.asset_by_id[asset_id]
    now = ctx.now_of(asset.source)
    hours = hours_of(ctx, asset_id, now, HOURS)
    if asset.rhythm_s <= 0 or not hours.metrics:
        return ("",) * HOURS
    shares = presence(hours.counts, asset.rhythm_s, now % HOUR_MS / 1000)
    states = np.where(shares >= WHOLE, "good", np.where(shares >= PARTIAL, "warn", "bad"))
    return tuple(np.where(np.isnan(shares), "", states).tolist())
