"""Bringing a database to the present tables: all it lacks, and the record of it, in one transaction."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from cockpit.store import devices, identity, known, reports
from cockpit.store.errors import StoreError
from cockpit.store.schema import (
    APART,
    BORN,
    CELL_PEOPLE,
    CLOCKS,
    ENDING_ACKS,
    EVIDENCE,
    GIVEN,
    HAMLETS,
    HANDLED,
    INCOMING,
    KNOWN_GROUPS,
    MINUTES,
    MUTES,
    NOTICES,
    OF_COMMANDS,
    OUTBOX,
    OUTSIDE,
    PARTS,
    PERSONS,
    PLANS,
    REGISTERS,
    REPORT_COLUMNS,
    REPORT_PARTS,
    REPORTED_HERE,
    REPORTS,
    RULES_OFF,
    SIMILAR,
    TABLES,
    TAKEN_BACK,
    TARGETS,
    VISITS,
)
from cockpit.store.utils import Database, Migrations

steps = Migrations("cockpit")


@steps()
def m001_first_tables(db: Database) -> None:
    _run(db, TABLES)


@steps()
def m002_clocks_of_devices(db: Database) -> None:
    _run(db, CLOCKS)


@steps()
def m003_reports_in_order(db: Database) -> None:
    """Reports get numbers in the order in which they were received, and the days of their periods."""
    _run(db, REPORTS)
    reports.renumber(db.conn)


@steps()
def m004_samples_kept_apart(db: Database) -> None:
    _run(db, APART)


@steps()
def m005_tokens_of_persons(db: Database) -> None:
    _run(db, PERSONS)


@steps()
def m006_alerts_that_are_muted(db: Database) -> None:
    _run(db, MUTES)


@steps()
def m007_rules_that_alerts_were_born_under(db: Database) -> None:
    _run(db, BORN)


@steps()
def m008_how_far_the_log_is_announced(db: Database) -> None:
    _run(db, OUTBOX)


@steps()
def m009_registers_and_what_alerts_are_about(db: Database) -> None:
    """Things with a life of their own; and an alert says what it is about, whatever that is."""
    _run(db, REGISTERS)


@steps()
def m010_identities_by_commit(db: Database) -> None:
    """What was one row an identity is one row a commit and lot."""
    _run(db, PARTS)
    identity.part_rows(db.conn)
    db.conn.execute("DROP TABLE seen")


@steps()
def m011_acknowledgements_that_can_be_taken_back(db: Database) -> None:
    """Those of before have no real time and stay as they are."""
    _run(db, TAKEN_BACK)


@steps()
def m012_visits_of_persons(db: Database) -> None:
    """Nobody has looked yet: what is new to a person counts as before at the first look."""
    _run(db, VISITS)


@steps()
def m013_coverage_by_the_minute_of_reception(db: Database) -> None:
    """The window of before holds all that was received before."""
    _run(db, MINUTES)


@steps()
def m014_parts_of_plans(db: Database) -> None:
    _run(db, PLANS)


@steps()
def m015_parts_of_reports(db: Database) -> None:
    """Those of before have none."""
    _run(db, REPORT_PARTS)


@steps()
def m016_targets_by_period(db: Database) -> None:
    """None is set yet: the profile's targets stand."""
    _run(db, TARGETS)


@steps()
def m018_files_of_evidence(db: Database) -> None:
    """Nobody has handed in any yet."""
    _run(db, EVIDENCE)


@steps()
def m019_what_people_do_with_alerts(db: Database) -> None:
    """Rules that are off get an entry of the ledger of mutes."""
    _run(db, HANDLED)
    _run(db, RULES_OFF)


@steps()
def m020_what_became_of_commands(db: Database) -> None:
    """Of those of before only the code of it is known."""
    _run(db, OF_COMMANDS)


@steps()
def m021_coverage_from_outside(db: Database) -> None:
    """Nobody has brought any yet."""
    _run(db, OUTSIDE)


@steps()
def m023_hamlets(db: Database) -> None:
    """None were brought in yet: those of the profile stand."""
    _run(db, HAMLETS)


