"""The register of hamlets and the people of map cells, as they were brought in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cockpit.domain.coverage.hamlets import Hamlet
from cockpit.store.handles import Read, Write

_COLUMNS = "code, unit, name, lat, lon, population, households, schools, offices, grid, road"


def every(conn: Read) -> list[Hamlet]:
    """All that were brought in, in order of their codes; none where no file was."""
    rows = conn.execute(f"SELECT {_COLUMNS} FROM hamlet ORDER BY code")
    return [Hamlet(*row[:9], *(None if x is None else bool(x) for x in tuple(row)[9:])) for row in rows]


def put(conn: Write, found: Iterable[Hamlet]) -> tuple[int, int, int, int]:
    """Take hamlets up: how many are new, changed, the same, and in the register but not among these."""
    before = {one.code: one for one in every(conn)}
    given = {one.code: one for one in found}
    new = [one for code, one in given.items() if code not in before]
    edited = [one for code, one in given.items() if code in before and before[code] != one]
    conn.executemany(
        f"INSERT OR REPLACE INTO hamlet ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                h.code, h.unit, h.name, h.lat, h.lon, h.population, h.households, h.schools, h.offices,
                h.grid, h.road,
            )
            for h in (*new, *edited)
        ],
    )  # fmt: skip
    return len(new), len(edited), len(given) - len(new) - len(edited), len(before.keys() - given.keys())


def people(conn: Read) -> dict[str, int]:
    """How many people live in the cells that a file told of; empty where none did."""
    return {row[0]: int(row[1]) for row in conn.execute("SELECT h3, people FROM cell_people ORDER BY h3")}


def put_people(conn: Write, found: Mapping[str, int]) -> int:
    """The people of cells in place of all that were told before: how many those were."""
    (before,) = conn.execute("SELECT count(*) FROM cell_people").fetchone()
    conn.execute("DELETE FROM cell_people")
    conn.executemany("INSERT INTO cell_people (h3, people) VALUES (?, ?)", sorted(found.items()))
    return int(before)


def version(conn: Read) -> tuple[int, ...]:
    """Changes with what is brought in: how many hamlets and cells there are, and their people."""
    row = conn.execute(
        "SELECT (SELECT count(*) FROM hamlet), (SELECT coalesce(sum(population), 0) FROM hamlet),"
        " (SELECT count(*) FROM cell_people), (SELECT coalesce(sum(people), 0) FROM cell_people)"
    ).fetchone()
    return tuple(map(int, row))
