"""A look at a database that changes no byte of it, and of nothing beside it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cockpit.store.errors import explain
from cockpit.store.handles import Read


@contextmanager
def untouched(path: Path) -> Iterator[Read]:
    """The database as it was left, or as somebody works in it, without folding its log into it and without
    making a log or an index where there is none. Raises StoreError where it is damaged or no database."""
    log, index = (path.with_name(path.name + end) for end in ("-wal", "-shm"))
    if log.exists() and index.exists():
        # Also after a crash: then SQLite reads the log by itself and leaves the index on the disk alone.
        how = "&readonly_shm=1"
    elif log.exists() and log.stat().st_size:
        how = ""  # copied without its index, which must be made: nothing else tells what the log holds
    else:
        how = "&immutable=1"  # else a log and an index would be made
    try:
        conn = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro{how}", uri=True, isolation_level=None)
        try:
            yield Read(conn)
        finally:
            conn.close()
    except sqlite3.Error as error:
        raise explain(error) from error
