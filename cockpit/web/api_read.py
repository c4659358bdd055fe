"""Reading: catalogue, observations, roll-ups, alerts, sources, quarantine, the home screen."""

from __future__ import annotations

import hashlib

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from cockpit.domain import refused
from cockpit.domain.catalog import Asset, Metric, asset_of, metric_of, series_of
from cockpit.domain.identity import event_key
from cockpit.domain.instants import iso
from cockpit.domain.periods import DAY_MS, HOUR_MS
from cockpit.parts import Parts
from cockpit.store.batch import Ints
from cockpit.store.queries import coverage as samples
from cockpit.store.queries import observations as q
from cockpit.store.queries import sources as source_rows
from cockpit.store.rows import Quarantined as QuarantinedRow
from cockpit.views import home
from cockpit.views.context import ViewContext
from cockpit.web.answers.reading import (
    AssetCounts,
    Catalog,
    CatalogAsset,
    CatalogMetric,
    CatalogSource,
    Latest,
    LatestValue,
    Observations,
    Place,
    Point,
    Quarantine,
    Quarantined,
    Rollup,
    Rollups,
    SourceAnswer,
    Sources,
    StoredEvent,
)
from cockpit.web.api_guard import Failure, Guard
from cockpit.web.api_params import MAX_LIMIT, BadParameter, Params
from cockpit.web.api_sight import Sees, Sights

USUAL = {"1m": HOUR_MS, "1h": DAY_MS, "1d": 30 * DAY_MS}
"""Span of roll-ups by level where `from` is not given, and the longest there may be."""
LONGEST = {"1m": 2 * DAY_MS, "1h": 62 * DAY_MS, "1d": 400 * DAY_MS}


