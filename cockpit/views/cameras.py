"""All cameras as columns, and one camera in full. The list page asks for strips of the rows it shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from cockpit.domain.cameras import STATES, judge
from cockpit.domain.cameras.state import Reason
from cockpit.domain.cameras.state import State as State  # pages name it too
from cockpit.domain.catalog import Asset, Rule, series_of
from cockpit.domain.freshness import limits_of_asset
from cockpit.domain.numbers import AssetId, MetricId, SeriesNo
from cockpit.engine.kinds import kind_of
from cockpit.profiles import Profile
from cockpit.store import alerting
from cockpit.store.queries import cameras as q
from cockpit.store.queries import figures
from cockpit.views.context import ViewContext

KIND = "camera"
KEEP_S = 3.0
"""Seconds a computed view is good for: a camera tells of itself every quarter of a minute."""

METRICS = ("fps", "loss_pct", "bitrate_kbps")
_REASONS: Mapping[str, Reason] = {"fps": "low_fps", "loss_pct": "loss"}
"""What is wrong with a picture that a rule about a metric finds bad."""


class Camera(NamedTuple):
    """One camera now. `since` is since when it is so, `last` its newest event (ms): it is offline since then,
    however late that was seen, and anything else since its freshness changed."""

    asset: Asset
    state: State
    reason: Reason
    since: int | None
    last: int | None
    fps: float | None
    loss_pct: float | None
    bitrate_kbps: float | None


class Limit(NamedTuple):
    """A picture suffers for this reason beyond `at` (in the metric's unit) for `for_s` seconds."""

    reason: Reason
    at: float
    for_s: int


@dataclass(frozen=True, slots=True)
class Cluster:
    """Cameras of one unit that went offline together."""

    unit: str
    n: int
    since: int  # ms


@dataclass(frozen=True, slots=True)
class CamerasView:
    """Every camera in the order of the catalogue, with counts per state and per unit."""

    cameras: tuple[Camera, ...]
    counts: Mapping[State, int]
    reasons: Mapping[Reason, int]
    by_unit: Mapping[str, Mapping[State, int]]
    limits: tuple[Limit, ...]
    cluster: Cluster | None
    doubt: bool = False  # the cameras' feed is silent or refused: what is said of them may be about the feed

    @property
    def total(self) -> int:
        return len(self.cameras)


CLUSTER_MIN = 3
CLUSTER_WINDOW_MS = 5 * 60 * 1000


def build(ctx: ViewContext, unit: str = "") -> CamerasView:
    """The state of every camera of the catalogue, or of a unit."""
    assets = tuple(a for a in cameras_of(ctx.profile) if unit in ("", a.unit))
    limits = limits_of(ctx.profile)
    if not assets:
        return CamerasView((), dict.fromkeys(STATES, 0), {}, {}, limits, None)
    first, last = min(a.id for a in assets), max(a.id for a in assets)
    with ctx.store.read() as conn:
        states = q.states(conn, first, last)
        newest = q.latest(conn, first, last)
        refused = alerting.refused_now(conn)
        found_bad = q.open_alerts(conn, [r.code for r in _rules(ctx.profile)])
        doubt = any(row.status == "suspect" for row in figures.province(conn, _judged(ctx.profile)).values())
    troubles: dict[str, set[Reason]] = {}
    for code, rule in found_bad:
        troubles.setdefault(code, set()).add(_REASONS[ctx.profile.rule[rule].metric])
    values: dict[SeriesNo, int] = dict(zip(newest[:, 0].tolist(), newest[:, 2].tolist(), strict=True))
    seen, taken = _newest(newest, 1), _newest(newest, 3)
    known = ctx.profile.metric  # a metric that the province does not have has no figure
    columns = [(known[code].id, known[code].scale) if code in known else (MetricId(0), 1) for code in METRICS]
    found = []
    for asset in assets:
        freshness, since = states.get(asset.id, ("never", None))
        fps, loss, rate = (
            None if (raw := values.get(series_of(asset.id, metric))) is None else raw / scale
            for metric, scale in columns
        )
        # Alive, but nothing it says can be taken for so long that another one would be silent.
        silent_ms = limits_of_asset(asset).silent_ms
        mute = asset.id in refused and refused[asset.id] - taken.get(asset.id, 0) > silent_ms
        if mute:
            fps = loss = rate = None
        verdict = judge(freshness, troubles.get(asset.code, ()), mute)
        heard = seen.get(asset.id)
        if verdict.code == "offline" and heard is not None:
            since = heard
        found.append(Camera(asset, verdict.code, verdict.reason, since, heard, fps, loss, rate))
    return _counted(tuple(found), limits, doubt)


def one(view: CamerasView, code: str) -> Camera | None:
    """The camera with this code."""
    return next((c for c in view.cameras if c.asset.code == code), None)


def cameras_of(profile: Profile) -> tuple[Asset, ...]:
    """The cameras of the catalogue by id."""
    return tuple(a for a in profile.assets if a.kind == KIND)


def limits_of(profile: Profile) -> tuple[Limit, ...]:
    """From which values on, held for how long, rules raise an alert about a camera's picture."""
    return tuple(
        Limit(_REASONS[rule.metric], rule.raise_at, rule.for_s)
        for rule in _rules(profile)
        if rule.raise_at is not None
    )


def _rules(profile: Profile) -> list[Rule]:
    found = [r for r in profile.rules if r.asset_kind == KIND and r.metric in _REASONS]
    return [r for r in found if kind_of(r).looks_at == "values"]


def _judged(profile: Profile) -> list[str]:
    """The indicators that say how many cameras are there."""
    return [
        i.code
        for i in profile.indicators
        if i.measure.get("kind") == "presence" and i.measure.get("asset_kind") == KIND
    ]


def _newest(newest: q.Ints, column: int) -> dict[AssetId, int]:
    """The latest time in a column by asset."""
    assets, times = newest[:, 0] >> 8, newest[:, column]
    if not len(assets):
        return {}
    # Rows come ordered by series, so the metrics of one asset are neighbours.
    starts = np.flatnonzero(np.r_[True, assets[1:] != assets[:-1]])
    return dict(zip(assets[starts].tolist(), np.maximum.reduceat(times, starts).tolist(), strict=True))


def _counted(cameras: tuple[Camera, ...], limits: tuple[Limit, ...], doubt: bool) -> CamerasView:
    counts: Counter[State] = Counter(c.state for c in cameras)
    by_unit: dict[str, dict[State, int]] = {}
    for (unit, state), n in Counter((c.asset.unit, c.state) for c in cameras).items():
        by_unit.setdefault(unit, {})[state] = n
    return CamerasView(
        cameras=cameras,
        counts={state: counts[state] for state in STATES},
        reasons=Counter(c.reason for c in cameras if c.reason),
        by_unit=by_unit,
        limits=limits,
        cluster=_cluster(cameras),
        doubt=doubt,
    )


def _cluster(cameras: Sequence[Camera]) -> Cluster | None:
    """The unit where most cameras went offline within minutes of each other, if that is no coincidence."""
    gone: dict[str, list[int]] = {}
    for camera in cameras:
        if camera.state == "offline" and camera.since is not None:
            gone.setdefault(camera.asset.unit, []).append(camera.since)
    best: Cluster | None = None
    for unit in sorted(gone):
        times = sorted(gone[unit])
        start = 0
        for end, t in enumerate(times):
            while t - times[start] > CLUSTER_WINDOW_MS:
                start += 1
            n = end - start + 1
            if n >= CLUSTER_MIN and (best is None or n > best.n):
                best = Cluster(unit, n, times[start])
    return best
