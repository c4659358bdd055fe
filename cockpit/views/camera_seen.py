"""What the analytics box of a camera makes of its picture, and since when the picture has not changed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cockpit.domain.catalog import Asset, metric_of, series_of
from cockpit.store.handles import Read
from cockpit.store.queries import observations
from cockpit.views.context import ViewContext

BACK_MS = 6 * 3_600_000
"""So far back it is looked for the last change of a picture."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Newest figures; None where one was never sent. `still_since`: first instant (ms) of at least three
    pictures in a row that are the very same, None while the picture changes; `still_longer`: it was the same
    for as long as is looked back."""

    brightness_pct: float | None
    sharpness: float | None
    view_pct: float | None
    clock_seen: bool | None
    still_since: int | None
    still_longer: bool


def seen_of(ctx: ViewContext, conn: Read, asset: Asset, now_ms: int) -> Seen | None:
    """None for a camera without an analytics box, or that has not sent anything of it yet."""
    metrics = ctx.profile.metric
    if "content_hash" not in metrics or not metrics["content_hash"].sent_by(asset):
        return None
    newest = observations.latest(conn, [asset.id])
    by_id = dict(zip(map(metric_of, newest.series.tolist()), newest.value.tolist(), strict=True))
    found = {m.code: by_id[m.id] / m.scale for m in ctx.profile.metrics if m.id in by_id}
    if "content_hash" not in found:
        return None
    clock = found.get("clock_seen")
    since, longer = _still(ctx, conn, asset, now_ms)
    return Seen(
        brightness_pct=found.get("brightness_pct"),
        sharpness=found.get("sharpness"),
        view_pct=found.get("view_pct"),
        clock_seen=None if clock is None else clock >= 0.5,
        still_since=since,
        still_longer=longer,
    )


def _still(ctx: ViewContext, conn: Read, asset: Asset, now_ms: int) -> tuple[int | None, bool]:
    series = series_of(asset.id, ctx.profile.metric["content_hash"].id)
    content = observations.observations(conn, series, now_ms - BACK_MS, now_ms + 1)
    if len(content.value) < 3:
        return None, False
    other = np.flatnonzero(content.value != content.value[-1])
    first = int(other[-1]) + 1 if other.size else 0
    if len(content.value) - first < 3:
        return None, False
    return int(content.time[first]), first == 0
