"""What tests see inside a store, and what they put there by hand. Of all tests this file alone knows the
tables, but for those whose subject is the database file itself; `tools/rules.py` lists them.

What a query of the product tells, tests ask of that query. Here is what only a test wants to know, and rows
that else the door or the engine would write.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from cockpit.domain.numbers import AlertId, AssetId, SeriesNo
from cockpit.domain.visits import Visit
from cockpit.store import Store, alerting, database, migrations
from cockpit.store import coverage as samples
from cockpit.store.alerts import COLUMNS, Alert
from cockpit.store.handles import Read, Write
from cockpit.store.queries import alerts as alert_rows
from cockpit.store.queries import audit, cameras
from cockpit.store.queries.observations import SourceHour
from cockpit.store.visits import of as visits_of
from tests.waiting import PATIENCE_S

T = TypeVar("T")

Place = Store | Path
"""A store that is open here, or the file of one that another process holds or has left behind."""

EVER = 2**62
MANY = 10**6


class Rows(StrEnum):
    """What tests count, or take away altogether."""

    ALERTS = "alert"
    APART = "coverage_apart"
    BLOCKS = "block"
    CELLS = "coverage_cell"
    CLOCKS = "asset_clock"
    COMMANDS = "command"
    COVERAGE_DAYS = "coverage_day"
    DAYS_TO_REGROUP = "regroup"
    EVIDENCE = "evidence"
    EVIDENCE_NAMED = "evidence_of"
    GROUP_ROLLUPS = "rollup_group"
    IDENTITIES = "seen_part"
    LOG = "event_log"
    NEW_SAMPLES = "coverage_minute"
    OPEN_ROLLUPS = "rollup_open"
    RAW_HOURS = "raw_part"
    RECORD_EVENTS = "record_event"
    REGISTERS = "register"
    REGISTER_STEPS = "register_step"
    REPORTS = "report"
    ROLLUPS = "rollup_1h"
    RULES_OFF = "rule_off"
    TARGETS = "target_version"
    SEALED_IDENTITIES = "seen_block"
    SOURCE_HOURS = "source_hour"


class Logged(NamedTuple):
    """A line of the event log as it is stored: `data` is the very text."""

    seq: int
    t: int
    alert: AlertId | None
    what: str
    actor: str
    data: str


@contextmanager
def reading(place: Place) -> Iterator[Read]:
    """For the queries of the product, whoever holds the store."""
    if isinstance(place, Store):
        with place.read() as conn:
            yield conn
    else:
        with closing(database.reader(place)) as found:
            yield Read(found)


def count(place: Place, rows: Rows) -> int:
    """How many there are."""
    with reading(place) as conn:
        return int(conn.execute(f"SELECT count(*) FROM {rows}").fetchone()[0])


def alerts(place: Place, *, open_only: bool = False) -> list[Alert]:
    """Alerts in the order of their numbers, folded and hidden ones too."""
    with reading(place) as conn:
        return alert_rows.alerts(conn, f"{'closed IS NULL' if open_only else 1} ORDER BY id", ())


def log(place: Place) -> list[Logged]:
    """The whole event log, oldest first."""
    with reading(place) as conn:
        found = conn.execute("SELECT seq, t, alert, what, actor, data FROM event_log ORDER BY seq")
        return [Logged(*row) for row in found]


def commands(place: Place) -> list[audit.Entry]:
    """Every command on record, oldest first."""
    with reading(place) as conn:
        return audit.entries(conn, 0, EVER, limit=MANY)[::-1]


def visits(place: Place) -> dict[str, Visit]:
    """What is known of everybody's last visit."""
    with reading(place) as conn:
        people = [row[0] for row in conn.execute("SELECT person FROM visit").fetchall()]
        found = {person: visits_of(conn, person) for person in people}
    return {person: visit for person, visit in found.items() if visit is not None}


def forget_mutes(store: Store) -> None:
    """Nothing was ever muted, as far as the ledger says."""
    done(store, lambda conn: conn.execute("DELETE FROM register WHERE kind = 'mute'"))


def forget_register(store: Store, kind: str) -> None:
    """A register is empty."""
    done(store, lambda conn: conn.execute("DELETE FROM register WHERE kind = ?", (kind,)))
    done(store, lambda conn: conn.execute("DELETE FROM register_step WHERE kind = ?", (kind,)))


