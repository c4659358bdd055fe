"""The profile as the rest of the cockpit sees it: frozen values with look-ups by code and by id."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from cockpit.domain.catalog import Asset, Indicator, Metric, Rule, Source, Text, Unit
from cockpit.domain.numbers import AssetId, MetricId, SourceId
from cockpit.domain.plans.drafts import Known
from cockpit.domain.plans.model import Draft
from cockpit.domain.records import Filter
from cockpit.domain.roles import Role
from cockpit.profiles.indices import Indices
from cockpit.profiles.pillars import Pillar

LEVELS = ("basic", "standard", "advanced")
"""Codes of the levels of service, the lowest first."""


class Level(msgspec.Struct, frozen=True):
    """What a phone finds where a service is of some level: RSRP in dBm, Mbit/s down and up."""

    code: str
    name: Text
    rsrp_dbm: float
    down_mbps: float
    up_mbps: float


class Goal(msgspec.Struct, frozen=True):
    """A unit in which every coverage gap is to end, as a published figure (`fact`, by its code) says."""

    unit: str
    fact: str


class Coverage(msgspec.Struct, frozen=True):
    """How samples of signal are judged. Thresholds are RSRP in dBm; weak lies between bad and weak."""

    weak_dbm: float
    bad_dbm: float
    min_groups: int  # distinct (device, 50 m, hour) groups below which a cell is not judged
    min_devices: int
    source: Text  # where the thresholds come from
    owner: str = ""  # code of the body that looks after gaps
    verify_days: int = 10  # working days until somebody has looked at a gap that was found
    levels: tuple[Level, ...] = ()  # of service, the lowest first: none, or as LEVELS
    levels_source: Text = Text("", "")  # where these come from
    goals: tuple[Goal, ...] = ()  # units without gaps that somebody has announced


class Inset(msgspec.Struct, frozen=True):
    """A part of the map that is drawn once more, larger: where units crowd. `box` as the profile's."""

    name: Text
    box: tuple[float, float, float, float]


class AssetKind(msgspec.Struct, frozen=True):
    """A kind of asset: what it is called, who sends for it and how often (0: sends nothing itself)."""

    code: str
    name: Text
    source: str  # "" where every asset names its own
    rhythm_s: int
    file: str
    attrs: dict[str, str]  # attribute -> "text" or "number"


class Place(msgspec.Struct, frozen=True):
    """A settlement of the illustrative register: where people of a unit live, and what stands there as far as
    it is told."""

    code: str
    unit: str
    name: str
    lat: float
    lon: float
    population: int
    households: int | None = None
    schools: int | None = None
    offices: int | None = None
    grid: bool | None = None  # whether power reaches it
    road: bool | None = None


class FurtherFigure(msgspec.Struct, frozen=True):
    """Another figure of the same fact. `more`: the source says "over" it."""

    text: Text
    value: float
    unit: Text = Text("", "")
    more: bool = False


class Fact(msgspec.Struct, frozen=True):
    """A published figure with its source and date. `done` of `all` gives a rate, `value` stands alone."""

    code: str  # "F1"
    province: str
    date: str  # as precise as the source: "2022-03-01", "2023"
    text: Text
    source: Text
    unit: Text = Text("", "")
    value: float | None = None
    done: int | None = None
    all: int | None = None
    further: tuple[FurtherFigure, ...] = ()

    @property
    def rate(self) -> float | None:
        """Percent, unrounded; None where the fact is no rate."""
        if self.done is not None and self.all:
            return 100 * self.done / self.all
        return self.value if self.unit.vi == "%" else None

    @property
    def figure(self) -> float | None:
        """The figure in its unit: the rate where there is one. None where the fact is a sentence."""
        return self.value if self.value is not None else self.rate


