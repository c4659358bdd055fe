"""One picture of one camera, fetched when a reader asks for it, from the address that was announced."""

from __future__ import annotations

import http.client
import ipaddress
import re
import time
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote, urlsplit

from cockpit.domain import instants

MAX_BYTES = 512 * 1024
_CHUNK = 64 * 1024
_ADDRESS = re.compile(r"http://(\[[0-9a-f:]+\]|[0-9.]+):[0-9]{1,5}", re.A)

Reason = Literal["not_in_sample", "silent", "unreachable"]
"""Why there is no picture: this camera has none; it gives none now; nothing usable came in time."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A JPEG and the instant it shows, milliseconds of the sender's time."""

    jpeg: bytes
    taken_ms: int


def is_local(address: str) -> bool:
    """Whether this is `http://` with a loopback address in figures and a port, and nothing else."""
    if not _ADDRESS.fullmatch(address):
        return False
    try:
        parts = urlsplit(address)
        return bool(parts.port) and ipaddress.ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return False


def fetch(address: str, code: str, timeout: float = 2.0) -> Picture | Reason:
    """The present picture of the camera `code`, or why there is none, in about `timeout` seconds at most.

    Follows no redirect and takes nothing but a JPEG of at most 512 kB with its instant.
    """
    if not is_local(address):
        return "unreachable"
    parts = urlsplit(address)
    until = time.monotonic() + timeout
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=timeout)
    try:
        connection.request("GET", f"/pictures/{quote(code, safe='')}.jpg")
        response = connection.getresponse()
        if response.status == 404:
            return "not_in_sample"
        if response.status == 503:
            return "silent"
        if response.status != 200 or response.headers.get_content_type() != "image/jpeg":
            return "unreachable"
        content = _bounded(response, until)
        taken = instants.parse(response.headers["Picture-Time"] or "")
    except (OSError, http.client.HTTPException, ValueError, TypeError):
        return "unreachable"
    finally:
        connection.close()
    if content is None or not content.startswith(b"\xff\xd8"):
        return "unreachable"
    return Picture(content, taken)


def _bounded(response: http.client.HTTPResponse, until: float) -> bytes | None:
    """The whole body; None where it is too large, cut short, or too slow."""
    content = bytearray()
    while part := response.read1(_CHUNK):
        content += part
        if len(content) > MAX_BYTES or time.monotonic() > until:
            return None
    return None if response.length else bytes(content)
