"""Real Prometheus and Alertmanager, each on a free port of 127.0.0.1 and in a directory of its own."""

from __future__ import annotations

import json
import shutil
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cockpit import ROOT
from cockpit.bench.processes import free_port
from tests.waiting import PATIENCE_S, ended, until

UNPACKED = ROOT / "build" / "servers" / "usr"
"""What `tools/servers.sh` has unpacked, if it had to."""


def program(name: str) -> str:
    """Where a server is. What is missing fails, it never skips."""
    found = shutil.which(name) or shutil.which(name, path=str(UNPACKED / "bin"))
    assert found, f"{name} is not there: tools/servers.sh unpacks it"
    return found


def ask(url: str, body: Any = None) -> Any:
    """What is answered to a GET, or to a POST of a body, as JSON; None where nobody answers well."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
            return json.loads(answer.read() or b"true")
    except (OSError, ValueError):
        return None


@dataclass
class Server:
    """One that is ready."""

    address: str
    process: subprocess.Popen[bytes]
    log: Path

    def said(self) -> str:
        return self.log.read_text("utf-8", "replace")[-3000:]

    def ready(self) -> bool:
        """Whether it is, as it says itself. Fails where it has ended."""
        assert self.process.poll() is None, self.said()
        try:
            with urllib.request.urlopen(f"{self.address}/-/ready", timeout=PATIENCE_S) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def kill(self) -> None:
        """It is gone at once, without another word."""
        self.process.kill()
        self.process.wait()


@contextmanager
def _running(command: list[str], address: str, folder: Path) -> Iterator[Server]:
    log = folder / "server.log"
    with log.open("ab") as out:
        child = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
    with ended(child):
        server = Server(address, child, log)
        until(lambda: server.ready(), f"{command[0]} is ready", server.said)
        yield server


@contextmanager
def prometheus(folder: Path, *, target: int, to: str, token: str) -> Iterator[Server]:
    """One that looks every second whether something answers on port `target`, and tells the cockpit at `to`
    as long as nothing does."""
    folder.mkdir()
    (folder / "rules.json").write_text(
        json.dumps(
            {
                "groups": [
                    {
                        "name": "boxes",
                        "rules": [
                            {
                                "alert": "BoxDown",
                                "expr": "up == 0",
                                "labels": {"severity": "critical"},
                                "annotations": {"summary": "{{ $labels.instance }} does not answer"},
                            }
                        ],
                    }
                ]
            }
        )
    )
    host = to.removeprefix("http://")
    (folder / "prometheus.json").write_text(  # JSON is YAML
        json.dumps(
            {
                "global": {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"},
                "rule_files": ["rules.json"],
                "scrape_configs": [
                    {"job_name": "box", "static_configs": [{"targets": [f"127.0.0.1:{target}"]}]}
                ],
                "alerting": {
                    "alertmanagers": [
                        {
                            "authorization": {"credentials": token},
                            "static_configs": [{"targets": [host]}],
                        }
                    ]
                },
            }
        )
    )
    port = free_port()
    command = [
        program("prometheus"), "--config.file=prometheus.json", "--storage.tsdb.path=data",
        f"--web.listen-address=127.0.0.1:{port}", "--rules.alert.resend-delay=1s",
    ]  # fmt: skip
    with _running(command, f"http://127.0.0.1:{port}", folder) as server:
        yield server


@contextmanager
def alertmanager(folder: Path, *, hook: int) -> Iterator[Server]:
    """One that hands on to a webhook on port `hook` at once whatever it is told."""
    folder.mkdir()
    (folder / "usr").symlink_to(UNPACKED)  # where an unpacked one finds its templates
    (folder / "alertmanager.json").write_text(
        json.dumps(
            {
                "route": {
                    "receiver": "hook", "group_by": ["..."], "group_wait": "0s", "group_interval": "1s",
                },
                "receivers": [
                    {"name": "hook", "webhook_configs": [{"url": f"http://127.0.0.1:{hook}/from-outside"}]}
                ],
            }
        )
    )  # fmt: skip
    port = free_port()
    command = [
        program("prometheus-alertmanager"), "--config.file=alertmanager.json", "--storage.path=data",
        f"--web.listen-address=127.0.0.1:{port}", "--cluster.listen-address=",
    ]  # fmt: skip
    with _running(command, f"http://127.0.0.1:{port}", folder) as server:
        yield server
