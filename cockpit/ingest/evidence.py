"""The door for files that people hand in as evidence, for the API and for pages alike."""

from __future__ import annotations

from functools import partial

from cockpit.domain.evidence import Unfit, kind_of, named
from cockpit.domain.text import plain
from cockpit.store import Store, StoreError, evidence
from cockpit.store.evidence import Handed
from cockpit.store.queries import evidence as queries

__all__ = ["MAX_WAITING", "TooMany", "Unfit", "take"]

MAX_WAITING = 40
"""So many files of a person may wait to be named by something."""
_WAIT_S = 10.0
_TRIES = 3


class TooMany(Exception):
    """Too many files of this person wait."""


def take(store: Store, data: bytes, *, name: str, declared: str, person: str, unit: str) -> Handed:
    """Keep a file: its bytes and who handed it in are on the disk when this returns. Raises Unfit, TooMany,
    StoreError."""
    kind = kind_of(data, declared)
    with store.read() as conn:
        if queries.waiting(conn, person) >= MAX_WAITING:
            raise TooMany
    for _ in range(_TRIES):
        at = store.real_ms()
        made = Handed(
            evidence.put(store.path, data, at), person, unit, named(plain(name), kind), kind, len(data), at
        )
        try:
            if store.write(partial(evidence.note, database=store.path, handed=made)).result(_WAIT_S):
                return made
        except TimeoutError:
            raise StoreError("locked", "the store has not answered in time: send the file again") from None
    raise StoreError("error", "the file was swept again and again")
