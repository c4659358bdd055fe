"""`cockpit import`: files of events, measurements, history, boundaries."""

from __future__ import annotations

import gzip
import io
import json
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO

import click

from cockpit.cli.token import data_dir, profile_option
from cockpit.clock import Clock, RealClock, VirtualClock
from cockpit.ingest import tokens
from cockpit.ingest.door import Door
from cockpit.ingest.files import FileError, ImportReport, import_lines, measurement_lines
from cockpit.ingest.remote import RemoteError, send_lines
from cockpit.profiles import BoundaryError, Profile, ProfileError, load, parse_boundaries
from cockpit.store import Store, StoreError, meta, visit
from cockpit.store.lock import DirectoryHeld, Owner, hold

file_argument = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
Progress = Callable[[int], None]


@click.group("import")
def import_() -> None:
    """Bring in files, by the same checks as events over HTTP. Refusals are counted by reason."""


@import_.command()
@file_argument
@data_dir
@profile_option
def events(file: Path, data_dir: Path, profile: str) -> None:
    """Events as NDJSON, one a line; gzip if the name ends in .gz."""
    _run(file, data_dir, profile, lambda source: source)


@import_.command()
@file_argument
@data_dir
@profile_option
def history(file: Path, data_dir: Path, profile: str) -> None:
    """Roll-ups of days without raw data (`ioc.rollup`), with records and reports, as NDJSON."""
    _run(file, data_dir, profile, lambda source: source)


@import_.command()
@file_argument
@data_dir
@profile_option
def measurements(file: Path, data_dir: Path, profile: str) -> None:
    """Signal measurements as CSV with columns ts, operator, lat, lon, acc_m, rsrp_dbm, …"""
    _run(file, data_dir, profile, lambda source: measurement_lines(io.TextIOWrapper(source, "utf-8-sig")))


@import_.command()
@file_argument
@data_dir
@profile_option
def boundaries(file: Path, data_dir: Path, profile: str) -> None:
    """Official boundaries of the units as GeoJSON, in place of the drawn areas."""
    loaded = _profile(profile)
    try:
        found = parse_boundaries(json.loads(file.read_bytes()), loaded)
    except (BoundaryError, OSError, ValueError, RecursionError, AttributeError) as error:
        raise click.ClickException(f"{file}: {error}") from None
    features = [
        {
            "type": "Feature",
            "properties": {"code": code, "name": loaded.unit[code].name},
            "geometry": geometry,
        }
        for code, geometry in found
    ]
    data_dir.mkdir(parents=True, exist_ok=True)
    target = data_dir / "boundaries.geojson"
    draft = target.with_suffix(".part")
    collection = {"type": "FeatureCollection", "features": features}
    draft.write_text(json.dumps(collection, ensure_ascii=False), "utf-8")
    os.replace(draft, target)
    click.echo(f"{len(features)} boundaries are shown from now on")


def _run(file: Path, data_dir: Path, profile: str, read: Callable[[IO[bytes]], Iterable[bytes]]) -> None:
    loaded = _profile(profile)
    size = file.stat().st_size
    try:
        with file.open("rb") as raw, click.progressbar(length=size, label=file.name, show_pos=False) as bar:
            source: IO[bytes] = gzip.GzipFile(fileobj=raw) if file.suffix == ".gz" else raw  # type: ignore[assignment]

            def progress(_: int) -> None:
                bar.update(raw.tell() - bar.pos)

            report = _bring(data_dir, loaded, read(source), progress)
    except (FileError, StoreError, RemoteError, OSError, EOFError, UnicodeDecodeError) as error:
        raise click.ClickException(f"{file}: {error}") from None
    _say(report)


def _bring(data_dir: Path, profile: Profile, lines: Iterable[bytes], progress: Progress) -> ImportReport:
    """Through the store itself, or through the door of the process that owns it."""
    try:
        lock = hold(data_dir, role="import")
    except DirectoryHeld as held:
        return _by_owner(data_dir, held.owner, profile, lines, progress)
    path = data_dir / "cockpit.db"
    try:
        played = meta.peek(path, "domain_ms")
        # A store that a demo has played in goes on at the time where the demo stopped.
        clock: Clock = VirtualClock(int(played)) if played else RealClock()
        store = Store(path, profile, clock, writable=True)
        store.start()
        try:
            door = Door(store, profile, clock, simulated=played is not None)
            report = import_lines(door, lines, progress)
            store.flush()
            return report
        finally:
            store.close()
    finally:
        lock.release()


def _by_owner(
    data_dir: Path, owner: Owner, profile: Profile, lines: Iterable[bytes], progress: Progress
) -> ImportReport:
    if not owner.address:
        raise click.ClickException(f"{data_dir} is held by cockpit {owner.role} (process {owner.pid})")
    path = data_dir / "cockpit.db"
    now = RealClock().real_ms()
    with visit(path) as conn:
        token = tokens.issue(conn, profile.source, "source", "an import", now)
    try:
        return send_lines(owner.address, token, lines, progress)
    finally:
        with visit(path) as conn:
            tokens.revoke(conn, token)


def _profile(name: str) -> Profile:
    try:
        return load(name)
    except ProfileError as error:
        raise click.ClickException(str(error)) from None


def _say(report: ImportReport) -> None:
    click.echo(
        f"{report.events} events: {report.accepted} stored, {report.duplicates} known already, "
        f"{report.refused.total()} refused"
    )
    for code, n in report.refused.most_common():
        click.echo(f"{n:>9}  {code:<18} {report.examples[code]}")
