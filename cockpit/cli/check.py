"""`cockpit check`: is the profile sound, is the database?"""

from __future__ import annotations

from pathlib import Path

import click

from cockpit.cli.token import data_dir, profile_option
from cockpit.profiles import ProfileError, load
from cockpit.store import StoreError, integrity
from cockpit.store.audit import audit
from cockpit.store.database import reader

SHOWN = 20


@click.command()
@data_dir
@profile_option
def check(data_dir: Path, profile: str) -> None:
    """Check the profile's files, the integrity of the database, and a sample of the roll-ups against the
    observations they stand for. Exit code 1 where something is wrong."""
    wrong = False
    try:
        loaded = load(profile)
    except ProfileError as error:
        wrong = True
        click.echo(str(error), err=True)
    else:
        click.echo(
            f"profile {loaded.code}: {len(loaded.assets)} assets, {len(loaded.indicators)} indicators, sound"
        )
    path = data_dir / "cockpit.db"
    if not path.exists():
        click.echo(f"database {path}: none yet")
    else:
        problems = _problems(path)
        wrong = wrong or bool(problems)
        for line in problems:
            click.echo(f"database {path}: {line}", err=True)
        if not problems:
            problems = _compared(path)
            wrong = wrong or bool(problems)
    raise SystemExit(1 if wrong else 0)


def _compared(path: Path) -> list[str]:
    conn = reader(path)
    try:
        compared, problems = audit(conn)
    finally:
        conn.close()
    for line in problems[:SHOWN]:
        click.echo(f"database {path}: {line}", err=True)
    if len(problems) > SHOWN:
        click.echo(f"database {path}: and {len(problems) - SHOWN} more", err=True)
    if not problems:
        click.echo(f"database {path}: sound; {compared} hours of an asset agree with their roll-ups")
    return problems


def _problems(path: Path) -> list[str]:
    try:
        conn = reader(path)
    except StoreError as error:
        return [str(error)]
    try:
        return integrity(conn)
    finally:
        conn.close()
