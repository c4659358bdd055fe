"""`cockpit record`: write down what a running cockpit takes in."""

from __future__ import annotations

import contextlib
import gzip
import http.client
import select
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

import click
import msgspec

from cockpit.cli.token import data_dir
from cockpit.clock import RealClock
from cockpit.ingest import tokens
from cockpit.recording import Line
from cockpit.store import StoreError, visit
from cockpit.store.lock import holder

LABEL = "a recording"


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@data_dir
@click.option(
    "--for", "seconds", type=click.FloatRange(0, min_open=True), help="Seconds; without, until it is ended."
)
def record(file: Path, data_dir: Path, seconds: float | None) -> None:
    """Record what comes over the wire into the cockpit that works in the data directory, bit for bit and
    without its tokens; gzip if the name ends in .gz. Ends with Ctrl-C, or where domain time leaps."""
    owner = holder(data_dir)
    if owner is None or not owner.address:
        raise click.ClickException(f"no cockpit works in {data_dir}: start one, or name its --data-dir")
    if file.exists():
        raise click.ClickException(f"{file} is there already: name another file")
    path = data_dir / "cockpit.db"
    try:
        with visit(path) as conn:
            token = tokens.issue(conn, (), "recorder", LABEL, RealClock().real_ms())
        try:
            bodies, why = _write(file, owner.address, token, seconds)
        finally:
            with visit(path) as conn:
                tokens.revoke(conn, token)
    except (StoreError, OSError, http.client.HTTPException) as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"{bodies} bodies in {file}" + (f"; ended by: {why}" if why else ""))


def _write(file: Path, address: str, token: str, seconds: float | None) -> tuple[int, str]:
    """How many bodies there were, and why the cockpit ended the recording, if it did."""
    bodies, why = 0, ""
    with contextlib.suppress(KeyboardInterrupt), _opened(file) as out:
        for text in _lines(address, token, seconds):
            out.write(text)
            line = msgspec.json.decode(text, type=Line)
            bodies += line.body is not None
            why = line.end
    return bodies, why


def _opened(file: Path) -> IO[bytes]:
    if file.suffix == ".gz":
        return gzip.GzipFile(file, "wb")  # type: ignore[return-value]
    return file.open("wb")


def _lines(address: str, token: str, seconds: float | None) -> Iterator[bytes]:
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.hostname or "127.0.0.1", parts.port or 80, timeout=30)
    end = None if seconds is None else time.monotonic() + seconds
    try:
        connection.request("GET", "/api/v1/tape", headers={"Authorization": f"Bearer {token}"})
        socket = connection.sock
        response = connection.getresponse()
        if response.status != 200:
            raise click.ClickException(f"the cockpit answered {response.status}: {response.read(300)!r}")
        click.echo("recording", err=True)
        rest = b""
        while end is None or time.monotonic() < end:
            if not select.select([socket], [], [], 0.5)[0]:
                continue
            piece = response.read1(1 << 20)
            if not piece:
                return
            *whole, rest = (rest + piece).split(b"\n")
            yield from (line + b"\n" for line in whole)
    finally:
        connection.close()
