"""One engine per store: who holds the lease evaluates, everybody else waits."""

from __future__ import annotations

import os
import uuid

import psutil

from cockpit.clock import Clock
from cockpit.store import Store, meta
from cockpit.store.handles import Write

TTL_S = 5.0
"""A holder that has not renewed for this long has lost the lease."""

KEY = "engine_lease"


class LeaseLost(RuntimeError):
    """Another engine has taken over: what this one has found is not to be written."""


class Lease:
    """Kept in the store as "token pid expiry", the expiry in seconds of the machine's monotonic clock."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._token = uuid.uuid4().hex
        self._held = False

    def hold(self) -> bool:
        """Take the lease or see that it is still ours; False while somebody else has it."""
        if self._held:
            with self._store.read() as conn:
                self._held = (meta.get(conn, KEY) or "").startswith(self._token)
        if not self._held:
            now = self._clock.monotonic()
            self._held = self._store.write(lambda conn: self._take(conn, now)).result()
        return self._held

    def renewal(self) -> str:
        """The value to write under `KEY` with the heartbeat."""
        return f"{self._token} {os.getpid()} {self._clock.monotonic() + TTL_S}"

    def must_be_ours(self, conn: Write) -> None:
        """To be asked inside the transaction that writes. Raises LeaseLost: a tick may have been held up
        for so long that somebody else began to work."""
        if not (meta.get(conn, KEY) or "").startswith(self._token):
            self._held = False
            raise LeaseLost("another engine has taken the lease; this one waits")

    def release(self) -> None:
        """Give it back, if it is ours."""
        if self._held:
            self._held = False
            self._store.write(self._drop).result(5)

    def _take(self, conn: Write, now: float) -> bool:
        found = meta.get(conn, KEY)
        if found:
            token, pid, expiry = found.split()
            # After a reboot the monotonic clock begins again: an expiry further off than TTL is void.
            alive = 0 <= float(expiry) - now <= TTL_S and psutil.pid_exists(int(pid))
            if token != self._token and alive:
                return False
        meta.put(conn, KEY, self.renewal())
        return True

    def _drop(self, conn: Write) -> None:
        if (meta.get(conn, KEY) or "").startswith(self._token):
            meta.put(conn, KEY, "")
