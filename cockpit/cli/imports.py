"""`cockpit import`: files of events, measurements, history, boundaries, plans."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import click

from cockpit.cli.outside import import_cells, import_tiles
from cockpit.cli.places import hamlets, population
from cockpit.cli.token import data_dir, keep_private, profile_option
from cockpit.cli.workbooks import import_plans
from cockpit.clock import Clock, RealClock
from cockpit.demo.virtual_clock import VirtualClock
from cockpit.ingest import mapping as logs
from cockpit.ingest import tokens
from cockpit.ingest.door import Door
from cockpit.ingest.dry import check_items
from cockpit.ingest.files import Progress, import_items, screened
from cockpit.ingest.measurements import COLUMNS, sample_items
from cockpit.ingest.remote import RemoteError, send_items
from cockpit.ingest.report import ImportReport
from cockpit.ingest.textlines import FileError, Item, opened, whole
from cockpit.profiles import BoundaryError, Profile, ProfileError, imported, load, parse_boundaries
from cockpit.profiles.boundaries import MAX_GEOJSON, read_geojson
from cockpit.store import Store, StoreError, alerting, belonging, filed, meta, visit
from cockpit.store.lock import DirectoryHeld, Owner, hold

file_argument = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))


@click.group("import")
def import_() -> None:
    """Bring in files, by the same checks as events over HTTP. Refusals are counted by reason."""


import_.add_command(import_plans)
import_.add_command(hamlets)
import_.add_command(population)
import_.add_command(import_cells)
import_.add_command(import_tiles)


@import_.command()
@file_argument
@data_dir
@profile_option
def events(file: Path, data_dir: Path, profile: str) -> None:
    """Events as NDJSON, one a line; gzip if the name ends in .gz."""
    _run(file, data_dir, profile)


@import_.command()
@file_argument
@data_dir
@profile_option
def history(file: Path, data_dir: Path, profile: str) -> None:
    """Roll-ups of days without raw data (`ioc.rollup`), with records and reports, as NDJSON."""
    _run(file, data_dir, profile)


@import_.command()
@file_argument
@click.option("--dry-run", is_flag=True, help="Read, check and report; store nothing.")
@click.option(
    "--mapping",
    default="",
    help=f"What the columns of a drive-test log are: a TOML file, or one of {', '.join(logs.styles())}.",
)
@click.option(
    "--value",
    "values",
    multiple=True,
    metavar="COLUMN=VALUE",
    help="What all rows have in a column that the file lacks or leaves empty.",
)
@data_dir
@profile_option
def measurements(
    file: Path, dry_run: bool, mapping: str, values: tuple[str, ...], data_dir: Path, profile: str
) -> None:
    """Signal measurements as CSV with columns ts, operator, lat, lon, acc_m, rsrp_dbm, …"""
    columns = _columns(mapping, values)
    _run(file, data_dir, profile, columns, dry=dry_run)


def _columns(name: str, values: tuple[str, ...]) -> logs.Columns:
    given: dict[str, str] = {}
    for pair in values:
        column, sign, value = pair.partition("=")
        if not sign:
            raise click.ClickException(f"--value {pair!r}: expected COLUMN=VALUE, such as source=do-kiem")
        given[column.strip()] = value
    try:
        return logs.load(name, COLUMNS, given)
    except FileError as error:
        raise click.ClickException(str(error)) from None


@import_.command()
@file_argument
@data_dir
@profile_option
def boundaries(file: Path, data_dir: Path, profile: str) -> None:
    """Official boundaries of the units as GeoJSON, in place of the drawn areas."""
    loaded = _profile(profile)
    told: list[str] = []
    try:
        shapes = parse_boundaries(read_geojson(whole(file, MAX_GEOJSON)), loaded, told)
        keep_private(data_dir)
        belonging.must_be_of(data_dir / "cockpit.db", loaded)
        imported.save(data_dir, shapes, loaded)
    except (BoundaryError, FileError, StoreError, OSError) as error:
        raise click.ClickException(f"{file}: {error}") from None
    click.echo(f"{len(shapes)} boundaries are shown from now on")
    for line in told:
        click.echo(line)


def _run(
    file: Path, data_dir: Path, profile: str, columns: logs.Columns | None = None, *, dry: bool = False
) -> None:
    loaded = _profile(profile)
    if not dry:
        keep_private(data_dir)
    report, failure = ImportReport(), ""
    try:
        size = file.stat().st_size
        with opened(file) as text, click.progressbar(length=size, label=file.name, show_pos=False) as bar:

            def progress(_: int) -> None:
                bar.update(text.position - bar.pos)

            bring = _check if dry else _bring
            bring(data_dir, loaded, Content(text.lines(), columns), report, progress)
    except (StoreError, RemoteError, OSError) as error:
        failure = str(error)
    failure = failure or report.broken
    if report.events or not failure:
        for line in report.lines(str(file)):
            click.echo(line)
    if failure:
        so_far = "; what is counted above is stored" if report.accepted and not dry else ""
        raise click.ClickException(f"{file}: {failure}{so_far}")


@dataclass(frozen=True, slots=True)
class Content:
    """Lines of events, or of a table with these columns."""

    lines: Iterator[Item]
    columns: logs.Columns | None

    def items(self, report: ImportReport) -> Iterator[Item]:
        """Each as an event."""
        return self.lines if self.columns is None else sample_items(self.lines, report, self.columns)


def _bring(
    data_dir: Path, profile: Profile, content: Content, report: ImportReport, progress: Progress
) -> None:
    """Through the store itself, or through the door of the process that owns it. The store notes whose events
    came by a file."""
    named: set[str] = set()
    screen = partial(screened, sources=profile.source, named=named)
    try:
        lock = hold(data_dir, role="import")
    except DirectoryHeld as held:
        with _noted(data_dir, profile, named, report):
            _by_owner(data_dir, held.owner, profile, screen(content.items(report)), report, progress)
        return
    path = data_dir / "cockpit.db"
    try:
        played = meta.peek(path, "domain_ms")
        # A store that a demo has played in goes on at the time where the demo stopped.
        clock: Clock = VirtualClock(int(played)) if played else RealClock()
        store = Store(path, profile, clock, writable=True, beside=(lock.path,))
        store.start()
        try:
            door = Door(store, profile, clock, simulated=played is not None)
            with _noted(data_dir, profile, named, report):
                if content.columns is None:
                    import_items(door, screen(content.lines), report, progress)
                else:
                    from cockpit.ingest.sample_blocks import SampleBlocks, import_table

                    blocks = SampleBlocks(content.lines, report, content.columns, door, named)
                    import_table(door, blocks, report, screen, progress)
                store.flush()
        finally:
            store.close()
    finally:
        lock.release()


@contextmanager
def _noted(data_dir: Path, profile: Profile, named: Collection[str], report: ImportReport) -> Iterator[None]:
    """What is brought in meanwhile, of the sources `named` in the end, came by a file."""
    path = data_dir / "cockpit.db"
    with visit(path, profile) as conn:
        before = alerting.source_last(conn)
    try:
        yield
    finally:
        if report.accepted:
            with visit(path) as conn:
                filed.note(conn, [profile.source[code].id for code in named], before)


def _check(
    data_dir: Path, profile: Profile, content: Content, report: ImportReport, progress: Progress
) -> None:
    """Without the store, whoever owns it: only the time of a demo is read from it."""
    played = meta.peek(data_dir / "cockpit.db", "domain_ms")
    clock: Clock = VirtualClock(int(played)) if played else RealClock()
    items = screened(content.items(report), profile.source)
    check_items(profile, clock, items, report, progress, simulated=played is not None)


def _by_owner(
    data_dir: Path,
    owner: Owner,
    profile: Profile,
    items: Iterator[Item],
    report: ImportReport,
    progress: Progress,
) -> None:
    if not owner.address:
        raise click.ClickException(str(DirectoryHeld(data_dir, owner)))
    path = data_dir / "cockpit.db"
    now = RealClock().real_ms()
    with visit(path, profile) as conn:
        token = tokens.issue(conn, profile.source, "source", "an import", now)
    try:
        send_items(owner.address, token, items, report, progress)
    finally:
        with visit(path) as conn:
            tokens.revoke(conn, token)


def _profile(name: str) -> Profile:
    try:
        return load(name)
    except ProfileError as error:
        raise click.ClickException(str(error)) from None
