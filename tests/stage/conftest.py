"""A demo in a process of its own, spoken to over HTTP."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cockpit.bench import processes
from cockpit.ingest import tokens
from cockpit.ingest.times import to_ms
from cockpit.store import meta
from cockpit.store.database import visit
from cockpit.store.queries import audit, observations
from tests.store import inside
from tests.waiting import PATIENCE_S, until

START = "2026-11-18T08:10:00+07:00"
LATEST = to_ms(START) + 2 * 86_400_000
"""What is younger comes from the computer itself."""


@dataclass
class Demo:
    """A running demo of a tenth of the province, with a presenter's token."""

    data: Path
    cockpit: processes.Running
    token: str

    @property
    def address(self) -> str:
        return self.cockpit.address

    def ask(
        self, method: str, path: str, order: dict[str, Any] | None = None, *, token: str | None = None
    ) -> tuple[int, Any]:
        """Status and answer."""
        request = urllib.request.Request(
            f"{self.address}/api/v1/{path}",
            data=None if order is None else json.dumps(order).encode(),
            method=method,
            headers={"Authorization": f"Bearer {self.token if token is None else token}"},
        )
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read())

    def must(self, method: str, path: str, order: dict[str, Any] | None = None) -> Any:
        status, answer = self.ask(method, path, order)
        assert status < 300, answer
        return answer

    def clock(self, **order: object) -> Any:
        """Order something of the clock, or ask what it shows."""
        return self.must("POST", "clock", order) if order else self.must("GET", "clock")

    def until(self, found: Callable[[], Any], what: str) -> Any:
        """Ask until there is an answer."""
        return until(found, what, lambda: f"the cockpit said:\n{self.cockpit.said()}")

    def step(self, seconds: int) -> None:
        """Play so much domain time and stand; returns when all of it is evaluated."""
        self.clock(step=seconds)
        state = self.until(lambda: (c := self.clock())["step"] is None and c, "the end of a step")
        at = to_ms(state["domain"])
        self.until(lambda: self.meta("engine_domain_ms") >= at, "an evaluation up to there")

    def log(self) -> list[bytes]:
        """The lines of the stage's log."""
        with urllib.request.urlopen(f"{self.address}/api/v1/stage/log", timeout=PATIENCE_S) as answer:
            lines: list[bytes] = answer.read().splitlines()
        return lines

    @property
    def store(self) -> Path:
        """The file of its store."""
        return self.data / "cockpit.db"

    def meta(self, key: str) -> int:
        with inside.reading(self.store) as conn:
            found = meta.get(conn, key)
        assert found is not None
        return int(found)

    def commands(self, name: str) -> list[audit.Entry]:
        """All of a name on record."""
        return [told for told in inside.commands(self.store) if told.name == name]

    def present(self) -> dict[str, list[tuple[Any, ...]]]:
        """What a run has brought, to compare it with another that must be the same: without the computer's
        own figures, which come in real time."""
        with inside.reading(self.store) as conn:
            latest = np.stack(observations.latest(conn), axis=1).tolist()
        return {
            "alerts": [
                (a.id, a.key, a.opened, a.closed, a.close_reason, a.cause, a.ack_by)
                for a in inside.alerts(self.store)
                if a.source != "host"
            ],
            "log": [(x.t, x.alert, x.what) for x in inside.log(self.store) if not x.what.startswith("clock")],
            "latest": [(s, t, received, v) for s, t, received, v in latest if t < LATEST],
            "commands": [
                (c.t, c.actor, c.name) for c in inside.commands(self.store) if not c.name.startswith("clock")
            ],
        }


@contextmanager
def running(data: Path, *options: str, mode: str = "demo") -> Iterator[Demo]:
    with processes.running(mode, data, *options) as cockpit:
        with visit(data / "cockpit.db") as conn:
            token = tokens.issue(conn, [], "presenter", "a presenter", 0)
        yield Demo(data, cockpit, token)


def options(*more: str) -> tuple[str, ...]:
    return ("--size", "district", "--history", "0", "--start", START, *more)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"
