"""What presenters did, from the log of commands."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from cockpit.store.handles import Read


class Done(NamedTuple):
    """A command that was carried out. `t` is domain time, `real` real time, both ms."""

    t: int
    real: int
    actor: str
    name: str
    args: dict[str, Any]


def done(conn: Read, names: Sequence[str], limit: int = 10_000) -> list[Done]:
    """The newest of these commands, oldest first."""
    marks = ", ".join("?" * len(names))
    rows = conn.execute(
        f"SELECT t, real, actor, name, args FROM command WHERE outcome = 'done' AND name IN ({marks})"
        " ORDER BY seq DESC LIMIT ?",
        (*names, limit),
    ).fetchall()
    return [Done(r[0], r[1], r[2], r[3], json.loads(r[4])) for r in reversed(rows)]


def count(conn: Read, names: Sequence[str]) -> int:
    """How many of these commands were carried out."""
    marks = ", ".join("?" * len(names))
    (n,) = conn.execute(
        f"SELECT count(*) FROM command WHERE outcome = 'done' AND name IN ({marks})", tuple(names)
    ).fetchone()
    return int(n)
