"""The last revision of a database, kept in a small file beside it: what was there and is not is seen.

Every few seconds a number in the database is counted on, and once that is on the disk it is written into the
file. So a database that knows less than the file has lost something: an older copy was put back, its log was
cut or removed, or another database lies in its place. What is younger than the last mark is not proven.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from cockpit.store import meta
from cockpit.store.errors import StoreError, explain

EVERY_S = 10.0
"""A mark is set at most so often while something is written, and at the end."""

KEY = "revision"

CURE = (
    "end this cockpit and put the files of that time back; or, where the loss is known and meant, end it, "
    "run `cockpit check --accept` and start again"
)


class Mark(msgspec.Struct, frozen=True):
    """`identity` tells one database from another, `revision` grows with every mark, `at` is real time."""

    identity: str
    revision: int
    at: str


def place(database: Path) -> Path:
    """Where the mark of a database lies."""
    return database.with_name(f"{database.stem}-revision.json")


def read(database: Path) -> Mark | None:
    """The mark beside a database, None where there is none. Raises StoreError where it cannot be read."""
    path = place(database)
    try:
        return msgspec.json.decode(path.read_bytes(), type=Mark)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise StoreError("behind", f"{path} cannot be read ({error}): {CURE}") from None


def write(database: Path, mark: Mark) -> None:
    """Have the mark on the disk. Raises OSError; then the one before stays."""
    path = place(database)
    draft = path.with_suffix(".part")
    with draft.open("wb") as file:
        file.write(msgspec.json.encode(mark))
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, path)


def of(conn: sqlite3.Connection) -> Mark | None:
    """The mark a database holds, None where it holds none. Raises StoreError where it cannot be read."""
    try:
        tables = conn.execute("SELECT count(*) FROM sqlite_master WHERE name = 'meta'").fetchone()[0]
        found = meta.get(conn, KEY) if tables else None
    except sqlite3.Error as error:
        raise explain(error) from error
    return msgspec.json.decode(found, type=Mark) if found else None


def advance(conn: sqlite3.Connection, real_ms: int) -> Mark:
    """Count on, inside an open transaction; the mark that may be written once that is on the disk."""
    before = of(conn)
    mark = Mark(
        before.identity if before else secrets.token_hex(8),
        (before.revision if before else 0) + 1,
        datetime.fromtimestamp(real_ms / 1000, UTC).isoformat(timespec="seconds"),
    )
    meta.put(conn, KEY, msgspec.json.encode(mark).decode())
    return mark


def lift(conn: sqlite3.Connection, database: Path) -> None:
    """Make a copy that is to take the database's place, on purpose, know the mark beside it."""
    mark = read(database)
    if mark is not None:
        meta.put(conn, KEY, msgspec.json.encode(mark).decode())


def loss(database: Path, mark: Mark | None, held: Mark | None) -> str | None:
    """What a database lacks of what its mark says, in words; None where it lacks nothing. Read the mark
    first: the other way round a database at work seems behind."""
    if mark is None:
        return None
    was = f"revision {mark.revision} of {mark.at} was written here"
    if held is None:
        return f"{was}, but {database.name} holds none: it is new or another one; {CURE}"
    if held.identity != mark.identity:
        return f"{was}, but {database.name} is another database; {CURE}"
    if held.revision < mark.revision:
        return (
            f"{was}, but {database.name} ends with revision {held.revision} of {held.at}: "
            f"what came after is gone; {CURE}"
        )
    return None


def must_be_there(database: Path) -> None:
    """Raises StoreError where a database was and is not: nobody makes a new one in its place unasked."""
    mark = None if database.exists() else read(database)
    if mark is not None:
        raise StoreError("behind", missing(database, mark))


def missing(database: Path, mark: Mark) -> str:
    """That a database was here."""
    return f"revision {mark.revision} of {mark.at} was written here, but there is no {database.name}; {CURE}"


def must_hold(database: Path, conn: sqlite3.Connection) -> None:
    """Raises StoreError where the database lacks what its mark says."""
    found = loss(database, read(database), of(conn))
    if found is not None:
        raise StoreError("behind", found)


def accept(database: Path, held: Mark | None) -> None:
    """Take the database as it is for all there is: its mark is beside it from here on, or none. Nobody may
    have the database open."""
    if held is None:
        with suppress(FileNotFoundError):
            place(database).unlink()
    else:
        write(database, held)
