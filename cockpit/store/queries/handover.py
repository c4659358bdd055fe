"""What a shift hands over, as it is at an instant, and the handovers there were."""

from __future__ import annotations

import json
from collections.abc import Collection

from cockpit.domain.handover import SHIFT_MS, TAKEN, Ending, OpenAlert, Sheet, facts_of
from cockpit.domain.registers import HANDOVER, REQUEST, Entry
from cockpit.store import mutes
from cockpit.store.handles import Read
from cockpit.store.queries import alerts, registers
from cockpit.store.queries.alerts import Instants

MOST_ALERTS, MOST_OTHERS = 200, 100
"""So many alerts, requests and mutes are kept with a handover; the number of alerts is that of all."""


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
    requests = registers.open_entries(conn, REQUEST)
    muted = [k for k in mutes.open_ones(conn) if k.mute.until > now.domain]
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
        requests=tuple(Ending(e.id, e.due) for e in requests[:MOST_OTHERS]),
        mutes=tuple(Ending(k.mute.number, k.mute.until) for k in muted[:MOST_OTHERS]),
    )


def _did(conn: Read, since: int, until: int, names: Collection[str]) -> dict[str, int]:
    rows = conn.execute(
        "SELECT name, count(*) FROM command WHERE t >= ? AND t < ? AND outcome = 'done'"
        " AND name IN (SELECT value FROM json_each(?)) GROUP BY name ORDER BY count(*) DESC, name",
        (since, until, json.dumps(sorted(names))),
    )
    return {row[0]: int(row[1]) for row in rows}
