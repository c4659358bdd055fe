"""The catalogue, values, feeds, refused events."""

from __future__ import annotations

from typing import Annotated

import msgspec

from cockpit.domain.catalog import Indicator, Source, SourceKind, Text, TimeDomain, Unit
from cockpit.domain.instants import Iso

ByKind = Annotated[dict[str, int], msgspec.Meta(description="Seconds by kind of asset.")]
ByReason = Annotated[
    dict[str, int],
    msgspec.Meta(description="Samples of the last 30 days that decide nothing about 4G, by reason."),
]
Names = Annotated[dict[str, str], msgspec.Meta(description="Names by code.")]


class Place(msgspec.Struct):
    """Degrees in WGS 84."""

    lat: float
    lon: float


class CatalogSource(Source, frozen=True, kw_only=True):
    """A source and what it may bring: figures of `reports`, records of the kinds in `records`, `samples`, and
    observations of `metrics`."""

    metrics: list[str]


class CatalogMetric(msgspec.Struct):
    """A metric. Assets of its `kinds` send it, or those in `assets` alone where they are named; `rhythm_s` is
    how often."""

    code: str
    name: Text
    unit: str
    resolution: float
    range: tuple[float, float]
    kinds: tuple[str, ...]
    assets: list[str] | None
    rhythm_s: ByKind


class CatalogAsset(msgspec.Struct):
    """What sends observations, or what others depend on. `rhythm_s` 0: it sends nothing by itself; `unit` ""
    is the whole province."""

    code: str
    kind: str
    name: str
    unit: str
    source: str
    place: Place | None
    rhythm_s: int
    depends_on: str


class Catalog(msgspec.Struct):
    """Everything that events may refer to."""

    profile: str
    name: Text
    utc_offset_s: int
    units: tuple[Unit, ...]
    sources: list[CatalogSource]
    metrics: list[CatalogMetric]
    assets: list[CatalogAsset]
    indicators: tuple[Indicator, ...]
    operators: Names
    bodies: Annotated[dict[str, Text], msgspec.Meta(description="Departments and other owners by code.")]


class LatestValue(msgspec.Struct, gc=False):
    """The newest value of a metric of an asset, in the metric's unit."""

    asset: str
    metric: str
    time: Iso
    received: Iso
    value: float
    unit: str


class Latest(msgspec.Struct):
    """One of every series."""

    latest: list[LatestValue]


class Point(msgspec.Struct, gc=False):
    """A value at an instant."""

    time: Iso
    value: float


class Observations(msgspec.Struct):
    """Single values of a metric of an asset, oldest first."""

    asset: str
    metric: str
    unit: str
    observations: list[Point]


class Rollup(msgspec.Struct, gc=False):
    """Number, sum, least and greatest of the values of a minute, an hour or a day that begins at `time`."""

    time: Iso
    n: int
    sum: float
    min: float
    max: float


class Rollups(msgspec.Struct):
    """Periods that have any values, oldest first."""

    asset: str
    metric: str
    unit: str
    level: str
    rollups: list[Rollup]


class AssetCounts(msgspec.Struct):
    """A source's assets by freshness."""

    fresh: int
    late: int
    silent: int
    never: int


class SourceAnswer(msgspec.Struct):
    """A feed, or what the cockpit reckons itself (`computed`). `state`, `since`, `last` and `assets` are null
    as long as nothing is known of it."""

    code: str
    row: str
    name: Text
    owner: Text
    kind: SourceKind
    time: TimeDomain
    simulated: bool
    rhythm_s: int
    state: str | None
    since: Iso | None
    last: Iso | None
    assets: AssetCounts | None
    apart: ByReason


class Sources(msgspec.Struct):
    """Every source."""

    sources: list[SourceAnswer]


class Quarantined(msgspec.Struct, gc=False):
    """A refused event. `source` is null where none is known; `bytes` is its size, `payload` what is kept of
    it; where it is or may be a citizen's and the caller may not read that, it is `withheld` in payload and
    reason."""

    source: str | None
    received: Iso
    code: str
    reason: str
    id: str
    bytes: int
    payload: str
    withheld: bool


class Quarantine(msgspec.Struct):
    """Refused events, newest first."""

    quarantine: list[Quarantined]


class StoredEvent(msgspec.Struct):
    """An event that is stored."""

    source: str
    id: str
    stored: bool
