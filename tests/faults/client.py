"""A machine that sends without pause and repeats what was not answered, as the wire asks of it."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime

from tests.waiting import PATIENCE_S

SOURCE = "cam-vms"
EVENTS_A_BODY = 25
REST_S = 0.02
"""Between two tries of the same body."""


@dataclass
class Sender:
    """Sends bodies of camera events one after the other. `answered` holds every id that got its 202."""

    name: str
    token: str
    assets: list[str]
    port: int = 0
    sent: Counter[str] = field(default_factory=Counter)  # events made, by asset
    answered: list[str] = field(default_factory=list)
    duplicates: int = 0
    refused: list[object] = field(default_factory=list)
    _stop: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None
    _made: int = 0
    _given_up: bool = False

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Finish the body at hand, then end. Fails if nobody answers it."""
        self._stop.set()
        assert self._thread is not None
        self._thread.join(PATIENCE_S)
        assert not self._thread.is_alive(), f"{self.name} could not get its last body answered"

    def give_up(self) -> None:
        """End without an answer to the body at hand."""
        self._given_up = True
        self.stop()

    def _run(self) -> None:
        while not self._stop.is_set():
            ids, body = self.body()
            while not self.post(body):
                self._stop.wait(REST_S)
                if self._given_up:
                    return
            self.answered += ids

    def body(self) -> tuple[list[str], bytes]:
        events = []
        now = datetime.fromtimestamp(time.time(), UTC).isoformat(timespec="milliseconds")
        for _ in range(EVENTS_A_BODY):
            asset = self.assets[self._made % len(self.assets)]
            self.sent[asset] += 1
            events.append(
                {
                    "specversion": "1.0",
                    "id": f"{self.name}-{self._made}",
                    "source": SOURCE,
                    "type": "ioc.observation",
                    "subject": asset,
                    "time": now,
                    "data": {"values": {"fps": 25.0 - self._made % 10 / 10}},
                }
            )
            self._made += 1
        return [str(event["id"]) for event in events], json.dumps(events).encode()

    def post(self, body: bytes) -> bool:
        """True once the body was answered with 202."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        try:
            headers = {
                "Authorization": f"Bearer {self.token}",
                "Content-Type": "application/cloudevents-batch+json",
            }
            connection.request("POST", "/api/v1/events", body, headers)
            answer = connection.getresponse()
            payload = answer.read()
            if answer.status != 202:
                return False
            told = json.loads(payload)
            self.duplicates += told["duplicates"]
            self.refused += told["rejected"]
            return True
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()
