"""`cockpit replay`: a demo that plays a recording."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click

from cockpit.cli.run import common, start
from cockpit.config import settled
from cockpit.demo import tape
from cockpit.demo.tape import TapeError
from cockpit.profiles import ProfileError, load
from cockpit.store import private


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@common
@click.option("--speed", default=1.0, show_default=True, type=click.FloatRange(1, 600))
def replay(file: Path, speed: float, **options: Any) -> None:
    """Play a recording into a fresh data directory: the clock follows what was recorded."""
    data_dir = Path(options["data_dir"])
    try:
        header = tape.header(file)
    except (TapeError, OSError, EOFError) as error:
        raise click.ClickException(str(error)) from None
    if (data_dir / "cockpit.db").exists() and not _same(data_dir, file):
        raise click.ClickException(f"{data_dir} holds other data: name a fresh --data-dir")
    if options["profile"] != header.profile != _code(settled(options["profile"])):
        raise click.ClickException(
            f"the recording is of the profile {header.profile}: give --profile {header.profile}"
        )
    os.environ.update({"COCKPIT_SCENARIO": "", "COCKPIT_START": "", "COCKPIT_HISTORY": "0"})
    try:
        private.take(data_dir)
    except OSError as error:
        raise click.ClickException(str(error)) from None
    _note(data_dir).write_text(str(file.absolute()), "utf-8")
    start(
        "demo",
        {**options, "speed": speed, "replay": file.absolute(), "size": header.size, "seed": header.seed,
         "no_simulator": True},
    )  # fmt: skip


def _code(profile: str) -> str:
    """What the province of a folder is called in recordings."""
    try:
        return load(profile).code
    except ProfileError as error:
        raise click.ClickException(str(error)) from None


def _note(data_dir: Path) -> Path:
    return data_dir / "replay"


def _same(data_dir: Path, file: Path) -> bool:
    """Whether this very recording was being played there."""
    note = _note(data_dir)
    return note.exists() and note.read_text("utf-8") == str(file.absolute())
