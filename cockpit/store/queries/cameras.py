"""Reads for the camera screen: a range of the assets at a time, as columns."""

from __future__ import annotations

from collections.abc import Sequence

from cockpit.domain.catalog import series_between
from cockpit.domain.numbers import AssetId
from cockpit.store.batch import Ints as Ints  # views name it too
from cockpit.store.handles import Read
from cockpit.store.sql import columns, integers


def states(conn: Read, first: AssetId, last: AssetId) -> dict[AssetId, tuple[str, int]]:
    """Freshness and since when (ms) of the assets whose id lies in first..last, by asset."""
    found = columns(conn, ("asset", "state", "since"), "asset_now WHERE asset BETWEEN ? AND ?", (first, last))
    if found is None:
        return {}
    asset, state, since = (text.split(",") for text in found)
    return dict(zip((AssetId(int(a)) for a in asset), zip(state, map(int, since), strict=True), strict=True))


def latest(conn: Read, first: AssetId, last: AssetId) -> Ints:
    """Newest values of the assets whose id lies in first..last: rows of (series, t ms, value, received
    ms), in order."""
    return integers(
        conn,
        ("series", "t", "v", "received"),
        "(SELECT series, t, v, received FROM latest WHERE series BETWEEN ? AND ? ORDER BY series)",
        series_between(first, last),
    )


def open_alerts(conn: Read, rules: Sequence[str]) -> list[tuple[str, str]]:
    """Asset and rule of every alert of these rules that is open, muted or not."""
    marks = ", ".join("?" * len(rules))
    rows = conn.execute(f"SELECT asset, rule FROM alert WHERE closed IS NULL AND rule IN ({marks})", rules)
    return [(row[0], row[1]) for row in rows]
