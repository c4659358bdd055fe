"""Bringing a database to the present tables: each step and its record in one transaction."""

from __future__ import annotations

import sqlite3

from sqlite_utils import Database, Migrations

from cockpit.store.schema import TABLES

steps = Migrations("cockpit")


@steps()
def m001_first_tables(db: Database) -> None:
    for statement in TABLES.split(";"):
        if statement.strip():
            db.conn.execute(statement)


def migrate(conn: sqlite3.Connection) -> None:
    """Apply what is missing. Raises StoreError if the file was written by a newer version."""
    steps.apply(Database(conn, execute_plugins=False))
