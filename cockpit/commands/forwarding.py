"""Commands of a process that only shows: the process that writes carries them out, in the person's name."""

from __future__ import annotations

import http.client
import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import get_args
from urllib.parse import urlencode, urlsplit

import msgspec

from cockpit.clock import Clock
from cockpit.commands.model import Asked, Command, CommandResult, Instant, Result, refused
from cockpit.domain.evidence import UNTOLD, Unfit, Wrong
from cockpit.domain.instants import iso
from cockpit.ingest import tokens
from cockpit.ingest.evidence import TooMany
from cockpit.store import StoreError, visit

TIMEOUT_S = 30.0
LATE = 0
FORGET_MS = 1_000
"""So long an end waits to revoke its token; after that it runs out by itself."""

log = logging.getLogger(__name__)


class Forward:
    """Hands commands to the engine at `address` with a token of the role `pages`. That is good for a while
    only: `fresh` makes another, `forget` revokes the last one."""

    def __init__(
        self,
        address: str,
        token: str,
        fresh: Callable[[], str] | None = None,
        forget: Callable[[], None] = lambda: None,
    ) -> None:
        self._address = urlsplit(address)
        self._token = token
        self._fresh = fresh
        self._forget = forget
        self._renewing = threading.Lock()

    def __call__(self, command: Command) -> Result:
        """What the engine made of it. Raises StoreError where it does not answer."""
        message, actor = command.message, command.actor
        if isinstance(message, Asked):
            args = dict(message.args)
        else:
            args = {name: _plain(value) for name, value in msgspec.structs.asdict(message).items()}
        body = msgspec.json.encode(
            {
                "name": command.name,
                "args": args,
                "reason": command.reason,
                "actor": {"name": actor.name, "role": actor.role, "unit": actor.unit},
            }
        )
        status, text = self._sent("/api/v1/commands", body, "application/json")
        if status == LATE or (status == 503 and _code(text) == "busy"):
            return refused("busy")
        if status != 200:
            raise StoreError("closed", f"the process that writes answered {status}: {text[:200]!r}")
        answer = msgspec.json.decode(text, type=CommandResult)
        return Result(answer.code, answer.facts)

    def hand_in(self, data: bytes, *, name: str, declared: str, person: str, unit: str) -> str:
        """Have the engine keep a file of somebody; its id. Raises Unfit, TooMany, and StoreError where it
        does not answer."""
        query = urlencode({"name": name, "by": person, "unit": unit})
        status, text = self._sent(f"/api/v1/evidence?{query}", data, declared or UNTOLD[1])
        if status == 201:
            return msgspec.json.decode(text, type=_HandedIn).evidence
        code = _code(text)
        if code in get_args(Wrong):
            raise Unfit(msgspec.convert(code, Wrong))
        if code == "too_many":
            raise TooMany
        raise StoreError("closed", f"the process that writes answered {status}: {text[:200]!r}")

    def _sent(self, path: str, body: bytes, kind: str) -> tuple[int, bytes]:
        """As `_post`; with another token where this one is good no more."""
        used = self._token
        status, text = self._post(path, body, kind, used)
        if status == 401 and self._fresh is not None:
            with self._renewing:
                if self._token == used:  # else another thread has made one meanwhile
                    self._token = self._fresh()
            status, text = self._post(path, body, kind, self._token)
        return status, text

    def close(self) -> None:
        """Nobody speaks with this token any more."""
        try:
            self._forget()
        except StoreError as error:
            log.warning("the token of these pages is known until it runs out: %s", error)

    def _post(self, path: str, body: bytes, kind: str, token: str) -> tuple[int, bytes]:
        """Status and text of the answer; LATE where none came in time, so that it may still be done."""
        where = self._address
        connection = http.client.HTTPConnection(
            where.hostname or "127.0.0.1", where.port or 80, timeout=TIMEOUT_S
        )
        headers = {"Authorization": f"Bearer {token}", "Content-Type": kind}
        try:
            connection.request("POST", path, body, headers)
            response = connection.getresponse()
            return response.status, response.read()
        except TimeoutError:
            return LATE, b""
        except (OSError, http.client.HTTPException) as error:
            raise StoreError("closed", f"the process that writes does not answer: {error}") from None
        finally:
            connection.close()


def to(path: Path, address: str, label: str, clock: Clock) -> Forward:
    """The way to the process at `address` that writes this database. Raises StoreError."""

    def fresh() -> str:
        with visit(path) as conn:
            return tokens.renew_pages(conn, label, clock.real_ms())

    def forget() -> None:
        with visit(path, busy_ms=FORGET_MS) as conn:
            tokens.revoke_labelled(conn, "pages", label)

    return Forward(address, fresh(), fresh, forget)


class _HandedIn(msgspec.Struct):
    evidence: str


class _Problem(msgspec.Struct):
    code: str = ""


class _Refused(msgspec.Struct):
    error: _Problem


def _code(text: bytes) -> str:
    """The code of an answer that is an error."""
    try:
        return msgspec.json.decode(text, type=_Refused).error.code
    except msgspec.DecodeError:
        return ""


def _plain(value: object) -> object:
    return iso(value) if isinstance(value, Instant) else value
