"""Records that live: dossiers, feedback, payments, broadcasts, each a small machine of states.

The state of a record is a fold of its events in order of (time, id), so the order of arrival decides
nothing: an event that comes after a younger one causes the fold to be done again. What a record
contributes to the daily tallies is a pure function of its state, and a commit applies the difference.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from cockpit.domain.periods import DAY_MS
from cockpit.domain.records import Filter
from cockpit.store import meta
from cockpit.store.batch import Record

CLOSING = {"dossier": ("solved", "returned"), "feedback": ("closed",)}
"""States that close a record, by kind. Records of other kinds are closed by their first event."""

TALLIED = "tallied"
"""What of records is counted apart in the tallies, as the profile told it last."""

Tally = tuple[int, str, str, str]  # day, kind, unit, name
_STATE = "source, unit, state, opened, updated, due, closed, fields"
_json = msgspec.json.Encoder()
_plain = msgspec.json.Decoder(dict[str, Any])


@dataclass(slots=True, frozen=True)
class Event:
    """One event of a record; `id` is the event's key."""

    id: int
    t: int
    source: int
    record: Record


@dataclass(slots=True, frozen=True)
class State:
    """A record as its events so far make it. Times in ms; `last_id` is the newest event's key."""

    source: int
    unit: str
    state: str
    opened: int
    updated: int
    due: int | None
    closed: int | None
    fields: dict[str, Any]


def step(kind: str, old: State | None, event: Event) -> State:
    """The record after one more event, which is not older than those before."""
    record = event.record
    closing = kind not in CLOSING or record.state in CLOSING[kind]
    if old is None:
        return State(
            event.source, record.unit, record.state, event.t, event.t, record.due,
            event.t if closing else None, record.fields,
        )  # fmt: skip
    closed = (old.closed if old.closed is not None else event.t) if closing else None
    return State(
        event.source,
        record.unit or old.unit,
        record.state,
        old.opened,
        event.t,
        old.due if record.due is None else record.due,
        closed,
        {**old.fields, **record.fields},
    )


def contributions(kind: str, s: State | None, offset_ms: int, filters: Sequence[Filter] = ()) -> list[Tally]:
    """What a record counts for: names with the provincial day of the transition that made it count.

    dossier: received, online, digitised, fee_bearing, paid_online on the day it was received; solved,
    on_time, eresult on the day it was solved. feedback: received; closed, on_time, rated, satisfied
    (4 or 5 of 5) on the day it was closed. payment: made, cashless. broadcast: made, failed. What `filters`
    count apart besides, each on the same day.
    """
    if s is None:
        return []
    opened = (s.opened + offset_ms) // DAY_MS
    fields = s.fields
    names: list[str]
    if kind == "payment":
        names = ["made", "cashless"] if fields.get("cashless") is True else ["made"]
    elif kind == "broadcast":
        names = ["made", "failed"] if fields.get("ok") is False else ["made"]
    else:
        names = ["received"]
    if kind == "dossier":
        names += [name for name, key in _INTAKE if fields.get(key) is True]
    found = [(opened, kind, s.unit, name) for name in names]
    if s.closed is not None and kind in CLOSING:
        day = (s.closed + offset_ms) // DAY_MS
        names = ["solved" if kind == "dossier" else "closed"]
        if s.due is not None and s.closed <= s.due:
            names.append("on_time")
        if kind == "dossier" and fields.get("eresult") is True:
            names.append("eresult")
        rating = fields.get("rating") if kind == "feedback" else None
        if isinstance(rating, int | float) and not isinstance(rating, bool):
            names += ["rated", "satisfied"] if rating >= 4 else ["rated"]
        found += [(day, kind, s.unit, name) for name in names]
    apart = [one for one in filters if one.kind == kind and one.takes(fields)]
    return found + [
        (day, kind, unit, one.name) for day, _, unit, name in found for one in apart if one.counted == name
    ]


_INTAKE = (
    ("online", "online"),
    ("digitised", "digitised"),
    ("fee_bearing", "fee"),
    ("paid_online", "paid_online"),
)


