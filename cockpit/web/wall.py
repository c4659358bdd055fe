"""The wall's document, its files, and the screens that its script asks for."""

from __future__ import annotations

from typing import Any

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from cockpit.parts import Parts
from cockpit.ui import wall
from cockpit.ui.wall.frame import PROVINCE, SCRIPT, STYLE
from cockpit.web.api_guard import NO_STORE, refusal
from cockpit.web.first_answer import FOR_EVER
from cockpit.web.visitor import may_see


def routes(cockpit: Parts) -> list[BaseRoute]:
    """`/wall`, `/wall/part`, and the script and style of the wall."""
    config = cockpit.config

    def document(request: Request) -> Response:
        return HTMLResponse(wall.document(_query(request)), headers=NO_STORE)

    async def part(request: Request) -> Response:
        query = _query(request)
        if query.get("name") not in wall.SCREENS:
            return refusal(404, "no_such_path", f"name is one of {', '.join(wall.SCREENS)}")
        if not may_see(config, request.headers):
            return refusal(403, "no_right", "sign in first")
        told: dict[str, Any] = await run_in_threadpool(wall.part, query["name"], query)
        return Response(msgspec.json.encode(told), media_type="application/json", headers=NO_STORE)

    def script(_: Request) -> Response:
        return FileResponse(SCRIPT, media_type="text/javascript", headers=FOR_EVER)

    def style(request: Request) -> Response:
        file = PROVINCE if request.url.path.endswith(PROVINCE.name) else STYLE
        return FileResponse(file, media_type="text/css", headers=FOR_EVER)

    return [
        Route("/wall", document),
        Route("/wall/part", part),
        Route("/wall/wall.js", script),
        Route("/wall/wall.css", style),
        Route("/wall/province.css", style),
    ]


def _query(request: Request) -> dict[str, str]:
    return dict(request.query_params)
