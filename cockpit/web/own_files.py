"""Scripts and style sheets of our own components, from memory, at the addresses where Streamlit has them.

Streamlit knows a component only after a page has mounted it, and answers slowly while it runs a page.
Browsers are told of these files in the first answer, and ask for them at once.
"""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import Response

from cockpit.ui import components

PREFIX = "/_stcore/bidi-components/cockpit."
TYPES = {".js": "text/javascript", ".css": "text/css"}


@dataclass(frozen=True, slots=True)
class OwnFile:
    """One of them, packed; `tag` tells its content from another's."""

    content: bytes
    media_type: str
    tag: str

    def answer(self, asked: Headers) -> Response:
        """It, or that the browser has it already. Its address has no digest: browsers soon ask again."""
        headers = {"Cache-Control": "public, max-age=60", "ETag": self.tag, "Vary": "Accept-Encoding"}
        if asked.get("if-none-match") == self.tag:
            return Response(status_code=304, headers=headers)
        return Response(
            self.content, media_type=self.media_type, headers=headers | {"Content-Encoding": "gzip"}
        )


@cache
def files() -> dict[str, OwnFile]:
    """All of them by address."""
    found = {}
    for path in sorted(Path(components.__file__).parent.glob("*/frontend/*")):
        if (media_type := TYPES.get(path.suffix)) is None:
            continue
        content = path.read_bytes()
        tag = f'"{hashlib.sha256(content).hexdigest()[:16]}"'
        address = f"{PREFIX}{path.parent.parent.name}/{path.name}"
        found[address] = OwnFile(gzip.compress(content, 9, mtime=0), media_type, tag)
    return found


def hints(*names: str) -> str:
    """What names the files of these components to a browser that will need them."""
    return "".join(
        f'<link rel="modulepreload" href=".{address}">'
        if address.endswith(".js")
        else f'<link rel="preload" as="style" href=".{address}">'
        for name in names
        for address in files()
        if address.startswith(f"{PREFIX}{name}/")
    )
