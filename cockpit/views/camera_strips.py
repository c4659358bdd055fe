"""A day of each camera that a page shows, as one state an hour."""

from __future__ import annotations

import numpy as np

from cockpit.domain.numbers import AssetId
from cockpit.domain.periods import HOUR_MS
from cockpit.store.queries import cameras as q
from cockpit.store.queries import loading
from cockpit.views.context import ViewContext
from cockpit.views.hours import WHOLE, hours_of

HOURS = 24
KEEP_S = 30.0
"""Seconds computed strips are good for: they rest on hours."""

PARTIAL = 0.5
"""From this share of the expected events on an hour is partial; below it is lost."""


def build(ctx: ViewContext, asset_ids: tuple[AssetId, ...]) -> tuple[tuple[str, ...], ...]:
    """Per asset 24 states, oldest first: good, warn, bad, "" where nothing is known, and wait where the
    past is still being brought in. An outage that lasts is bad up to now, however young or old it is."""
    if not asset_ids:
        return ()
    with ctx.store.read() as conn:
        filling = loading.start(conn)
        states = q.states(conn, min(asset_ids), max(asset_ids))
    lost = {asset: since for asset, (state, since) in states.items() if state == "silent"}
    return tuple(_strip(ctx, asset_id, filling, lost.get(asset_id)) for asset_id in asset_ids)


def _strip(ctx: ViewContext, asset_id: AssetId, filling: int | None, lost: int | None) -> tuple[str, ...]:
    """`lost`: since when it is silent now (ms), None where it is not."""
    asset = ctx.profile.asset_by_id[asset_id]
    now = ctx.now_of(asset.source)
    hours = hours_of(ctx, asset_id, now, HOURS)
    if asset.rhythm_s <= 0 or (not hours.metrics and lost is None):
        return ("",) * HOURS
    shares = hours.presence(asset.rhythm_s, now % HOUR_MS / 1000)
    states = np.where(shares >= WHOLE, "good", np.where(shares >= PARTIAL, "warn", "bad"))
    states = np.where(np.isnan(shares), "", states)
    if lost is not None:
        # The hour that runs may hold more events than it lacks, and counts may lag: by its state it is lost.
        states = np.where(hours.starts > lost, "bad", states)
        states[-1] = "bad"
    if filling is not None:
        states = np.where((hours.starts >= filling // HOUR_MS * HOUR_MS) & (states != "good"), "wait", states)
    return tuple(states.tolist())
