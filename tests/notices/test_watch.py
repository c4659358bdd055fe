"""The cockpit itself falls silent: a process beside it tells, once, and again when it is back."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cockpit.cli import main
from tests.notices.receivers import status, webhook


def pulse(age: float | None) -> bytes:
    body = json.dumps({"tick_age_s": age, "ready": True}).encode()
    return f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body


def watched(path: Path, receiver: int, url: str, looks: int) -> Result:
    path.write_text(
        f'[[channel]]\nname = "truc"\nurl = "alertmanager+http://127.0.0.1:{receiver}/hook"\n', "utf-8"
    )
    options = ["--channels", str(path), "--every", "0.01", "--after", "0", "--looks", str(looks)]
    return CliRunner().invoke(main, ["watch", url, *options])


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        ((status(503),), "not_ready"),
        ((status(200), pulse(31.0)), "stalled"),
        ((status(200), pulse(None)), "stalled"),
        ((status(200), status(200)), "not_ready"),
        ((b"",), "unreachable"),
    ],
)
def test_a_cockpit_that_is_silent_is_told_of_with_the_reason(
    tmp_path: Path, answers: tuple[bytes, ...], why: str
) -> None:
    with webhook(*answers) as cockpit, webhook(status(200)) as receiver:
        ran = watched(tmp_path / "c.toml", receiver.port, f"http://127.0.0.1:{cockpit.port}", 1)
    assert ran.exit_code == 1
    assert why in ran.output
    ((_, _, told),) = receiver.got
    assert told["status"] == "firing"
    assert told["commonLabels"]["alertname"] == "cockpit_silent"


def test_one_that_lives_is_not_told_of_and_one_that_is_back_is_told_of_once(tmp_path: Path) -> None:
    lives = (status(200), pulse(0.5))
    with webhook(*lives, status(503), status(503), *lives * 3) as cockpit, webhook(status(200)) as receiver:
        ran = watched(tmp_path / "c.toml", receiver.port, f"http://127.0.0.1:{cockpit.port}", 5)
    assert ran.exit_code == 0
    assert [told["status"] for _, _, told in receiver.got] == ["firing", "resolved"]
    assert receiver.got[0][2]["groupKey"] == receiver.got[1][2]["groupKey"]


def test_where_nobody_listens_it_is_silent_and_a_channel_that_fails_is_tried_again(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    with webhook(status(500), status(200)) as receiver:
        ran = watched(tmp_path / "c.toml", receiver.port, f"http://127.0.0.1:{port}", 1)
    assert ran.exit_code == 1
    ids = {headers["idempotency-key"] for _, headers, _ in receiver.got}
    assert (len(receiver.got), len(ids)) == (2, 1)
