"""Telling others what has happened to alerts: every line of the event log, at least once, in order."""

from __future__ import annotations

import json
import logging
import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from cockpit.domain import instants
from cockpit.store import Store, outbox
from cockpit.store.handles import Write
from cockpit.store.outbox import Entry

log = logging.getLogger(__name__)

PERIOD_S = 1.0
BATCH = 500
STOP_S = 2.0


class Channel(Protocol):
    """A way to somebody. `name` is the key of its cursor."""

    name: str

    def send(self, entries: Sequence[Entry]) -> None:
        """Hand over lines for good. Raises OSError where that fails: they are sent again later."""


class FileChannel:
    """Lines of JSON at the end of a file, on the disk before they count as sent."""

    def __init__(self, path: Path) -> None:
        self.name = f"file:{path}"
        self._path = path

    def send(self, entries: Sequence[Entry]) -> None:
        handle = os.open(self._path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            size = os.fstat(handle).st_size
            whole = not size or os.pread(handle, 1, size - 1) == b"\n"
            text = b"".join(_line(entry) for entry in entries)
            rest = memoryview(text if whole else b"\n" + text)  # the last line was cut off by a crash
            while rest:
                rest = rest[os.write(handle, rest) :]
            os.fsync(handle)
        finally:
            os.close(handle)


def _line(entry: Entry) -> bytes:
    told = {**entry._asdict(), "t": instants.iso(entry.t)}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


class Outbox:
    """Sends what each channel has not been sent yet, on a thread of its own."""

    def __init__(self, store: Store, channels: Sequence[Channel]) -> None:
        self._store = store
        self._channels = channels
        self._failing: set[str] = set()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="outbox", daemon=True)

    def begin(self) -> None:
        """Make the cursors of new channels, before anything happens that they are to tell."""

        def make(conn: Write) -> None:
            for channel in self._channels:
                outbox.begin(conn, channel.name)

        self._store.write(make).result()

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Send what is there, if that is quick, and end."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(STOP_S)

    def _run(self) -> None:
        while not self._stopping.wait(PERIOD_S):
            self.send()
        self.send()

    def send(self) -> None:
        """One round over all channels."""
        for channel in self._channels:
            try:
                while self._send(channel):
                    pass
                self._failing.discard(channel.name)
            except Exception as error:  # whatever it is: others are told, and it is tried again
                if channel.name not in self._failing:  # once, not every second
                    self._failing.add(channel.name)
                    log.error("%s cannot be told what happens, it is tried again: %s", channel.name, error)

    def _send(self, channel: Channel) -> bool:
        """Send the next lines; whether there may be more."""
        name = channel.name
        with self._store.read() as conn:
            seq = outbox.cursor(conn, name)
            entries = outbox.after(conn, seq, BATCH) if seq is not None else []
        if seq is None or not entries:
            return False
        channel.send(entries)
        last = entries[-1].seq
        self._store.write(lambda conn: outbox.advance(conn, name, seq, last)).result()
        return len(entries) == BATCH
