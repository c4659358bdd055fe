"""Door, writer and engine alone, without pages: for high loads and several web processes."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

from starlette.applications import Starlette

from cockpit.parts import Parts
from cockpit.web import api
from cockpit.web.lifespan import lifespan, middleware


def create(parts: Parts) -> Starlette:
    """The ASGI application of `cockpit engine`. They must be those of what boot has installed."""

    @contextlib.asynccontextmanager
    async def life(app: Starlette) -> AsyncIterator[None]:
        async with lifespan(app):
            yield

    app = Starlette(routes=api.routes(parts), middleware=middleware(), lifespan=life)
    app.router.redirect_slashes = False  # what is not there is not elsewhere either
    return app