class Reading:
    """Handlers that only read. Each gets a request and returns what becomes JSON."""

    def __init__(self, cockpit: Parts, guard: Guard) -> None:
        self._cockpit = cockpit
        self._guard = guard
        self._sights = Sights(cockpit, guard)
        self._catalog: tuple[bytes, str] | None = None

    def catalog(self, request: Request) -> Response:
        """Everything events may refer to. Changes only when the cockpit is started anew."""
        Params(request, ())
        if self._catalog is None:
            body = msgspec.json.encode(self._catalogue())
            self._catalog = body, f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        body, tag = self._catalog
        headers = {"ETag": tag, "Cache-Control": "no-cache"}
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers=headers)
        return Response(body, headers=headers, media_type="application/json")

    def _catalogue(self) -> Catalog:
        p = self._cockpit.profile
        taken = self._cockpit.door.tables.assets
        by_kind: dict[str, list[Asset]] = {}
        metrics: dict[str, dict[str, None]] = {s.code: {} for s in p.sources}
        for a in p.assets:
            by_kind.setdefault(a.kind, []).append(a)
            metrics[a.source].update(dict.fromkeys(taken[a.code][2]))

        def alone(m: Metric) -> list[str] | None:
            """The assets that may send it, None where all of its kinds do."""
            able = [a for kind in m.kinds for a in by_kind.get(kind, ())]
            found = [a.code for a in able if m.code in taken[a.code][2]]
            return found if len(found) < len(able) or m.only else None

        return Catalog(
            profile=p.code,
            name=p.name,
            utc_offset_s=p.utc_offset_s,
            units=p.units,
            sources=[
                CatalogSource(
                    **msgspec.structs.asdict(s),
                    metrics=[m.code for m in p.metrics if m.code in metrics[s.code]],
                )
                for s in p.sources
            ],
            metrics=[
                CatalogMetric(
                    m.code, m.name, m.unit, 1 / m.scale, (m.lo, m.hi), m.kinds, alone(m),
                    {k.code: k.rhythm_s for k in p.kinds if k.code in m.kinds},
                )
                for m in p.metrics
            ],
            assets=[
                CatalogAsset(
                    a.code, a.kind, a.name, a.unit, a.source,
                    None if a.lat is None or a.lon is None else Place(a.lat, a.lon), a.rhythm_s, a.depends_on,
                )
                for a in p.assets
            ],
            indicators=p.indicators,
            operators=p.operators,
            bodies=p.bodies,
        )  # fmt: skip

    def latest(self, request: Request) -> Latest:
        """The newest observation of every series of the assets asked for, of all without `asset`."""
        assets = Params(request, ("asset",)).many_of("asset", self._cockpit.profile.asset)
        with self._cockpit.store.read() as conn:
            found = q.latest(conn, [a.id for a in assets] if assets else None)
        columns = (found.series, found.time, found.received, found.value)
        out = []
        for series, t, received, value in zip(*(c.tolist() for c in columns), strict=True):
            asset = self._cockpit.profile.asset_by_id.get(asset_of(series))
            metric = self._cockpit.profile.metric_by_id.get(metric_of(series))
            if asset is not None and metric is not None:
                out.append(
                    LatestValue(
                        asset.code, metric.code, iso(t), iso(received), value / metric.scale, metric.unit
                    )
                )
        return Latest(out)

    def observations(self, request: Request) -> Observations:
        """Single observations of the last 36 h, oldest first; the newest `limit` of the span."""
        p = Params(request, ("asset", "metric", "from", "to", "limit"))
        asset, metric = self._series(p)
        limit = p.whole("limit", 1, MAX_LIMIT, 1000)
        start, end = p.span(self._now(asset), HOUR_MS, 2 * DAY_MS)
        with self._cockpit.store.read() as conn:
            found = q.observations(conn, series_of(asset.id, metric.id), start, end, limit)
        pairs = zip(found.time.tolist(), found.value.tolist(), strict=True)
        points = [Point(iso(t), v / metric.scale) for t, v in pairs]
        return Observations(asset.code, metric.code, metric.unit, points)

    def rollups(self, request: Request) -> Rollups:
        """Number, sum, least and greatest value of minutes, hours or days that have any, oldest first."""
        p = Params(request, ("asset", "metric", "level", "from", "to"))
        level = p.choice("level", ("1m", "1h", "1d"), "1h")
        asset, metric = self._series(p)
        start, end = p.span(self._now(asset), USUAL[level], LONGEST[level])
        found = self._minutes if level == "1m" else self._hours
        points = [
            Rollup(iso(t), n, total / metric.scale, low / metric.scale, high / metric.scale)
            for t, (n, total, low, high) in found(asset, metric, start, end, level)
        ]
        return Rollups(asset.code, metric.code, metric.unit, level, points)

    def _minutes(
        self, asset: Asset, metric: Metric, start: int, end: int, _: str
    ) -> list[tuple[int, list[int]]]:
        with self._cockpit.store.read() as conn:
            minutes, sums = q.minute_rollups(conn, series_of(asset.id, metric.id), start, end)
        return [(m * 60_000, row) for m, row in zip(minutes.tolist(), sums.tolist(), strict=True)]

    def _hours(
        self, asset: Asset, metric: Metric, start: int, end: int, level: str
    ) -> list[tuple[int, list[int]]]:
        offset_s = self._cockpit.profile.utc_offset_s
        offset = offset_s * 1000
        first, last = (start + offset) // DAY_MS, (end - 1 + offset) // DAY_MS
        with self._cockpit.store.read() as conn:
            days = q.rollups_1h(conn, asset.id, first, last, offset_s=offset_s)
        out: list[tuple[int, list[int]]] = []
        for day in sorted(days):
            a = days[day].get(metric.id)
            if a is None or not a[0].any():
                continue
            begin = day * DAY_MS - offset
            if level == "1d":
                out.append((begin, _whole_day(a)))
                continue
            for hour in range(24):
                t = begin + hour * HOUR_MS
                if a[0, hour] and start < t + HOUR_MS and t < end:
                    out.append((t, a[:, hour].tolist()))
        return out

    def sources(self, request: Request) -> Sources:
        """Every source with its state; `silent` and so on count its assets, `apart` samples that decide
        nothing about 4G."""
        Params(request, ())
        with self._cockpit.store.read() as conn:
            now = source_rows.now(conn)
            apart = samples.kept_apart(conn)
        out = []
        for s in self._cockpit.profile.sources:
            known = now.get(s.id)
            out.append(
                SourceAnswer(
                    code=s.code,
                    row=s.row,
                    name=s.name,
                    owner=s.owner,
                    kind=s.kind,
                    time=s.time,
                    simulated=self._cockpit.demo is not None and s.time == "domain",
                    rhythm_s=s.rhythm_s,
                    state=known.state if known else None,
                    since=iso(known.since) if known else None,
                    last=iso(known.last) if known and known.last else None,
                    assets=AssetCounts(known.fresh, known.late, known.silent, known.never) if known else None,
                    apart=samples.by_reason(a for a in apart if a.source == s.id),
                )
            )
        return Sources(out)

    def quarantine(self, request: Request) -> Quarantine:
        """Refused events, newest first, as far as the caller may read what they hold."""
        p = Params(request, ("source", "limit"))
        sees = self._sights.of(request)
        source = p.maybe_of("source", self._cockpit.profile.source)
        with self._cockpit.store.read() as conn:
            limit = p.whole("limit", 1, 1000, 100)
            found = source_rows.quarantine(conn, source.id if source else None, limit)
        return Quarantine([self._refused(r, sees) for r in found])

    def _refused(self, r: QuarantinedRow, sees: Sees) -> Quarantined:
        source = self._cockpit.profile.source_by_id.get(r.source)
        shown = refused.told(
            r.payload, r.reason, brings_records=source is None or bool(source.records),
            sees=lambda unit: sees(r.source, unit),
        )  # fmt: skip
        return Quarantined(
            source.code if source is not None else None, iso(r.received), r.code, shown.reason, r.id, r.size,
            shown.payload, shown.withheld,
        )  # fmt: skip

    def event(self, request: Request) -> StoredEvent:
        """Whether an event is stored: for senders that lost an answer."""
        Params(request, ())
        source, event_id = request.path_params["source"], request.path_params["id"]
        if source not in self._cockpit.profile.source:
            raise Failure(404, "unknown_source", "the source is not in the catalogue")
        try:
            key = event_key(source, event_id)
        except UnicodeEncodeError:
            raise BadParameter("id", ascii(event_id), "text in UTF-8") from None
        with self._cockpit.store.read() as conn:
            if not q.event_stored(conn, key):
                raise Failure(404, "not_stored", "no event with this source and id is known")
        return StoredEvent(source, event_id, True)

    def home(self, request: Request) -> home.HomeView:
        """What the home screen shows: the same numbers, by the same code; news since the last look of the
        person whose token comes along."""
        Params(request, ())
        c = self._cockpit
        return home.build(
            ViewContext(c.store, c.profile, c.clock.domain_ms(), c.clock.real_ms(), c.demo is not None),
            self._guard.person(request),
        )

    def _series(self, p: Params) -> tuple[Asset, Metric]:
        asset = p.of("asset", self._cockpit.profile.asset)
        metric = p.of("metric", self._cockpit.profile.metric)
        if not metric.sent_by(asset):
            raise BadParameter("metric", metric.code, f"a metric that {asset.code} sends")
        return asset, metric

    def _now(self, asset: Asset) -> int:
        source = self._cockpit.profile.source.get(asset.source)
        clock = self._cockpit.clock
        return clock.real_ms() if source is not None and source.time == "real" else clock.domain_ms()


def _whole_day(a: Ints) -> list[int]:
    filled = a[:, a[0] > 0]
    return [int(filled[0].sum()), int(filled[1].sum()), int(filled[2].min()), int(filled[3].max())]
