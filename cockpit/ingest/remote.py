"""Importing while another process owns the store: the same lines, by the HTTP door of that process."""

from __future__ import annotations

import http.client
import time
from collections.abc import Iterable
from urllib.parse import urlsplit

import msgspec

from cockpit.ingest.decode import TYPE_LINES
from cockpit.ingest.files import Progress, parts, silent
from cockpit.ingest.inflate import LIMIT
from cockpit.ingest.report import ImportReport
from cockpit.ingest.textlines import Item

MAX_BYTES = LIMIT // 2
PATIENCE = 120


class RemoteError(RuntimeError):
    """The owner of the store did not take the lines; the message says what it answered."""


class _Rejected(msgspec.Struct):
    index: int
    code: str
    reason: str


class _Accepted(msgspec.Struct):
    accepted: int
    duplicates: int
    rejected: list[_Rejected]


def send_items(
    address: str, token: str, items: Iterable[Item], report: ImportReport, progress: Progress = silent
) -> None:
    """Post numbered lines of events to a running cockpit in bodies of at most 1,000, counted in `report` as
    they are answered, also where this raises RemoteError."""
    where = urlsplit(address)
    connection = http.client.HTTPConnection(where.hostname or "127.0.0.1", where.port or 80, timeout=60)
    try:
        for done, chunk in parts(items, report):
            for part in _halved([(number, line.strip()) for number, line in chunk]):
                answer = _post(connection, token, b"\n".join(line for _, line in part))
                report.accepted += answer.accepted
                report.duplicates += answer.duplicates
                for r in answer.rejected:
                    report.refuse(r.code, part[r.index][0], r.reason)
            progress(done)
    finally:
        connection.close()


def _halved(chunk: list[tuple[int, bytes]]) -> list[list[tuple[int, bytes]]]:
    """Parts of a chunk, none larger than a body may be, unless a single line is."""
    if len(chunk) < 2 or sum(len(line) + 1 for _, line in chunk) <= MAX_BYTES:
        return [chunk] if chunk else []
    middle = len(chunk) // 2
    return [*_halved(chunk[:middle]), *_halved(chunk[middle:])]


def _post(connection: http.client.HTTPConnection, token: str, body: bytes) -> _Accepted:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": TYPE_LINES}
    kept = connection.sock is not None
    for _ in range(PATIENCE):
        try:
            connection.request("POST", "/api/v1/events", body, headers)
            response = connection.getresponse()
            text = response.read()
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            if kept:  # a connection at rest may be closed at any time; what is sent again is known again
                kept = False
                continue
            raise RemoteError(f"the running cockpit does not answer: {error}") from None
        if response.status == 202:
            return msgspec.json.decode(text, type=_Accepted)
        if response.status not in (429, 503):
            raise RemoteError(
                f"the running cockpit answered {response.status}: {text[:300].decode('utf-8', 'replace')}"
            )
        wait = response.headers.get("Retry-After", "1")
        time.sleep(min(5, int(wait) if wait.isdigit() else 1))
    raise RemoteError("the running cockpit is too busy or does not get ready")
