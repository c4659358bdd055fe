"""The catalogue of a province: what a profile declares and everything else refers to by code.

Every type is a frozen value. Times are integer milliseconds since the Unix epoch (UTC) and
durations are seconds unless a name says otherwise.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from cockpit.domain.numbers import AssetId, MetricId, SeriesNo, SourceId
from cockpit.domain.records import tally_name

UnitKind = Literal["phuong", "xa", "dac_khu"]
"""Ward, commune, special zone: the three kinds of a commune-level unit since 1 July 2025."""

SourceKind = Literal["machine", "api", "file", "typed", "computed", "alertmanager"]
"""How a source's figures come to be: the word shown beside every figure. "alertmanager" brings no figures but
alerts, as Prometheus sends them."""

TimeDomain = Literal["domain", "real"]
"""Which clock a source lives on: the cockpit's domain time (virtual in a demo) or real time."""

Calendar = Literal["always", "workdays"]
Direction = Literal["up", "down", "none"]
"""Whether a higher value is better (up), worse (down), or neither."""

Priority = Literal["critical", "high", "medium", "low"]


class Text(msgspec.Struct, frozen=True):
    """A name or sentence in both languages of the product."""

    vi: str
    en: str

    def get(self, lang: str) -> str:
        return self.en if lang == "en" else self.vi


class Unit(msgspec.Struct, frozen=True):
    """A commune-level unit. `lat`, `lon` is an interior point in WGS84 degrees."""

    code: str
    kind: UnitKind
    name: str  # with its kind: "Phường Hạ Long"
    short: str  # "P. Hạ Long"
    district: str  # former district, for older figures
    area_km2: float
    population: int
    lat: float
    lon: float


class Metric(msgspec.Struct, frozen=True):
    """A measured quantity. Stored as an integer count of its resolution: `round(value * scale)`."""

    id: MetricId  # 1..255, stable: part of the series number
    code: str
    name: Text
    unit: str
    scale: int  # 1 / resolution: 10 for a resolution of 0.1
    lo: float
    hi: float
    kinds: tuple[str, ...]  # asset kinds that may send it
    only: str = ""  # attribute that an asset must carry, not 0, to send it; "": all of those kinds do

    @property
    def flag(self) -> bool:
        """Whether it says only yes or no, as 1 or 0."""
        return (self.unit, self.scale, self.lo, self.hi) == ("1", 1, 0, 1)

    def sent_by(self, asset: Asset) -> bool:
        """Whether this asset sends the metric."""
        return asset.kind in self.kinds and (not self.only or bool(asset.attrs.get(self.only)))


class Source(msgspec.Struct, frozen=True):
    """A feed with one owner. Late after `late_s`, silent after `silent_s` without an event."""

    id: SourceId  # 1.., stable
    code: str
    row: str  # the row S1..S24 of the product's reference, or "" for the cockpit's own
    name: Text
    owner: Text
    kind: SourceKind
    time: TimeDomain
    rhythm_s: int
    late_s: int
    silent_s: int
    window_s: int  # events older than this at reception are refused
    early_s: int  # events further than this in the future are refused
    per_hour: float  # events expected in an hour it works in; 0: no volume is promised, none is missing
    calendar: Calendar
    feeds: tuple[str, ...]  # codes of the indicators that depend on it
    records: tuple[str, ...] = ()  # kinds of records that it brings, and no other source does
    reports: tuple[str, ...] = ()  # codes of the indicators that it reports figures of
    samples: bool = False  # whether it brings radio samples

    @property
    def inward(self) -> bool:
        """Whether it is a feed, which somebody outside owes. What the cockpit reckons itself is none, nor is
        what sends alerts: it is silent as long as all is well."""
        return self.kind not in ("computed", "alertmanager")


class Asset(msgspec.Struct, frozen=True):
    """Something that sends observations, or a shared cause that others depend on."""

    id: AssetId  # 1..2**31, stable: part of the series number
    code: str
    kind: str  # camera, recorder, site, cell, link, feeder, loudspeaker, system, host …
    name: str
    unit: str  # code of its unit, "" for the whole province
    source: str
    lat: float | None
    lon: float | None
    rhythm_s: int  # 0: sends nothing by itself
    depends_on: str  # code of the asset it needs, "" for none
    attrs: dict[str, str | int | float]


Measure = Annotated[
    dict[str, str | int | float | tuple[str, ...]], msgspec.Meta(description="Its kind and its arguments.")
]


class Parts(msgspec.Struct, frozen=True):
    """What a figure is made of: `factor` times the numerator over the denominator. 100 makes percent of
    counts, 18 points of a component that gives at most 18, 1 a mean of a sum."""

    numerator: Text
    denominator: Text
    factor: float = 100.0


