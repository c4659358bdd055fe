"""`cockpit check`: is the profile sound, is the database?"""

from __future__ import annotations

from pathlib import Path

import click

from cockpit.cli.token import data_dir, profile_option
from cockpit.engine.layout import checked
from cockpit.profiles import ProfileError, load
from cockpit.store import StoreError, integrity, marks
from cockpit.store.audit import audit
from cockpit.store.database import is_blank, reader
from cockpit.store.lock import DirectoryHeld, hold
from cockpit.store.marks import Mark

SHOWN = 20


@click.command()
@data_dir
@profile_option
@click.option(
    "--accept",
    is_flag=True,
    help="Take the database as it is, where data are gone or an older copy was put back on purpose.",
)
def check(data_dir: Path, profile: str, accept: bool) -> None:
    """Check the profile's files, that the database is still the one that was written here, its integrity, and
    a sample of the roll-ups against the observations they stand for. Exit code 1 where something is wrong."""
    if accept:
        _accept(data_dir)
    wrong = False
    try:
        loaded = checked(load(profile))
    except ProfileError as error:
        wrong = True
        click.echo(str(error), err=True)
    else:
        click.echo(
            f"profile {loaded.code}: {len(loaded.assets)} assets, {len(loaded.indicators)} indicators, sound"
        )
    path = data_dir / "cockpit.db"
    try:
        mark = marks.read(path)  # before the database: that one may go on
    except StoreError as error:
        wrong = True
        mark = None
        click.echo(str(error), err=True)
    if not path.exists():
        if mark is None:
            click.echo(f"database {path}: none yet")
        else:
            wrong = True
            click.echo(f"database {path}: {marks.missing(path, mark)}", err=True)
    else:
        problems = _problems(path, mark)
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
        if is_blank(conn):
            click.echo(f"database {path}: empty, nothing was stored yet")
            return []
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


def _problems(path: Path, mark: Mark | None) -> list[str]:
    try:
        conn = reader(path)
    except StoreError as error:
        return [str(error)]
    try:
        problems = integrity(conn)
        if problems:
            return problems
        lost = marks.loss(path, mark, marks.of(conn))
        return [lost] if lost else []
    except StoreError as error:
        return [str(error)]
    finally:
        conn.close()


def _accept(data_dir: Path) -> None:
    """The mark follows the database. Raises ClickException where a cockpit works in it or it is damaged."""
    path = data_dir / "cockpit.db"
    if not data_dir.is_dir():
        raise click.ClickException(f"{data_dir} is not there: nothing to accept")
    try:
        lock = hold(data_dir, role="check")
    except DirectoryHeld as held:
        raise click.ClickException(f"{held}: end it first") from None
    try:
        held_mark = None
        if path.exists():
            conn = reader(path)
            try:
                held_mark = marks.of(conn)
            finally:
                conn.close()
        marks.accept(path, held_mark)
    except (StoreError, OSError) as error:
        raise click.ClickException(f"{path}: {error}") from None
    finally:
        lock.release()
    click.echo(f"database {path}: accepted as it is")
