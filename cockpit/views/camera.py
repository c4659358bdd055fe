"""One camera in full: what it depends on, its open alerts, its presence over 30 days."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cockpit.domain.cameras import availability, presence
from cockpit.domain.catalog import Asset, Text
from cockpit.domain.periods import HOUR_MS
from cockpit.store.queries import alerts as alert_queries
from cockpit.views.alerts import Alert, named
from cockpit.views.camera_seen import Seen, seen_of
from cockpit.views.context import ViewContext
from cockpit.views.hours import hours_of

DAYS = 30
KEEP_S = 10.0
"""Seconds a computed view is good for: it rests on hours."""


@dataclass(frozen=True, slots=True)
class CameraDetail:
    """`days`: (start of the day in ms, share present or None if not known), oldest first.
    `chain`: what it depends on, nearest first. `seen`: what an analytics box makes of its picture."""

    asset: Asset
    owner: Text | None
    chain: tuple[Asset, ...]
    alerts: tuple[Alert, ...]
    availability: float | None
    days: tuple[tuple[int, float | None], ...]
    seen: Seen | None = None


def build(ctx: ViewContext, code: str) -> CameraDetail | None:
    """The camera with this code, or None."""
    asset = ctx.profile.asset.get(code)
    if asset is None or asset.kind != "camera":
        return None
    now = ctx.now_of(asset.source)
    with ctx.store.read() as conn:
        alerts = named(ctx, conn, alert_queries.open_of(conn, code, 10))
        seen = seen_of(ctx, conn, asset, now)
    hour_of_day = (now // HOUR_MS + ctx.profile.utc_offset_s // 3600) % 24
    hours = hours_of(ctx, asset.id, now, DAYS * 24 - (23 - hour_of_day))
    shares = presence(hours.counts, asset.rhythm_s, now % HOUR_MS / 1000, hours.behind_s)
    came = np.flatnonzero(hours.counts > 0)
    if came.size:
        shares[: came[0]] = np.nan
    else:
        shares[:] = np.nan
    days: list[tuple[int, float | None]] = []
    for start in range(0, len(shares), 24):
        part = shares[start : start + 24]
        known = part[~np.isnan(part)]
        days.append((int(hours.starts[start]), float(known.mean()) if known.size else None))
    source = ctx.profile.source.get(asset.source)
    return CameraDetail(
        asset=asset,
        owner=source.owner if source else None,
        chain=_chain(ctx, asset),
        alerts=alerts,
        availability=availability(shares),
        days=tuple(days),
        seen=seen,
    )


def _chain(ctx: ViewContext, asset: Asset) -> tuple[Asset, ...]:
    found: list[Asset] = []
    at = asset.depends_on
    while at in ctx.profile.asset and len(found) < 8:
        found.append(ctx.profile.asset[at])
        at = ctx.profile.asset[at].depends_on
    return tuple(found)
