"""The way of feeds, past everything that stands before pages alone.

A feed may send a hundred bodies a second, and sessions, compression and the search through all routes, which
pages need, would cost it time with each. Names, headers and the shape of errors are before this.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from cockpit.web.api import EVENTS
from cockpit.web.api_guard import AsyncHandler


class Straight:
    """Pure ASGI: hands events to the handler of their own route, all else on."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._post: AsyncHandler | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == EVENTS and scope["method"] == "POST":
            if self._post is None:
                self._post = _posting(scope)
            response = await self._post(Request(scope, receive, send))
            await response(scope, receive, send)
            return
        await self.app(scope, receive, send)


def _posting(scope: Scope) -> AsyncHandler:
    """What the application itself would call."""
    found = next(
        route.endpoint
        for route in scope["app"].routes
        if isinstance(route, Route) and route.path == EVENTS and "POST" in (route.methods or ())
    )
    handler: AsyncHandler = found
    return handler
