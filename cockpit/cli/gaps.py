"""`cockpit export gaps`: the register of coverage gaps as a file for operators."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import click

from cockpit.cli.token import data_dir, profile_option
from cockpit.domain.registers import GAP
from cockpit.ingest import gap_writing
from cockpit.ingest.gap_writing import FORMS
from cockpit.profiles import ProfileError, load
from cockpit.store import StoreError, belonging, meta
from cockpit.store.database import reader
from cockpit.store.handles import Read
from cockpit.store.migrations import must_be_present
from cockpit.store.queries import registers
from cockpit.views import gap_rows, gaps


@click.command("gaps")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@data_dir
@profile_option
def export_gaps(file: Path, data_dir: Path, profile: str) -> None:
    """Every coverage gap, open and closed, as .csv, .geojson or .xlsx by the name of the file."""
    form = file.suffix.removeprefix(".").lower()
    if form not in FORMS:
        expected = ", ".join(f".{one}" for one in FORMS)
        raise click.ClickException(f"{file}: found the ending {file.suffix!r}, expected one of {expected}")
    path = data_dir / "cockpit.db"
    try:
        loaded = load(profile)
        belonging.must_be_of(path, loaded)
        simulated = meta.peek(path, "domain_ms") is not None
        with closing(reader(path)) as conn:
            must_be_present(conn)
            found = gaps.known(Read(conn), loaded, registers.entries(Read(conn), GAP))
        rows = gap_rows.rows(found, loaded, simulated=simulated)
        file.write_bytes(gap_writing.write(form, rows, [gap.entry.facts["cells"] for gap in found]))
    except (ProfileError, StoreError, OSError) as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"{file}: {len(rows)} gaps")
