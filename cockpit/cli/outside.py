"""`cockpit import cells` and `tiles`: what others publish about coverage."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import TypeVar

import click

from cockpit.cli.token import data_dir, have_tables, keep_private, profile_option
from cockpit.clock import RealClock
from cockpit.ingest.outside_cells import cells
from cockpit.ingest.outside_report import OutsideReport
from cockpit.ingest.outside_tiles import quarter_of, tiles
from cockpit.ingest.textlines import FileError, opened
from cockpit.profiles import Profile, ProfileError, load
from cockpit.store import StoreError, visit
from cockpit.store import outside as store
from cockpit.store.handles import Write

VIET_NAM = 452
ORIGINS = ("opencellid", "mozilla")
CELLS_LICENCE = "CC BY-SA 4.0"
TILES_LICENCE = "CC BY-NC-SA 4.0"
AT_ONCE = 2_000
"""Rows of a transaction: a running cockpit waits no longer than for these."""

R = TypeVar("R")
file_argument = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))


@click.command("cells")
@file_argument
@click.option("--origin", type=click.Choice(ORIGINS), default=ORIGINS[0], show_default=True)
@click.option("--mcc", default=VIET_NAM, show_default=True, help="The country whose cells are kept.")
@click.option("--licence", default=CELLS_LICENCE, show_default=True, help="Shown where the cells are.")
@data_dir
@profile_option
def import_cells(file: Path, origin: str, mcc: int, licence: str, data_dir: Path, profile: str) -> None:
    """Cells as OpenCelliD and Mozilla export them (CSV, gzip); those of the province are kept.

    They are shown as what they are and decide nothing about gaps.
    """
    loaded = _profile(profile)

    def read(report: OutsideReport) -> Iterator[store.OutsideCell]:
        with opened(file) as text:
            yield from cells(text.lines(), report, loaded.bbox, mcc, origin)

    _bring(file, data_dir, loaded, read, store.put_cells, (store.CELL, origin, licence))


@click.command("tiles")
@file_argument
@click.option("--quarter", default="", help="Such as 2026-Q1, where the file's name does not say it.")
@click.option("--licence", default=TILES_LICENCE, show_default=True, help="Shown where the tiles are.")
@data_dir
@profile_option
def import_tiles(file: Path, quarter: str, licence: str, data_dir: Path, profile: str) -> None:
    """Tiles of speed by quarter as Ookla publishes them (parquet, mobile); those of the province are kept.

    They are shown as what they are and decide nothing about gaps.
    """
    loaded = _profile(profile)
    try:
        found = quarter_of(file, quarter)
    except FileError as error:
        raise click.ClickException(f"{file}: {error}") from None

    def read(report: OutsideReport) -> Iterator[store.SpeedTile]:
        return tiles(file, report, loaded.bbox, found)

    _bring(file, data_dir, loaded, read, store.put_tiles, (store.TILE, found, licence))


def _bring(
    file: Path,
    data_dir: Path,
    profile: Profile,
    read: Callable[[OutsideReport], Iterator[R]],
    put: Callable[[Write, list[R]], int],
    what: tuple[str, str, str],
) -> None:
    """Into the database in short transactions, whether a cockpit runs in it or not."""
    report, failure, clock = OutsideReport(), "", RealClock()
    kind, name, licence = what
    path = data_dir / "cockpit.db"
    try:
        keep_private(data_dir)
        have_tables(path, profile, clock)
        rows = read(report)
        while True:
            part: list[R] = []
            try:
                for row in islice(rows, AT_ONCE):
                    part.append(row)
            except FileError as error:
                failure = str(error)
            if part:
                with visit(path, profile) as conn:
                    stored = put(conn, part)
                    store.note(conn, kind, name, clock.real_ms(), licence)
                report.stored += stored
                report.known += len(part) - stored
            if failure or len(part) < AT_ONCE:
                break
    except (StoreError, OSError) as error:
        failure = str(error)
    if report.stored or report.known or report.elsewhere or report.refused or not failure:
        for line in report.lines(str(file)):
            click.echo(line)
    if failure:
        raise click.ClickException(f"{file}: {failure}")


def _profile(name: str) -> Profile:
    try:
        return load(name)
    except ProfileError as error:
        raise click.ClickException(str(error)) from None
