"""`cockpit record`: write down what a running cockpit takes in."""

from __future__ import annotations

import contextlib
import gzip
import http.client
import os
import queue
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

import click
import msgspec

from cockpit.cli.token import data_dir
from cockpit.clock import RealClock
from cockpit.demo.tape import Line
from cockpit.ingest import tokens
from cockpit.store import StoreError, private, visit
from cockpit.store.lock import holder

LABEL = "a recording"
TICK_S = 0.3
QUIET_S, LAST_S = 0.7, 2.0
"""After the end of a recording: how long nothing must have come, and how long is waited for that."""


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@data_dir
@click.option(
    "--for", "seconds", type=click.FloatRange(0, min_open=True), help="Seconds; without, until it is ended."
)
def record(file: Path, data_dir: Path, seconds: float | None) -> None:
    """Record what comes over the wire into the cockpit that works in the data directory, bit for bit and
    without its tokens; gzip if the name ends in .gz. Ends with Ctrl-C, or where domain time leaps."""
    os.umask(private.MASK)  # a recording holds all that was sent
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
    end = None if seconds is None else time.monotonic() + seconds
    lines = _Lines(address, token)
    try:
        with _opened(file) as out:
            for text in lines.until(end):
                out.write(text)
                line = msgspec.json.decode(text, type=Line)
                bodies += line.body is not None
                why = line.end
    finally:
        lines.close()
    return bodies, why


def _opened(file: Path) -> IO[bytes]:
    if file.suffix == ".gz":
        return gzip.GzipFile(file, "wb")  # type: ignore[return-value]
    return file.open("wb")


class _Lines:
    """Lines of a recording as they come. A thread reads, so that waiting can be given up."""

    def __init__(self, address: str, token: str) -> None:
        parts = urlsplit(address)
        self._connection = http.client.HTTPConnection(
            parts.hostname or "127.0.0.1", parts.port or 80, timeout=30
        )
        self._connection.request("GET", "/api/v1/tape", headers={"Authorization": f"Bearer {token}"})
        socket = self._connection.sock
        self._response = self._connection.getresponse()
        if self._response.status != 200:
            said = self._response.read(300)
            raise click.ClickException(f"the cockpit answered {self._response.status}: {said!r}")
        socket.settimeout(None)
        self._socket = socket
        self._lines: queue.Queue[bytes | None] = queue.Queue()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()
        click.echo("recording", err=True)

    def _read(self) -> None:
        try:
            for line in self._response:
                self._lines.put(line)
        except (OSError, http.client.HTTPException, ValueError):
            pass  # the cockpit has ended, or nobody wants more
        self._lines.put(None)

    def until(self, end: float | None) -> Iterator[bytes]:
        """Until this instant of the monotonic clock, Ctrl-C, or the end; what has come by then is given."""
        try:
            while end is None or time.monotonic() < end:
                try:
                    line = self._lines.get(timeout=TICK_S)
                except queue.Empty:
                    continue
                if line is None:
                    return
                yield line
        except KeyboardInterrupt:
            pass
        last = time.monotonic() + LAST_S  # what is sent meanwhile goes on and on where much is played
        with contextlib.suppress(queue.Empty):
            while time.monotonic() < last and (line := self._lines.get(timeout=QUIET_S)) is not None:
                yield line

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._socket.shutdown(2)
        self._thread.join(5)
        self._response.close()
        self._connection.close()