@steps()
def m024_people_of_cells(db: Database) -> None:
    """Nobody has told yet: those of a unit are spread over its land."""
    _run(db, CELL_PEOPLE)


@steps()
def m025_acknowledgements_that_end(db: Database) -> None:
    """Those of before hold as long as their alerts."""
    _run(db, ENDING_ACKS)


@steps()
def m027_notices_that_wait_to_be_sent(db: Database) -> None:
    """Nothing waits yet: channels begin at the present end of the log."""
    _run(db, NOTICES)


@steps()
def m034_alerts_of_other_systems(db: Database) -> None:
    """None has been told yet."""
    _run(db, INCOMING)


@steps()
def m041_tasks_outside_of_plans(db: Database) -> None:
    """No table more: a task without a plan, and what meetings decided, are nothing that earlier versions
    could read."""
    _run(db, GIVEN)


@steps()
def m045_who_typed_a_report(db: Database) -> None:
    """Those of before came over the wire, or nobody can tell any more."""
    _run(db, REPORTED_HERE)


@steps()
def m046_columns_of_workbooks_of_reports(db: Database) -> None:
    """Nobody has brought any yet."""
    _run(db, REPORT_COLUMNS)


@steps()
def m050_similar_alerts(db: Database) -> None:
    """No table more: those of before are found like any others."""
    _run(db, SIMILAR)


@steps()
def m052_groups_of_samples_by_day(db: Database) -> None:
    """What was one row a group, or a device, is one row a day. Keys of groups of these days are made as they
    were until then."""
    _run(db, KNOWN_GROUPS)
    known.pack_groups(db.conn)
    devices.pack_devices(db.conn)
    db.conn.execute("DROP TABLE coverage_group")
    db.conn.execute("DROP TABLE coverage_device")


def _run(db: Database, script: str) -> None:
    for statement in script.split(";"):
        if statement.strip():
            db.conn.execute(statement)


def _names() -> frozenset[str]:
    with closing(sqlite3.connect(":memory:")) as conn:
        return frozenset(step.name for step in steps.pending(Database(conn, execute_plugins=False)))


NAMES = _names()
"""Every step this version knows: to an empty database all are still to be applied."""


def missing(conn: sqlite3.Connection) -> list[str]:
    """The steps that a database lacks, in order; empty where it has the tables of this version."""
    return [step.name for step in steps.pending(Database(conn, execute_plugins=False))]


def noted(conn: sqlite3.Connection) -> bool:
    """Whether a database notes which steps were applied to it: those of every version do."""
    return bool(conn.execute("SELECT 1 FROM sqlite_master WHERE name = '_sqlite_migrations'").fetchone())


def must_be_present(conn: sqlite3.Connection) -> None:
    """Raises StoreError where the tables are those of another version: nothing here could read them."""
    _refuse_newer(Database(conn, execute_plugins=False))
    lacking = missing(conn)
    if lacking:
        raise StoreError(
            "error",
            f"the database is of an older version of the cockpit (it lacks {', '.join(lacking)}): start this "
            "version on it with `cockpit demo`, `serve` or `engine`, which brings it up to date; where an "
            "older one still works in it, end that one first",
        )


def migrate(conn: sqlite3.Connection) -> None:
    """Apply what is missing, all of it and the record of it in one transaction: whatever ends the process
    meanwhile, the next start finds the tables of the version before, untouched, or those of this one.

    Raises StoreError if the file was written by a newer version.
    """
    db = Database(conn, execute_plugins=False)
    conn.execute("BEGIN IMMEDIATE")
    try:
        _refuse_newer(db)
        steps.apply(db)  # inside a transaction its own are savepoints
        conn.execute("COMMIT")
    except BaseException:
        if conn.in_transaction:
            conn.execute("ROLLBACK")
        raise


def _refuse_newer(db: Database) -> None:
    unknown = {step.name for step in steps.applied(db)} - NAMES
    if unknown:
        names = ", ".join(sorted(unknown))
        raise StoreError("error", f"the database was written by a newer version of the cockpit ({names})")
