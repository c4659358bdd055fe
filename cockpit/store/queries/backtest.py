"""The stored past of many devices, feeds and figures at once, as a rule is held against it."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np

from cockpit.domain.numbers import AssetId, MetricId, SourceId
from cockpit.store import codec
from cockpit.store.alerts import LIVED
from cockpit.store.batch import Ints
from cockpit.store.handles import Read
from cockpit.store.observations import raw_table


class AssetHours(NamedTuple):
    """By the hour, a row a device: `heard` (assets, hours): its events, at least as many as of any metric;
    `observations` (hours,): of all metrics and devices; `metrics`: (assets, 4, hours) of n, sum, min, max."""

    heard: Ints
    observations: Ints
    metrics: dict[MetricId, Ints]


def asset_hours(
    conn: Read,
    assets: Sequence[AssetId],
    metrics: Collection[MetricId],
    span: tuple[int, int],
    *,
    offset_s: int,
) -> AssetHours:
    """The roll-ups of hours that have ended, for the UTC hours `span`, the end excluded."""
    first, end = span
    offset, hours = offset_s // 3600, end - first
    row_of = {asset: row for row, asset in enumerate(assets)}
    found = AssetHours(
        np.zeros((len(assets), hours), np.int64),
        np.zeros(hours, np.int64),
        {metric: np.zeros((len(assets), 4, hours), np.int64) for metric in metrics},
    )
    days = list(range((first + offset) // 24, (end - 1 + offset) // 24 + 1))
    rows = conn.execute(
        "SELECT day, asset, data FROM rollup_1h WHERE day IN (SELECT value FROM json_each(?))"
        " AND asset IN (SELECT value FROM json_each(?))",
        (json.dumps(days), json.dumps(list(assets))),
    )
    for day, asset, data in rows:
        begin = day * 24 - offset
        lo, hi = max(first, begin), min(end, begin + 24)
        here, there, row = slice(lo - first, hi - first), slice(lo - begin, hi - begin), row_of[asset]
        for metric, sums in codec.decode(data).items():
            n = sums[0, there]
            np.maximum(found.heard[row, here], n, out=found.heard[row, here])
            found.observations[here] += n
            if metric in found.metrics:
                found.metrics[metric][row, :, here] = sums[:, there]
    return found


def kept_one_by_one(conn: Read, assets: Sequence[AssetId], hour0: int, hour1: int) -> Ints:
    """How many observations of some devices are kept singly, for each of the UTC hours hour0 … hour1, the
    end excluded."""
    found, wanted = np.zeros(hour1 - hour0, np.int64), json.dumps(list(assets))
    for hour, n in conn.execute(
        "SELECT hour, sum(n) FROM block WHERE hour >= ? AND hour < ?"
        " AND asset IN (SELECT value FROM json_each(?)) GROUP BY hour",
        (hour0, hour1, wanted),
    ):
        found[hour - hour0] += n
    parts = conn.execute("SELECT hour, sealed FROM raw_part WHERE hour >= ? AND hour < ?", (hour0, hour1))
    for hour, sealed in parts.fetchall():
        (n,) = conn.execute(
            f"SELECT count(*) FROM {raw_table(hour)} WHERE rowid > ?"
            " AND (series >> 8) IN (SELECT value FROM json_each(?))",
            (sealed, wanted),
        ).fetchone()
        found[hour - hour0] += n
    return found


class FeedHour(NamedTuple):
    """What a feed brought in a UTC hour: `last` is when the last of it was received (ms)."""

    hour: int
    events: int
    late: int
    again: int
    refused: int
    last: int


def feed_hours(conn: Read, hour0: int, hour1: int) -> dict[SourceId, list[FeedHour]]:
    """By source, in order of the UTC hours hour0 … hour1, the end excluded; hours of nothing are left out."""
    found: dict[SourceId, list[FeedHour]] = {}
    rows = conn.execute(
        "SELECT source, hour, events, late, duplicates, rejected, last FROM source_hour"
        " WHERE hour >= ? AND hour < ? ORDER BY hour",
        (hour0, hour1),
    )
    for source, *rest in rows:
        found.setdefault(source, []).append(FeedHour(*rest))
    return found


def figures_of_days(conn: Read, code: str, day0: int, day1: int) -> list[tuple[int, float, int]]:
    """Provincial day, figure of the province and what it rests on, for the days day0 … day1, both
    included."""
    rows = conn.execute(
        "SELECT day, value, n FROM indicator_day WHERE day BETWEEN ? AND ? AND indicator = ? ORDER BY day",
        (day0, day1, code),
    )
    return [(int(day), float(value), int(n)) for day, value, n in rows]


class Did(NamedTuple):
    """An alert as it was: `closed` is None where it is open."""

    key: str
    opened: int
    closed: int | None


def alerts_of(conn: Read, rule: str, since: int) -> list[Did]:
    """All alerts that a rule raised and that were open at `since` or opened later, oldest first."""
    rows = conn.execute(
        f"SELECT key, opened, closed FROM alert WHERE {LIVED} AND rule = ?"
        " AND (closed IS NULL OR closed >= ?) ORDER BY opened, id",
        (rule, since),
    )
    return [Did(*row) for row in rows]
