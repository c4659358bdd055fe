"""Commands of a process that only shows: the process that writes carries them out, in the person's name."""

from __future__ import annotations

import http.client
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from cockpit.commands.model import Asked, Code, Command, Instant, Result, refused
from cockpit.domain.instants import iso
from cockpit.ingest import tokens
from cockpit.store import StoreError, visit

TIMEOUT_S = 30.0


class _Answer(msgspec.Struct):
    code: Code
    facts: dict[str, object]


class Forward:
    """Hands commands to the engine at `address` with a token of the role `pages`."""

    def __init__(self, address: str, token: str) -> None:
        self._address = urlsplit(address)
        self._token = token

    def __call__(self, command: Command) -> Result:
        """What the engine made of it. Raises StoreError where it does not answer."""
        message, actor = command.message, command.actor
        if isinstance(message, Asked):
            args = dict(message.args)
        else:
            args = {name: _plain(value) for name, value in msgspec.structs.asdict(message).items()}
        if actor.role == "reader":
            return refused("read_only")
        body = msgspec.json.encode(
            {
                "name": command.name,
                "args": args,
                "reason": command.reason,
                "actor": {"name": actor.name, "role": actor.role, "unit": actor.unit},
            }
        )
        answer = msgspec.json.decode(self._post(body), type=_Answer)
        return Result(answer.code, dict(answer.facts))

    def _post(self, body: bytes) -> bytes:
        where = self._address
        connection = http.client.HTTPConnection(
            where.hostname or "127.0.0.1", where.port or 80, timeout=TIMEOUT_S
        )
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        try:
            connection.request("POST", "/api/v1/commands", body, headers)
            response = connection.getresponse()
            text = response.read()
        except (OSError, http.client.HTTPException) as error:
            raise StoreError("closed", f"the process that writes does not answer: {error}") from None
        finally:
            connection.close()
        if response.status != 200:
            raise StoreError("closed", f"the process that writes answered {response.status}: {text[:200]!r}")
        return text


def to(path: Path, address: str, label: str, now: int) -> Forward:
    """The way to the process at `address` that writes this database. Raises StoreError."""
    with visit(path) as conn:
        tokens.revoke_labelled(conn, "pages", label)  # that of the start before
        return Forward(address, tokens.issue(conn, (), "pages", label, now))


def _plain(value: object) -> object:
    return iso(value) if isinstance(value, Instant) else value
