"""Every command of docs/wire.md runs, and the page lists every code."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from starlette.applications import Starlette

from cockpit import ROOT
from cockpit.boot import iso
from cockpit.ingest.codes import Code
from cockpit.web import api
from tests.wire.conftest import START, Bench

PAGE = (ROOT / "docs" / "wire.md").read_text("utf-8")


@pytest.fixture
def address(bench: Bench) -> Iterator[str]:
    app = Starlette(routes=api.routes(bench))  # type: ignore[arg-type]
    config = uvicorn.Config(app, port=0, log_level="error", lifespan="off", ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    end = time.monotonic() + 10
    while not server.started and time.monotonic() < end:
        thread.join(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(10)


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_every_command_of_the_page_works_as_it_says(address: str, bench: Bench, tmp_path: Path) -> None:
    cockpit = tmp_path / "bin" / "cockpit"
    cockpit.parent.mkdir()
    cockpit.write_text(f"#!/bin/sh\necho {bench.token('cam-vms')}\n")
    cockpit.chmod(0o755)
    commands = re.findall(r"```sh\n(.*?)```", PAGE, re.S)
    assert len(commands) >= 6
    script = "set -eu\n" + "\necho\n".join(commands)
    env = {
        **os.environ,
        "COCKPIT": address,
        "NOW": iso(START),
        "PATH": f"{cockpit.parent}:{os.environ['PATH']}",
    }
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        env.pop(name, None)
    done = subprocess.run(
        ["sh", "-c", script], env=env, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    said = [line for line in done.stdout.splitlines() if line]
    assert said[0] == re.findall(r"```json\n(.*?)\n```", PAGE, re.S)[0]
    assert '"value":24.9' in said[1]
    assert said[2] == said[0]  # in the binary mode
    assert '"accepted":1' in said[3]
    assert '"code":"not_a_number"' in said[3]
    assert '"stored":true' in said[4]
    assert '"id":"n-2"' in said[5]


def test_the_page_lists_every_code_of_refusal() -> None:
    listed = set(re.findall(r"`([a-z_]+)`", PAGE))
    assert {str(c) for c in Code} <= listed
