"""Entries of registers and the steps of their lives, as they are written.

All functions take the writer's connection and run inside its transaction. Whoever takes a step says from
which version of the entry it was taken: another one may have acted meanwhile.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from cockpit.domain.registers import Moved
from cockpit.store import meta
from cockpit.store.alerting import dump
from cockpit.store.handles import Write


def counted_key(kind: str) -> str:
    """Key of what a part of the past shows of a register, where nothing is put into it yet."""
    return f"{kind}_counted"


def count(conn: Write, kind: str, found: Sequence[Mapping[str, Any]] | None) -> None:
    """Keep what is counted and is no entry yet, in place of what was; None: entries are kept from now on."""
    meta.put(conn, counted_key(kind), "" if found is None else dump({"found": list(found)}))


def move(conn: Write, moved: Moved) -> bool:
    """Take one step, and write it down. False, and nothing is written, where the entry is not as it was
    seen."""
    e = moved.entry
    if moved.seen:
        done = conn.execute(
            "UPDATE register SET state = ?, unit = ?, owner = ?, due = ?, closed = ?, version = ?, facts = ?"
            " WHERE kind = ? AND id = ? AND version = ?",
            (e.state, e.unit, e.owner, e.due, e.closed, e.version, _json(e.facts), e.kind, e.id, moved.seen),
        )
    else:
        done = conn.execute(
            "INSERT INTO register (kind, id, state, unit, owner, opened, due, closed, version, facts)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            (e.kind, e.id, e.state, e.unit, e.owner, e.opened, e.due, e.closed, e.version, _json(e.facts)),
        )
    if done.rowcount != 1:
        return False
    step = moved.step
    conn.execute(
        "INSERT INTO register_step (kind, id, t, actor, what, before, after, evidence)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (e.kind, e.id, step.t, step.actor, step.what, step.before, step.after, _json(step.evidence)),
    )
    return True


def measured(conn: Write, kind: str, facts: Iterable[tuple[int, Mapping[str, Any]]]) -> None:
    """What is measured by now of open entries, by number: no step. What else is kept of them, which people
    decide, stays."""
    conn.executemany(
        "UPDATE register SET facts = json_patch(facts, ?) WHERE kind = ? AND id = ? AND closed IS NULL",
        [(_json(found), kind, number) for number, found in facts],
    )


def _json(found: Mapping[str, Any]) -> str:
    return dump(dict(found))


def facts_of(text: str) -> Mapping[str, Any]:
    """Facts or evidence as they were kept."""
    found: dict[str, Any] = json.loads(text)
    return found
