"""A real Prometheus tells the cockpit of its alerts, and the cockpit tells a real Alertmanager of its own."""

from __future__ import annotations

import json
import os
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cockpit.bench import processes
from cockpit.bench.processes import free_port
from tests.notices.receivers import Webhook, status, webhook
from tests.servers.others import alertmanager, ask, prometheus
from tests.waiting import PATIENCE_S, until

SOURCE = "giam-sat-ngoai"
SMALL = {"COCKPIT_SIZE": "district"}


@contextmanager
def box(port: int) -> Iterator[None]:
    """Something that answers Prometheus when it looks whether it is up."""

    class Metrics(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = b"box_well 1\n"
            self.send_response(200)
            self.send_header("Content-Type", "text/plain; version=0.0.4")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", port), Metrics)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def alerts(cockpit: processes.Running, state: str = "open") -> list[dict[str, Any]]:
    """What came from outside, as the API tells it."""
    code, body = cockpit.get(f"/api/v1/alerts?state={state}")
    found = json.loads(body)["alerts"] if code == 200 else []
    return [a for a in found if a["subject_kind"] == "incoming"]


def person(cockpit: processes.Running) -> str:
    return processes.HERE.run(
        "token", "person", "Lan", "--role", "operator", "--data-dir", str(cockpit.data_dir)
    ).strip()


def command(cockpit: processes.Running, token: str, name: str, **args: Any) -> str:
    body = json.dumps({"name": name, "args": args, "reason": "thử"}).encode()
    request = urllib.request.Request(
        f"{cockpit.address}/api/v1/commands", body, {"Authorization": f"Bearer {token}"}
    )
    with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
        return str(json.loads(answer.read())["code"])


def test_what_a_prometheus_finds_is_ours_until_it_says_that_it_is_over(tmp_path: Path) -> None:
    data, port, target = tmp_path / "data", free_port(), free_port()
    with processes.running("serve", data, port=port, settings=SMALL) as cockpit:
        token = cockpit.token(SOURCE)
        with prometheus(tmp_path / "prometheus", target=target, to=cockpit.address, token=token) as theirs:
            (one,) = until(lambda: alerts(cockpit), "the alert is ours", theirs.said)
            assert (one["priority"], one["source"], one["simulated"]) == ("critical", SOURCE, False)
            labels = one["facts"]["labels"]
            where = f"127.0.0.1:{target}"
            assert labels == {"alertname": "BoxDown", "instance": where, "job": "box", "severity": "critical"}
            assert one["facts"]["annotations"]["summary"] == f"127.0.0.1:{target} does not answer"
            assert "g0.expr" in one["facts"]["generator"], "where the rule stands"
            args = {"alert": one["id"], "note": "đang xem"}
            assert command(cockpit, person(cockpit), "acknowledge", **args) == "done"
            cockpit.stop()
            with processes.running("serve", data, port=port, settings=SMALL) as again:
                (same,) = until(lambda: alerts(again), "it is there after a restart", again.said)
                assert (same["id"], same["opened"], same["ack_by"]) == (one["id"], one["opened"], "Lan")
                with box(target):
                    until(lambda: alerts(again, "closed"), "it is over", theirs.said)
                (over,) = alerts(again, "closed")
                assert (over["id"], over["close_reason"]) == (one["id"], "cleared")
                assert over["facts"]["ended"]
                (new,) = until(lambda: alerts(again), "the box is gone again", theirs.said)
                assert (new["key"], new["id"] > one["id"]) == (one["key"], True)
                theirs.kill()
                until(lambda: "stale" in alerts(again)[0]["facts"], "nobody repeats it", again.said)
                (left,) = alerts(again)
                assert (left["id"], left["closed"]) == (new["id"], None), "that is not over"
                assert command(again, person(again), "close", alert=left["id"], outcome="repaired") == "done"
                until(lambda: not alerts(again), "somebody said that it is over", again.said)


def test_what_the_cockpit_tells_a_real_alertmanager_hands_on_and_ends(tmp_path: Path) -> None:
    with webhook(status(200)) as receiver, alertmanager(tmp_path / "am", hook=receiver.port) as theirs:
        file = tmp_path / "channels.toml"
        url = theirs.address.replace("http://", "alertmanager+http://") + "/api/v2/alerts"
        file.write_text(f'[[channel]]\nname = "truc"\nurl = "{url}"\nlanguage = "en"\n', "utf-8")
        os.chmod(file, 0o600)
        data = tmp_path / "data"
        with processes.running("serve", data, "--channels", str(file), settings=SMALL) as cockpit:
            send = sender(cockpit, cockpit.token(SOURCE))
            send({"labels": {"alertname": "DiskFull", "severity": "critical"}})
            (ours,) = until(lambda: alerts(cockpit), "it is an alert here", cockpit.said)

            def there() -> Any:
                return ask(f"{theirs.address}/api/v2/alerts?filter=alertname%3Dincoming")

            (one,) = until(there, "the Alertmanager has it", cockpit.said)
            assert one["labels"]["alertname"] == "incoming"
            assert one["labels"]["alert"] == str(ours["id"])
            assert one["labels"]["severity"] == "critical"
            assert "DiskFull" in one["annotations"]["summary"]
            assert one["status"]["state"] == "active"
            until(lambda: handed_on(receiver), "and tells of it", theirs.said)
            now = datetime.now(UTC).isoformat()
            send({"labels": {"alertname": "DiskFull", "severity": "critical"}, "endsAt": now})
            until(lambda: not alerts(cockpit), "it is over here", cockpit.said)
            until(lambda: there() == [], "and there", cockpit.said)
            until(lambda: len(handed_on(receiver)) > 1, "and that is told", theirs.said)
    told = handed_on(receiver)
    assert [body["status"] for body in told] == ["firing", "resolved"]
    assert {body["version"] for body in told} == {"4"}
    assert told[0]["groupKey"] == told[1]["groupKey"], "one matter"


def test_a_trial_reaches_a_real_alertmanager(tmp_path: Path) -> None:
    with webhook(status(200)) as receiver, alertmanager(tmp_path / "am", hook=receiver.port) as theirs:
        file = tmp_path / "channels.toml"
        url = theirs.address.replace("http://", "alertmanager+http://") + "/api/v2/alerts"
        file.write_text(f'[[channel]]\nname = "truc"\nurl = "{url}"\n', "utf-8")
        said = processes.HERE.run("notify", "test", "truc", "--channels", str(file))
        assert said.strip()


def handed_on(receiver: Webhook) -> list[Any]:
    """What an Alertmanager has handed on of alerts from outside."""
    return [body for _, _, body in receiver.got if body["commonLabels"].get("alertname") == "incoming"]


def sender(cockpit: processes.Running, token: str) -> Any:
    def send(alert: dict[str, Any]) -> None:
        request = urllib.request.Request(
            f"{cockpit.address}/api/v2/alerts",
            json.dumps([alert]).encode(),
            {"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
            assert (answer.status, answer.read()) == (200, b"")

    return send
