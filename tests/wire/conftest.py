"""A cockpit without pages, engine and simulator: the routes of the API on a plain application."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.testclient import TestClient

from cockpit.clock import Clock
from cockpit.config import Config, from_env
from cockpit.demo.controls import Point
from cockpit.demo.state import DemoError, DemoRun
from cockpit.demo.tape import Recorder
from cockpit.demo.virtual_clock import VirtualClock
from cockpit.domain.instants import iso
from cockpit.ingest import tokens
from cockpit.ingest.door import Door
from cockpit.profiles import Profile, load
from cockpit.progress import Startup
from cockpit.store import Store
from cockpit.web import api
from tests.clocks import HandClock
from tests.waiting import PATIENCE_S, until

START = 1_795_309_200_000  # 2026-11-22T08:00:00+07:00


class Unable:
    """Stands for who carries out what presenters order: here nothing plays that could be stopped."""

    busy = origin = None
    points: tuple[Point, ...] = ()

    def stands(self) -> None: ...

    def refuse(self, *args: object) -> int:
        raise DemoError("busy", "nothing plays here")

    begin = jump = reset = refuse


@dataclass
class Bench:
    """What the routes need of the real cockpit."""

    config: Config
    profile: Profile
    clock: Clock
    store: Store
    door: Door
    tokens: tokens.Tokens
    demo: Any = None
    engine: Any = None
    forward: Any = None
    recorder: Recorder = field(default_factory=Recorder)
    writable: bool = True
    past_missing: bool = False
    failure: BaseException | None = None
    lost: str | None = None
    startup: Startup = field(default_factory=lambda: Startup("store"))
    ready: threading.Event = field(default_factory=threading.Event)

    @property
    def is_demo(self) -> bool:
        return self.config.demo

    def token(self, *sources: str, role: str = "source") -> str:
        now = self.clock.real_ms()
        return self.store.write(lambda conn: tokens.issue(conn, sources, role, "test", now)).result(
            PATIENCE_S
        )

    def client(self, token: str = "") -> TestClient:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return TestClient(Starlette(routes=api.routes(self)), headers=headers)  # type: ignore[arg-type]


def make(
    path: Path, profile: Profile, clock: Clock, *, simulated: bool = False, env: dict[str, str] | None = None
) -> Bench:
    config = from_env({"COCKPIT_DATA_DIR": str(path), "COCKPIT_MODE": "serve", **(env or {})})
    store = Store(path / "cockpit.db", profile, clock, writable=True)
    store.start()
    door = Door(store, profile, clock, simulated=simulated)
    bench = Bench(config, profile, clock, store, door, tokens.Tokens(store))
    if isinstance(clock, VirtualClock):
        bench.demo = SimpleNamespace(
            clock=clock, run=DemoRun(clock, profile), pictures=None, playing=False, reach=clock.reach,
            controller=Unable(),
        )  # fmt: skip
    bench.ready.set()
    return bench


@pytest.fixture(scope="session")
def profile() -> Profile:
    return load("quang_ninh", size="district")


@pytest.fixture
def bench(tmp_path: Path, profile: Profile) -> Iterator[Bench]:
    made = make(tmp_path, profile, HandClock(START))
    yield made
    made.door.close()
    made.store.close()


@pytest.fixture
def demo(tmp_path: Path, profile: Profile) -> Iterator[Bench]:
    made = make(tmp_path / "demo", profile, VirtualClock(START), simulated=True, env={"COCKPIT_MODE": "demo"})
    yield made
    made.door.close()
    made.store.close()


@contextmanager
def serving(bench: Bench) -> Iterator[str]:
    """The address of a real server with the routes of `bench`."""
    app = Starlette(routes=api.routes(bench))  # type: ignore[arg-type]
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", lifespan="off", ws="none"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        until(lambda: server.started, "a server that listens")
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(PATIENCE_S)
        assert not thread.is_alive()


@pytest.fixture
def client(bench: Bench) -> TestClient:
    return bench.client(bench.token("cam-vms", "ran-oss"))


def event(n: int = 0, **change: Any) -> dict[str, Any]:
    """A good observation of a camera; `change` replaces fields, None takes one away."""
    made: dict[str, Any] = {
        "specversion": "1.0",
        "id": f"e{n}",
        "source": "cam-vms",
        "type": "ioc.observation",
        "subject": "cam-00001",
        "time": iso(START - 1000 * n),
        "data": {"values": {"fps": 24.9, "loss_pct": 0.02}},
    }
    made.update(change)
    return {k: v for k, v in made.items() if v is not None}
