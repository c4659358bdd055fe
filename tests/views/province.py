"""A scratch store of a small Quảng Ninh, and rows as the door, the store and the engine write them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from cockpit.domain.catalog import Asset, Source, series_of
from cockpit.domain.freshness import State
from cockpit.domain.numbers import AlertId
from cockpit.profiles import Profile, load
from cockpit.store import Store, alerting, meta
from cockpit.store.alerting import Changes
from cockpit.store.batch import Draft, Rollup
from cockpit.store.indicators import save_now
from cockpit.store.queries.observations import SourceHour
from cockpit.store.rows import IndicatorNow, SourceNow
from cockpit.views.context import ViewContext
from tests.clocks import HandClock
from tests.store import inside
from tests.waiting import PATIENCE_S

HOUR = 3_600_000
DAY = 24 * HOUR
NOW = 1_795_314_600_000  # 2026-11-22 09:30 in the province, a Sunday
LOCAL_DAY = (NOW + 7 * HOUR) // DAY


@dataclass
class Province:
    """The store with ways to put things into it. Times in ms; real time is an hour ahead of domain time."""

    path: Path
    profile: Profile = field(default_factory=lambda: load("quang_ninh", size="district"))

    def __post_init__(self) -> None:
        self.clock = HandClock(NOW, real_ms=NOW + HOUR)
        self.store = Store(self.path / "cockpit.db", self.profile, self.clock, writable=True)
        self.store.start()

    @property
    def ctx(self) -> ViewContext:
        return ViewContext(self.store, self.profile, NOW, NOW + HOUR)

    def fact(self, key: str, value: object) -> None:
        """A fact about the store itself."""
        inside.done(self.store, lambda conn: meta.put(conn, key, str(value)))

    def kind(self, kind: str) -> list[Asset]:
        return [a for a in self.profile.assets if a.kind == kind]

    def source(self, code: str) -> Source:
        return self.profile.source[code]

    def freshness(self, asset: Asset, state: str, since: int = NOW - HOUR) -> None:
        changes = Changes(assets={asset.id: (state, since)})
        inside.done(self.store, lambda conn: alerting.save(conn, changes))

    def newest(self, asset: Asset, t: int, **values: float) -> None:
        rows = [
            (series_of(asset.id, m.id), t, t, round(value * m.scale))
            for m, value in ((self.profile.metric[code], value) for code, value in values.items())
        ]
        inside.put_latest(self.store, rows)

    def hourly(self, asset: Asset, metric: str, day: int, counts: list[int], value: float = 25.0) -> None:
        """A day of hourly roll-ups through the store's own door: `counts` events an hour, all of `value`."""
        m = self.profile.metric[metric]
        n = np.zeros(24, dtype=np.int64)
        n[: len(counts)] = counts
        v = round(value * m.scale)
        data = np.stack((n, n * v, np.where(n > 0, v, 0), np.where(n > 0, v, 0)))
        draft = Draft()
        name = f"{asset.code}/{metric}/{day}".encode()
        key = int.from_bytes(hashlib.blake2b(name, digest_size=8).digest(), "big", signed=True)
        draft.event(key, self.profile.source[asset.source].id, day * DAY, NOW)
        batch = draft.batch()
        batch.rollups.append((0, Rollup(asset.id, day, {m.id: data})))
        self.store.append(batch).result(PATIENCE_S)
        self.store.flush()

    def source_now(self, code: str, state: State, last: int = NOW - 10_000) -> None:
        number = self.source(code).id
        changes = Changes(sources={number: SourceNow(number, state, NOW - HOUR, last, 1, 2, 3, 40)})
        inside.done(self.store, lambda conn: alerting.save(conn, changes))

    def source_hours(self, code: str, hours: Mapping[int, int], *, rejected: int = 0, late: int = 0) -> None:
        """Events per hour, counted back from the present one (0)."""
        rows = [
            SourceHour(NOW // HOUR - back, self.source(code).id, n, n, 0, rejected, late, NOW)
            for back, n in hours.items()
        ]
        inside.put_source_hours(self.store, rows)

    def cell(self, operator: str, h3: str, n: int, bad: int = 0, weak: int = 0, groups: int = 0) -> None:
        inside.put_cell(self.store, operator, h3, n, last=NOW - DAY, bad=bad, weak=weak, groups=groups)

    def figure(self, code: str, status: str, value: float, n: int, unit: str = "", asof: int = NOW) -> None:
        """What an indicator is now, of the province or of a unit."""
        row = IndicatorNow(code, unit, value, asof, n, status, "{}", NOW)
        inside.done(self.store, lambda conn: save_now(conn, [row]))

    def alert(self, subject: str, rule: str, **changes: Any) -> AlertId:
        """An open alert with this rule on this asset, source or indicator; its id."""
        asset = self.profile.asset.get(subject)
        source = asset.source if asset else subject if subject in self.profile.source else ""
        row = {
            "key": f"{rule}|{subject}",
            "rule": rule,
            "priority": "high",
            "asset": subject if asset else "",
            "source": source,
            "indicator": subject if subject in self.profile.indicator else "",
            "subject_kind": "asset" if asset else "source" if source else "indicator",
            "subject": subject,
            "unit": asset.unit if asset else "",
            "first_seen": NOW - 20 * 60_000,
            "opened": NOW - 19 * 60_000,
            "updated": NOW,
            "due": NOW + HOUR,
            "facts": json.dumps({"age_s": 100}),
            **changes,
        }
        return inside.put_alert(self.store, **row)
