"""Do roll-ups say what the observations say? A spot check over sealed hours, for `cockpit check`."""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

import numpy as np

from cockpit.store import codec
from cockpit.store.batch import Ints
from cockpit.store.blocks import unpack

AT_MOST = 20_000
"""Hours of one asset that are looked at, spread evenly over all."""


class Audit(NamedTuple):
    """How many hours of an asset were compared, and what is wrong with them as sentences."""

    compared: int
    problems: list[str]


def audit(conn: sqlite3.Connection, at_most: int = AT_MOST, *, offset_s: int) -> Audit:
    """Compare n, sum, least and greatest of sealed observations with the roll-ups of their hour.

    A roll-up may stand for more than the observations kept: history comes without raw data.
    """
    # A raw table that is still there holds what is not in a block; an open hour is not rolled up yet.
    rows = conn.execute(
        "SELECT hour, asset FROM block WHERE hour NOT IN (SELECT hour FROM raw_part)"
        " AND hour NOT IN (SELECT hour FROM rollup_open) ORDER BY hour, asset"
    ).fetchall()
    chosen = rows[:: max(1, -(-len(rows) // at_most))]
    problems = []
    for hour, asset in chosen:
        data = conn.execute("SELECT data FROM block WHERE hour = ? AND asset = ?", (hour, asset)).fetchone()
        day, column = divmod(hour + offset_s // 3600, 24)
        known = conn.execute(
            "SELECT data FROM rollup_1h WHERE day = ? AND asset = ?", (day, asset)
        ).fetchone()
        rolled = codec.decode(known[0]) if known else {}
        for metric, (_, value) in unpack(data[0]).items():
            found = rolled[metric][:, column] if metric in rolled else np.zeros(4, np.int64)
            if not _agrees(found, value):
                problems.append(
                    f"asset {asset}, metric {metric}, hour {hour}: {len(value)} observations of sum"
                    f" {int(value.sum())} from {value.min()} to {value.max()}, but the roll-up says"
                    f" n {found[0]}, sum {found[1]}, from {found[2]} to {found[3]}"
                )
    return Audit(len(chosen), problems)


def _agrees(rolled: Ints, value: Ints) -> bool:
    n, total, low, high = (int(x) for x in rolled)
    if n == len(value):
        return (total, low, high) == (int(value.sum()), int(value.min()), int(value.max()))
    return n > len(value) and low <= int(value.min()) and high >= int(value.max())
