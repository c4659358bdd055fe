"""A scratch store of a small Quảng Ninh, and rows as the door, the store and the engine write them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from cockpit.domain.catalog import Asset, Source
from cockpit.profiles import Profile, load
from cockpit.store import Batch, Store
from cockpit.store.batch import Rollup
from cockpit.views.context import ViewContext
from tests.waiting import PATIENCE_S

HOUR = 3_600_000
DAY = 24 * HOUR
NOW = 1_795_314_600_000  # 2026-11-22 09:30 in the province, a Sunday
LOCAL_DAY = (NOW + 7 * HOUR) // DAY


class StillClock:
    """All clocks of a cockpit; real time is an hour ahead of domain time."""

    def domain_ms(self) -> int:
        return NOW

    def real_ms(self) -> int:
        return NOW + HOUR

    def monotonic(self) -> float:
        return 0.0


@dataclass
class Province:
    """The store with ways to put things into it. Times in ms."""

    path: Path
    profile: Profile = field(default_factory=lambda: load("quang_ninh", size="district"))

    def __post_init__(self) -> None:
        self.store = Store(self.path / "cockpit.db", self.profile, StillClock(), writable=True)
        self.store.start()

    @property
    def ctx(self) -> ViewContext:
        return ViewContext(self.store, self.profile, NOW, NOW + HOUR)

    def execute(self, sql: str, *rows: tuple[Any, ...]) -> None:
        self.store.write(lambda conn: conn.executemany(sql, rows or [()])).result(PATIENCE_S)

    def kind(self, kind: str) -> list[Asset]:
        return [a for a in self.profile.assets if a.kind == kind]

    def source(self, code: str) -> Source:
        return self.profile.source[code]

    def freshness(self, asset: Asset, state: str, since: int = NOW - HOUR) -> None:
        self.execute("INSERT OR REPLACE INTO asset_now VALUES (?, ?, ?)", (asset.id, state, since))

    def newest(self, asset: Asset, t: int, **values: float) -> None:
        rows = [
            (asset.id * 256 + m.id, t, t, round(value * m.scale))
            for m, value in ((self.profile.metric[code], value) for code, value in values.items())
        ]
        self.execute("INSERT OR REPLACE INTO latest VALUES (?, ?, ?, ?)", *rows)

    def hourly(self, asset: Asset, metric: str, day: int, counts: list[int], value: float = 25.0) -> None:
        """A day of hourly roll-ups through the store's own door: `counts` events an hour, all of `value`."""
        m = self.profile.metric[metric]
        n = np.zeros(24, dtype=np.int64)
        n[: len(counts)] = counts
        v = round(value * m.scale)
        data = np.stack((n, n * v, np.where(n > 0, v, 0), np.where(n > 0, v, 0)))
        batch = Batch()
        name = f"{asset.code}/{metric}/{day}".encode()
        batch.minute.append(day * 1440)
        batch.key.append(int.from_bytes(hashlib.blake2b(name, digest_size=8).digest(), "big", signed=True))
        batch.source.append(self.profile.source[asset.source].id)
        batch.time.append(day * DAY)
        batch.received.append(NOW)
        batch.rollups.append((0, Rollup(asset.id, day, {m.id: data})))
        self.store.append(batch).result(PATIENCE_S)
        self.store.flush()

    def source_now(self, code: str, state: str, last: int = NOW - 10_000) -> None:
        row = (self.source(code).id, state, NOW - HOUR, last, 1, 2, 3, 40)
        self.execute("INSERT OR REPLACE INTO source_now VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)

    def source_hours(self, code: str, hours: Mapping[int, int], *, rejected: int = 0, late: int = 0) -> None:
        """Events per hour, counted back from the present one (0)."""
        rows = [
            (NOW // HOUR - back, self.source(code).id, n, n, 0, rejected, late, NOW)
            for back, n in hours.items()
        ]
        self.execute("INSERT OR REPLACE INTO source_hour VALUES (?, ?, ?, ?, ?, ?, ?, ?)", *rows)

    def cell(self, operator: str, h3: str, n: int, bad: int = 0, weak: int = 0, groups: int = 0) -> None:
        row = (operator, h3, n, groups or n, 5, weak, bad, -1050 * n, -1200, 0, 0, NOW - DAY)
        self.execute("INSERT INTO coverage_cell VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)

    def alert(self, subject: str, rule: str, **changes: Any) -> int:
        """An open alert with this rule on this asset, source or indicator; its id."""
        asset = self.profile.asset.get(subject)
        source = asset.source if asset else subject if subject in self.profile.source else ""
        row = {
            "key": f"{rule}|{subject}",
            "rule": rule,
            "rule_version": 1,
            "priority": "high",
            "asset": subject if asset else "",
            "source": source,
            "indicator": subject if subject in self.profile.indicator else "",
            "subject_kind": "asset" if asset else "source" if source else "indicator",
            "subject": subject,
            "unit": asset.unit if asset else "",
            "owner": "x",
            "simulated": 1,
            "first_seen": NOW - 20 * 60_000,
            "opened": NOW - 19 * 60_000,
            "updated": NOW,
            "due": NOW + HOUR,
            "facts": json.dumps({"age_s": 100}),
            **changes,
        }
        names = ", ".join(row)
        marks = ", ".join("?" * len(row))
        sql = f"INSERT INTO alert ({names}) VALUES ({marks}) RETURNING id"

        def insert(conn: Any) -> int:
            return int(conn.execute(sql, tuple(row.values())).fetchone()[0])

        return self.store.write(insert).result(PATIENCE_S)