@dataclass(frozen=True, slots=True)
class Profile:
    """One province at one size. `bbox` is lon0, lat0, lon1, lat1 in WGS84 degrees.

    `demo` says that assets and places are an illustrative register, not the province's own; screens
    show `register_note` then. `scale` is the size as a multiple of the province (district 0.1).
    """

    code: str
    name: Text
    size: str
    scale: float
    demo: bool
    register_note: Text
    utc_offset_s: int
    bbox: tuple[float, float, float, float]
    units: tuple[Unit, ...]
    sources: tuple[Source, ...]
    metrics: tuple[Metric, ...]
    kinds: tuple[AssetKind, ...]
    assets: tuple[Asset, ...]
    places: tuple[Place, ...]
    indicators: tuple[Indicator, ...]
    rules: tuple[Rule, ...]
    facts: tuple[Fact, ...]
    coverage: Coverage
    operators: dict[str, str]
    bodies: dict[str, Text]  # departments and other owners, by code
    people: dict[Role, str]  # who acts in a demo: made up
    folder: Path
    inset: Inset | None = None
    indices: Indices = field(default_factory=Indices)
    pillars: tuple[Pillar, ...] = ()
    plans: tuple[Draft, ...] = ()
    posts: dict[Role, str] = field(default_factory=dict)  # where the people of a demo work
    unit: dict[str, Unit] = field(init=False)
    source: dict[str, Source] = field(init=False)
    metric: dict[str, Metric] = field(init=False)
    kind: dict[str, AssetKind] = field(init=False)
    asset: dict[str, Asset] = field(init=False)
    indicator: dict[str, Indicator] = field(init=False)
    rule: dict[str, Rule] = field(init=False)
    fact: dict[str, Fact] = field(init=False)
    source_by_id: dict[SourceId, Source] = field(init=False)
    metric_by_id: dict[MetricId, Metric] = field(init=False)
    asset_by_id: dict[AssetId, Asset] = field(init=False)

    def __post_init__(self) -> None:
        def put(name: str, value: object) -> None:
            object.__setattr__(self, name, value)

        put("unit", {u.code: u for u in self.units})
        put("source", {s.code: s for s in self.sources})
        put("metric", {m.code: m for m in self.metrics})
        put("kind", {k.code: k for k in self.kinds})
        put("asset", {a.code: a for a in self.assets})
        put("indicator", {i.code: i for i in self.indicators})
        put("rule", {r.code: r for r in self.rules})
        put("fact", {f.code: f for f in self.facts})
        put("source_by_id", {s.id: s for s in self.sources})
        put("metric_by_id", {m.id: m for m in self.metrics})
        put("asset_by_id", {a.id: a for a in self.assets})

    @property
    def inputs(self) -> tuple[Source, ...]:
        """The sources that somebody sends: every count of sources is of these."""
        return tuple(s for s in self.sources if s.inward)

    @property
    def tallied(self) -> tuple[Filter, ...]:
        """The records that formulas count apart, each once."""
        counts = [count for indicator in self.indicators for count in indicator.counts.values()]
        found = [Filter(c.records, c.counted, tuple(sorted(c.where.items()))) for c in counts if c.where]
        return tuple(dict.fromkeys(found))

    def owner_name(self, code: str) -> Text | None:
        """The name of a unit or of a body, None where there is none of this code."""
        unit = self.unit.get(code)
        return Text(unit.name, unit.name) if unit is not None else self.bodies.get(code)

    @property
    def addressees(self) -> tuple[str, ...]:
        """Codes of departments, then of units: who can be asked for something. A body whose name is that of
        another ({source_owner}) is nobody by itself."""
        return (*(code for code, name in self.bodies.items() if "{" not in name.vi), *self.unit)

    @property
    def nameable(self) -> Known:
        """The codes that a plan may name."""
        return Known({*self.unit, *self.bodies}, self.unit, self.indicator, self.fact)

    @property
    def world_land_path(self) -> Path:
        """Land of the simulated world, drawn nowhere (GeoJSON)."""
        return self.folder / "world_land.geojson"

    @property
    def areas_path(self) -> Path:
        """Drawn areas of the units, no official boundaries (GeoJSON; properties code, name)."""
        return self.folder / "areas.geojson"

    @property
    def surroundings_path(self) -> Path:
        """What maps show around the areas (GeoJSON): sea, borders beyond, the province's outline, names. A
        profile may have none."""
        return self.folder / "surroundings.geojson"
