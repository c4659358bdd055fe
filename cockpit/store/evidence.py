"""Files that people hand in as evidence: their bytes in a folder beside the database, under their SHA-256,
and who handed them in in the database.

The bytes are on the disk before anything names them. What nothing names is swept after a day.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import math
import os
import re
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

from cockpit.domain.evidence import Kind
from cockpit.domain.periods import DAY_MS
from cockpit.domain.requests import Piece
from cockpit.store import snapshot
from cockpit.store.database import reader
from cockpit.store.errors import StoreError
from cockpit.store.handles import Write

FOLDER = "evidence"
SWEPT_MS = DAY_MS
"""So long, of real time, a file waits to be named by something."""
ROWS = 200
_DRAFT = ".part"
_NAME = re.compile(r"[0-9a-f]{64}")


class Handed(NamedTuple):
    """A file as somebody handed it in, `at` an instant of real time."""

    id: str
    person: str
    unit: str
    name: str
    kind: Kind
    size: int
    at: int


def is_id(text: str) -> bool:
    """Whether it could name a file."""
    return _NAME.fullmatch(text) is not None


def folder(database: Path) -> Path:
    """Where the files of a database lie."""
    return database.parent / FOLDER


def place(database: Path, name: str) -> Path:
    """Where a file lies."""
    return folder(database) / name


def is_gone(database: Path, name: str) -> bool:
    """Whether there is no file of this name."""
    return not place(database, name).is_file()


def put(database: Path, data: bytes, real_ms: int) -> str:
    """Have the bytes on the disk, whatever happens to the process; their name. Raises StoreError."""
    name = hashlib.sha256(data).hexdigest()
    target = place(database, name)
    try:
        if not target.parent.is_dir():
            target.parent.mkdir(mode=0o700, exist_ok=True)
            snapshot.sync(target.parent.parent)
        if target.is_file() and target.read_bytes() == data:
            os.utime(target, (real_ms / 1000, real_ms / 1000))
            snapshot.sync(target.parent)  # another thread may have come no further than its name
        else:
            _write(target, data, real_ms)
    except OSError as error:
        code = "disk_full" if error.errno in (errno.ENOSPC, errno.EDQUOT) else "io"
        raise StoreError(code, f"the file cannot be kept: {error}") from error
    return name


def _write(target: Path, data: bytes, real_ms: int) -> None:
    handle, draft = tempfile.mkstemp(suffix=_DRAFT, dir=target.parent)  # its owner's alone
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.utime(draft, (real_ms / 1000, real_ms / 1000))
            os.fsync(file.fileno())
        os.replace(draft, target)
        snapshot.sync(target.parent)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(draft)
        raise


def read(database: Path, name: str) -> bytes | None:
    """The bytes of a file, None where there is none. Raises StoreError where they are not what they were."""
    try:
        data = place(database, name).read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StoreError("io", f"the file cannot be read: {error}") from error
    if hashlib.sha256(data).hexdigest() != name:
        raise StoreError("corrupt", f"the file {name} is not what was handed in: restore a copy")
    return data


def note(conn: Write, database: Path, handed: Handed) -> bool:
    """Write down who has handed in a file. False, and nothing is written, where it was swept meanwhile."""
    if not place(database, handed.id).exists():
        return False
    conn.execute(
        "INSERT INTO evidence (id, person, unit, name, kind, size, at) VALUES (?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET unit = excluded.unit, name = excluded.name, at = excluded.at",
        handed,
    )
    return True


def name_in(conn: Write, kind: str, number: int, pieces: Iterable[Piece]) -> None:
    """An entry of a register names these files from now on."""
    conn.executemany(
        "INSERT INTO evidence_of (id, kind, number) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        [(piece.id, kind, number) for piece in pieces],
    )


Sweep = Callable[[sqlite3.Connection], object]


def orphans(conn: sqlite3.Connection, database: Path, real_ms: int) -> Iterator[Sweep]:
    """What is to be swept: what was handed in a day ago and is named by nothing, and what nobody knows of.
    `conn` reads; what is yielded gets the connection that writes."""
    before = real_ms - SWEPT_MS
    unnamed = _unnamed(conn, before)
    strange = [path for path in _strange(conn, database) if _changed(path) < before]
    if not unnamed and not strange:
        return
    kept = _in_copies(database)
    if unnamed:
        yield partial(_sweep, database=database, before=before, kept=kept)
    strangers = [path for path in strange if path.name not in kept]
    if strangers:
        yield partial(_sweep_strange, paths=strangers)


def _unnamed(conn: sqlite3.Connection, before: int) -> list[str]:
    rows = conn.execute(
        "SELECT id FROM evidence AS e WHERE NOT EXISTS (SELECT 1 FROM evidence_of AS o WHERE o.id = e.id)"
        " GROUP BY id HAVING max(at) < ? LIMIT ?",
        (before, ROWS),
    )
    return [row[0] for row in rows]


def _sweep(conn: sqlite3.Connection, *, database: Path, before: int, kept: frozenset[str]) -> None:
    """Within the transaction, so that nobody names or hands in meanwhile what goes: a row that comes back
    without its file is no evidence of anything, and goes at the next sweep."""
    for name in _unnamed(conn, before):
        conn.execute("DELETE FROM evidence WHERE id = ?", (name,))
        if name not in kept:
            place(database, name).unlink(missing_ok=True)


def _sweep_strange(conn: sqlite3.Connection, *, paths: list[Path]) -> None:
    for path in paths:
        if not conn.execute("SELECT 1 FROM evidence WHERE id = ?", (path.name,)).fetchone():
            path.unlink(missing_ok=True)


def _strange(conn: sqlite3.Connection, database: Path) -> list[Path]:
    """Files in the folder that the database does not know."""
    found = list(folder(database).iterdir()) if folder(database).is_dir() else []
    known = {row[0] for row in conn.execute("SELECT DISTINCT id FROM evidence")}
    return [path for path in found if path.name not in known and path.is_file()]


def _changed(path: Path) -> float:
    """When a file was handed in last, in ms of real time; of one that has gone meanwhile: never."""
    try:
        return path.stat().st_mtime * 1000
    except FileNotFoundError:
        return math.inf


def _in_copies(database: Path) -> frozenset[str]:
    """What the points name that a demo can go back to."""
    names: set[str] = set()
    for number in snapshot.numbers(database):
        names |= _known(snapshot.place(database, number))
    return frozenset(names)


def _known(database: Path) -> set[str]:
    conn = reader(database)
    try:
        if not conn.execute("SELECT 1 FROM sqlite_master WHERE name = 'evidence'").fetchone():
            return set()  # a copy of before there were any
        return {row[0] for row in conn.execute("SELECT DISTINCT id FROM evidence")}
    finally:
        conn.close()


def set_back(database: Path) -> None:
    """The database was put back to an earlier state: what neither it nor another copy knows goes. Nobody may
    have the database open. Raises StoreError, OSError."""
    if not folder(database).is_dir():
        return
    known = _known(database) | _in_copies(database)
    for path in folder(database).iterdir():
        if path.name not in known and path.is_file():
            path.unlink(missing_ok=True)


def problems(conn: sqlite3.Connection, database: Path) -> tuple[int, list[str]]:
    """How many files are named by entries, and what is wrong with them as sentences, for `cockpit check`."""
    if not conn.execute("SELECT 1 FROM sqlite_master WHERE name = 'evidence_of'").fetchone():
        return 0, []
    names = [row[0] for row in conn.execute("SELECT DISTINCT id FROM evidence_of ORDER BY id")]
    told = []
    for name in names:
        try:
            if read(database, name) is None:
                told.append(f"the file {name}, which an entry names, is gone: restore a copy")
        except StoreError as error:
            told.append(str(error))
    return len(names), told
