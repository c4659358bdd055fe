"""Whether the cockpit itself lives, seen from outside, and telling the channels when it does not."""

from __future__ import annotations

import hashlib
import http.client
import logging
import threading
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

import msgspec

from cockpit.engine.notices import bells, text
from cockpit.engine.notices.channel import Channel

log = logging.getLogger(__name__)

TIMEOUT_S = 10.0
OLDEST_TICK_S = 30.0
"""An engine whose last tick is older than this evaluates nothing."""

READY, PULSE = "/readyz", "/api/v1/pulse"


class _Pulse(msgspec.Struct):
    tick_age_s: float | None = None


def trouble(url: str) -> str:
    """What is wrong with the cockpit at an address, "" if nothing is: unreachable, not_ready, stalled."""
    try:
        if _get(url, READY)[0] != 200:
            return "not_ready"
        status, body = _get(url, PULSE)
        age = msgspec.json.decode(body, type=_Pulse).tick_age_s if status == 200 else None
    except (OSError, http.client.HTTPException):
        return "unreachable"
    except msgspec.MsgspecError:
        return "not_ready"  # something else answers there
    return "stalled" if age is None or age > OLDEST_TICK_S else ""


def _get(url: str, path: str) -> tuple[int, bytes]:
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    conn = kind(parts.hostname or "", parts.port, timeout=TIMEOUT_S)
    try:
        conn.request("GET", parts.path.rstrip("/") + path)
        answer = conn.getresponse()
        return answer.status, answer.read(65_536)
    finally:
        conn.close()


class Watch:
    """Looks again and again. A channel that cannot be told is tried at each look, in a thread of its own,
    until it knows how things stand."""

    def __init__(self, url: str, channels: Sequence[Channel], after_ms: int) -> None:
        self._url = url
        self._after_ms = after_ms
        self._bad_since: int | None = None
        self._why = ""
        self._told = [_Told(one, f"{url} ") for one in channels]
        self.silent = False

    def look(self, now: int, why: str) -> None:
        """`why` as `trouble` says it, at an instant of real time (ms)."""
        if why:
            since = self._bad_since = self._bad_since if self._bad_since is not None else now
            self._why = why
            if not self.silent and now - since >= self._after_ms:
                self.silent = True
                self._say(since, None)
        else:
            if self.silent and self._bad_since is not None:
                self.silent = False
                self._say(self._bad_since, now)
            self._bad_since = None
        for one in self._told:
            one.go_on()

    def wait(self, seconds: float) -> None:
        """Let those that are told end, each for so long at most, and try once more where it failed."""
        for one in self._told:
            one.wait(seconds)
            one.go_on()
        for one in self._told:
            one.wait(seconds)

    def _say(self, since: int, back: int | None) -> None:
        for one in self._told:
            one.owe(self._url, self._why, since, back)


class _Told:
    """A channel and what it is owed."""

    def __init__(self, channel: Channel, salt: str) -> None:
        self._channel = channel
        self._salt = salt
        self._owed: list[tuple[str, dict[str, Any]]] = []
        self._thread: threading.Thread | None = None
        self._failing = False

    def owe(self, url: str, why: str, since: int, back: int | None) -> None:
        said = f"{self._salt}{self._channel.name} {since} {back is not None}"
        id_ = hashlib.sha256(said.encode()).hexdigest()[:24]
        body = text.of_the_cockpit(self._channel.language, url, why, id_, since, back)
        self._owed.append((id_, body))

    def go_on(self) -> None:
        if self._owed and (self._thread is None or not self._thread.is_alive()):
            name = f"watch {self._channel.name}"
            self._thread = threading.Thread(target=self._tell, name=name, daemon=True)
            self._thread.start()

    def wait(self, seconds: float) -> None:
        if self._thread is not None:
            self._thread.join(seconds)

    def _tell(self) -> None:
        while self._owed:
            id_, body = self._owed[0]
            try:
                bells.ring(self._channel, id_, body)
            except bells.Undelivered as why:
                if not self._failing:  # once, not at each look
                    log.error("the channel %s could not be told: %s", self._channel.name, why)
                self._failing = True
                return
            self._failing = False
            self._owed.pop(0)
