"""Reads of computed indicators: what they are now, and how they went."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from cockpit.store.handles import Read
from cockpit.store.queries.alerts import STANDS


class NowRow(NamedTuple):
    """An indicator of a unit ('' for the province). `asof` in ms, None where nothing ever arrived."""

    indicator: str
    unit: str
    value: float | None
    asof: int | None
    n: int | None
    status: str
    detail: str


class SourceRow(NamedTuple):
    """Freshness of a source, its last event (ms) and its assets by state."""

    source: int
    state: str
    since: int
    last: int
    fresh: int
    late: int
    silent: int
    never: int


_NOW = "SELECT indicator, unit, value, asof, n, status, detail FROM indicator_now"


def _marks(values: Collection[str]) -> str:
    return ",".join("?" * len(values))


def province(conn: Read, codes: Collection[str]) -> dict[str, NowRow]:
    """Indicators of the whole province by code: a seek each, so that figures by unit cost nothing here."""
    rows = conn.execute(f"{_NOW} WHERE unit = '' AND indicator IN ({_marks(codes)})", tuple(codes))
    return {row[0]: NowRow(*row) for row in rows}


def by_unit(conn: Read, indicator: str) -> list[NowRow]:
    """One indicator in every unit that has it."""
    return [NowRow(*row) for row in conn.execute(f"{_NOW} WHERE indicator = ? AND unit <> ''", (indicator,))]


def red_by_unit(conn: Read) -> list[tuple[str, str, int]]:
    """Unit, code and number of records or devices of every indicator known by unit that is red there."""
    rows = conn.execute("SELECT unit, indicator, n FROM indicator_now WHERE unit <> '' AND status = 'red'")
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


def sources(conn: Read) -> dict[int, SourceRow]:
    """Every source's freshness by id."""
    rows = conn.execute("SELECT source, state, since, last, fresh, late, silent, never FROM source_now")
    return {row[0]: SourceRow(*row) for row in rows}


def open_by_unit(conn: Read) -> list[tuple[str, str, int]]:
    """Unit, priority and number of open causes, for the map."""
    rows = conn.execute(
        f"SELECT unit, priority, count(*) FROM alert WHERE {STANDS} AND unit <> '' GROUP BY unit, priority"
    )
    return [(row[0], row[1], row[2]) for row in rows]


def opened_since(conn: Read, since: int) -> int:
    """Causes opened after `since`, open still or closed since."""
    (n,) = conn.execute(
        f"SELECT (SELECT count(*) FROM alert WHERE {STANDS} AND opened > :t)"
        " + (SELECT count(*) FROM alert WHERE closed > :t AND cause IS NULL AND opened > :t)",
        {"t": since},
    ).fetchone()
    return int(n)
