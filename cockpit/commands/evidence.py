"""Files that a step may name: handed in by who takes it."""

from __future__ import annotations

from cockpit.commands.model import Actor, Cockpit
from cockpit.domain.requests import Piece
from cockpit.store import evidence
from cockpit.store.handles import Read
from cockpit.store.queries import evidence as files


def piece(here: Cockpit, conn: Read, name: str, actor: Actor, kind: str, number: int) -> Piece | None:
    """A file by its id: handed in by who acts or in the same unit, or named by this entry already; None where
    there is none."""
    if evidence.is_gone(here.store.path, name):
        return None
    rows = files.handed(conn, name)
    mine = [h for h in rows if h.person == actor.name] or [h for h in rows if h.unit and h.unit == actor.unit]
    if not mine and (kind, number) in files.entries(conn, name):
        mine = rows
    return Piece(name, mine[0].name, mine[0].kind, mine[0].size) if mine else None
