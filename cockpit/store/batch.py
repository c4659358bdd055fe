"""What passes between the door, the writer and the engine."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]


@dataclass(slots=True)
class Batch:
    """Validated events of one body, not yet checked for repeats. Columns are parallel lists.

    `minute[i]`, `key[i]` identify event i: the minute of its time, and a signed 64-bit BLAKE2b of
    source and id. Observation columns name their event by position in `obs_event`.
    Times are milliseconds since the epoch; values are integers of the metric's resolution.
    """

    minute: list[int] = field(default_factory=list)
    key: list[int] = field(default_factory=list)
    source: list[int] = field(default_factory=list)  # source id per event
    time: list[int] = field(default_factory=list)
    received: list[int] = field(default_factory=list)
    obs_event: list[int] = field(default_factory=list)
    obs_series: list[int] = field(default_factory=list)
    obs_value: list[int] = field(default_factory=list)
    samples: list[tuple[int, Sample]] = field(default_factory=list)  # (event position, sample)
    records: list[tuple[int, Record]] = field(default_factory=list)
    reports: list[tuple[int, Report]] = field(default_factory=list)
    rollups: list[tuple[int, Rollup]] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    size: int = 0  # bytes of the body after inflating
    past: bool = False  # filled in later: stored, but no news to the engine

    def __len__(self) -> int:
        return len(self.key)


@dataclass(slots=True, frozen=True)
class Sample:
    """A radio sample of a phone or a drive test."""

    device: str
    operator: str
    lat: float
    lon: float
    accuracy_m: float
    rsrp_cb: int  # RSRP in 0.1 dBm
    rsrq_cb: int | None  # 0.1 dB
    sinr_cb: int | None  # 0.1 dB
    down_kbps: int | None
    up_kbps: int | None
    cell: str
    indoor: bool
    h3: str  # H3 cell of resolution 8, as text
    apart: str = ""  # why it decides nothing about 4G: "2g", "3g", "5g", "accuracy"


@dataclass(slots=True, frozen=True)
class Record:
    """A state of a dossier, feedback, payment or broadcast."""

    kind: str
    key: str
    unit: str
    state: str
    due: int | None  # ms
    fields: dict[str, Any]


@dataclass(slots=True, frozen=True)
class Report:
    """A figure typed by a person."""

    indicator: str
    unit: str  # "" for the province
    period: str  # "2026-11", "2026-Q4", "2026"
    value: float
    person: str
    note: str


@dataclass(slots=True, frozen=True)
class Rollup:
    """One day of one asset as hourly figures: per metric id, an int64 array (4, 24) of n, sum, min, max."""

    asset: int
    day: int  # days since the epoch in provincial time
    metrics: dict[int, Ints]


@dataclass(slots=True, frozen=True)
class Refused:
    """An event that was not taken, for the answer and for quarantine.

    It tells that the device that sent it is alive: `asset` is its id, 0 if it is not known or another's.
    `time` is its own time where nothing but that was wrong. `heard` is when it was received, on the clock of
    its source, 0 if not known.
    """

    index: int
    id: str
    source: int
    code: str
    reason: str
    payload: bytes
    received: int
    asset: int = 0
    time: int = 0
    heard: int = 0


@dataclass(slots=True, frozen=True)
class Outcome:
    """What became of a batch after the commit."""

    accepted: int
    duplicates: int
    ignored_hours: int = 0  # hours of its roll-ups that were filled already
    repeats: dict[int, int] = field(default_factory=dict)  # duplicates by source id


def _none() -> Ints:
    return np.empty(0, np.int64)


@dataclass(slots=True, frozen=True)
class Committed:
    """What one commit brought, for the engine: parallel columns of the observations that are new."""

    series: Ints
    time: Ints
    received: Ints
    value: Ints
    event_source: Ints  # per new event: its source …
    event_received: Ints  # … and when it was received
    event_asset: Ints  # … and its asset id, 0 where it has none
    records: list[Record]
    samples: int
    event_time: Ints = field(default_factory=_none)  # … and its own time, 0 where that is a whole day
    again_source: Ints = field(default_factory=_none)  # per event that was known already
    again_received: Ints = field(default_factory=_none)
    again_time: Ints = field(default_factory=_none)
    refused_source: Ints = field(default_factory=_none)  # per refused event of a known source
    refused_received: Ints = field(default_factory=_none)
    refused_asset: Ints = field(default_factory=_none)  # … and the device that sent it, 0 if nobody can tell
    refused_time: Ints = field(default_factory=_none)
