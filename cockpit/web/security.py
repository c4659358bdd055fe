"""Response headers and the language of the page, as pure ASGI: streams and websockets pass untouched."""

from __future__ import annotations

import base64
import hashlib
import re
from importlib.util import find_spec
from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SCRIPT = re.compile(rb"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.S)


def inline_script_hashes() -> list[str]:
    """CSP sources of the inline scripts of the installed Streamlit's page, computed from the file itself.

    The file is found without loading Streamlit, which the engine alone does not need.
    """
    spec = find_spec("streamlit")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("Streamlit is not installed: install the cockpit with its dependencies")
    page = Path(spec.origin).with_name("static").joinpath("index.html").read_bytes()
    digests = (hashlib.sha256(body).digest() for body in SCRIPT.findall(page))
    return [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests]


def content_security_policy() -> str:
    """Nothing but this server: no outside script, style, font, picture, frame or connection."""
    scripts = " ".join(inline_script_hashes())
    return "; ".join(
        [
            "default-src 'self'",
            f"script-src 'self' {scripts} 'wasm-unsafe-eval'",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "frame-ancestors 'self'",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
        ]
    )


class SecurityHeaders:
    """Adds the headers to every HTTP response, and `lang="vi"` to a page that names no language."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._headers = {
            "Content-Security-Policy": content_security_policy(),
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "same-origin",
            "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        settled = False  # whether the answer says itself in which language it is

        async def send_with_headers(message: Message) -> None:
            nonlocal settled
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
                settled = "content-language" in headers
            elif settled:
                pass
            elif message["type"] == "http.response.body" and b'<html lang="en">' in message.get("body", b""):
                # the same length, so that Content-Length stays true
                message["body"] = message["body"].replace(b'<html lang="en">', b'<html lang="vi">', 1)
            await send(message)

        await self.app(scope, receive, send_with_headers)
