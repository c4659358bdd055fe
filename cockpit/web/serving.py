"""How the doors are served: every server of this process speaks the protocol that has limits."""

from __future__ import annotations

import logging
import socket
from typing import Any

import uvicorn

from cockpit.web import limits
from cockpit.web.protocol import DoorProtocol

HANDSHAKES = ('%s - "WebSocket %s', "ASGI callable returned without completing handshake")
"""How uvicorn's lines about single websockets begin: let in, or refused with an answer."""

_startup = uvicorn.Server.startup


def settings() -> dict[str, Any]:
    """What a server of our own is configured with."""
    prepare(pages=False)
    return {"http": DoorProtocol, "ws": "websockets-sansio", "access_log": False}


def prepare(*, pages: bool) -> None:
    """Room for connections, and no line in the log for each websocket."""
    DoorProtocol.most = limits.connections(limits.raise_files(), pages=pages)
    uvicorn_log = logging.getLogger("uvicorn.error")
    if _no_handshakes not in uvicorn_log.filters:
        uvicorn_log.addFilter(_no_handshakes)


def install() -> None:
    """Make Streamlit's server speak it, too.

    Streamlit makes the uvicorn server itself and lets nobody choose its protocol. It has done so when it
    imports `app.py`, and has not begun to answer: `startup` is the one place in between.
    """
    prepare(pages=True)
    uvicorn.Server.startup = start_limited  # type: ignore[method-assign]


async def start_limited(self: uvicorn.Server, sockets: list[socket.socket] | None = None) -> None:
    """`uvicorn.Server.startup`, with the protocol of the doors."""
    self.config.http_protocol_class = DoorProtocol
    await _startup(self, sockets)


def _no_handshakes(record: logging.LogRecord) -> bool:
    return not str(record.msg).startswith(HANDSHAKES)
