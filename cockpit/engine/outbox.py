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
from cockpit.store.rows import Logged

log = logging.getLogger(__name__)

PERIOD_S = 1.0
BATCH = 500
STOP_S = 2.0
TURN_S = 10.0
"""How long a channel that is being told is waited for at most."""


class Channel(Protocol):
    """A way to somebody. `name` is the key of its cursor."""

    name: str

    def send(self, lines: Sequence[Logged]) -> None:
        """Hand over lines for good. Raises OSError where that fails: they are sent again later."""


class FileChannel:
    """Lines of JSON at the end of a file, on the disk before they count as sent."""

    def __init__(self, path: Path) -> None:
        self.name = f"file:{path}"
        self._path = path

    def send(self, lines: Sequence[Logged]) -> None:
        handle = os.open(self._path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            size = os.fstat(handle).st_size
            whole = not size or os.pread(handle, 1, size - 1) == b"\n"
            text = b"".join(_line(line) for line in lines)
            rest = memoryview(text if whole else b"\n" + text)  # the last line was cut off by a crash
            while rest:
                rest = rest[os.write(handle, rest) :]
            os.fsync(handle)
        finally:
            os.close(handle)


def _line(line: Logged) -> bytes:
    told = {**line._asdict(), "t": instants.iso(line.t)}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


class Outbox:
    """Sends what each channel has not been sent yet, on a thread of its own."""

    def __init__(self, store: Store, channels: Sequence[Channel]) -> None:
        self._store = store
        self._channels = channels
        self._failing: set[str] = set()
        self._stopping = threading.Event()
        self._turn = threading.Lock()  # held while a channel is told and its cursor moves
        self._ended = False
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

    def end(self) -> None:
        """Send what is there, if that is quick; when this returns, no cursor moves any more. Raises
        TimeoutError where a channel does not come back."""
        self.stop()
        if not self._turn.acquire(timeout=TURN_S):
            raise TimeoutError("a channel is still being told")
        self._ended = True
        self._turn.release()

    def anew(self) -> Outbox:
        """One that goes on where this one has ended."""
        return Outbox(self._store, self._channels)

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
        with self._turn:
            return not self._ended and self._send_next(channel)

    def _send_next(self, channel: Channel) -> bool:
        name = channel.name
        with self._store.read() as conn:
            seq = outbox.cursor(conn, name)
            lines = outbox.after(conn, seq, BATCH) if seq is not None else []
        if seq is None or not lines:
            return False
        channel.send(lines)
        last = lines[-1].seq
        self._store.write(lambda conn: outbox.advance(conn, name, seq, last)).result()
        return len(lines) == BATCH
