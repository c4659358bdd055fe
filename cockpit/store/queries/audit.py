"""What people did, newest first: the log of commands, refused ones too."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from cockpit.store.handles import Read


class Entry(NamedTuple):
    """A command on record. `t` is domain time, `real` real time, both ms; `outcome` its code, `facts` what it
    says more; `unit` is whose the actor was."""

    seq: int
    t: int
    real: int
    actor: str
    role: str
    name: str
    args: dict[str, Any]
    outcome: str
    unit: str = ""
    facts: dict[str, Any] = {}  # noqa: RUF012 - never changed


def entries(
    conn: Read, start: int, end: int, *, actor: str | None = None, name: str | None = None, limit: int = 1000
) -> list[Entry]:
    """Those of `start` to before `end` in domain time, the newest first."""
    where = ["t >= ?", "t < ?"]
    chosen: list[object] = [start, end]
    for column, value in (("actor", actor), ("name", name)):
        if value is not None:
            where.append(f"{column} = ?")
            chosen.append(value)
    rows = conn.execute(
        "SELECT seq, t, real, actor, role, name, args, outcome, unit, facts FROM command"
        f" WHERE {' AND '.join(where)} ORDER BY seq DESC LIMIT ?",
        (*chosen, limit),
    )
    return [
        Entry(r[0], r[1], r[2], r[3], r[4], r[5], json.loads(r[6]), r[7], r[8], json.loads(r[9]))
        for r in rows
    ]
