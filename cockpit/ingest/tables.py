"""What the door looks up for every event, made once from the profile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from cockpit.domain.catalog import Asset, Indicator, Metric, Source, Text, Unit, series_between
from cockpit.domain.numbers import MetricId, SeriesNo, SourceId


class Catalogue(Protocol):
    """The part of a profile the door uses."""

    @property
    def bbox(self) -> tuple[float, float, float, float]: ...
    @property
    def utc_offset_s(self) -> int: ...
    @property
    def unit(self) -> dict[str, Unit]: ...
    @property
    def source(self) -> dict[str, Source]: ...
    @property
    def metrics(self) -> tuple[Metric, ...]: ...
    @property
    def assets(self) -> tuple[Asset, ...]: ...
    @property
    def indicator(self) -> dict[str, Indicator]: ...
    @property
    def bodies(self) -> dict[str, Text]: ...
    @property
    def operators(self) -> dict[str, str]: ...


# id, scale, lowest, highest, unit
MetricRow = tuple[MetricId, int, float, float, str]
# source code, the least number of its series, metrics by code, number shared by assets of the same metrics
AssetRow = tuple[str, SeriesNo, dict[str, MetricRow], int]

PLACE_MARGIN = 0.5
"""Degrees around the province's box in which samples are still taken: roads and sea lead out of it."""


@dataclass(slots=True, frozen=True)
class SourceRow:
    """A source with its limits in milliseconds."""

    id: SourceId
    code: str
    domain: bool
    window_ms: int
    early_ms: int
    records: frozenset[str] = frozenset()
    reports: frozenset[str] = frozenset()
    samples: bool = False


class Tables:
    """Look-ups by code. Assets of a kind that send the same share one dict of metrics."""

    def __init__(self, profile: Catalogue) -> None:
        by_kind: dict[str, dict[str, MetricRow]] = {}
        limited: dict[str, list[Metric]] = {}
        for m in profile.metrics:
            for kind in m.kinds:
                by_kind.setdefault(kind, {})[m.code] = (m.id, m.scale, m.lo, m.hi, m.unit)
                if m.only:
                    limited.setdefault(kind, []).append(m)
        fewer: dict[tuple[str, ...], dict[str, MetricRow]] = {}
        self.metrics = {m.code: m for m in profile.metrics}
        self.assets: dict[str, AssetRow] = {}
        for a in profile.assets:
            metrics = by_kind.setdefault(a.kind, {})
            without = [m.code for m in limited.get(a.kind, ()) if not m.sent_by(a)]
            if without:
                left = {code: row for code, row in metrics.items() if code not in without}
                metrics = fewer.setdefault((a.kind, *without), left)
            own = a.attrs.get("metrics")
            if isinstance(own, str) and own:
                # A system sends its own figures, not those of every system.
                names = own.replace(",", " ").replace(";", " ").split()
                metrics = {code: row for code, row in metrics.items() if code in names}
            first, _ = series_between(a.id, a.id)
            self.assets[a.code] = (a.source, first, metrics, id(metrics))
        self.sources = {
            s.code: SourceRow(
                s.id, s.code, s.time == "domain", s.window_s * 1000, s.early_s * 1000,
                frozenset(s.records), frozenset(s.reports), s.samples,
            )
            for s in profile.source.values()
        }  # fmt: skip
        self._columns()
        self.units = frozenset(profile.unit)
        self.indicators = profile.indicator
        self.bodies = profile.bodies
        self.operators = profile.operators
        lon0, lat0, lon1, lat1 = profile.bbox
        self.box = (lon0 - PLACE_MARGIN, lat0 - PLACE_MARGIN, lon1 + PLACE_MARGIN, lat1 + PLACE_MARGIN)
        self.offset_ms = profile.utc_offset_s * 1000

    def place_of(self, source: str) -> dict[str, int]:
        """The assets of a source by code, as places in `base_at` and `group_at`."""
        return self._places.get(source, {})

    def _columns(self) -> None:
        """The same as columns: by the place of an asset `base_at`, the first number of its series, and
        `group_at`, which metrics it sends; by the place of a metric `metric_id`, `scale`, `lowest` and
        `highest`; by group and metric `sends`."""
        self.metric_at = {code: n for n, code in enumerate(self.metrics)}
        rows = list(self.metrics.values())
        self.metric_id = np.array([m.id for m in rows], np.int64)
        self.scale = np.array([m.scale for m in rows], np.float64)
        self.lowest = np.array([m.lo for m in rows], np.float64)
        self.highest = np.array([m.hi for m in rows], np.float64)
        groups: dict[int, int] = {}
        sends: list[list[bool]] = []
        self._places: dict[str, dict[str, int]] = {}
        for n, (code, (source, _, metrics, shared)) in enumerate(self.assets.items()):
            self._places.setdefault(source, {})[code] = n
            if shared not in groups:
                groups[shared] = len(sends)
                sends.append([m.code in metrics for m in rows])
        self.base_at = np.array([row[1] for row in self.assets.values()], np.int64)
        self.group_at = np.array([groups[row[3]] for row in self.assets.values()], np.int64)
        self.sends = np.array(sends, np.bool_).reshape(len(sends), len(rows))