def forget_entries(store: Store, kind: str, numbers: Iterable[int]) -> None:
    """A register without these entries."""
    told = [(kind, number) for number in numbers]
    done(store, lambda conn: conn.executemany("DELETE FROM register WHERE kind = ? AND id = ?", told))
    done(store, lambda conn: conn.executemany("DELETE FROM register_step WHERE kind = ? AND id = ?", told))


def forget_visits(store: Store) -> None:
    """Nobody has ever looked."""
    done(store, lambda conn: conn.execute("DELETE FROM visit"))


def conditions(place: Place) -> dict[str, tuple[str, int]]:
    """What the engine holds to be so: state and since when, by key."""
    with reading(place) as conn:
        return alerting.kept(conn).conditions


def states(place: Place) -> dict[AssetId, tuple[str, int]]:
    """Freshness of assets and since when, by their ids."""
    with reading(place) as conn:
        return cameras.states(conn, AssetId(0), AssetId(EVER))


def coverage(store: Store, rows: Rows, operator: str, h3: str) -> list[dict[str, Any]]:
    """Sums of an operator in a cell: of the window (`CELLS`), or day by day (`COVERAGE_DAYS`)."""
    done(store, samples.fold)
    with store.read() as conn:
        found = conn.execute(f"SELECT * FROM {rows} WHERE operator = ? AND h3 = ?", (operator, h3))
        return [dict(row) for row in found]


def sealed_rows(place: Place) -> list[int]:
    """For every hour with single observations in a table of their own, how many of them are in blocks too."""
    with reading(place) as conn:
        return [int(row[0]) for row in conn.execute("SELECT sealed FROM raw_part ORDER BY hour")]


def tally_names(place: Place, kind: str) -> set[str]:
    """What is counted of a kind of record."""
    with reading(place) as conn:
        return {row[0] for row in conn.execute("SELECT DISTINCT name FROM tally WHERE kind = ?", (kind,))}


def token_hashes(place: Place) -> list[bytes]:
    with reading(place) as conn:
        return [row[0] for row in conn.execute("SELECT hash FROM token")]


def identities(path: Path) -> dict[int, list[int]]:
    """The keys of every lot of what makes events known again, sorted, in the tables of any version."""
    found: dict[int, set[int]] = {}
    with reading(path) as conn:
        tables = {row[0] for row in conn.execute("SELECT name FROM sqlite_master")}
        if "seen" in tables:
            for lot, key in conn.execute("SELECT slot, key FROM seen"):
                found.setdefault(lot, set()).add(key)
        for table in sorted({"seen_part", "seen_block"} & tables):
            for lot, packed in conn.execute(f"SELECT slot, keys FROM {table}"):
                found.setdefault(lot, set()).update(memoryview(packed).cast("q"))
    return {lot: sorted(keys) for lot, keys in found.items()}


def token_labels(place: Place) -> list[str]:
    """In the order of the alphabet."""
    with reading(place) as conn:
        return [row[0] for row in conn.execute("SELECT label FROM token ORDER BY label")]


def done(store: Store, change: Callable[[Write], T]) -> T:
    """What a change of the store answers, when it is on disk."""
    return store.write(change).result(PATIENCE_S)


def put_alert(store: Store, **columns: Any) -> AlertId:
    """An alert that no engine has raised, by the names of `Alert`; what is not given is as of an open one
    about nothing. Its number."""
    return put_alerts(store, [columns])[0]


def put_alerts(store: Store, many: Iterable[Mapping[str, Any]]) -> list[AlertId]:
    """The same of many at once."""
    plain: dict[str, Any] = {
        "rule_version": 1, "asset": "", "source": "", "indicator": "", "unit": "", "owner": "x",
        "owner_en": "", "simulated": 1, "closed": None, "close_reason": None, "value": None, "peak": None,
        "facts": "{}", "cause": None, "folded": 0,
    }  # fmt: skip

    def put(conn: Write) -> list[AlertId]:
        first = alerting.kept(conn).next_alert
        made = [Alert(**{**plain, "id": AlertId(first + n), **columns}) for n, columns in enumerate(many)]
        alerting.save(conn, alerting.Changes(alerts={alert.id: alert for alert in made}))
        for a in made:
            _change(conn, a.id, {"ack_by": a.ack_by, "ack_at": a.ack_at, "ack_note": a.ack_note})
        return [alert.id for alert in made]

    return done(store, put)


