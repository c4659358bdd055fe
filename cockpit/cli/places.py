"""`cockpit import hamlets|population`: where people live, from files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TypeVar

import click

from cockpit.cli.token import data_dir, keep_private, profile_option
from cockpit.clock import Clock, RealClock
from cockpit.demo.virtual_clock import VirtualClock
from cockpit.ingest import places
from cockpit.ingest.places import MAX_FILE, FileWrong, Refused
from cockpit.ingest.textlines import FileError, whole
from cockpit.profiles import Profile, ProfileError, load
from cockpit.profiles.land import land_of
from cockpit.store import Store, StoreError, belonging, meta, visit
from cockpit.store import hamlets as store
from cockpit.store.handles import Write
from cockpit.store.lock import DirectoryHeld, hold

WAIT_S = 120.0
SHOWN = 20
OFF = 0.1
"""A unit whose people in the file are this far from its own figure is named."""

file_argument = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
T = TypeVar("T")


@click.command()
@file_argument
@data_dir
@profile_option
def hamlets(file: Path, data_dir: Path, profile: str) -> None:
    """The register of hamlets as CSV: code, unit, name, lat, lon, population, and if there
    households, schools, offices, grid, road."""
    loaded = _profile(profile)
    try:
        found, refused = places.hamlets(whole(file, MAX_FILE), loaded.unit, loaded.bbox)
        new, edited, same, left = _take(data_dir, loaded, lambda conn: store.put(conn, found))
    except (FileError, FileWrong, StoreError, OSError) as error:
        raise click.ClickException(f"{file}: {error}") from None
    click.echo(f"{len(found) + len(refused)} hamlets: {len(found)} stored, {len(refused)} refused")
    _tell(file, refused)
    click.echo(f"{new} new, {edited} changed, {same} same; {left} in the register and not in the file")


@click.command()
@file_argument
@data_dir
@profile_option
def population(file: Path, data_dir: Path, profile: str) -> None:
    """How many people live in map cells, as CSV: h3, people. It replaces what was brought in before."""
    loaded = _profile(profile)
    try:
        found, refused = places.people(whole(file, MAX_FILE))
        if not found:
            raise FileWrong("found no cell with people, expected rows of h3, people")
        before = _take(data_dir, loaded, lambda conn: store.put_people(conn, found))
    except (FileError, FileWrong, StoreError, OSError) as error:
        raise click.ClickException(f"{file}: {error}") from None
    click.echo(
        f"{sum(found.values())} people in {len(found)} cells stored in place of {before}, "
        f"{len(refused)} rows refused"
    )
    _tell(file, refused)
    for line in _compared(found, loaded):
        click.echo(line)


def _compared(found: Mapping[str, int], profile: Profile) -> Iterable[str]:
    """The sum of each unit against its own figure."""
    land = land_of(profile)
    sums: dict[str, int] = {}
    for cell, n in found.items():
        code = land.get(cell, "")
        sums[code] = sums.get(code, 0) + n
    if outside := sums.pop("", 0):
        yield f"{outside} people are in cells that lie on no unit's land"
    off = 0
    for code, n in sorted(sums.items()):
        unit = profile.unit[code]
        if abs(n - unit.population) > OFF * unit.population:
            off += 1
            yield f"unit {code} {unit.name}: {n} people in the file, {unit.population} by its own figure"
    yield f"{len(sums) - off} of {len(profile.units)} units are within {OFF:.0%} of their own figures"


def _take(data_dir: Path, profile: Profile, change: Callable[[Write], T]) -> T:
    """Through the store itself, or beside the process that owns it. Raises StoreError."""
    keep_private(data_dir)
    path = data_dir / "cockpit.db"
    belonging.must_be_of(path, profile)
    try:
        lock = hold(data_dir, role="import")
    except DirectoryHeld:
        with visit(path, profile) as conn:
            return change(conn)
    try:
        played = meta.peek(path, "domain_ms")
        clock: Clock = VirtualClock(int(played)) if played else RealClock()
        opened = Store(path, profile, clock, writable=True, beside=(lock.path,))
        opened.start()
        try:
            return opened.write(change).result(WAIT_S)
        finally:
            opened.close()
    finally:
        lock.release()


def _tell(file: Path, refused: list[Refused]) -> None:
    for one in refused[:SHOWN]:
        click.echo(f"{file} {one}")
    if len(refused) > SHOWN:
        click.echo(f"and {len(refused) - SHOWN} more")


def _profile(name: str) -> Profile:
    try:
        return load(name)
    except ProfileError as error:
        raise click.ClickException(str(error)) from None
