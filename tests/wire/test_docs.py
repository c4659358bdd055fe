"""Every command of docs/wire.md runs, and the page lists every code."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from cockpit import ROOT
from cockpit.domain.instants import iso
from cockpit.ingest.codes import Code
from cockpit.store import incoming
from tests.waiting import PATIENCE_S
from tests.wire.conftest import START, Bench, serving

PAGE = (ROOT / "docs" / "wire.md").read_text("utf-8")


@pytest.fixture
def address(bench: Bench) -> Iterator[str]:
    with serving(bench) as found:
        yield found


def test_every_command_of_the_page_works_as_it_says(address: str, bench: Bench, tmp_path: Path) -> None:
    assert shutil.which("curl"), "curl is not installed: the page's commands need it"
    cockpit = tmp_path / "bin" / "cockpit"
    cockpit.parent.mkdir()
    cameras, monitoring = bench.token("cam-vms"), bench.token("giam-sat-ngoai")
    cockpit.write_text(
        f"#!/bin/sh\ncase $3 in cam-vms) echo {cameras};; giam-sat-ngoai) echo {monitoring};; esac\n"
    )
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
        ["sh", "-c", script], env=env, capture_output=True, text=True, timeout=PATIENCE_S, check=False
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
    answers = re.findall(r"`(\{\"(?:total|dti)\":[^`]*)`", PAGE)
    assert said[6:8] == answers
    assert len(answers) == 2
    with bench.store.read() as conn:
        (told,) = incoming.since(conn, 0)
    assert told.name == "DiskFull (db-1:9100)", "answered with nothing, and here"


def test_the_page_lists_every_code_of_refusal() -> None:
    listed = set(re.findall(r"`([a-z_]+)`", PAGE))
    assert {str(c) for c in Code} <= listed
