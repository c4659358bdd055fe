"""Taking up what other systems have told, from the store."""

from __future__ import annotations

from cockpit.domain.incoming import HOLDS_MS, Incoming
from cockpit.engine.columns import REAL
from cockpit.engine.core import Core
from cockpit.store import Store, incoming


def listen(store: Store, core: Core, upto: int) -> None:
    """Take up what was told since the last time, before what has happened up to `upto` of real time is
    evaluated."""
    with store.read() as conn:
        seq = incoming.last_seq(conn)
        if seq == core.incoming.seq:
            return
        found = incoming.since(conn, core.incoming.seq)
    for told in found:
        core.hear(told, min(max(told.heard, core.now[REAL]), upto))
    core.incoming.seq = seq
    core.explain_incoming(upto, [told.subject for told in found])


def resume(core: Core, found: list[Incoming], seq: int, done: int, start: int) -> None:
    """Take up what was at work when an engine worked last, at `done`; this one begins at `start`. Meanwhile
    nobody could send: what held until then has its time anew."""
    for told in found:
        if done < told.until < start + HOLDS_MS and start > done:
            told = told._replace(until=start + HOLDS_MS)
        core.hear(told, start)
    core.incoming.seq = seq
    core.incoming.step(start)
