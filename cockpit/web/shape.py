"""Errors have one shape everywhere, those of the server beneath included."""

from __future__ import annotations

from http import HTTPStatus

from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cockpit.web.broken import Fault, broken

INNER = ("/_stcore/", "/media/", "/component/", "/static/", "/app/static/", "/auth/", "/oauth2callback")
"""Where the pages' own scripts speak with Streamlit, and know its answers."""

CODES = {
    400: ("bad_request", "the request cannot be taken as it is"),
    401: ("no_token", "who asks must be known here"),
    403: ("no_right", "this is not allowed"),
    404: ("no_such_path", "nothing is here"),
    405: ("bad_method", "this method is not possible here"),
    413: ("too_large", "the request is too large"),
    416: ("bad_range", "there is no such range"),
    500: ("internal", "an error inside the cockpit"),
}


async def send_fault(fault: Fault, scope: Scope, send: Send) -> None:
    """Answer a request, or a websocket that is asking to be let in."""
    kind = "http.response"
    if scope["type"] == "websocket":
        if "websocket.http.response" not in scope.get("extensions", {}):
            await send({"type": "websocket.close", "code": 1008})
            return
        kind = "websocket.http.response"
    body = fault.body()
    headers = [
        (b"content-type", b"application/json"),
        (b"cache-control", b"no-store"),
        (b"content-length", str(len(body)).encode()),
    ]
    await send({"type": f"{kind}.start", "status": fault.status, "headers": headers})
    await send({"type": f"{kind}.body", "body": body})


class OneShape:
    """Gives errors in plain text, or without a word, the shape all errors have."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(INNER):
            await self._guarded(scope, receive, send)
            return
        held: bytes | None = None

        async def send_shaped(message: Message) -> None:
            nonlocal held
            if message["type"] == "http.response.start" and message["status"] >= 400:
                headers = MutableHeaders(scope=message)
                if headers.get("content-type", "text/plain").startswith("text/plain"):
                    held = _shaped(message["status"], scope).body()
                    headers["content-type"] = "application/json"
                    headers["content-length"] = str(len(held))
                    if "content-encoding" in headers:
                        del headers["content-encoding"]
            elif message["type"] == "http.response.body" and held is not None:
                if message.get("more_body", False):
                    return
                message = {"type": "http.response.body", "body": held}
            await send(message)

        await self._guarded(scope, receive, send_shaped)

    async def _guarded(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self.app(scope, receive, send)
        except ClientDisconnect:
            broken.tell("cut_off", scope.get("client"))


def _shaped(status: int, scope: Scope) -> Fault:
    code, reason = CODES.get(status, ("refused", HTTPStatus(status).phrase.lower()))
    return Fault(status, code, f"{reason}: {scope['method']} {scope['path'][:100]}")
