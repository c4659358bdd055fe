"""The server of `cockpit bench ingest`: the real routes, door and store, nothing else.

`python -m cockpit.bench.ingest_server DIRECTORY` prints a line of JSON with port and token, serves
until its standard input ends, closes the store and prints a second line: what it wrote.
"""

from __future__ import annotations

import asyncio
import json
import socket
import sys
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import uvicorn
import uvloop
from starlette.applications import Starlette

from cockpit.boot import Cockpit, Startup
from cockpit.clock import RealClock
from cockpit.config import from_env
from cockpit.ingest import tokens
from cockpit.ingest.door import Door
from cockpit.profiles import Profile, load
from cockpit.recording import Recorder
from cockpit.store import Store
from cockpit.store.store import bytes_written
from cockpit.web import api

ASSETS = 6_000
METRICS = ("fps", "loss_pct", "bitrate_kbps", "latency_ms", "util_pct")
SOURCE = "cam-vms"
SYNCHRONOUS = {0: "off", 1: "normal", 2: "full", 3: "extra"}


def bench_profile() -> Profile:
    """The province with 6,000 cameras of five metrics, so that a body is 1,000 events of 5 values."""
    p = load("quang_ninh")
    metrics = tuple(replace_kinds(m) for m in p.metrics)
    model = next(a for a in p.assets if a.kind == "camera")
    first = max(a.id for a in p.assets) + 1
    fields = {name: getattr(model, name) for name in model.__struct_fields__}
    cameras = tuple(
        type(model)(**{**fields, "id": first + i, "code": f"bench-{i:05d}"}) for i in range(ASSETS)
    )
    return replace(p, metrics=metrics, assets=(*p.assets, *cameras))


def replace_kinds(metric: Any) -> Any:
    if metric.code not in METRICS or "camera" in metric.kinds:
        return metric
    fields = {name: getattr(metric, name) for name in metric.__struct_fields__}
    return type(metric)(**{**fields, "kinds": (*metric.kinds, "camera")})


class Scratch:
    """As much of a cockpit as the routes need: no engine, no pages, no simulator."""

    engine = stage = failure = None
    writable, demo = True, False

    def __init__(self, directory: Path) -> None:
        self.config = from_env({"COCKPIT_DATA_DIR": str(directory), "COCKPIT_MODE": "serve"})
        self.profile = bench_profile()
        self.clock = RealClock()
        self.store = Store(directory / "cockpit.db", self.profile, self.clock, writable=True)
        self.store.start()
        self.tokens = tokens.Tokens(self.store)
        self.door = Door(self.store, self.profile, self.clock, simulated=False)
        self.recorder = Recorder()
        self.startup = Startup("ready")
        self.ready = threading.Event()
        self.ready.set()

    def close(self) -> None:
        self.door.close()
        self.store.close()


async def serve(scratch: Scratch) -> None:
    """Serve on a free port of loopback until standard input ends."""
    app = Starlette(routes=api.routes(cast(Cockpit, scratch)))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False, lifespan="off"))
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(128)  # whoever connects once the line below is out waits, and is not refused
    token = scratch.store.write(lambda conn: tokens.issue(conn, [SOURCE], "source", "bench")).result()
    pragma = scratch.store.write(lambda conn: conn.execute("PRAGMA synchronous").fetchone()[0]).result()
    hello = {
        "port": listener.getsockname()[1],
        "token": token,
        "synchronous": SYNCHRONOUS[pragma],
        "bytes_written": bytes_written(),
    }
    running = asyncio.create_task(server.serve([listener]))
    print(json.dumps(hello), flush=True)
    await asyncio.to_thread(sys.stdin.read)
    server.should_exit = True
    await running


def main() -> None:
    scratch = Scratch(Path(sys.argv[1]))
    try:
        uvloop.run(serve(scratch))
    finally:
        observations = scratch.store.stats().observations
        scratch.close()
        print(json.dumps({"bytes_written": bytes_written(), "observations": observations}), flush=True)


if __name__ == "__main__":
    main()
