"""`cockpit token add SOURCE…`: a token for machines, printed once."""

from __future__ import annotations

from pathlib import Path

import click

from cockpit.clock import RealClock
from cockpit.config import DEFAULT_PROFILE, settled
from cockpit.domain.roles import OF_A_UNIT, ROLES
from cockpit.domain.text import plain
from cockpit.ingest import tokens
from cockpit.profiles import Profile, ProfileError, load
from cockpit.store import Store, StoreError, belonging, private, visit
from cockpit.store.database import bring_up_to_date, is_older
from cockpit.store.lock import DirectoryHeld, hold

data_dir = click.option(
    "--data-dir", envvar="COCKPIT_DATA_DIR", type=click.Path(path_type=Path), default="var", show_default=True
)
profile_option = click.option(
    "--profile",
    envvar="COCKPIT_PROFILE",
    default=DEFAULT_PROFILE,
    show_default=True,
    callback=lambda ctx, param, value: settled(value),
    help="The province: its name, or the path of its folder.",
)

MAX_LABEL = 100
"""Signs of a label or of a name: it is the name under which commands by the API are on record."""


@click.group()
def token() -> None:
    """Tokens for machines that send, and for those that read."""


@token.command()
@click.argument("sources", nargs=-1)
@click.option(
    "--role",
    type=click.Choice(tokens.ADDED),
    default="source",
    show_default=True,
    help="source sends; reader reads where reading is not open; presenter directs a demo.",
)
@click.option("--label", default="", help="What the token is for, to be recognised later.")
@data_dir
@profile_option
def add(sources: tuple[str, ...], role: str, label: str, data_dir: Path, profile: str) -> None:  # fmt: skip
    """Make a token for SOURCES and print it, alone, on stdout. Only its hash is kept.

    It works at once in a running cockpit.
    """
    loaded = _loaded(profile)
    for source in sources:
        if source not in loaded.source:
            known = ", ".join(sorted(loaded.source))
            raise click.ClickException(f"source {source!r} is not in the catalogue, expected one of: {known}")
    label = plain(label)
    if len(label) > MAX_LABEL:
        raise click.ClickException(f"--label: {len(label)} signs, expected at most {MAX_LABEL}")
    if role == "source" and not sources:
        raise click.ClickException("name at least one source, or choose another --role")
    _made(data_dir, loaded, sources, role, label)


@token.command()
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES), required=True, help="presenter works in a demo only.")
@click.option("--unit", default="", help="Code of a unit or department; unit_leader and officer need one.")
@data_dir
@profile_option
def person(name: str, role: str, unit: str, data_dir: Path, profile: str) -> None:
    """Make a token that gives commands in the name of NAME, and may read. Printed alone, on stdout."""
    loaded = _loaded(profile)
    if not 1 <= len(name.strip()) <= MAX_LABEL or plain(name) != name.strip():
        raise click.ClickException(f"name: expected 1 to {MAX_LABEL} signs that can be seen")
    if unit and unit not in loaded.unit and unit not in loaded.bodies:
        raise click.ClickException(f"unit {unit!r}: no unit and no department of the profile has this code")
    if role in OF_A_UNIT and not unit:
        raise click.ClickException(f"the role {role} is somebody's of a unit: name it with --unit")
    _made(data_dir, loaded, (), role, name.strip(), unit)


def _loaded(profile: str) -> Profile:
    try:
        return load(profile)
    except ProfileError as error:
        raise click.ClickException(str(error)) from None


def _made(
    data_dir: Path, loaded: Profile, sources: tuple[str, ...], role: str, label: str, unit: str = ""
) -> None:
    keep_private(data_dir)
    path = data_dir / "cockpit.db"
    clock = RealClock()
    try:
        have_tables(path, loaded, clock)
        with visit(path, loaded) as conn:
            made = tokens.issue(conn, sources, role, label, clock.real_ms(), unit)
    except StoreError as error:
        raise click.ClickException(str(error)) from None
    click.echo(made)


def have_tables(path: Path, profile: Profile, clock: RealClock) -> None:
    """Make a database where there is none, and bring an older one up to date where nobody works in it. Raises
    StoreError."""
    belonging.must_be_of(path, profile)
    if not path.exists():
        _first(path, profile, clock)
    elif is_older(path):
        _bring_up_to_date(path, profile)


def keep_private(directory: Path) -> None:
    """Make the data directory where there is none, and shut it for others, or end with a clear line."""
    try:
        private.take(directory)
    except OSError as error:
        raise click.ClickException(str(error)) from None


def _bring_up_to_date(path: Path, profile: Profile) -> None:
    """Nobody has started this version on the database yet. Where a cockpit works in it, it stays as it is."""
    try:
        lock = hold(path.parent, role="token")
    except DirectoryHeld:
        return
    try:
        bring_up_to_date(path, profile)
    finally:
        lock.release()


def _first(path: Path, profile: Profile, clock: RealClock) -> None:
    """Make the store where no cockpit has started yet."""
    try:
        lock = hold(path.parent, role="token")
    except DirectoryHeld as held:
        raise click.ClickException(f"{held}, which makes the database just now: try again") from None
    try:
        store = Store(path, profile, clock, writable=True)
        store.start()
        store.close()
    finally:
        lock.release()
