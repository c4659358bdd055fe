"""Citizens' feedback: every petition of the last days, clusters of one complaint, and one with what is near.

Nothing that names a person is in what all viewers share: words and names are read only for whoever may.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from cockpit.domain import feedback as life
from cockpit.domain.feedback import FEEDBACK, TEXT, Cluster, Count, Petition, Sight
from cockpit.domain.geo import haversine_m
from cockpit.domain.periods import DAY_MS
from cockpit.domain.registers import GAP, Entry
from cockpit.store import hamlets
from cockpit.store.handles import Read
from cockpit.store.queries import alerts as alert_rows
from cockpit.store.queries import feedback as q
from cockpit.store.queries import records, registers
from cockpit.store.queries.feedback import Step
from cockpit.store.queries.records import RecordRow
from cockpit.views import cameras
from cockpit.views.alerts import named
from cockpit.views.cameras import Camera
from cockpit.views.context import ViewContext
from cockpit.views.figures import day_of
from cockpit.views.home import Need

KEEP_S = 5.0

DAYS = 30
"""As long as the indicators count: today and the days before it."""

EXCERPT = 160
"""Signs of a petition in the list."""

NEAREST = 3
"""Alerts, gaps and cameras that are named; the others are one click away."""


@dataclass(frozen=True, slots=True)
class FeedbackView:
    """`petitions`: those overdue first, then by when they are due, then what is over, the newest first.
    `clusters` are those of which something is open. `since_ms` is where the days that are counted begin."""

    now_ms: int
    since_ms: int
    petitions: tuple[Petition, ...]
    clusters: tuple[Cluster, ...]
    cluster_of: Mapping[str, Cluster]
    fields: tuple[str, ...]  # that occur, the one with most petitions first

    def count(self, petitions: tuple[Petition, ...] | None = None) -> Count:
        """How many of what, of all or of some."""
        found = self.petitions if petitions is None else petitions
        return life.count(found, self.since_ms, self.now_ms)


def build(ctx: ViewContext, unit: str = "") -> FeedbackView:
    """All petitions of the last days, or those of one unit."""
    since = _since(ctx)
    with ctx.store.read() as conn:
        found = q.petitions(conn, since)
    gathered = life.clusters(found)
    if unit:
        found = [one for one in found if one.unit == unit]
        gathered = tuple(c for c in gathered if unit in c.units)
    fields = Counter(one.field for one in found if one.field)
    return FeedbackView(
        now_ms=ctx.now_ms,
        since_ms=since,
        petitions=tuple(sorted(found, key=_place)),
        clusters=tuple(c for c in gathered if c.open),
        cluster_of={one.key: c for c in gathered for one in c.petitions},
        fields=tuple(sorted(fields, key=lambda code: (-fields[code], code))),
    )


def _since(ctx: ViewContext) -> int:
    """Where the first of the counted days begins."""
    offset_ms = ctx.profile.utc_offset_s * 1000
    today = day_of(ctx.now_ms, ctx.profile.utc_offset_s)
    return (today - DAYS + 1) * DAY_MS - offset_ms


def _place(one: Petition) -> tuple[int, int, str]:
    if one.closed is not None:
        return 2, -one.closed, one.key
    return (1, one.opened, one.key) if one.due is None else (0, one.due, one.key)


def written(ctx: ViewContext, keys: tuple[str, ...]) -> Mapping[str, str]:
    """What was written in these, cut: for whoever may read it."""
    with ctx.store.read() as conn:
        return q.written(conn, keys, EXCERPT)


class Spot(NamedTuple):
    """Where a petition is about: told by its feed (`name` is ""), or the settlement that its words name."""

    lat: float
    lon: float
    name: str = ""


class NearAlert(NamedTuple):
    """An open alert of the unit. `metres` to what it is about, None where either has no place."""

    need: Need
    metres: int | None


class NearGap(NamedTuple):
    """An open coverage gap of the unit."""

    entry: Entry
    metres: int | None


class NearCamera(NamedTuple):
    """A camera of the unit."""

    camera: Camera
    metres: int | None


class Around(NamedTuple):
    """What is in the unit of a petition, the nearest first where its spot is known. Only the first of each;
    the counts are of all."""

    spot: Spot | None
    alerts: tuple[NearAlert, ...]
    n_alerts: int
    waiting: int
    gaps: tuple[NearGap, ...]
    n_gaps: int
    cameras: tuple[NearCamera, ...]
    n_cameras: int
    offline: int


@dataclass(frozen=True, slots=True)
class PetitionView:
    """One petition. `fields` are those that whoever looks may read, `withheld` the names of the others;
    `around` is None where it is of no unit."""

    now_ms: int
    petition: Petition
    fields: Mapping[str, Any]
    withheld: tuple[str, ...]
    history: tuple[Step, ...]
    around: Around | None


def one(ctx: ViewContext, key: str, seen: Sight) -> PetitionView | None:
    """A petition by its key, as far as somebody may read it; None where there is none."""
    with ctx.store.read() as conn:
        row = records.record(conn, FEEDBACK, key)
        if row is None:
            return None
        steps = q.steps(conn, key)
        petition, fields = _petition(row), life.told(row.fields, seen)
        around = _around(ctx, conn, petition, fields) if row.unit in ctx.profile.unit else None
    return PetitionView(
        now_ms=ctx.now_ms,
        petition=petition,
        fields=fields,
        withheld=life.withheld(row.fields, seen),
        history=tuple(steps),
        around=around,
    )


def whose(ctx: ViewContext, key: str) -> str | None:
    """The unit of a petition, None where there is no such petition."""
    with ctx.store.read() as conn:
        row = records.record(conn, FEEDBACK, key)
    return None if row is None else row.unit


def _petition(row: RecordRow) -> Petition:
    field = row.fields.get("field")
    rating, lat, lon = (_number(row.fields.get(name)) for name in ("rating", "lat", "lon"))
    about = field if isinstance(field, str) else ""
    return Petition(row.key, row.unit, about, row.state, row.opened, row.due, row.closed, rating, lat, lon)


def _number(value: object) -> float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _around(ctx: ViewContext, conn: Read, petition: Petition, fields: Mapping[str, Any]) -> Around:
    unit, spot = petition.unit, _spot(ctx, conn, petition, fields.get(TEXT))
    rows = alert_rows.causes_in(conn, unit, -1)
    count = alert_rows.counts_in(conn, unit)
    open_gaps = [e for e in registers.entries(conn, GAP, unit=unit) if e.closed is None and e.unit == unit]
    mine = [c for c in cameras.build(ctx).cameras if c.asset.unit == unit]
    near_alerts = []
    for found in rows:
        asset = ctx.profile.asset.get(found.asset)
        near_alerts.append((_metres(spot, asset.lat, asset.lon) if asset else None, found))
    near_alerts.sort(key=lambda pair: (pair[0] is None, pair[0] or 0))
    shown = named(ctx, conn, [found for _, found in near_alerts[:NEAREST]])
    gaps = [NearGap(e, _metres(spot, e.facts.get("lat"), e.facts.get("lon"))) for e in open_gaps]
    seen = [NearCamera(c, _metres(spot, c.asset.lat, c.asset.lon)) for c in mine]
    gaps.sort(key=lambda g: (g.metres is None, g.metres or 0, g.entry.id))
    seen.sort(key=lambda c: (c.metres is None, c.metres or 0, c.camera.asset.id))
    return Around(
        spot=spot,
        alerts=tuple(
            NearAlert(Need(alert, ctx.now_of(alert.source)), metres)
            for alert, (metres, _) in zip(shown, near_alerts, strict=False)
        ),
        n_alerts=count.open,
        waiting=count.waiting,
        gaps=tuple(gaps[:NEAREST]),
        n_gaps=len(gaps),
        cameras=tuple(seen[:NEAREST]) if spot is not None else (),
        n_cameras=len(seen),
        offline=sum(c.camera.state == "offline" for c in seen),
    )


def _spot(ctx: ViewContext, conn: Read, petition: Petition, text: object) -> Spot | None:
    """Where its feed says it is, else the settlement of its unit that its words name, if they may be read."""
    if petition.lat is not None and petition.lon is not None:
        return Spot(petition.lat, petition.lon)
    if not isinstance(text, str):
        return None
    known = {
        place.name.partition(",")[0]: place
        for place in hamlets.every(conn) or ctx.profile.places
        if place.unit == petition.unit
    }
    name = life.named_in(text, known)
    return None if name is None else Spot(known[name].lat, known[name].lon, name)


def _metres(spot: Spot | None, lat: float | None, lon: float | None) -> int | None:
    if spot is None or lat is None or lon is None:
        return None
    return round(haversine_m(spot.lat, spot.lon, lat, lon))
