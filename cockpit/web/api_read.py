"""Reading: catalogue, observations, roll-ups, alerts, sources, quarantine, the home screen."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from cockpit.domain.catalog import Asset, Metric, Rule, asset_of, metric_of, series_of
from cockpit.domain.identity import event_key
from cockpit.domain.instants import iso
from cockpit.parts import Parts
from cockpit.store.alerts import Alert
from cockpit.store.batch import Ints
from cockpit.store.queries import api as rows
from cockpit.store.queries import coverage as samples
from cockpit.store.queries import observations as q
from cockpit.store.queries import sources as source_rows
from cockpit.views import home
from cockpit.views.alerts import rules_then
from cockpit.views.context import ViewContext
from cockpit.web.api_guard import Failure
from cockpit.web.api_params import BadParameter, Params

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
USUAL = {"1m": HOUR_MS, "1h": DAY_MS, "1d": 30 * DAY_MS}
"""Span of roll-ups by level where `from` is not given, and the longest there may be."""
LONGEST = {"1m": 2 * DAY_MS, "1h": 62 * DAY_MS, "1d": 400 * DAY_MS}
MAX_LIMIT = 10_000


class Reading:
    """Handlers that only read. Each gets a request and returns what becomes JSON."""

    def __init__(self, cockpit: Parts) -> None:
        self._cockpit = cockpit
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

    def _catalogue(self) -> dict[str, Any]:
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

        return {
            "profile": p.code,
            "name": p.name,
            "utc_offset_s": p.utc_offset_s,
            "units": p.units,
            "sources": [
                msgspec.structs.asdict(s)
                | {"metrics": [m.code for m in p.metrics if m.code in metrics[s.code]]}
                for s in p.sources
            ],
            "metrics": [
                {
                    "code": m.code, "name": m.name, "unit": m.unit, "resolution": 1 / m.scale,
                    "range": [m.lo, m.hi], "kinds": m.kinds,
                    "assets": alone(m),
                    "rhythm_s": {k.code: k.rhythm_s for k in p.kinds if k.code in m.kinds},
                }
                for m in p.metrics
            ],
            "assets": [
                {
                    "code": a.code, "kind": a.kind, "name": a.name, "unit": a.unit, "source": a.source,
                    "place": None if a.lat is None or a.lon is None else {"lat": a.lat, "lon": a.lon},
                    "rhythm_s": a.rhythm_s, "depends_on": a.depends_on,
                }
                for a in p.assets
            ],
            "indicators": p.indicators,
            "operators": p.operators,
        }  # fmt: skip

    def latest(self, request: Request) -> dict[str, Any]:
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
                    {
                        "asset": asset.code,
                        "metric": metric.code,
                        "time": iso(t),
                        "received": iso(received),
                        "value": value / metric.scale,
                        "unit": metric.unit,
                    }
                )
        return {"latest": out}

    def observations(self, request: Request) -> dict[str, Any]:
        """Single observations of the last 36 h, oldest first; the newest `limit` of the span."""
        p = Params(request, ("asset", "metric", "from", "to", "limit"))
        asset, metric = self._series(p)
        limit = p.whole("limit", 1, MAX_LIMIT, 1000)
        start, end = p.span(self._now(asset), HOUR_MS, 2 * DAY_MS)
        with self._cockpit.store.read() as conn:
            found = q.observations(conn, series_of(asset.id, metric.id), start, end, limit)
        pairs = zip(found.time.tolist(), found.value.tolist(), strict=True)
        points = [{"time": iso(t), "value": v / metric.scale} for t, v in pairs]
        return {"asset": asset.code, "metric": metric.code, "unit": metric.unit, "observations": points}

    def rollups(self, request: Request) -> dict[str, Any]:
        """Number, sum, least and greatest value of minutes, hours or days that have any, oldest first."""
        p = Params(request, ("asset", "metric", "level", "from", "to"))
        level = p.choice("level", ("1m", "1h", "1d"), "1h")
        asset, metric = self._series(p)
        start, end = p.span(self._now(asset), USUAL[level], LONGEST[level])
        found = self._minutes if level == "1m" else self._hours
        points = [
            {
                "time": iso(t),
                "n": n,
                "sum": total / metric.scale,
                "min": low / metric.scale,
                "max": high / metric.scale,
            }
            for t, (n, total, low, high) in found(asset, metric, start, end, level)
        ]
        return {
            "asset": asset.code, "metric": metric.code, "unit": metric.unit, "level": level, "rollups": points
        }  # fmt: skip

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

    def alerts(self, request: Request) -> dict[str, Any]:
        """Alerts that are open, those that are muted, or the latest that were closed. Symptoms name the alert
        that causes them."""
        p = Params(request, ("state", "limit"))
        state = p.choice("state", tuple(rows.ALERTS), "open")
        limit = p.whole("limit", 1, MAX_LIMIT, 1000)
        with self._cockpit.store.read() as conn:
            found = rows.alerts(conn, state=state, limit=limit)
            then = rules_then(conn, found)
        return {"alerts": [self._alert(a, then.get(a.born)) for a in found]}

    def _alert(self, a: Alert, then: Rule | None) -> dict[str, Any]:
        """As stored, with the rule of then; `of_today` where only today's is known."""
        times = ("first_seen", "opened", "updated", "due", "closed", "ack_at")
        out = asdict(a)
        out.update({name: iso(out[name]) if out[name] is not None else None for name in times})
        rule = then or self._cockpit.profile.rule.get(a.rule)
        del out["born"]
        return out | {
            "facts": json.loads(a.facts),
            "simulated": bool(a.simulated),
            "muted": a.muted or None,
            "rule_name": msgspec.to_builtins(rule.name) if rule else None,
            "next_step": msgspec.to_builtins(rule.next_step) if rule else None,
            "of_today": then is None,
        }

    def sources(self, request: Request) -> dict[str, Any]:
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
                {
                    "code": s.code,
                    "row": s.row,
                    "name": s.name,
                    "owner": s.owner,
                    "kind": s.kind,
                    "time": s.time,
                    "simulated": self._cockpit.demo is not None and s.time == "domain",
                    "rhythm_s": s.rhythm_s,
                    "state": known.state if known else None,
                    "since": iso(known.since) if known else None,
                    "last": iso(known.last) if known and known.last else None,
                    "assets": {k: getattr(known, k) for k in ("fresh", "late", "silent", "never")}
                    if known
                    else None,
                    "apart": samples.by_reason(a for a in apart if a.source == s.id),
                }
            )
        return {"sources": out}

    def quarantine(self, request: Request) -> dict[str, Any]:
        """Refused events as they are kept, newest first."""
        p = Params(request, ("source", "limit"))
        source = p.maybe_of("source", self._cockpit.profile.source)
        with self._cockpit.store.read() as conn:
            found = rows.quarantine(conn, source.id if source else None, p.whole("limit", 1, 1000, 100))
        by_id = self._cockpit.profile.source_by_id
        return {
            "quarantine": [
                {
                    "source": by_id[r.source].code if r.source in by_id else None,
                    "received": iso(r.received),
                    "code": r.code,
                    "reason": r.reason,
                    "id": r.id,
                    "bytes": r.size,
                    "payload": r.payload.decode("utf-8", "replace"),
                }
                for r in found
            ]
        }

    def event(self, request: Request) -> dict[str, Any]:
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
        return {"source": source, "id": event_id, "stored": True}

    def home(self, request: Request) -> Any:
        """What the home screen shows: the same numbers, by the same code."""
        Params(request, ())
        c = self._cockpit
        return home.build(
            ViewContext(c.store, c.profile, c.clock.domain_ms(), c.clock.real_ms(), c.demo is not None)
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
