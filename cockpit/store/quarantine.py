"""Events that were refused, kept for a look: bounded per source, the oldest leave first."""

from __future__ import annotations

import sqlite3

from cockpit.store.batch import Refused

MAX_ROWS = 1_000
MAX_BYTES = 4 * 1024 * 1024
MAX_PAYLOAD = 16 * 1024
MAX_TEXT = 500


class Quarantine:
    """Knows how much each source has there. Used on the writer's thread only."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self._held = {
            int(source): (int(rows), int(size))
            for source, rows, size in conn.execute(
                f"SELECT source, count(*), sum({_BYTES}) FROM quarantine GROUP BY source"
            )
        }
        self._staged: dict[int, tuple[int, int]] = {}

    def write(self, conn: sqlite3.Connection, refused: list[Refused]) -> None:
        """Keep the refused events. Call `committed` once the transaction is on disk."""
        self._staged = {}
        by_source: dict[int, list[Refused]] = {}
        for item in refused:
            by_source.setdefault(item.source, []).append(item)
        for source, items in by_source.items():
            rows, size = self._held.get(source, (0, 0))
            for item in items[-MAX_ROWS:]:
                payload, name = item.payload[:MAX_PAYLOAD], item.id[:MAX_TEXT]
                reason = item.reason[:MAX_TEXT]
                conn.execute(
                    "INSERT INTO quarantine (source, received, code, reason, id, size, payload)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?)",
                    (source, item.received, item.code, reason, name, len(item.payload), payload),
                )
                rows += 1
                size += len(payload) + len(name.encode()) + len(reason.encode())
            self._staged[source] = self._trim(conn, source, rows, size)

    @staticmethod
    def _trim(conn: sqlite3.Connection, source: int, rows: int, size: int) -> tuple[int, int]:
        if rows <= MAX_ROWS and size <= MAX_BYTES:
            return rows, size
        last = 0
        for seq, bytes_ in conn.execute(
            f"SELECT seq, {_BYTES} FROM quarantine WHERE source = ? ORDER BY seq",
            (source,),
        ):
            if rows <= MAX_ROWS and size <= MAX_BYTES:
                break
            last, rows, size = seq, rows - 1, size - bytes_
        conn.execute("DELETE FROM quarantine WHERE source = ? AND seq <= ?", (source, last))
        return rows, size

    def committed(self) -> None:
        self._held.update(self._staged)
        self._staged = {}


_BYTES = "length(payload) + length(CAST(id AS BLOB)) + length(CAST(reason AS BLOB))"