def change_alert(store: Store, alert: AlertId, **columns: Any) -> None:
    """Give an alert other values, by the names of `Alert`."""
    done(store, lambda conn: _change(conn, alert, columns))


def _change(conn: Write, alert: AlertId, columns: Mapping[str, Any]) -> None:
    assert columns.keys() <= set(COLUMNS)
    wanted = ", ".join(f"{name} = ?" for name in columns)
    conn.execute(f"UPDATE alert SET {wanted} WHERE id = ?", (*columns.values(), alert))


def put_cell(
    store: Store, operator: str, h3: str, n: int, *, last: int, bad: int = 0, weak: int = 0, groups: int = 0
) -> None:
    """`n` samples of an operator in a cell of the map, in place of those that were there."""
    row = (operator, h3, n, groups or n, 5, weak, bad, -1050 * n, -1200, 0, 0, last)
    _put(store, "INSERT OR REPLACE INTO coverage_cell VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", [row])


def put_latest(store: Store, rows: Iterable[tuple[SeriesNo, int, int, int]]) -> None:
    """The newest value of series: (series, t, received, value)."""
    _put(store, "INSERT OR REPLACE INTO latest (series, t, received, v) VALUES (?, ?, ?, ?)", rows)


def put_source_hours(store: Store, rows: Iterable[SourceHour]) -> None:
    names = ", ".join(SourceHour._fields)
    _put(store, f"INSERT OR REPLACE INTO source_hour ({names}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)


def put_tallies(store: Store, kind: str, name: str, days: Mapping[int, int]) -> None:
    """Counts of the whole province by provincial day."""
    sql = "INSERT INTO tally (day, kind, unit, name, n) VALUES (?, ?, '', ?, ?)"
    _put(store, sql, [(day, kind, name, n) for day, n in days.items()])


def rename_in_kept_rules(store: Store, word: str, by: str) -> None:
    """Rules kept with their alerts say another word than they did."""
    _put(store, "UPDATE rule_kept SET body = replace(body, ?, ?)", [(word, by)])


def clear(store: Store, rows: Rows) -> None:
    """Take all of them away."""
    _put(store, f"DELETE FROM {rows}", [()])


def remove_alert(store: Store, alert: AlertId) -> None:
    _put(store, "DELETE FROM alert WHERE id = ?", [(alert,)])


def remove_asset(store: Store, asset: AssetId) -> None:
    """Its state and its newest values: as if it had never been heard."""
    _put(store, "DELETE FROM asset_now WHERE asset = ?", [(asset,)])
    _put(store, "DELETE FROM latest WHERE series >> 8 = ?", [(asset,)])


def remove_fact(store: Store, key: str) -> None:
    """What `meta.put` has put."""
    _put(store, "DELETE FROM meta WHERE key = ?", [(key,)])


def _put(store: Store, sql: str, rows: Iterable[tuple[Any, ...]]) -> None:
    done(store, lambda conn: conn.executemany(sql, rows))


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Somebody else holds the lock of whoever writes."""
    with closing(database.writer(path, busy_ms=60_000)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


def forget_gaps(store: Store) -> None:
    """No gap was ever found."""
    for table in ("register", "register_step"):
        _put(store, f"DELETE FROM {table} WHERE kind = 'gap'", [()])


def forget_records(store: Store, kind: str) -> None:
    """As if no record of a kind had ever come."""
    for table in ("record", "record_event", "tally"):
        _put(store, f"DELETE FROM {table} WHERE kind = ?", [(kind,)])


def migrated(conn: sqlite3.Connection) -> None:
    """`migrations.migrate`; the tables of an empty database are made once and copied."""
    if database.is_blank(conn):
        _empty().backup(conn)
    else:
        migrations.migrate(conn)


@cache
def _empty() -> sqlite3.Connection:
    conn = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
    conn.execute(f"PRAGMA application_id = {database.APPLICATION_ID}")
    migrations.migrate(conn)
    return conn
