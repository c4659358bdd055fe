"""Rows as the engine writes them, for screens that are drawn without an engine: every status occurs."""

from __future__ import annotations

import math

from cockpit.domain.freshness import State
from cockpit.profiles import Profile
from cockpit.store import Store, alerting, apart, meta
from cockpit.store.handles import Write
from cockpit.store.indicators import Day, save_days, save_now
from cockpit.store.queries.observations import SourceHour
from cockpit.store.rows import IndicatorNow, SourceNow
from tests.store import inside

DAY_MS, HOUR_MS = 86_400_000, 3_600_000
APART = (("2g", 1204), ("5g", 1), ("accuracy", 7))
STATUSES = ("red", "orange", "green", "stale", "suspect", "green", "samples", "nodata", "green", "orange")


def fill(store: Store, profile: Profile, now: int) -> None:
    """Indicators, sources, assets and alerts at `now` (ms)."""
    kept_apart = [(now // DAY_MS, profile.source["dien-thoai"].id, "mobifone", why) for why, _ in APART]

    def put(conn: Write) -> None:
        _indicators(conn, profile, now)
        _sources(conn, profile, now)
        apart.write(conn, [key for key, (_, n) in zip(kept_apart, APART, strict=True) for _ in range(n)])
        meta.put(conn, "engine_beat", str(now))

    inside.done(store, put)
    sent = [
        SourceHour(now // HOUR_MS - back, source.id, 100 + i, 300 + i, 0, 0, 0, 0)
        for i, source in enumerate(profile.sources)
        for back in range(24)
    ]
    inside.put_source_hours(store, sent)
    _alerts(store, profile, now)


def _value(profile: Profile, code: str, status: str) -> float | None:
    indicator = profile.indicator[code]
    if status == "nodata":
        return None
    base = indicator.target or 100.0
    worse = -1 if indicator.direction == "up" else 1
    share = {"red": 0.2, "orange": 0.05}.get(status, -0.01)
    return round(base + worse * share * base, indicator.decimals)


def _indicators(conn: Write, profile: Profile, now: int) -> None:
    day = (now + profile.utc_offset_s * 1000) // DAY_MS
    present, past = [], []
    for i, indicator in enumerate(profile.indicators):
        status = STATUSES[i % len(STATUSES)] if indicator.target is not None else "unjudged"
        value = _value(profile, indicator.code, status)
        age = {"stale": 26 * 3600, "suspect": 300}.get(status, 40) * 1000
        asof = None if value is None else now - age
        made = indicator.measure["kind"] == "formula" and value is not None
        detail = f'{{"part": {1.2 * (value or 0):g}, "whole": 120}}' if made else "{}"
        present.append(IndicatorNow(indicator.code, "", value, asof, 120, status, detail, now))
        if value is None:
            continue
        for back in range(30, 0, -1):
            then = value * (1 + 0.02 * math.sin(back / 3 + i))
            past.append(Day(day - back, indicator.code, then, 100))
    by_unit = next(i for i in profile.indicators if i.headline == 1)
    for i, unit in enumerate(profile.units):
        status = ("green", "green", "orange", "green", "red", "green", "green")[i % 7]
        present.append(
            IndicatorNow(by_unit.code, unit.code, 90.0 + i / 10, now - 40_000, 20, status, "{}", now)
        )
    save_now(conn, present)
    save_days(conn, past)


def _sources(conn: Write, profile: Profile, now: int) -> None:
    states: tuple[State, ...] = ("fresh", "fresh", "fresh", "late", "fresh", "fresh", "silent", "fresh")
    changes = alerting.Changes()
    for i, source in enumerate(profile.sources):
        last = now - source.rhythm_s * 1000
        changes.sources[source.id] = SourceNow(
            source.id, states[i % len(states)], now - HOUR_MS, last, 1, 2, 0, 30
        )
    alerting.save(conn, changes)


def _alerts(store: Store, profile: Profile, now: int) -> None:
    cameras = [a for a in profile.assets if a.kind == "camera"]
    rule = next(r for r in profile.rules if r.kind == "asset_silent" and r.asset_kind == "camera")
    for i, priority in enumerate(("critical", "high", "medium", "medium", "low", "low")):
        camera = cameras[i * 3]
        inside.put_alert(
            store,
            key=f"{rule.code}|{camera.code}",
            rule=rule.code,
            rule_version=rule.version,
            priority=priority,
            asset=camera.code,
            source=camera.source,
            unit=camera.unit,
            owner=rule.owner.vi,
            first_seen=now - 7_200_000,
            opened=now - 7_140_000,
            updated=now - 60_000,
            due=now + (i - 1) * HOUR_MS,
            folded=12 if i == 0 else 0,
            ack_by="Trực vận hành" if i == 3 else None,
            ack_at=now - 600_000 if i == 3 else None,
            subject_kind="asset",
            subject=camera.code,
        )
