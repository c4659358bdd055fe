"""Copies of the whole database, taken while it is written to, and put back in its place later.

A copy is one file beside the database, with a number: the first is 0. Putting one back is announced in a
small file first: whoever finds that file at a start does the work (again), so that a crash leaves the one
state or the other.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

import msgspec

from cockpit.store import marks, notices, outbox
from cockpit.store.database import reader
from cockpit.store.errors import StoreError, explain
from cockpit.store.handles import Read, Write
from cockpit.store.migrations import migrate, noted

PAGES = 2_000
"""Pages copied at a time: between two helpings others get at the processor."""

CHUNK = 4 << 20
"""Bytes put back at a time: between two helpings whoever waits is told how far it is."""

FIRST = 0
"""The number of the first copy."""


class Order(msgspec.Struct, frozen=True):
    """A restoration announced. `text` is the caller's own; `tokens` are those that stay known."""

    text: str
    tokens: list[list[str | int]]  # a row each, the hash in hex
    columns: tuple[str, ...] = ("hash", "sources", "role", "label", "created")
    cursors: list[tuple[str, int]] = []  # how far each channel had announced the log
    number: int = FIRST
    notices: list[list[str | int | None]] = []  # what nobody had been told yet


def place(database: Path, number: int = FIRST) -> Path:
    """Where a copy of a database lies."""
    return database.with_name(f"{database.stem}-start{f'-{number}' if number else ''}.db")


def numbers(database: Path) -> list[int]:
    """The numbers of the copies that are there, whole ones alone, least first."""
    name = re.compile(re.escape(f"{database.stem}-start") + r"(?:-([1-9][0-9]{0,8}))?\.db")
    found = (name.fullmatch(path.name) for path in database.parent.glob(f"{database.stem}-start*.db"))
    return sorted(int(match[1] or FIRST) for match in found if match)


def remove(database: Path, number: int) -> None:
    """A copy goes for ever. Raises OSError."""
    place(database, number).unlink(missing_ok=True)


def remove_halves(database: Path) -> None:
    """What a copy that was cut off has left behind goes. Nobody may be copying. Raises OSError."""
    for path in database.parent.glob(f"{database.stem}-start*.part"):
        path.unlink(missing_ok=True)


def announcement(database: Path) -> Path:
    return database.with_name(f"{database.stem}-reset.json")


def take(database: Path, begun: threading.Event, number: int = FIRST) -> int:
    """Copy the database as it is at the instant `begun` is set; what is written later is not in it.
    Bytes of the copy. A copy of this number stays until this one is whole. Raises StoreError."""
    target = place(database, number)
    draft = target.with_suffix(".part")
    draft.unlink(missing_ok=True)
    try:
        source = reader(database)
        try:
            source.execute("BEGIN")
            source.execute("SELECT count(*) FROM meta").fetchone()  # from here on one state is seen
            begun.set()
            copy = sqlite3.connect(draft, isolation_level=None)
            try:
                copy.execute("PRAGMA journal_mode = OFF")
                copy.execute("PRAGMA synchronous = OFF")
                source.backup(copy, pages=PAGES)
            finally:
                copy.close()
        finally:
            source.close()
        sync(draft)
        os.replace(draft, target)
        sync(target.parent)
    except sqlite3.Error as error:
        draft.unlink(missing_ok=True)
        raise explain(error) from error
    except OSError as error:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)
        code = "disk_full" if error.errno == errno.ENOSPC else "io"
        raise StoreError(code, f"{target.name}: {error}") from error
    finally:
        begun.set()
    return target.stat().st_size


def announce(database: Path, conn: sqlite3.Connection, text: str, number: int = FIRST) -> None:
    """From here on the copy takes the database's place, whatever happens."""
    columns = _columns(conn)
    rows = conn.execute(f"SELECT {', '.join(columns)} FROM token").fetchall()
    tokens = [[bytes(h).hex(), *rest] for h, *rest in rows]
    path = announcement(database)
    draft = path.with_suffix(".part")
    order = Order(text, tokens, columns, outbox.cursors(conn), number, notices.unsent(conn))
    draft.write_bytes(msgspec.json.encode(order))
    sync(draft)
    os.replace(draft, path)
    sync(path.parent)


def announced(database: Path) -> Order | None:
    """What is announced and not done yet."""
    try:
        return msgspec.json.decode(announcement(database).read_bytes(), type=Order)
    except FileNotFoundError:
        return None


def put_back(
    database: Path,
    order: Order,
    finish: Callable[[Write], object],
    progress: Callable[[int, int], None] | None = None,
) -> None:
    """Put the copy in the database's place, with the tokens of the announcement and what `finish` writes.
    Nobody may have the database open. Safe to be cut off anywhere, and to be done again; what `progress`,
    which is told bytes done and in all, raises cuts it off."""
    draft = database.with_suffix(".part")
    _copy(place(database, order.number), draft, progress)
    conn = sqlite3.connect(draft, isolation_level=None)
    try:
        conn.execute("PRAGMA journal_mode = DELETE")
        if noted(conn):
            migrate(conn)  # it may have been taken by an older version, and `finish` writes as this one does
        conn.execute("BEGIN")
        conn.execute("DELETE FROM token")
        _known_again(conn, order)
        outbox.carry(conn, order.cursors)
        notices.carry(conn, order.notices)
        finish(Write(Read(conn)))
        marks.lift(conn, database)  # it is older, and meant to be
        conn.execute("COMMIT")
    except sqlite3.Error as error:
        raise explain(error) from error
    finally:
        conn.close()
    sync(draft)
    # The log of the state that goes would be taken for one of the state that comes.
    for end in ("-wal", "-shm"):
        database.with_name(database.name + end).unlink(missing_ok=True)
    os.replace(draft, database)
    sync(database.parent)
    announcement(database).unlink(missing_ok=True)
    sync(database.parent)


def _copy(source: Path, target: Path, progress: Callable[[int, int], None] | None) -> None:
    with source.open("rb") as file, target.open("wb") as copy:
        total, done = os.fstat(file.fileno()).st_size, 0
        while chunk := file.read(CHUNK):
            copy.write(chunk)
            done += len(chunk)
            if progress is not None:
                progress(done, total)


def _columns(conn: sqlite3.Connection) -> tuple[str, ...]:
    """Of the table of tokens, the hash first."""
    return tuple(row[1] for row in conn.execute("PRAGMA table_info(token)"))


def _known_again(conn: sqlite3.Connection, order: Order) -> None:
    """The tokens of the announcement in the copy, which may be of an older version: it lacks columns then."""
    here = _columns(conn)
    kept = [n for n, name in enumerate(order.columns) if name in here]
    names = ", ".join(order.columns[n] for n in kept)
    conn.executemany(
        f"INSERT INTO token ({names}) VALUES ({', '.join('?' * len(kept))})",
        [[bytes.fromhex(str(row[n])) if n == 0 else row[n] for n in kept] for row in order.tokens],
    )


def sync(path: Path) -> None:
    """Have a file, or the names in a directory, on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
