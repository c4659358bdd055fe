"""Reads of computed indicators: what they are now, and how they went."""

from __future__ import annotations

from collections.abc import Collection

from cockpit.store.handles import Read
from cockpit.store.queries.alerts import STANDS
from cockpit.store.rows import IndicatorNow, columns

_NOW = f"SELECT {columns(IndicatorNow)} FROM indicator_now"


def _marks(values: Collection[str]) -> str:
    return ",".join("?" * len(values))


def province(conn: Read, codes: Collection[str]) -> dict[str, IndicatorNow]:
    """Indicators of the whole province by code: a seek each, so that figures by unit cost nothing here."""
    rows = conn.execute(f"{_NOW} WHERE unit = '' AND indicator IN ({_marks(codes)})", tuple(codes))
    return {row[0]: IndicatorNow(*row) for row in rows}


def by_unit(conn: Read, indicator: str) -> list[IndicatorNow]:
    """One indicator in every unit that has it."""
    return [
        IndicatorNow(*row) for row in conn.execute(f"{_NOW} WHERE indicator = ? AND unit <> ''", (indicator,))
    ]


def known_by_unit(conn: Read) -> frozenset[str]:
    """The indicators that some unit or department has a value of."""
    rows = conn.execute("SELECT DISTINCT indicator FROM indicator_now WHERE unit <> '' AND value IS NOT NULL")
    return frozenset(row[0] for row in rows)


def every_unit(conn: Read) -> dict[str, dict[str, IndicatorNow]]:
    """What every unit and department has of every indicator: by indicator, then by unit."""
    found: dict[str, dict[str, IndicatorNow]] = {}
    for row in conn.execute(f"{_NOW} WHERE unit <> ''"):
        found.setdefault(row[0], {})[row[1]] = IndicatorNow(*row)
    return found


def red_by_unit(conn: Read) -> list[tuple[str, str, int]]:
    """Unit, code and number of records or devices of every indicator known by unit that is red there."""
    rows = conn.execute("SELECT unit, indicator, n FROM indicator_now WHERE unit <> '' AND status = 'red'")
    return [(row[0], row[1], row[2] or 0) for row in rows]


def red_in(conn: Read, unit: str) -> list[tuple[str, float | None, int]]:
    """Code, value and number of records or devices of every indicator that is red in a unit."""
    rows = conn.execute(
        "SELECT indicator, value, n FROM indicator_now WHERE unit = ? AND status = 'red'", (unit,)
    )
    return [(row[0], row[1], row[2] or 0) for row in rows]


def days(conn: Read, codes: Collection[str], day0: int, day1: int) -> dict[str, list[tuple[int, float]]]:
    """Daily values of some indicators from `day0` to `day1`, the latter included, by code, oldest first."""
    found: dict[str, list[tuple[int, float]]] = {}
    for day, code, value in conn.execute(
        "SELECT day, indicator, value FROM indicator_day WHERE day BETWEEN ? AND ?"
        f" AND indicator IN ({_marks(codes)}) ORDER BY day",
        (day0, day1, *codes),
    ):
        found.setdefault(code, []).append((day, value))
    return found


def first_records(conn: Read, kind: str) -> int | None:
    """The first day with records of a kind."""
    row = conn.execute("SELECT day FROM tally WHERE kind = ? ORDER BY day LIMIT 1", (kind,)).fetchone()
    return None if row is None else int(row[0])


def days_of(conn: Read, code: str, day0: int, day1: int) -> list[tuple[int, float]]:
    """Daily values of one indicator, oldest first."""
    rows = conn.execute(
        "SELECT day, value FROM indicator_day WHERE day BETWEEN ? AND ? AND indicator = ? ORDER BY day",
        (day0, day1, code),
    )
    return [(row[0], row[1]) for row in rows]


def first_day(conn: Read, code: str) -> int | None:
    """The first day that an indicator has a value of, None where it has none."""
    row = conn.execute("SELECT min(day) FROM indicator_day WHERE indicator = ?", (code,)).fetchone()
    return None if row[0] is None else int(row[0])


def open_by_unit(conn: Read) -> list[tuple[str, str, int]]:
    """Unit, priority and number of open causes, for the map."""
    rows = conn.execute(
        f"SELECT unit, priority, count(*) FROM alert WHERE {STANDS} AND unit <> '' GROUP BY unit, priority"
    )
    return [(row[0], row[1], row[2]) for row in rows]
