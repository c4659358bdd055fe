# ruff: noqa: E501 - tables of test data read best as tables
"""A small province for tests of the engine: two communes, a feeder, links, recorders, cameras."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from cockpit.domain.catalog import Asset, FormulaCount, Indicator, Metric, Rule, Source, Text, Unit, series_of
from cockpit.domain.numbers import AlertId, AssetId, MetricId, SourceId
from cockpit.engine import Engine
from cockpit.profiles import Coverage, Profile
from cockpit.store import Store
from cockpit.store.batch import Draft, Record
from cockpit.store.queries import indicators, sources
from cockpit.store.rows import IndicatorNow, SourceNow
from tests.clocks import HandClock
from tests.store import inside

T0 = 1_795_330_800_000  # Sunday 22 November 2026, 14:00 in the province


def text(word: str) -> Text:
    return Text(vi=word, en=word)


def source(id_: int, code: str, rhythm_s: int = 15, **more: Any) -> Source:
    base: dict[str, Any] = {
        "row": "", "name": text(code), "owner": text(f"owner of {code}"), "kind": "machine",
        "time": "domain", "late_s": 2 * rhythm_s, "silent_s": 6 * rhythm_s, "window_s": 86_400,
        "early_s": 300, "per_hour": 3600 / rhythm_s, "calendar": "always", "feeds": (),
    }  # fmt: skip
    return Source(id=SourceId(id_), code=code, rhythm_s=rhythm_s, **(base | more))


def asset(
    id_: int, code: str, kind: str, source: str, rhythm_s: int, depends_on: str = "", unit: str = "u1"
) -> Asset:
    return Asset(AssetId(id_), code, kind, code, unit, source, None, None, rhythm_s, depends_on, {})


def rule(code: str, kind: str, asset_kind: str = "", **more: Any) -> Rule:
    base: dict[str, Any] = {
        "version": 1, "metric": "", "op": "", "raise_at": None, "clear_at": None, "for_s": 60, "keep_s": 30,
        "priority": "medium", "respond_s": 3600, "name": text(code), "owner": text("{source_owner}"),
        "next_step": text("look"), "detects": (),
    }  # fmt: skip
    return Rule(code=code, kind=kind, asset_kind=asset_kind, **(base | more))


def indicator(
    code: str, measure: dict[str, Any], sources: tuple[str, ...] = ("cams",), **more: Any
) -> Indicator:
    base: dict[str, Any] = {
        "number": int(code[1:]), "name": text(code), "short": text(code), "unit": text("%"), "direction": "up",
        "decimals": 1, "target": 95.0, "watch": 85.5, "target_source": text("t"), "formula": text("f"),
        "definition": text("d"), "owner": text("o"), "period": "RT", "headline": 1,
        "each_unit": True,
    }  # fmt: skip
    return Indicator(code=code, measure=measure, sources=sources, **(base | more))


METRICS = (
    Metric(MetricId(1), "fps", text("fps"), "1/s", 10, 0, 120, ("camera",)),
    Metric(MetricId(2), "disk", text("disk"), "%", 10, 0, 100, ("recorder",)),
    Metric(MetricId(3), "up", text("up"), "1", 1, 0, 1, ("link",)),
    Metric(MetricId(4), "cpu", text("cpu"), "%", 10, 0, 100, ("host",)),
    Metric(MetricId(5), "score", text("score"), "1", 100, 0, 100, ("system",)),
)

RULES = (
    rule("camera-silent", "asset_silent", "camera"),
    rule("recorder-silent", "asset_silent", "recorder"),
    rule(
        "link-down",
        "threshold",
        "link",
        metric="up",
        op="<",
        raise_at=0.5,
        clear_at=0.5,
        cause=True,
        priority="high",
    ),
    rule(
        "fps-low",
        "threshold",
        "camera",
        metric="fps",
        op="<",
        raise_at=12.0,
        clear_at=18.0,
        for_s=120,
        keep_s=60,
    ),
    rule("source-silent", "source_silent", for_s=0),
    rule("source-late", "source_late", for_s=0),
    rule("online-low", "indicator", metric="I42", op="<", raise_at=85.5, clear_at=90.0, for_s=120),
)

INDICATORS = (
    indicator("I42", {"kind": "presence", "asset_kind": "camera"}),
    indicator("I38", {"kind": "availability", "asset_kind": "link", "metric": "up"}, ("net",)),
    indicator("I30", {"kind": "fresh_sources"}, ("cockpit",)),
    indicator("I29", {"kind": "machine_share"}, ("cockpit",), target=80.0, watch=50.0),
    indicator("I31", {"kind": "completeness"}, ("cockpit",)),
    indicator("I08", {"kind": "formula", "expression": "on_time / solved", "unit": "%"}, ("desk",),
              counts={name: FormulaCount(text(name), records="dossier", counted=name, days=30) for name in ("on_time", "solved")}),
    indicator("I09", {"kind": "overdue", "record": "dossier"}, ("desk",), direction="down", target=0.0, watch=2.0),
    indicator("I21", {"kind": "median_hours", "record": "dossier"}, ("desk",), direction="down", target=48.0, watch=72.0),
    indicator("I02", {"kind": "latest", "asset": "sys-1", "metric": "score"}, ("desk",)),
    indicator("I01", {"kind": "composite", "of": ("I02", "I42"), "op": "sum"}, ("desk",)),
    indicator("I39", {"kind": "report"}, ("desk",), period="Q"),
)  # fmt: skip


def province(cameras: int = 24, rules: tuple[Rule, ...] = RULES, **changes: Any) -> Profile:
    """Cameras in groups of 12 behind recorders, those behind the link of their unit, that behind a feeder."""
    sources = (
        source(1, "cockpit", 60, kind="computed"),
        source(2, "host", 10, time="real"),
        source(3, "cams"),
        source(4, "net", 60),
        source(5, "desk", 3600, per_hour=4.0),
    )
    assets = [
        asset(1, "host-local", "host", "host", 10, unit=""),
        asset(2, "sys-1", "system", "desk", 3600, unit=""),
    ]
    for u in (1, 2):
        assets.append(asset(10 + u, f"feeder-{u}", "feeder", "net", 0, "", f"u{u}"))
        assets.append(asset(20 + u, f"link-{u}", "link", "net", 60, f"feeder-{u}", f"u{u}"))
    for n in range(cameras):
        if n % 12 == 0:
            group = n // 12
            unit = 1 + group % 2
            assets.append(
                asset(100 + group, f"rec-{group}", "recorder", "cams", 30, f"link-{unit}", f"u{unit}")
            )
        group, unit = n // 12, 1 + n // 12 % 2
        assets.append(asset(10_000 + n, f"cam-{n}", "camera", "cams", 15, f"rec-{group}", f"u{unit}"))
    units = tuple(Unit(f"u{i}", "xa", f"Xã {i}", f"X. {i}", "", 10.0, 1000, 21.0, 107.0) for i in (1, 2))
    parts: dict[str, Any] = {
        "code": "test", "name": text("test"), "size": "district", "scale": 0.1, "demo": True,
        "register_note": text("note"), "utc_offset_s": 25_200, "bbox": (106.0, 20.0, 108.0, 22.0), "units": units,
        "sources": sources, "metrics": METRICS, "kinds": (), "assets": tuple(assets), "places": (),
        "indicators": INDICATORS, "rules": rules, "facts": (),
        "coverage": Coverage(-100, -110, 5, 2, text("x")), "operators": {}, "bodies": {}, "people": {}, "folder": Path(),
    }  # fmt: skip
    return Profile(**(parts | changes))


class World:
    """A store in a scratch directory, an engine, a clock driven by hand. Events go in as if received now."""

    def __init__(self, profile: Profile | None = None, path: Path | None = None, start: int = T0) -> None:
        self.profile = profile or province()
        self.clock = HandClock(start)
        self._scratch = None if path else tempfile.TemporaryDirectory()
        self.path = path or Path(self._scratch.name) / "cockpit.db"  # type: ignore[union-attr]
        self._serial = 0
        self.open()

    def open(self) -> None:
        self.store = Store(self.path, self.profile, self.clock, writable=True)
        self.store.start()
        self.engine = Engine(self.store, self.profile, self.clock, played=True)

    def restart(self, *, crash: bool = False, away_ms: int = 0) -> None:
        """Stop the cockpit or let it crash, and start it again `away_ms` later."""
        if not crash:
            self.engine.stop()
        else:
            self.clock.mono += 60  # the lease of the one that crashed has run out
        self.store.close()
        self.clock.advance(away_ms)
        self.open()

    def close(self) -> None:
        self.engine.stop()
        self.store.close()
        if self._scratch:
            self._scratch.cleanup()

    def send(self, rows: Iterable[tuple[int, str, dict[str, float]]]) -> None:
        """Events (received, asset, values), measured when they were received."""
        draft = Draft()
        for received, code, values in rows:
            self._event(draft, received, self.profile.source[self.profile.asset[code].source].id)
            for metric_code, value in values.items():
                metric = self.profile.metric[metric_code]
                series = series_of(self.profile.asset[code].id, metric.id)
                draft.value(series, round(value * metric.scale))
        if draft.key:
            self.store.append(draft.batch()).result()

    def records(self, rows: Iterable[tuple[int, Record]]) -> None:
        draft, taken = Draft(), []
        for received, record in rows:
            taken.append((self._event(draft, received, self.profile.source["desk"].id), record))
        batch = draft.batch()
        batch.records = taken
        self.store.append(batch).result()

    def _event(self, draft: Draft, received: int, source_id: int) -> int:
        self._serial += 1
        return draft.event(self._serial * 7_919 + received % 1_000, source_id, received, received)

    def run(self, seconds: int, tick_s: int = 1, feed: Any = None) -> None:
        """Let time pass in ticks; `feed(t)` gives the events received in the second that ends at t."""
        for _ in range(0, seconds, tick_s):
            rows: list[tuple[int, str, dict[str, float]]] = []
            for s in range(1, tick_s + 1):
                rows += feed(self.clock.domain + s * 1000) if feed else []
            self.send(rows)
            self.clock.advance(tick_s * 1000)
            self.engine.tick()

    def log(self) -> list[tuple[int, AlertId | None, str, str, str]]:
        """Lines of the event log: time, alert, what, actor, and the very text of the data."""
        return [(x.t, x.alert, x.what, x.actor, x.data) for x in inside.log(self.store)]

    def alerts(self, *, open_only: bool = True) -> dict[str, Any]:
        """Alerts by key as dicts; the newest of a key."""
        return {alert.key: asdict(alert) for alert in inside.alerts(self.store, open_only=open_only)}

    def figures(self) -> dict[tuple[str, str], IndicatorNow]:
        """What was computed last, by code and unit ("" for the province)."""
        with self.store.read() as conn:
            return {(row.indicator, row.unit): row for row in indicators.now(conn)}

    def states(self) -> dict[str, str]:
        """Freshness of the assets, by code."""
        found = inside.states(self.store)
        return {a.code: found[a.id][0] for a in self.profile.assets if a.id in found}

    def source(self, code: str) -> SourceNow:
        """Freshness of a source and of its assets."""
        with self.store.read() as conn:
            return sources.now(conn)[self.profile.source[code].id]


def healthy(profile: Profile, without: Iterable[str] = (), **values: float) -> Any:
    """A feed in which every asset keeps its rhythm, each at its own second, but those `without`."""
    quiet = set(without)
    usual = {
        "camera": {"fps": 25.0},
        "recorder": {"disk": 50.0},
        "link": {"up": 1.0},
        "system": {"score": 50.0},
    }
    senders = [
        (a.code, a.rhythm_s * 1000, a.id % a.rhythm_s * 1000, usual[a.kind] | {k: v for k, v in values.items() if k in usual[a.kind]})
        for a in profile.assets
        if a.rhythm_s and a.kind in usual and a.code not in quiet
    ]  # fmt: skip

    def feed(t: int) -> list[tuple[int, str, dict[str, float]]]:
        return [(t, code, dict(v)) for code, rhythm, phase, v in senders if (t - T0 - phase) % rhythm == 0]

    return feed
