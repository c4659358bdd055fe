"""Streamlit's scripts and style sheets, packed once instead of sent as they lie on the disk.

A page loads several megabytes of them, of which a browser on a slow line waits for every byte. Streamlit
leaves them unpacked, since packing them anew for each browser costs more than it saves. Their names hold a
digest, so what is packed once is right for ever.
"""

from __future__ import annotations

import gzip
import re
import threading
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

PREFIX = "/static/"
TYPES = {".js": "text/javascript", ".css": "text/css"}
SMALL = 512
"""Bytes; below, packing gains nothing."""
HEADERS = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "Vary": "Accept-Encoding",
    "Content-Encoding": "gzip",
}
_HASHED = re.compile(r".+[.-][\w-]{8}\.(js|css)")
_IMPORT = re.compile(rb'(?:\bfrom|\bimport)\s*"\./([^"/]+\.js)"')


class Files:
    """The installed scripts and style sheets by their path in an address. Safe to use from any thread."""

    def __init__(self, root: Path) -> None:
        """`root` is what an address below `/static/` is looked for in."""
        self._paths = {
            PREFIX + path.relative_to(root).as_posix(): path
            for path in root.rglob("*")
            if path.suffix in TYPES and _HASHED.fullmatch(path.name) and path.stat().st_size >= SMALL
        }
        self._packed: dict[str, bytes] = {}
        self._guard = threading.Lock()

    def __contains__(self, address: str) -> bool:
        return address in self._paths

    def packed(self, address: str) -> bytes:
        """The content as gzip. Raises KeyError, OSError."""
        with self._guard:
            found = self._packed.get(address)
        if found is None:
            found = gzip.compress(self._paths[address].read_bytes(), 6, mtime=0)
            with self._guard:
                self._packed[address] = found
        return found

    def needed(self, *names: str) -> list[str]:
        """Addresses of the scripts whose names begin so, and of all that they import, in that order."""
        wanted = [
            address
            for name in names
            for address in self._paths
            if address.startswith(f"{PREFIX}js/{name}.") and address.endswith(".js")
        ]
        found: dict[str, None] = {}
        while wanted:
            address = wanted.pop(0)
            if address in found or address not in self._paths:
                continue
            found[address] = None
            head = self._paths[address].read_bytes()[:20_000]
            wanted += [f"{PREFIX}js/{name.decode()}" for name in _IMPORT.findall(head)]
        return list(found)


@cache
def files() -> Files:
    """Those of the installed Streamlit, found without loading it."""
    spec = find_spec("streamlit")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("Streamlit is not installed: install the cockpit with its dependencies")
    return Files(Path(spec.origin).with_name("static") / "static")


class Packed:
    """Pure ASGI: answers GET and HEAD of what is packed for a browser that can unpack, hands on all else."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._files = files()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if (
            scope["type"] == "http"
            and scope["method"] in ("GET", "HEAD")
            and scope["path"] in self._files
            and "gzip" in Headers(scope=scope).get("accept-encoding", "")
        ):
            path = scope["path"]
            body = await run_in_threadpool(self._files.packed, path)
            kind = TYPES[path[path.rindex(".") :]]
            await Response(body, media_type=kind, headers=HEADERS)(scope, receive, send)
            return
        await self.app(scope, receive, send)
