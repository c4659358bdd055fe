"""Sending what waits, a thread a channel: one that fails or is slow holds up nobody else."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from cockpit.clock import Clock
from cockpit.engine.notices import bells
from cockpit.engine.notices.bells import Undelivered
from cockpit.engine.notices.channel import Channel
from cockpit.engine.notices.queue import Queue
from cockpit.engine.outbox import FileChannel, Outbox
from cockpit.profiles import Profile
from cockpit.store import Store, notices
from cockpit.store.handles import Write
from cockpit.store.notices import Notice

log = logging.getLogger(__name__)

PERIOD_S = 1.0
BATCH = 20
LONGEST_PAUSE_MS = 60_000
"""How long a channel rests at most after several failures in a row."""

Ring = Callable[[Channel, str, dict[str, Any]], None]


class Delivery:
    """Sends the notices of one channel. Sent first and noted afterwards: after a crash the last one may come
    again, with the same id."""

    def __init__(
        self, store: Store, profile: Profile, clock: Clock, channel: Channel, ring: Ring = bells.ring
    ) -> None:
        self._store = store
        self._profile = profile
        self._clock = clock
        self._channel = channel
        self._ring = ring
        self._failures = 0
        self._rests_until = 0
        self._stopping = threading.Event()
        self._noting = threading.Lock()  # held while what became of a notice is written
        self._ended = False
        self._thread = threading.Thread(target=self._run, name=f"notices {channel.name}", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Send no more. What is on its way is waited for by nobody: it is sent again after a start."""
        self._stopping.set()

    def end(self) -> None:
        """When this returns nothing is noted in the store any more."""
        self.stop()
        with self._noting:
            self._ended = True

    def _run(self) -> None:
        while not self._stopping.wait(PERIOD_S):
            try:
                self.round()
            except Exception as error:  # of the store: it is tried again, and said where it fails for good
                log.error("notices of %s cannot be read or noted: %s", self._channel.name, error)

    def round(self) -> int:
        """Send what is due; how many arrived. Raises StoreError."""
        now, arrived = self._clock.real_ms(), 0
        if now < self._rests_until <= now + LONGEST_PAUSE_MS:
            return 0
        urgent = self._channel.wanted.silent(self._clock.domain_ms(), self._profile.utc_offset_s)
        with self._store.read() as conn:
            due = notices.due(conn, self._channel.name, now, BATCH, urgent=urgent)
        for notice in due:
            if self._stopping.is_set() or not self._send(notice):
                break
            arrived += 1
        return arrived

    def _send(self, notice: Notice) -> bool:
        try:
            self._ring(self._channel, notice.id, notice.body)
        except Undelivered as why:
            self._failed(notice, str(why))
            return False
        if self._failures:
            log.warning("the channel %s can be told again", self._channel.name)
        self._failures = self._rests_until = 0
        return self._note(lambda conn: notices.sent(conn, notice.number, self._clock.real_ms()))

    def _failed(self, notice: Notice, why: str) -> None:
        now = self._clock.real_ms()
        if not self._failures:  # once, not at each try
            log.error("the channel %s could not be told: %s; it is tried again", self._channel.name, why)
        self._failures += 1
        self._rests_until = now + min(LONGEST_PAUSE_MS, 1000 << min(self._failures - 1, 10))
        self._note(lambda conn: notices.failed(conn, notice, why, now))

    def _note(self, write: Callable[[Write], None]) -> bool:
        with self._noting:
            if self._ended:
                return False
            self._store.write(write).result()
            return True


class Telling:
    """All that is told outside: files line by line, people by notices."""

    def __init__(
        self, store: Store, profile: Profile, clock: Clock, file: Path | None, channels: Sequence[Channel]
    ) -> None:
        self._made = (store, profile, clock, file, channels)
        files = [FileChannel(file)] if file is not None else []
        self._outbox = Outbox(store, [*files, *(Queue(store, profile, clock, one) for one in channels)])
        self._store = store
        self.deliveries = [Delivery(store, profile, clock, one) for one in channels]

    def begin(self) -> None:
        """Before anything happens that is to be told."""
        self._outbox.begin()

    def start(self) -> None:
        self._outbox.start()
        for one in self.deliveries:
            one.start()

    def stop(self) -> None:
        """Files are told what is there, if that is quick; notices wait in the store."""
        self._outbox.stop()
        for one in self.deliveries:
            one.stop()

    def end(self) -> None:
        """When this returns, the store is no longer written to. Raises TimeoutError."""
        self._outbox.end()
        for one in self.deliveries:
            one.end()

    def anew(self) -> Telling:
        """One that goes on where this one has ended."""
        return Telling(*self._made)
