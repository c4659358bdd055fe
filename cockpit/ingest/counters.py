"""Counts since the start, for /metrics. They only grow."""

from __future__ import annotations

import threading
from collections import Counter

import numpy as np

from cockpit.store import Batch, Committed, Outcome
from cockpit.store.batch import NEW

UNKNOWN = "unknown"
"""Label of events that name no source of the catalogue."""


class Counters:
    """Events by source and outcome (accepted, duplicate, rejected), and new observations."""

    def __init__(self, codes: dict[int, str]) -> None:
        self._codes = codes
        self._lock = threading.Lock()
        self._events: Counter[tuple[str, str]] = Counter()
        self._observations = 0

    def committed(self, commit: Committed) -> None:
        """Called by the writer: new events by source, exact whatever a body mixed."""
        ids, counts = np.unique(commit.events.of(NEW).source, return_counts=True)
        with self._lock:
            self._observations += len(commit.value)
            for source, n in zip(ids.tolist(), counts.tolist(), strict=True):
                self._events[self._codes.get(source, UNKNOWN), "accepted"] += n

    def answered(self, batch: Batch, outcome: Outcome) -> None:
        """Called by the door: repeats and refusals."""
        with self._lock:
            for source, n in outcome.repeats.items():
                self._events[self._codes.get(source, UNKNOWN), "duplicate"] += n
            for r in batch.refused:
                self._events[self._codes.get(r.source, UNKNOWN), "rejected"] += 1

    def events(self) -> dict[tuple[str, str], int]:
        with self._lock:
            return dict(self._events)

    @property
    def observations(self) -> int:
        return self._observations
