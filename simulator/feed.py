"""The live feed: a child process that sends what the cockpit's clock lets it send, over the public door.

It keeps no position of its own: the cockpit's watermark says where to go on. After a lost answer the same
events go out again with the same ids, so nothing is lost and nothing counted twice.
"""

from __future__ import annotations

import http.client
import os
import sys
import threading
import time
from collections.abc import Callable, Iterable
from typing import IO, Any
from urllib.parse import urlsplit

import msgspec

from cockpit.profiles import Profile
from simulator.orders import episodes_of
from simulator.orders import ms_of as ms_of
from simulator.pictures import Pictures
from simulator.play import STEP_MS, Play
from simulator.samples import Deaf
from simulator.world import Episodes
from simulator.zone import Zone

BODY_EVENTS = 1_000
SPAN_MS = 60_000  # domain time made at once, at most
IDLE_S = 0.15
RETRY_S = (0.1, 2.0)


class Task(msgspec.Struct, frozen=True):
    """What the parent tells on the first line of standard input."""

    address: str
    token: str
    profile: str
    seed: int = 7
    size: str = "province"
    deaf: Deaf = "drop"


class Refused(RuntimeError):
    """The cockpit will never take what is sent to it: a wrong token or a wrong address."""


class ClockAnswer(msgspec.Struct, frozen=True):
    """What the feed needs of `GET /api/v1/clock`. Times are ISO 8601 with offset."""

    watermark: str
    grant: str
    faults: list[dict[str, Any]] = []
    scenarios: list[dict[str, Any]] = []
    ended: dict[str, list[dict[str, Any]]] = {}


class Client:
    """A kept-alive connection that tries again until it has an answer."""

    def __init__(
        self, address: str, token: str, zone: Zone, sleep: Callable[[float], object] = time.sleep
    ) -> None:
        parts = urlsplit(address)
        if parts.scheme != "http" or not parts.hostname:
            raise Refused(f"address {address!r}: expected http://HOST:PORT")
        self._host, self._port, self._base = parts.hostname, parts.port or 80, parts.path.rstrip("/")
        self._headers = {"Authorization": f"Bearer {token}"}
        self._zone, self._sleep = zone, sleep
        self._connection: http.client.HTTPConnection | None = None
        self._told: set[str] = set()

    def clock(self) -> ClockAnswer:
        return msgspec.json.decode(self._ask("GET", "/api/v1/clock"), type=ClockAnswer)

    def reach(self, watermark: int, pictures: str = "") -> None:
        """Say that everything before `watermark` has been sent, and where pictures are to be had."""
        order = {"watermark": self._zone.iso(watermark)}
        if pictures:
            order["pictures"] = pictures
        self._ask("POST", "/api/v1/clock", msgspec.json.encode(order), "application/json")

    def send(self, lines: Iterable[str]) -> None:
        """Events in bodies of at most 1,000; returns when all are committed."""
        body: list[str] = []
        for line in lines:
            body.append(line)
            if len(body) == BODY_EVENTS:
                self._post(body)
                body = []
        if body:
            self._post(body)

    def _post(self, body: list[str]) -> None:
        answer = self._ask(
            "POST", "/api/v1/events", f"[{','.join(body)}]".encode(), "application/cloudevents-batch+json"
        )
        for refused in msgspec.json.decode(answer).get("rejected") or ():
            if refused["code"] not in self._told:  # once a reason: the cockpit keeps the rest
                self._told.add(refused["code"])
                print(f"simulator: an event was refused: {refused}", file=sys.stderr, flush=True)

    def _ask(self, method: str, path: str, body: bytes | None = None, kind: str = "") -> bytes:
        wait = RETRY_S[0]
        headers = {**self._headers, "Content-Type": kind} if kind else self._headers
        while True:
            try:
                if self._connection is None:
                    self._connection = http.client.HTTPConnection(self._host, self._port, timeout=30)
                self._connection.request(method, self._base + path, body, headers)
                response = self._connection.getresponse()
                content = response.read()
            except (OSError, http.client.HTTPException):
                self.close()
            else:
                if response.status in (200, 202, 204):
                    return content
                if response.status == 429:
                    self._sleep(_seconds(response.getheader("Retry-After")))
                    continue
                if response.status < 500 and response.status != 408:
                    raise Refused(
                        f"{method} {path}: {response.status} {content[:200].decode(errors='replace')}"
                    )
            self._sleep(wait)
            wait = min(wait * 2, RETRY_S[1])

    def close(self) -> None:
        """End the connection; the next request makes another."""
        if self._connection is not None:
            self._connection.close()
        self._connection = None


def orders_of(answer: ClockAnswer, profile: Profile, seed: int) -> Episodes:
    """Everything on the stage as episodes, what has ended lately too: it may have held something back."""
    scenarios = (*answer.scenarios, *answer.ended.get("scenarios", ()))
    faults = (*answer.faults, *answer.ended.get("faults", ()))
    return episodes_of(scenarios, faults, profile, seed)


def step(play: Play, client: Client, pictures: Pictures | None = None) -> bool:
    """Send the next span if the clock allows one. False where there is nothing to send yet.

    Pictures show the instant up to which everything is sent.
    """
    answer = client.clock()
    at = ms_of(answer.watermark)
    if pictures is not None:
        pictures.at_ms = at
    until = min(ms_of(answer.grant) // STEP_MS * STEP_MS, at + SPAN_MS)
    if until <= at:
        return False
    play.obey(orders_of(answer, play.profile, play.seed))
    client.send(play.window(at, until))
    client.reach(until, "" if pictures is None else pictures.address)
    return True


def live(stdin: IO[str]) -> None:
    """Play until standard input closes, which means that the parent is gone or wants us to stop."""
    from cockpit.profiles import load

    task = msgspec.json.decode(stdin.readline(), type=Task)
    end_with(stdin)
    play = Play(load(task.profile, size=task.size), task.seed, task.deaf)
    client = Client(task.address, task.token, play.world.zone)
    pictures = Pictures(play.world)
    pictures.start()
    while True:
        if not step(play, client, pictures):
            time.sleep(IDLE_S)


def end_with(stdin: IO[str]) -> None:
    """From now on this process ends when its standard input does: whoever holds the other end is gone, or
    wants it to stop."""

    def watch() -> None:
        while stdin.read(1):
            pass
        os._exit(0)

    threading.Thread(target=watch, daemon=True).start()


def _seconds(retry_after: str | None) -> float:
    try:
        return min(max(float(retry_after or 1), 0.05), 30.0)
    except ValueError:
        return 1.0
