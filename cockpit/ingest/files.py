"""Files as a door: lines of events, and CSV of signal measurements, by the same checks as HTTP."""

from __future__ import annotations

import csv
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import islice
from typing import Any

import msgspec

from cockpit.ingest.decode import SLICE
from cockpit.ingest.door import Door
from cockpit.store import Outcome, QueueFull

AHEAD = 8
"""Batches that may wait for their commit while the next lines are parsed."""
WAIT_S = 60.0

CSV_COLUMNS = (
    "ts", "operator", "tech", "band", "lat", "lon", "acc_m", "rsrp_dbm", "rsrq_db", "sinr_db", "pci",
    "cell_id", "dl_mbps", "ul_mbps", "rtt_ms", "indoor", "device_hash", "source",
)  # fmt: skip
_NEEDED = ("ts", "operator", "lat", "lon", "acc_m", "rsrp_dbm", "device_hash", "source")


class FileError(ValueError):
    """A file that cannot be read as what it should be; the message says where and what is expected."""


@dataclass(slots=True)
class ImportReport:
    """What became of a file. `refused` counts by code; `examples` holds the first reason of each."""

    accepted: int = 0
    duplicates: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)

    @property
    def events(self) -> int:
        return self.accepted + self.duplicates + self.refused.total()

    def refuse(self, code: str, index: int, reason: str) -> None:
        self.refused[code] += 1
        self.examples.setdefault(code, f"line {index + 1}: {reason}")


def import_lines(
    door: Door,
    lines: Iterable[bytes],
    progress: Callable[[int], None] = lambda n: None,
    *,
    past: bool = False,
) -> ImportReport:
    """Store a file of events, one JSON a line. Returns after the last commit.

    `progress` gets the number of lines done after every 1,000; what it raises ends the import, and
    what is stored stays. With `past` the engine is not told: what is long over raises no alert.
    Raises StoreError.
    """
    report = ImportReport()
    waiting: deque[Future[Outcome]] = deque()
    done = 0
    for numbers, part in _parts(lines):
        batch = door.check(part)
        batch.past = past
        for refused in batch.refused:
            report.refuse(str(refused.code), numbers[refused.index], refused.reason)
        while True:
            try:
                waiting.append(door.append(batch))
                break
            except QueueFull:
                if not waiting:
                    raise
                _take(report, waiting.popleft())
        if len(waiting) > AHEAD:
            _take(report, waiting.popleft())
        done = numbers[-1] + 1
        progress(done)
    while waiting:
        _take(report, waiting.popleft())
    return report


def _take(report: ImportReport, future: Future[Outcome]) -> None:
    outcome = future.result(WAIT_S)
    report.accepted += outcome.accepted
    report.duplicates += outcome.duplicates


def _parts(lines: Iterable[bytes]) -> Iterator[tuple[list[int], list[bytes]]]:
    """Up to SLICE lines that are not blank, with their numbers from 0."""
    numbered = ((i, line) for i, line in enumerate(lines) if not line.isspace() and line)
    while part := list(islice(numbered, SLICE)):
        numbers, rows = zip(*part, strict=True)
        yield list(numbers), list(rows)


def measurement_lines(lines: Iterable[str]) -> Iterator[bytes]:
    """Rows of a CSV of measurements as lines of `ioc.sample` events. Raises FileError.

    The id of an event is the hash of its row, so that a file imported twice stores nothing twice.
    Numbers that are none are passed on as text, for the door to refuse with its reason.
    """
    reader = csv.DictReader(lines)
    found = reader.fieldnames or ()
    missing = [name for name in _NEEDED if name not in found]
    if missing:
        raise FileError(f"line 1: columns {', '.join(missing)} are missing, expected {','.join(CSV_COLUMNS)}")
    for row in reader:
        yield msgspec.json.encode(_event(row))


def _event(row: dict[str, Any]) -> dict[str, Any]:
    text = "\x1f".join(f"{row.get(name) or ''}" for name in CSV_COLUMNS)
    data: dict[str, Any] = {"operator": row["operator"] or ""}
    pairs = (
        ("lat", "lat"), ("lon", "lon"), ("acc_m", "accuracy_m"), ("rsrp_dbm", "rsrp_dbm"),
        ("rsrq_db", "rsrq_db"), ("sinr_db", "sinr_db"), ("dl_mbps", "down_mbps"), ("ul_mbps", "up_mbps"),
    )  # fmt: skip
    for column, name in pairs:
        value = row.get(column)
        if value not in (None, "") or column in _NEEDED:
            data[name] = _number(value)
    if row.get("cell_id"):
        data["cell"] = row["cell_id"]
    indoor = (row.get("indoor") or "").strip().lower()
    if indoor:
        data["indoor"] = {"1": True, "true": True, "0": False, "false": False}.get(indoor, indoor)
    return {
        "specversion": "1.0",
        "id": blake2b(text.encode(), digest_size=16).hexdigest(),
        "source": row["source"] or "",
        "type": "ioc.sample",
        "subject": row["device_hash"] or "",
        "time": row["ts"] or "",
        "data": data,
    }


def _number(value: Any) -> Any:
    try:
        return float(value)
    except (TypeError, ValueError):
        return value


def import_measurements(
    door: Door, lines: Iterable[str], progress: Callable[[int], None] = lambda n: None
) -> ImportReport:
    """Store a CSV of measurements as samples. Raises FileError, StoreError."""
    return import_lines(door, measurement_lines(lines), progress)
