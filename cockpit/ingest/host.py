"""The first real source: this computer itself, in real time."""

from __future__ import annotations

import contextlib
import logging
import threading
from datetime import UTC, datetime

import psutil

from cockpit.ingest.door import Door
from cockpit.store import StoreError

log = logging.getLogger(__name__)

EVERY_S = 10.0
SOURCE = "host"
ASSET = "host-local"


class HostAgent:
    """Samples processor, memory, disk and network every 10 s and sends them through the door."""

    def __init__(self, door: Door, *, every_s: float = EVERY_S, path: str = "/") -> None:
        self._door = door
        self._every_s = every_s
        self._path = path
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._net: tuple[datetime, int, int] | None = None

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, name="host", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        if self._thread is not None:
            self._thread.join(2)

    def _run(self) -> None:
        with contextlib.suppress(Exception):
            self.sample()  # rates need a first reading
        while not self._stop.wait(self._every_s):
            try:
                self.send()
            except StoreError as error:
                log.warning("the computer's own figures could not be stored: %s", error)
            except Exception:
                # Whatever the system answers, the next sample may succeed.
                log.exception("the computer's own figures could not be sent")

    def send(self) -> None:
        """Take one sample and store it. Raises StoreError."""
        now, values = self.sample()
        time = now.isoformat(timespec="milliseconds")
        event = {
            "specversion": "1.0",
            "id": f"{ASSET}-{int(now.timestamp() * 1000)}",
            "source": SOURCE,
            "type": "ioc.observation",
            "subject": ASSET,
            "time": time,
            "data": {"values": values},
        }
        self._door.accept(SOURCE, [event])

    def sample(self) -> tuple[datetime, dict[str, float]]:
        """Percent and kbit/s. What the system does not tell is left out; rates need two samples."""
        now = datetime.now(UTC)
        values: dict[str, float] = {
            "cpu_pct": psutil.cpu_percent(None),
            "mem_pct": psutil.virtual_memory().percent,
            "disk_pct": psutil.disk_usage(self._path).percent,
        }
        counters = psutil.net_io_counters()
        if counters is not None:
            before, self._net = self._net, (now, counters.bytes_recv, counters.bytes_sent)
            if before is not None and (seconds := (now - before[0]).total_seconds()) > 0:
                values["net_rx_kbps"] = max(0.0, counters.bytes_recv - before[1]) * 8 / 1000 / seconds
                values["net_tx_kbps"] = max(0.0, counters.bytes_sent - before[2]) * 8 / 1000 / seconds
        return now, values
