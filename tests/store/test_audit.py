"""Roll-ups are compared with the sealed observations they stand for."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import numpy as np

from cockpit.domain.numbers import MetricId
from cockpit.store import Batch, Store, codec
from cockpit.store.audit import audit
from tests.store.world import HOUR, T0, observe


def sealed(store: Store) -> None:
    """An hour of two cameras, sealed: its raw table is gone and its roll-ups are closed."""
    batch = Batch()
    for minute in range(30):
        for asset in (1, 2):
            observe(batch, f"{asset}-{minute}", T0 + minute * 60_000, asset, {1: minute, 2: -minute})
    store.append(batch).result()
    for _ in range(3):
        store.maintain(T0 + 6 * HOUR).result()


def test_sealed_hours_agree_with_their_rollups(store: Store) -> None:
    sealed(store)
    with store.read() as conn:
        assert audit(conn, offset_s=25_200) == (2, [])
        assert audit(conn, at_most=1, offset_s=25_200).compared == 1


def test_a_rollup_that_says_something_else_is_named(store: Store, path: Path) -> None:
    sealed(store)
    store.close()
    with sqlite3.connect(path) as conn:
        day, data = conn.execute("SELECT day, data FROM rollup_1h WHERE asset = 2").fetchone()
        metrics = codec.decode(data)
        first = metrics[MetricId(1)]
        first[1] += np.where(first[0] > 0, 7, 0)
        numbers = sorted(metrics)
        blob = codec.encode(np.array(numbers), np.stack([metrics[m] for m in numbers]))
        conn.execute("UPDATE rollup_1h SET data = ? WHERE day = ? AND asset = 2", (b"".join(blob), day))
        found = audit(conn, offset_s=25_200)
    conn.close()
    assert found.compared == 2
    assert len(found.problems) == 1
    assert "asset 2, metric 1" in found.problems[0]
