"""The catalogue as columns: positions of assets, sources and series, for vectorised evaluation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cockpit.domain.catalog import Asset, Metric, series_of
from cockpit.domain.numbers import MetricId, SeriesNo
from cockpit.engine.numbers import AssetAt, Lane, SourceAt
from cockpit.profiles import Profile

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

REAL, DOMAIN = Lane(1), Lane(0)
LANES = (DOMAIN, REAL)
"""A lane is a time line: what lives on domain time and what lives on real time are evaluated apart."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Positions count from 0 in the order of the profile; series are sorted by their number."""

    profile: Profile
    asset_ids: Ints  # sorted …
    asset_order: Ints  # … and the position of each
    asset_source: Ints  # position of its source
    asset_unit: Ints  # position of its unit, len(units) where it has none
    asset_lane: Ints
    source_ids: Ints  # sorted
    source_order: Ints
    source_lane: Ints
    series: Ints  # sorted numbers
    series_asset: Ints
    series_metric: Ints  # metric id
    series_lane: Ints
    assets_of_kind: dict[str, Ints]
    members: dict[Lane, Ints]  # positions of the assets of a lane
    source_members: dict[Lane, Ints]

    def lane_of(self, asset: AssetAt) -> Lane:
        return Lane(int(self.asset_lane[asset]))

    def lane_of_source(self, source: SourceAt) -> Lane:
        return Lane(int(self.source_lane[source]))

    def series_at(self, numbers: Ints) -> Ints:
        """Position of each series, -1 where the catalogue has none."""
        return _find(self.series, None, numbers)

    def assets_at(self, ids: Ints) -> Ints:
        return _find(self.asset_ids, self.asset_order, ids)

    def sources_at(self, ids: Ints) -> Ints:
        return _find(self.source_ids, self.source_order, ids)


def columns_of(profile: Profile) -> Columns:
    """Build the columns of a profile."""
    sources = {s.code: i for i, s in enumerate(profile.sources)}
    units = {u.code: i for i, u in enumerate(profile.units)}
    source_lane = _ints(REAL if s.time == "real" else DOMAIN for s in profile.sources)
    asset_source = _ints(sources.get(a.source, -1) for a in profile.assets)
    asset_lane = np.where(asset_source >= 0, source_lane[asset_source], DOMAIN)
    kinds: dict[str, list[int]] = {}
    for position, asset in enumerate(profile.assets):
        kinds.setdefault(asset.kind, []).append(position)
    ids = _ints(a.id for a in profile.assets)
    order = np.argsort(ids)
    source_ids = _ints(s.id for s in profile.sources)
    source_order = np.argsort(source_ids)
    rows = sorted(_series(profile.assets, profile))
    series = _ints(r[0] for r in rows)
    series_asset = _ints(r[1] for r in rows)
    return Columns(
        profile=profile,
        asset_ids=ids[order],
        asset_order=order,
        asset_source=asset_source,
        asset_unit=_ints(units.get(a.unit, len(units)) for a in profile.assets),
        asset_lane=asset_lane,
        source_ids=source_ids[source_order],
        source_order=source_order,
        source_lane=source_lane,
        series=series,
        series_asset=series_asset,
        series_metric=_ints(r[2] for r in rows),
        series_lane=asset_lane[series_asset],
        assets_of_kind={kind: np.array(found, dtype=np.int64) for kind, found in kinds.items()},
        members={lane: np.flatnonzero(asset_lane == lane) for lane in LANES},
        source_members={lane: np.flatnonzero(source_lane == lane) for lane in LANES},
    )


def _series(assets: tuple[Asset, ...], profile: Profile) -> Iterable[tuple[SeriesNo, AssetAt, MetricId]]:
    by_kind: dict[str, list[Metric]] = {}
    for metric in profile.metrics:
        for kind in metric.kinds:
            by_kind.setdefault(kind, []).append(metric)
    for position, asset in enumerate(assets):
        for metric in by_kind.get(asset.kind, ()):
            if metric.sent_by(asset):
                yield series_of(asset.id, metric.id), AssetAt(position), metric.id


def _ints(values: Iterable[int]) -> Ints:
    return np.fromiter(values, dtype=np.int64)


def _find(known: Ints, order: Ints | None, wanted: Ints) -> Ints:
    if not len(known):
        return np.full(len(wanted), -1, dtype=np.int64)
    at = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
    place = at if order is None else order[at]
    return np.where(known[at] == wanted, place, -1)
