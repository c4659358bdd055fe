"""Reads of settings of targets."""

from __future__ import annotations

import json
from collections.abc import Iterable

from cockpit.domain.targets import TargetVersion
from cockpit.store.handles import Read
from cockpit.store.rows import columns

_ALL = f"SELECT {columns(TargetVersion)} FROM target_version"
_LAST = _ALL.replace(" version,", " max(version),")
"""With a group, the whole row of its newest version: so SQLite has it for the columns beside one `max`."""


def since(conn: Read, number: int) -> list[TargetVersion]:
    """Every setting after one, oldest first."""
    return _found(conn, f"{_ALL} WHERE number > ? ORDER BY number", number)


def of_periods(conn: Read, periods: Iterable[str], unit: str = "") -> list[TargetVersion]:
    """Settings for some periods, of the province or of a unit, of all indicators, oldest first."""
    return _found(
        conn,
        f"{_ALL} WHERE unit = ? AND period IN (SELECT value FROM json_each(?)) ORDER BY number",
        unit,
        json.dumps(sorted(set(periods))),
    )


def of_indicator(conn: Read, indicator: str, periods: Iterable[str]) -> list[TargetVersion]:
    """Settings of an indicator for some periods, of the province and all units, oldest first."""
    return _found(
        conn,
        f"{_ALL} WHERE indicator = ? AND period IN (SELECT value FROM json_each(?)) ORDER BY number",
        indicator,
        json.dumps(sorted(set(periods))),
    )


def newest(conn: Read, indicator: str, limit: int) -> list[TargetVersion]:
    """The newest settings of an indicator, newest first."""
    return _found(conn, f"{_ALL} WHERE indicator = ? ORDER BY number DESC LIMIT ?", indicator, limit)


def path(conn: Read, indicator: str, unit: str) -> list[TargetVersion]:
    """What was set last of an indicator for each period, of the province or of a unit."""
    return _found(
        conn, f"{_LAST} WHERE indicator = ? AND unit = ? GROUP BY period ORDER BY period", indicator, unit
    )


def standing(conn: Read, indicator: str, periods: Iterable[str]) -> list[TargetVersion]:
    """What was set last of an indicator for some periods, of the province and each unit."""
    return _found(
        conn,
        f"{_LAST} WHERE indicator = ? AND period IN (SELECT value FROM json_each(?)) GROUP BY unit, period"
        " ORDER BY unit, period",
        indicator,
        json.dumps(sorted(set(periods))),
    )


def _found(conn: Read, sql: str, *values: str | int) -> list[TargetVersion]:
    return [TargetVersion._make(row) for row in conn.execute(sql, values)]