def write(
    conn: sqlite3.Connection, events: list[Event], offset_ms: int, filters: Sequence[Filter] = ()
) -> None:
    """Store new events of records, the records and the tallies they change."""
    by_record: dict[tuple[str, str], list[Event]] = {}
    for event in events:
        by_record.setdefault((event.record.kind, event.record.key), []).append(event)
    tally: Counter[Tally] = Counter()
    rows = []
    refold: list[tuple[tuple[str, str], State]] = []
    for (kind, key), mine in sorted(by_record.items()):
        old = read(conn, kind, key)
        mine.sort(key=_order)
        # At the same instant the key of the event decides, which only the whole fold knows.
        if old is not None and mine[0].t <= old.updated:
            refold.append(((kind, key), old))
            continue
        new = old
        for event in mine:
            new = step(kind, new, event)
        assert new is not None  # noqa: S101 - there is at least one event
        rows.append((kind, key, new))
        _difference(tally, kind, old, new, offset_ms, filters)
    conn.executemany(
        "INSERT INTO record_event (kind, key, id, t, state, unit, due, fields)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        [
            (
                e.record.kind,
                e.record.key,
                e.id,
                e.t,
                e.record.state,
                e.record.unit,
                e.record.due,
                _text(e.record.fields),
            )
            for mine in by_record.values()
            for e in mine
        ],
    )
    for (kind, key), old in refold:
        new = None
        for event in history(conn, kind, key, old.source):
            new = step(kind, new, event)
        assert new is not None  # noqa: S101
        rows.append((kind, key, new))
        _difference(tally, kind, old, new, offset_ms, filters)
    _write_records(conn, rows)
    _write_tallies(conn, tally)


def _order(event: Event) -> tuple[int, int]:
    return event.t, event.id


def _text(fields: dict[str, Any]) -> str:
    return _json.encode(fields).decode() if fields else "{}"


def _difference(
    tally: Counter[Tally],
    kind: str,
    old: State | None,
    new: State,
    offset_ms: int,
    filters: Sequence[Filter],
) -> None:
    tally.update(contributions(kind, new, offset_ms, filters))
    if old is not None:
        tally.subtract(contributions(kind, old, offset_ms, filters))


def retally(conn: sqlite3.Connection, filters: Sequence[Filter], offset_ms: int) -> None:
    """Bring the tallies to what is counted apart by now: what is new is counted once from all records, what
    nobody counts any more goes. One transaction."""
    told = json.dumps(sorted([f.kind, f.name] for f in filters), ensure_ascii=False)
    before = meta.get(conn, TALLIED) or "[]"
    if told == before:
        return
    known = {(kind, name) for kind, name in json.loads(before)}
    new = [f for f in filters if (f.kind, f.name) not in known]
    conn.execute("BEGIN IMMEDIATE")
    try:
        for kind, name in known - {(f.kind, f.name) for f in filters}:
            conn.execute("DELETE FROM tally WHERE kind = ? AND name = ?", (kind, name))
        tally: Counter[Tally] = Counter()
        names = {f.name for f in new}
        for kind in sorted({f.kind for f in new}):
            for row in conn.execute(f"SELECT {_STATE} FROM record WHERE kind = ?", (kind,)):
                found = contributions(kind, _state(row), offset_ms, new)
                tally.update(one for one in found if one[3] in names)
        _write_tallies(conn, tally)
        meta.put(conn, TALLIED, told)
    except BaseException:
        conn.execute("ROLLBACK")
        raise
    conn.execute("COMMIT")


def read(conn: sqlite3.Connection, kind: str, key: str) -> State | None:
    """The record as stored, None if there is none."""
    row = conn.execute(f"SELECT {_STATE} FROM record WHERE kind = ? AND key = ?", (kind, key)).fetchone()
    return None if row is None else _state(row)


def _state(row: sqlite3.Row) -> State:
    source, unit, state, opened, updated, due, closed, fields = row
    return State(source, unit, state, opened, updated, due, closed, _plain.decode(fields))


def history(conn: sqlite3.Connection, kind: str, key: str, source: int) -> list[Event]:
    """All events of a record, oldest first."""
    return [
        Event(id_, t, source, Record(kind, key, unit, state, due, _plain.decode(fields)))
        for id_, t, state, unit, due, fields in conn.execute(
            "SELECT id, t, state, unit, due, fields FROM record_event WHERE kind = ? AND key = ?"
            " ORDER BY t, id",
            (kind, key),
        )
    ]


def _write_records(conn: sqlite3.Connection, rows: list[tuple[str, str, State]]) -> None:
    conn.executemany(
        "INSERT INTO record (kind, key, source, unit, state, opened, updated, due, closed, fields)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET source = excluded.source,"
        " unit = excluded.unit, state = excluded.state, opened = excluded.opened, updated = excluded.updated,"
        " due = excluded.due, closed = excluded.closed, fields = excluded.fields",
        [
            (kind, key, s.source, s.unit, s.state, s.opened, s.updated, s.due, s.closed, _text(s.fields))
            for kind, key, s in rows
        ],
    )


def _write_tallies(conn: sqlite3.Connection, tally: Counter[Tally]) -> None:
    rows: Counter[Tally] = Counter()
    for (day, kind, unit, name), n in tally.items():
        rows[day, kind, unit, name] += n
        if unit:
            rows[day, kind, "", name] += n
    conn.executemany(
        "INSERT INTO tally (day, kind, unit, name, n) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET n = n + excluded.n",
        [(*key, n) for key, n in sorted(rows.items()) if n],
    )
