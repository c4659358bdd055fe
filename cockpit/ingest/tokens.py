"""Who may do what at the HTTP door. Only the SHA-256 of a token is kept: 256 random bits need no salt."""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

from cockpit.domain.roles import ROLES, Role
from cockpit.store import Store
from cockpit.store.handles import Write
from cockpit.store.queries import tokens as rows

Machine = Literal["source", "reader", "simulator", "recorder", "pages"]
"""What a token may be for that is no person's. `pages`: a process that only shows, for those before it."""

ADDED: tuple[str, ...] = ("source", "reader", "presenter", "recorder")
"""Those that `cockpit token add` makes; the others a cockpit makes for itself, or for people."""

ALL: frozenset[str] = frozenset({*get_args(Machine), *ROLES})
PAGES_MS = 3_600_000
"""How long a token of pages is good for, in ms: it speaks for everybody, and its process makes a new one."""

READERS = frozenset({"reader", "simulator", *ROLES})
"""Roles that may read where reading is not open. A source may only send."""


@dataclass(frozen=True, slots=True)
class Grant:
    """What a token allows: to send for `sources`, and what its role may."""

    sources: frozenset[str]
    role: str
    label: str
    unit: str = ""

    @property
    def person(self) -> Role | None:
        """The role in which commands may be given with it, None where it is a machine's."""
        return next((role for role in ROLES if role == self.role), None)

    @property
    def name(self) -> str:
        """Whose commands they are that are given with it."""
        return self.label or "API"


def digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).digest()


def issue(
    conn: Write, sources: Iterable[str], role: str, label: str, created_ms: int = 0, unit: str = ""
) -> str:
    """Make a token and keep its hash. The token itself is in the answer and nowhere else."""
    if role not in ALL:
        raise ValueError(f"role {role!r}: expected one of {', '.join(sorted(ALL))}")
    token = f"ckp_{secrets.token_urlsafe(32)}"
    rows.add(conn, digest(token), sorted(set(sources)), role, label, created_ms, unit)
    return token


def revoke(conn: Write, token: str) -> bool:
    """Forget a token; False if it was not known."""
    return rows.remove(conn, digest(token))


def revoke_labelled(conn: Write, role: str, label: str) -> int:
    """Forget all tokens of this role and label; how many there were."""
    return rows.remove_labelled(conn, role, label)


def renew_pages(conn: Write, label: str, now_ms: int) -> str:
    """A token of the process with this label in place of the one before, and of those that have run out."""
    rows.remove_older(conn, "pages", now_ms - PAGES_MS)
    revoke_labelled(conn, "pages", label)
    return issue(conn, (), "pages", label, now_ms)


KEPT_S = 1.0
"""How long a token that was found is taken as found: reading the store lets other threads go first, and a
feed that sends a hundred bodies a second would wait for them three times with each."""
MAX_KEPT = 256
"""Tokens remembered at once; beyond, all are forgotten and read anew."""


class Tokens:
    """Looks tokens up in the store. One that another process adds works at once, one that it revokes is
    refused within KEPT_S. Safe to use from any thread."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._kept: dict[bytes, tuple[float, rows.TokenRow]] = {}

    def lookup(self, token: str) -> Grant | None:
        """What the token allows, None if it is not known, or not any more. One seek by its hash."""
        row = self._found(digest(token))
        if row is None or (row.role == "pages" and abs(self._store.real_ms() - row.created) > PAGES_MS):
            return None
        return Grant(frozenset(row.sources), row.role, row.label, row.unit)

    def _found(self, hashed: bytes) -> rows.TokenRow | None:
        now = time.monotonic()
        until, row = self._kept.get(hashed, (now, None))
        if row is not None and now < until:
            return row
        with self._store.read() as conn:
            row = rows.find(conn, hashed)
        if row is None:  # never remembered: it may be added in the next moment
            self._kept.pop(hashed, None)
            return None
        if len(self._kept) >= MAX_KEPT:
            self._kept.clear()
        self._kept[hashed] = (now + KEPT_S, row)
        return row