class FormulaCount(msgspec.Struct, frozen=True):
    """A number that a formula names. One of `records`, `metric`, `register` and `indicator` says of what, the
    rest narrows it down."""

    name: Text
    records: str = ""  # a kind of records, of which `counted` is counted
    counted: str = ""
    where: Annotated[
        dict[str, str | int | bool],
        msgspec.Meta(description="Of those records alone whose fields have these values."),
    ] = {}
    metric: str = ""  # roll-ups of a metric that the assets of a kind send
    asset_kind: str = ""
    days: int = 0  # of records and roll-ups: the last so many days, today's included
    register: str = ""  # entries of a register; the parts of a plan are those of the plan that runs
    states: tuple[str, ...] = ()
    indicator: str = ""  # the figure of another indicator, or what that is made of
    take: Literal["", "mean", "sum", "observations", "value", "part", "whole"] = ""
    unit: str = ""  # of a part or a whole, which nothing else tells

    @property
    def tally(self) -> str:
        """The name under which its records are tallied."""
        return tally_name(self.counted, self.where)


class Indicator(msgspec.Struct, frozen=True):
    """A figure for leaders. `measure` names the function that computes it and its arguments."""

    code: str  # "I42"
    number: int
    name: Text
    short: Text  # at most 24 letters, for tiles
    unit: Text
    direction: Direction
    decimals: int
    target: float | None
    watch: float | None  # value at which it turns red; between this and target: orange. None: not judged
    target_source: Text
    formula: Text
    definition: Text
    sources: tuple[str, ...]
    owner: Text
    period: Literal["RT", "D", "M", "Q", "Y"]
    measure: Measure
    headline: int  # position on the home page from 1, 0 for not there
    prorated: bool = False  # a target for the year's end: judged by the part of it due by today
    each_unit: bool = False  # the target is asked of each unit, so a unit's own figure is judged by it too
    compared: bool = False  # computed here, and reported by people too, to be compared
    parts: Parts | None = None  # that its value comes with, where it is a share, a score or a mean
    counts: Annotated[dict[str, FormulaCount], msgspec.Meta(description="What its formula names.")] = {}

    @property
    def factor(self) -> float:
        """What numerator over denominator is multiplied by to give the value in its unit."""
        if self.parts is not None:
            return self.parts.factor
        return 100.0 if self.unit.vi == "%" else 1.0


class EscalationStep(msgspec.Struct, frozen=True):
    """To whom an alert is brought that nobody has acknowledged for so long."""

    to: Literal["unit_leader", "leader"]
    after_s: int


class Rule(msgspec.Struct, frozen=True):
    """When an alert is raised, for whom, and what to do next."""

    code: str
    version: int
    kind: str  # what it looks at: see the head of a profile's rules.toml
    asset_kind: str  # "" for rules about sources or indicators, or about any asset
    metric: str
    op: Literal[">", "<", ""]
    raise_at: float | None
    clear_at: float | None
    for_s: int
    keep_s: int
    priority: Priority
    respond_s: int  # due time after opening
    name: Text
    owner: Text  # may hold {source_owner} or {entry_owner}
    next_step: Text
    detects: tuple[str, ...]  # kinds of faults that it claims to find
    cause: bool = False  # explains what fails below the asset, as a silence always does
    least: int = 0  # things, repeats or events that there must be before a share or a multiple counts
    span_s: int = 0  # over which a change is reckoned
    by: Literal["percent", "spread"] = "percent"  # measure of how far a value lies from what is usual
    weeks: int = 4  # so many weeks before tell what is usual
    of: tuple[str, ...] = ()  # rules on the same subject that it combines
    each_unit: bool = False  # it watches the figure of every unit of the province, each for itself
    announce: bool = True  # False: it opens no alert and is there for others to combine
    about: Text | None = None  # an alert in a sentence; may hold {subject}
    escalation: tuple[EscalationStep, ...] | None = None  # None: as all alerts of its priority


def series_of(asset_id: AssetId, metric_id: MetricId) -> SeriesNo:
    """Number of the series: one metric of one asset."""
    return SeriesNo(asset_id * 256 + metric_id)


def series_between(first: AssetId, last: AssetId) -> tuple[SeriesNo, SeriesNo]:
    """The least and the greatest number that a series of the assets `first` to `last` may have."""
    return SeriesNo(first * 256), SeriesNo(last * 256 + 255)


def asset_of(series: SeriesNo) -> AssetId:
    return AssetId(series >> 8)


def metric_of(series: SeriesNo) -> MetricId:
    return MetricId(series & 255)
