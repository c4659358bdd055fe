"""Bodies that come slowly or many at once: bounded in time and memory, and no neighbour waits for them."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from starlette.applications import Starlette

from cockpit.web import api, bodies
from tests.wire.conftest import Bench, event


class Posting:
    """A request whose body arrives piece by piece, as the test gives them."""

    def __init__(self, app: Starlette, token: str) -> None:
        self.pieces: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.taken = 0
        self.status = 0
        self.payload: dict[str, Any] = {}
        scope = {
            "type": "http", "method": "POST", "path": "/api/v1/events", "query_string": b"", "root_path": "",
            "headers": [
                (b"authorization", f"Bearer {token}".encode()), (b"content-type", b"application/json"),
            ],
        }  # fmt: skip
        self.done = asyncio.create_task(app(scope, self._receive, self._send))

    def give(self, piece: bytes, *, more: bool = True) -> None:
        self.pieces.put_nowait({"type": "http.request", "body": piece, "more_body": more})

    async def _receive(self) -> dict[str, Any]:
        self.taken += 1
        return await self.pieces.get()

    async def _send(self, message: Any) -> None:
        self.status = message.get("status", self.status)
        if body := message.get("body"):
            self.payload = json.loads(body)

    async def waits(self, after: int) -> None:
        """Until `after` pieces are in and it waits for more."""
        while self.taken <= after:
            await asyncio.sleep(0)


def app_of(bench: Bench) -> tuple[Starlette, str]:
    return Starlette(routes=api.routes(bench)), bench.token("cam-vms")  # type: ignore[arg-type]


def test_a_body_that_does_not_come_is_given_up(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "BODY_S", 0.05)

    async def slow() -> Posting:
        posting = Posting(*app_of(bench))
        posting.give(b"[")
        await posting.done
        return posting

    found = asyncio.run(slow())
    assert (found.status, found.payload["error"]["code"]) == (408, "too_slow")


def test_bodies_that_arrive_together_are_bounded_in_memory(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies, "MAX_ARRIVING", 1000)

    async def crowd() -> list[Posting]:
        app, token = app_of(bench)
        first, second, third = (Posting(app, token) for _ in range(3))
        first.give(b" " * 900)
        await first.waits(1)
        second.give(b" " * 200)
        await second.done
        first.give(json.dumps(event(1)).encode(), more=False)
        await first.done
        third.give(b" " * 900 + json.dumps(event(2)).encode(), more=False)  # there is room again
        await third.done
        return [first, second, third]

    first, second, third = asyncio.run(crowd())
    assert (second.status, second.payload["error"]["code"]) == (429, "queue_full")
    assert [(p.status, p.payload["accepted"]) for p in (first, third)] == [(202, 1), (202, 1)]


def test_a_sender_that_goes_away_leaves_nothing_behind(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "MAX_ARRIVING", 1000)

    async def leave() -> Posting:
        app, token = app_of(bench)
        for _ in range(5):
            posting = Posting(app, token)
            posting.give(b" " * 600)
            posting.pieces.put_nowait({"type": "http.disconnect"})
            await posting.done
            assert (posting.status, posting.payload["error"]["code"]) == (400, "cut_off")
        last = Posting(app, token)
        last.give(b" " * 600 + json.dumps(event(1)).encode(), more=False)
        await last.done
        return last

    assert asyncio.run(leave()).status == 202
