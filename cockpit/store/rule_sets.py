"""The rules in force: as they were read last, for every process that works with this store."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence

from cockpit.domain.alerting import kept, of_kept
from cockpit.domain.catalog import Rule
from cockpit.store import meta
from cockpit.store.errors import StoreError
from cockpit.store.handles import Read, Write
from cockpit.store.store import Store

KEY = "rules"
"""Digests of the rules in force, in their order; what they say is among the rules that are kept."""


def mark(rules: Sequence[Rule]) -> str:
    """What tells a set of rules from any other."""
    return json.dumps([kept(rule)[0] for rule in rules], separators=(",", ":"))


def in_force(conn: Read) -> str:
    """The mark of the set in force; "" where none was put yet."""
    return meta.get(conn, KEY) or ""


def read(conn: Read, found: str) -> tuple[Rule, ...] | None:
    """The rules of a mark; None where there is none, or another version of the cockpit wrote what this one
    cannot read."""
    if not found:
        return None
    bodies = dict(
        conn.execute(
            "SELECT digest, body FROM rule_kept WHERE digest IN (SELECT value FROM json_each(?))", (found,)
        ).fetchall()
    )
    rules = [of_kept(bodies.get(digest, "")) for digest in json.loads(found)]
    return tuple(rule for rule in rules if rule is not None) if None not in rules else None


def newer(store: Store, than: str) -> tuple[str, tuple[Rule, ...] | None] | None:
    """Mark and rules of another set that is in force; None where there is none, or where the store is not
    open: then all stays as it was."""
    try:
        with store.read() as conn:
            found = in_force(conn)
            return (found, read(conn, found)) if found not in ("", than) else None
    except (StoreError, sqlite3.Error):
        return None


def begin(store: Store, rules: Sequence[Rule]) -> None:
    """These are in force from the start on. Raises StoreError."""

    def write(conn: Write) -> None:
        if in_force(conn) != mark(rules):
            put(conn, rules)

    store.write(write).result()


def put(conn: Write, rules: Sequence[Rule]) -> None:
    """From here on these rules are in force; engine and pages take them up by themselves."""
    conn.executemany("INSERT OR IGNORE INTO rule_kept (digest, body) VALUES (?, ?)", [kept(r) for r in rules])
    meta.put(conn, KEY, mark(rules))
