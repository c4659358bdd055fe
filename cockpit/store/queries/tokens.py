"""Tokens of the HTTP door, by the hash of the token."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import NamedTuple

from cockpit.store.handles import Read, Write


class TokenRow(NamedTuple):
    """What is known of a token besides its hash."""

    sources: tuple[str, ...]
    role: str
    label: str
    unit: str
    created: int  # real time, ms


def add(
    conn: Write, digest: bytes, sources: Sequence[str], role: str, label: str, created: int, unit: str = ""
) -> None:
    conn.execute(
        "INSERT INTO token (hash, sources, role, label, created, unit) VALUES (?, ?, ?, ?, ?, ?)",
        (digest, json.dumps(list(sources)), role, label, created, unit),
    )


def find(conn: Read, digest: bytes) -> TokenRow | None:
    row = conn.execute(
        "SELECT sources, role, label, unit, created FROM token WHERE hash = ?", (digest,)
    ).fetchone()
    if row is None:
        return None
    return TokenRow(tuple(json.loads(row[0])), str(row[1]), str(row[2]), str(row[3]), int(row[4]))


def remove_older(conn: Write, role: str, created: int) -> int:
    return conn.execute("DELETE FROM token WHERE role = ? AND created < ?", (role, created)).rowcount


def remove_labelled(conn: Write, role: str, label: str) -> int:
    return conn.execute("DELETE FROM token WHERE role = ? AND label = ?", (role, label)).rowcount


def remove(conn: Write, digest: bytes) -> bool:
    return conn.execute("DELETE FROM token WHERE hash = ?", (digest,)).rowcount > 0
