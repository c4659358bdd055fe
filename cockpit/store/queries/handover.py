"""What a shift hands over, as it is at an instant, and the handovers there were."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping

from cockpit.domain.handover import SHIFT_MS, SOON_MS, TAKEN, Ending, OpenAlert, Sheet, facts_of
from cockpit.domain.registers import GAP, HANDOVER, MUTE, REQUEST, TASK, Entry
from cockpit.store import mutes
from cockpit.store.handles import Read
from cockpit.store.queries import alerts, registers
from cockpit.store.queries.alerts import Instants

MOST_ALERTS, MOST_OTHERS = 200, 100
"""So many alerts, and so many of each other list, are kept with a handover; the numbers are those of all."""


def given(conn: Read) -> Entry | None:
    """The handover that nobody has taken yet."""
    found = registers.open_entries(conn, HANDOVER)
    return found[-1] if found else None


def begun(conn: Read, now: int) -> int:
    """Since when the shift is: what the last handover that was taken tells goes to its end."""
    row = conn.execute(
        "SELECT id FROM register WHERE kind = ? AND state = ? ORDER BY closed DESC, id DESC LIMIT 1",
        (HANDOVER, TAKEN),
    ).fetchone()
    entry = registers.entry(conn, HANDOVER, int(row[0])) if row else None
    return min(facts_of(entry).sheet.until, now) if entry is not None else now - SHIFT_MS


def sheet(conn: Read, now: Instants, names: Collection[str]) -> Sheet:
    """What the shift hands over now. `names` of the commands that are told."""
    since = begun(conn, now.domain)
    before = Instants(now.real_sources, now.real - (now.domain - since), since)
    changed = alerts.changed_since(conn, before)
    real = set(json.loads(now.real_sources))
    standing = alerts.standing_causes(conn, MOST_ALERTS)
    lists = {
        "requests": sorted(registers.open_entries(conn, REQUEST), key=_urgent),
        "gaps": registers.overdue(conn, GAP, now.domain + SOON_MS),
        "tasks": registers.overdue(conn, TASK, now.domain + SOON_MS),
        "mutes": sorted((k.entry for k in mutes.open_ones(conn) if k.mute.until > now.domain), key=_urgent),
    }
    return Sheet(
        since=since,
        until=now.domain,
        opened=changed.opened,
        over=changed.over,
        unwatched=changed.unwatched,
        did=_did(conn, since, now.domain, names),
        standing=alerts.counts(conn).open,
        alerts=tuple(
            OpenAlert(
                alert=a.id,
                owner=a.owner,
                owner_en=a.owner_en or a.owner,
                acknowledged=a.ack_at is not None,
                overdue=a.due < (now.real if a.source in real else now.domain),
                new=a.opened > (before.real if a.source in real else since),
                escalated=a.escalated,
            )
            for a in standing
        ),
        counts={name: len(found) for name, found in lists.items()},
        **{name: tuple(ending(e) for e in found[:MOST_OTHERS]) for name, found in lists.items()},
    )


def _urgent(entry: Entry) -> tuple[bool, int, int]:
    return entry.due is None, entry.due or 0, entry.id


def ending(entry: Entry) -> Ending:
    """An entry as it stands now."""
    if entry.kind == MUTE:
        until = int(entry.facts["until"])
        return Ending(entry.id, until, entry.owner, entry.unit, entry.state, facts=dict(entry.facts))
    name = entry.facts.get("name")
    vi, en = (str(name.get(lang, "")) for lang in ("vi", "en")) if isinstance(name, Mapping) else ("", "")
    return Ending(entry.id, entry.due, entry.owner, entry.unit, entry.state, vi, en)


def _did(conn: Read, since: int, until: int, names: Collection[str]) -> dict[str, int]:
    rows = conn.execute(
        "SELECT name, count(*) FROM command WHERE t >= ? AND t < ? AND outcome = 'done'"
        " AND name IN (SELECT value FROM json_each(?)) GROUP BY name ORDER BY count(*) DESC, name",
        (since, until, json.dumps(sorted(names))),
    )
    return {row[0]: int(row[1]) for row in rows}
