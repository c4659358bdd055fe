"""What the store answers when it cannot do what is asked."""

from __future__ import annotations

import sqlite3


class StoreError(Exception):
    """Nothing of the request was stored. `code` is one of CODES; the message is fit for a log or an API."""

    CODES = ("disk_full", "locked", "corrupt", "io", "closed", "read_only", "gone", "behind", "error")

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class QueueFull(StoreError):
    """More is waiting to be written than the queue may hold: come back after `retry_after_s` seconds."""

    def __init__(self, retry_after_s: float) -> None:
        super().__init__("error", f"the queue of the writer is full: try again in {retry_after_s:.0f} s")
        self.retry_after_s = retry_after_s


_KINDS = {
    sqlite3.SQLITE_FULL: ("disk_full", "the disk is full, or the database has reached its limit: make room"),
    sqlite3.SQLITE_BUSY: ("locked", "another process holds the database locked for too long"),
    sqlite3.SQLITE_LOCKED: ("locked", "the database is locked"),
    sqlite3.SQLITE_CORRUPT: ("corrupt", "the database file is damaged: stop, keep the file, restore a copy"),
    sqlite3.SQLITE_NOTADB: ("corrupt", "the file is not a database: stop, keep the file, restore a copy"),
    sqlite3.SQLITE_IOERR: ("io", "the disk answered with an error"),
    sqlite3.SQLITE_CANTOPEN: ("io", "the database file cannot be opened"),
    sqlite3.SQLITE_READONLY: ("read_only", "the database may not be written here"),
}


def explain(error: BaseException) -> StoreError:
    """The StoreError that says what an error of SQLite means."""
    if isinstance(error, StoreError):
        return error
    if not isinstance(error, sqlite3.Error):
        return StoreError("error", f"the batch cannot be stored: {error}")
    # The low byte of an extended result code is the kind of error.
    kind = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
    code, text = _KINDS.get(kind, ("error", "the database refused"))
    return StoreError(code, f"{text} ({error})")
