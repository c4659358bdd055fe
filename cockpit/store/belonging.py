"""Whose data these are. A database belongs to one province: units and devices of another have other numbers,
and what is stored, rolled up or counted under them is wrong for good. So every way to write asks first."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from pathlib import Path

from cockpit.store import meta
from cockpit.store.catalogue import Catalogue
from cockpit.store.errors import StoreError
from cockpit.store.hours import read_open_day
from cockpit.store.looking import untouched
from cockpit.store.observations import raw_table

NAMED = 5
"""So many strangers are named in a refusal; of the others there is the number."""


def must_be_of(path: Path, profile: Catalogue) -> None:
    """Look, without touching anything, whether a database is this province's, or nobody's yet. Raises
    StoreError where it is another one's, or cannot be read; passes where there is no such file."""
    if path.exists():
        with untouched(path) as conn:
            must_be(conn, profile)


def must_be_at_home(path: Path, profile: Catalogue) -> None:
    """The same, and whether this profile can go on where whoever worked there was cut off: what is not summed
    up yet is summed up by kind and unit of its device. Raises StoreError."""
    if path.exists():
        with untouched(path) as conn:
            must_be(conn, profile)
            if _has(conn, "meta"):
                _must_sum_up(conn, profile)


def must_be(conn: sqlite3.Connection, profile: Catalogue) -> None:
    """The same with a connection. Raises StoreError, sqlite3.Error."""
    if _has(conn, "meta") and is_free(conn, profile):
        _must_look_like(conn, profile)


def is_free(conn: sqlite3.Connection, profile: Catalogue) -> bool:
    """Whether nobody has noted whose data these are; False where they are this province's. Raises StoreError
    where they are another one's."""
    known = meta.get(conn, meta.PROVINCE)
    if known not in (None, profile.code):
        raise StoreError(
            "error",
            f"the data are those of the province {known}, not of {profile.code}: "
            "name another data directory, or the profile that they belong to",
        )
    return known is None


def note(conn: sqlite3.Connection, profile: Catalogue) -> None:
    """Note whose data these are from here on, where it is not noted yet."""
    if meta.get(conn, meta.PROVINCE) is None:
        meta.put(conn, meta.PROVINCE, profile.code)


def _must_look_like(conn: sqlite3.Connection, profile: Catalogue) -> None:
    """Data of an earlier version name no province: all that they know must be in the profile."""
    strangers = _strangers(conn, profile)
    if strangers:
        more = f" and {len(strangers) - NAMED} more" if len(strangers) > NAMED else ""
        raise StoreError(
            "error",
            f"the data name no province, and know {', '.join(strangers[:NAMED])}{more}, which the profile "
            f"{profile.code} does not: name another data directory, or the profile that they belong to; "
            f"where they are those of {profile.code} all the same, run `cockpit check --claim` with this "
            "profile once",
        )


def _must_sum_up(conn: sqlite3.Connection, profile: Catalogue) -> None:
    known = {int(a.id) for a in profile.assets}
    waiting = _waiting(conn, profile.utc_offset_s // 3600)
    strange = sorted(waiting - known)
    if strange:
        numbers = ", ".join(map(str, strange[:NAMED]))
        more = f" and {len(strange) - NAMED} more" if len(strange) > NAMED else ""
        raise StoreError(
            "error",
            f"a cockpit was cut off before it had summed up what {len(waiting)} devices sent. The profile "
            f"{profile.code}, as it is now with {len(known)} devices, lacks {len(strange)} of them (numbers "
            f"{numbers}{more}). Nothing is changed and nothing is lost: start once with the profile and the "
            "size that the data came in by, end that one by Ctrl-C, which sums up, and then start this one",
        )


def _waiting(conn: sqlite3.Connection, offset_hours: int) -> set[int]:
    """The devices, by number, of which something is in no sums yet: observations since the last
    flush, and the days that an import was at when it was cut off."""
    found: set[object] = set()
    for hour, rolled in conn.execute("SELECT hour, rolled FROM raw_part").fetchall():
        found |= _firsts(
            conn, f"SELECT DISTINCT series >> 8 FROM {raw_table(hour)} WHERE rowid > {int(rolled)}"
        )
    for (day,) in conn.execute("SELECT day FROM regroup").fetchall():
        found |= _firsts(conn, f"SELECT asset FROM rollup_1h WHERE day = {int(day)}")
        found |= set((read_open_day(conn, day, offset_hours)[0] >> 8).tolist())
    return {int(str(device)) for device in found}


def _strangers(conn: sqlite3.Connection, profile: Catalogue) -> list[str]:
    """What the data know and the profile does not, in words."""
    sources = {int(s.id) for s in profile.sources}
    assets = {int(a.id) for a in profile.assets}
    units = {"", *(u.code for u in profile.units)}
    kinds = {a.kind for a in profile.assets}
    heard = _firsts(conn, "SELECT DISTINCT source FROM source_hour WHERE source > 0")
    measured = _firsts(conn, "SELECT DISTINCT series >> 8 FROM latest")
    day = "WHERE day = (SELECT max(day) FROM rollup_group)"  # units merge and go: the last day decides
    where = _firsts(conn, f"SELECT DISTINCT unit FROM rollup_group {day}")
    what = _firsts(conn, f"SELECT DISTINCT kind FROM rollup_group {day}")
    lists = _firsts(conn, "SELECT sources FROM token")
    senders = {code for text in lists for code in json.loads(str(text))}
    return [
        *_told("source", senders - set(profile.source)),
        *_told("source number", heard - sources),
        *_told("unit", where - units),
        *_told("kind of devices", what - kinds),
        *_told("device number", measured - assets),
    ]


def _told(what: str, found: Iterable[object]) -> list[str]:
    return [f"{what} {one}" for one in sorted(found, key=repr)]


def _firsts(conn: sqlite3.Connection, query: str) -> set[object]:
    return {row[0] for row in conn.execute(query)}


def _has(conn: sqlite3.Connection, table: str) -> bool:
    row = conn.execute("SELECT count(*) FROM sqlite_master WHERE name = ?", (table,)).fetchone()
    return bool(row[0])
