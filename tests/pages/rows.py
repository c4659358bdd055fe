"""Rows as the engine writes them, for screens that are drawn without an engine: every status occurs."""

from __future__ import annotations

import math
import sqlite3

from cockpit.profiles import Profile

DAY_MS = 86_400_000
APART = (("2g", 1204), ("5g", 1), ("accuracy", 7))
STATUSES = ("red", "orange", "green", "stale", "suspect", "green", "samples", "nodata", "green", "orange")


def fill(conn: sqlite3.Connection, profile: Profile, now: int) -> None:
    """Indicators, sources, assets and alerts at `now` (ms)."""
    _indicators(conn, profile, now)
    _sources(conn, profile, now)
    _alerts(conn, profile, now)
    apart = [(now // DAY_MS, profile.source["dien-thoai"].id, "mobifone", why, n) for why, n in APART]
    conn.executemany("INSERT INTO coverage_apart VALUES (?, ?, ?, ?, ?)", apart)
    conn.execute("INSERT OR REPLACE INTO meta (key, value) VALUES ('engine_beat', ?)", (str(now),))


def _value(profile: Profile, code: str, status: str) -> float | None:
    indicator = profile.indicator[code]
    if status == "nodata":
        return None
    base = indicator.target or 100.0
    worse = -1 if indicator.direction == "up" else 1
    share = {"red": 0.2, "orange": 0.05}.get(status, -0.01)
    return round(base + worse * share * base, indicator.decimals)


def _indicators(conn: sqlite3.Connection, profile: Profile, now: int) -> None:
    day = (now + profile.utc_offset_s * 1000) // DAY_MS
    for i, indicator in enumerate(profile.indicators):
        status = STATUSES[i % len(STATUSES)] if indicator.target is not None else "unjudged"
        value = _value(profile, indicator.code, status)
        age = {"stale": 26 * 3600, "suspect": 300}.get(status, 40) * 1000
        conn.execute(
            "INSERT INTO indicator_now (indicator, unit, value, asof, n, status, detail, computed)"
            " VALUES (?, '', ?, ?, ?, ?, '{}', ?)",
            (indicator.code, value, None if value is None else now - age, 120, status, now),
        )
        if value is None:
            continue
        for back in range(30, 0, -1):
            past = value * (1 + 0.02 * math.sin(back / 3 + i))
            conn.execute(
                "INSERT INTO indicator_day (day, indicator, value, n) VALUES (?, ?, ?, ?)",
                (day - back, indicator.code, past, 100),
            )
    by_unit = next(i for i in profile.indicators if i.headline == 1)
    for i, unit in enumerate(profile.units):
        status = ("green", "green", "orange", "green", "red", "green", "green")[i % 7]
        conn.execute(
            "INSERT INTO indicator_now (indicator, unit, value, asof, n, status, detail, computed)"
            " VALUES (?, ?, ?, ?, 20, ?, '{}', ?)",
            (by_unit.code, unit.code, 90.0 + i / 10, now - 40_000, status, now),
        )


def _sources(conn: sqlite3.Connection, profile: Profile, now: int) -> None:
    states = ("fresh", "fresh", "fresh", "late", "fresh", "fresh", "silent", "fresh")
    for i, source in enumerate(profile.sources):
        state = states[i % len(states)]
        conn.execute(
            "INSERT INTO source_now (source, state, since, last, late, silent, never, fresh)"
            " VALUES (?, ?, ?, ?, 1, 2, 0, 30)",
            (source.id, state, now - 3_600_000, now - source.rhythm_s * 1000),
        )
        for back in range(24):
            conn.execute(
                "INSERT INTO source_hour (hour, source, events, observations) VALUES (?, ?, ?, ?)",
                (now // 3_600_000 - back, source.id, 100 + i, 300 + i),
            )


def _alerts(conn: sqlite3.Connection, profile: Profile, now: int) -> None:
    cameras = [a for a in profile.assets if a.kind == "camera"]
    rule = next(r for r in profile.rules if r.kind == "asset_silent" and r.asset_kind == "camera")
    for i, priority in enumerate(("critical", "high", "medium", "medium", "low", "low")):
        camera = cameras[i * 3]
        conn.execute(
            "INSERT INTO alert (key, rule, rule_version, priority, asset, source, indicator, unit, owner,"
            " simulated, first_seen, opened, updated, due, facts, folded, ack_by, ack_at,"
            " subject_kind, subject)"
            " VALUES (?, ?, ?, ?, ?, ?, '', ?, ?, 1, ?, ?, ?, ?, '{}', ?, ?, ?, 'asset', ?)",
            (
                f"{rule.code}|{camera.code}",
                rule.code,
                rule.version,
                priority,
                camera.code,
                camera.source,
                camera.unit,
                rule.owner.vi,
                now - 7_200_000,
                now - 7_140_000,
                now - 60_000,
                now + (i - 1) * 3_600_000,
                12 if i == 0 else 0,
                "Trực vận hành" if i == 3 else None,
                now - 600_000 if i == 3 else None,
                camera.code,
            ),
        )
