"""Reads of plans: each a head, and what belongs to it."""

from __future__ import annotations

from cockpit.domain.plans.model import Plan, head_of, item_of, project_of
from cockpit.domain.registers import PLAN, PROJECT, TARGET, TASK
from cockpit.store.handles import Read
from cockpit.store.queries import registers


def heads(conn: Read) -> list[Plan]:
    """All plans without their parts, in order of their numbers."""
    return [head_of(entry) for entry in registers.entries(conn, PLAN)]


def plan(conn: Read, code: str) -> Plan | None:
    """A plan with its parts, None where there is none of this code."""
    head = next((found for found in heads(conn) if found.facts.code == code), None)
    return None if head is None else whole(conn, head)


def whole(conn: Read, head: Plan) -> Plan:
    """The same with its parts."""
    found = registers.of_plan(conn, head.facts.code)
    return Plan(
        head.entry,
        head.facts,
        [item_of(entry) for entry in found if entry.kind == TARGET],
        [item_of(entry) for entry in found if entry.kind == TASK],
        [project_of(entry) for entry in found if entry.kind == PROJECT],
    )


def numbers(conn: Read) -> dict[str, int]:
    """The highest number of each register of plans."""
    return {kind: registers.last_number(conn, kind) for kind in (PLAN, TARGET, TASK, PROJECT)}
