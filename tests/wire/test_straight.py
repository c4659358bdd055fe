"""Events go straight to their route; whatever else is asked takes the way of pages."""

from __future__ import annotations

from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Receive, Scope, Send

from cockpit.web import api
from cockpit.web.straight import Straight
from tests.wire.conftest import Bench, event

seen: list[str] = []


class Watching:
    """What stands before pages."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            seen.append(f"{scope['method']} {scope['path']}")
        await self.app(scope, receive, send)


def client(bench: Bench, token: str) -> TestClient:
    parts: Any = bench
    app = Starlette(routes=api.routes(parts), middleware=[Middleware(Straight), Middleware(Watching)])
    return TestClient(app, headers={"Authorization": f"Bearer {token}"})


def test_events_meet_nothing_that_stands_before_pages(bench: Bench) -> None:
    seen.clear()
    asking = client(bench, bench.token("cam-vms"))
    answer = asking.post("/api/v1/events", json=event())
    assert (answer.status_code, answer.json()["accepted"]) == (202, 1)
    assert seen == []


def test_what_is_wrong_with_events_is_told_as_ever(bench: Bench) -> None:
    asking = client(bench, "wrong")
    assert asking.post("/api/v1/events", json=event()).json()["error"]["code"] == "unknown_token"
    asking = client(bench, bench.token("cam-vms"))
    told = asking.post("/api/v1/events", content=b"[", headers={"Content-Type": "application/json"})
    assert (told.status_code, told.json()["error"]["code"]) == (400, "not_json")


def test_all_else_takes_the_way_of_pages(bench: Bench) -> None:
    seen.clear()
    asking = client(bench, bench.token("cam-vms"))
    assert asking.get("/api/v1/events").status_code == 405
    assert asking.post("/api/v1/commands", json={}).status_code == 403
    assert asking.get("/healthz").status_code == 200
    assert seen == ["GET /api/v1/events", "POST /api/v1/commands", "GET /healthz"]
