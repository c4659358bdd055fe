"""What passes between the door, the writer and the engine."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Names = tuple[str, ...]


def none() -> Ints:
    """A column without rows."""
    return np.empty(0, np.int64)


@dataclass(slots=True)
class Batch:
    """Validated events of one body, not yet checked for repeats. Columns are parallel arrays, from the door
    to the insert; `Draft` makes them event by event.

    The minute of `time[i]` and `key[i]` identify event i: a signed 64-bit BLAKE2b of source and id.
    Observation columns name their event by position in `obs_event`.
    Times are milliseconds since the epoch; values are integers of the metric's resolution.
    """

    key: Ints = field(default_factory=none)
    source: Ints = field(default_factory=none)  # source id per event
    time: Ints = field(default_factory=none)
    received: Ints = field(default_factory=none)
    obs_event: Ints = field(default_factory=none)
    obs_series: Ints = field(default_factory=none)
    obs_value: Ints = field(default_factory=none)
    samples: list[tuple[int, Sample]] = field(default_factory=list)  # (event position, sample)
    sampled: Samples | None = None  # many more of them, as columns
    records: list[tuple[int, Record]] = field(default_factory=list)
    reports: list[tuple[int, Report]] = field(default_factory=list)
    rollups: list[tuple[int, Rollup]] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    size: int = 0  # bytes of the body after inflating
    past: bool = False  # filled in later: stored, but no news to the engine

    def __len__(self) -> int:
        return len(self.key)


@dataclass(slots=True)
class Draft:
    """A batch in the making, event by event and value by value."""

    key: list[int] = field(default_factory=list)
    source: list[int] = field(default_factory=list)
    time: list[int] = field(default_factory=list)
    received: list[int] = field(default_factory=list)
    obs_event: list[int] = field(default_factory=list)
    obs_series: list[int] = field(default_factory=list)
    obs_value: list[int] = field(default_factory=list)

    def event(self, key: int, source: int, time: int, received: int) -> int:
        """Take an event; its position."""
        self.key.append(key)
        self.source.append(source)
        self.time.append(time)
        self.received.append(received)
        return len(self.key) - 1

    def value(self, series: int, value: int) -> None:
        """Take a value of the event taken last."""
        self.obs_event.append(len(self.key) - 1)
        self.obs_series.append(series)
        self.obs_value.append(value)

    def batch(self) -> Batch:
        """What was taken, as columns."""
        events = (np.array(column, np.int64) for column in (self.key, self.source, self.time, self.received))
        values = (np.array(column, np.int64) for column in (self.obs_event, self.obs_series, self.obs_value))
        batch = Batch()
        batch.key, batch.source, batch.time, batch.received = events
        batch.obs_event, batch.obs_series, batch.obs_value = values
        return batch


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
    apart: str = ""  # why it decides nothing about 4G: "2g", "3g", "5g", "accuracy", "position"


NO_RATE = -1
"""As `down_kbps` of a sample that tells none."""


@dataclass(slots=True)
class Samples:
    """Parallel columns. `event` is the position in the batch, `h3` the cell of resolution 8; `device`,
    `operator` and `why` count in `devices`, `operators` and `reasons`, of which the first is empty: such
    samples decide about 4G."""

    event: Ints
    device: Ints
    operator: Ints
    h3: Ints
    lat: Floats
    lon: Floats
    rsrp_cb: Ints
    down_kbps: Ints
    why: Ints
    devices: Names
    operators: Names
    reasons: Names

    def __len__(self) -> int:
        return len(self.event)

    def at(self, rows: Flags | Ints) -> Samples:
        """Some of them."""
        columns: dict[str, Any] = {}
        for f in fields(self):
            column = getattr(self, f.name)
            columns[f.name] = column if isinstance(column, tuple) else column[rows]
        return Samples(**columns)


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
    """A figure that a person typed or a system made; `numerator` and `denominator` are what it is made of."""

    indicator: str
    unit: str  # "" for the province
    period: str  # "2026-11", "2026-Q4", "2026"
    value: float
    person: str
    note: str
    numerator: float | None = None
    denominator: float | None = None
    department: str = ""  # a body of the profile; "" for the province or a unit
    of_unit: str = ""  # of who typed it into the cockpit: the unit or department
    way: str = ""  # "form", "file"; "" over the wire


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


NEW, AGAIN, REFUSED = range(3)
"""The fate of an event: taken, known already, not taken."""


@dataclass(slots=True, frozen=True)
class Heard:
    """Events of known sources with their fate, in columns."""

    source: Ints  # its id
    asset: Ints  # its id; 0 where the event is about none, or nobody could tell
    received: Ints
    time: Ints  # its own; 0 where that is a whole day, and of refused events unless it alone was wrong
    kind: Ints  # NEW, AGAIN, REFUSED

    def __len__(self) -> int:
        return len(self.source)

    def of(self, kind: int) -> Heard:
        """Those with one fate."""
        mine = self.kind == kind
        return Heard(
            self.source[mine], self.asset[mine], self.received[mine], self.time[mine], self.kind[mine]
        )


@dataclass(slots=True, frozen=True)
class Committed:
    """What one commit brought, for the engine: parallel columns of the observations that are new, and all
    events."""

    series: Ints
    time: Ints
    received: Ints
    value: Ints
    events: Heard
    records: list[Record]
    samples: int
