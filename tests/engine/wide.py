"""The small province with mobile sites and every kind of rule; feeds late, repeated or with wrong clocks."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from cockpit.domain.catalog import Metric, series_of
from cockpit.domain.numbers import MetricId
from cockpit.profiles import Profile
from cockpit.store.batch import Draft, Refused
from tests.engine.world import METRICS, RULES, T0, World, asset, province, rule, source, text

MORE = (
    rule("link-silent", "asset_silent", "link"),
    rule("site-silent", "asset_silent", "site"),
    rule("site-power", "threshold", "site", metric="power", op="<", raise_at=0.5, clear_at=0.5, for_s=300,
         cause=True),
    rule("feeder-out", "group", "feeder", metric="power", op=">", raise_at=0.6, clear_at=0.3, least=2,
         keep_s=120, cause=True),
    rule("clock-skew", "asset_skew", op=">", raise_at=120, clear_at=60, cause=True),
    rule("source-lag", "source_lag", op=">", raise_at=0.5, clear_at=0.2, least=1, for_s=180, keep_s=120,
         cause=True),
    rule("source-duplicates", "source_duplicates", op=">", raise_at=0.1, clear_at=0.05, least=3, for_s=120),
    rule("source-flood", "source_flood", op=">", raise_at=4, clear_at=2, least=20, for_s=120),
    rule("source-refused", "source_refused", op=">", raise_at=0.5, clear_at=0.25, least=5, for_s=120,
         cause=True),
)  # fmt: skip

USUAL = {
    "camera": {"fps": 25.0},
    "recorder": {"disk": 50.0},
    "link": {"up": 1.0},
    "system": {"score": 50.0},
    "site": {"power": 1.0},
}


def wide(sites: int = 10) -> Profile:
    """`sites` below each of the two feeders, beside its link."""
    base = province()
    # Promised as a profile promises it: by the rhythms of the assets.
    per_hour = {"cams": 24 * 240 + 2 * 120, "net": 2 * 60, "ran": 2 * sites * 12, "desk": 4}
    sources = tuple(
        source(s.id, s.code, s.rhythm_s, kind=s.kind, time=s.time, per_hour=float(per_hour.get(s.code, 0)))
        for s in (*base.sources, source(6, "ran", 300))
    )
    masts = tuple(
        asset(500 + 100 * u + n, f"site-{u}-{n}", "site", "ran", 300, f"feeder-{u}", f"u{u}")
        for u in (1, 2)
        for n in range(sites)
    )
    power = Metric(MetricId(6), "power", text("power"), "1", 1, 0, 1, ("site",))
    return province(
        rules=(*(r for r in RULES if r.kind != "indicator"), *MORE),
        sources=sources,
        assets=(*base.assets, *masts),
        metrics=(*METRICS, power),
    )


class Event(NamedTuple):
    """An event received at `at`, by its own time `off` ms away from that; sent `times` times. One that is not
    `readable` says what nobody can take."""

    at: int
    code: str
    values: dict[str, float]
    off: int = 0
    times: int = 1
    readable: bool = True


Feed = Callable[[int], list[Event]]


def usual(profile: Profile, without: Iterable[str] = (), **values: float) -> Feed:
    """A feed in which every asset keeps its rhythm but those `without`; `values` replace the usual ones."""
    quiet = set(without)
    senders = [
        (a.code, a.rhythm_s * 1000, a.id * 37 % a.rhythm_s * 1000,
         {k: values.get(k, v) for k, v in USUAL[a.kind].items()})
        for a in profile.assets
        if a.rhythm_s and a.kind in USUAL and a.code not in quiet
    ]  # fmt: skip

    def feed(t: int) -> list[Event]:
        return [Event(t, code, v) for code, rhythm, phase, v in senders if (t - T0 - phase) % rhythm == 0]

    return feed


def only(feed: Feed, *codes: str) -> Feed:
    """What some assets alone send of a feed."""
    wanted = set(codes)
    return lambda t: [e for e in feed(t) if e.code in wanted]


def shifted(feed: Feed, off: int, *codes: str) -> Feed:
    """The clocks of some assets are `off` ms ahead."""
    wanted = set(codes)
    return lambda t: [e._replace(off=off) if e.code in wanted else e for e in feed(t)]


def late(feed: Feed, by: int, since: int, until: int, source: str, profile: Profile) -> Feed:
    """Events that a source measured in [since, until) arrive `by` ms later."""

    def own(t: int) -> Iterator[Event]:
        for e in feed(t):
            if profile.asset[e.code].source == source:
                yield e

    def delayed(t: int) -> list[Event]:
        others = [e for e in feed(t) if profile.asset[e.code].source != source]
        now = [] if since <= t < until else list(own(t))
        then = own(t - by) if since <= t - by < until else ()
        return [*others, *now, *(e._replace(at=t, off=e.off - by) for e in then)]

    return delayed


def stages(*parts: tuple[int, Feed]) -> Feed:
    """One feed after another: (seconds since the start at which it begins, feed)."""

    def feed(t: int) -> list[Event]:
        current = [f for begin, f in parts if (t - T0 - 1) // 1000 >= begin]
        return current[-1](t)

    return feed


def send(world: World, events: Iterable[Event]) -> None:
    """As the door would: what is too far ahead is refused, and known by its asset to be alive."""
    draft, refusals = Draft(), []
    for e in events:
        asset_ = world.profile.asset[e.code]
        feed = world.profile.source[asset_.source]
        time = e.at + e.off
        if not e.readable:
            refusals.append(Refused(0, "x", feed.id, "unknown_metric", "not known", b"{}", e.at, heard=e.at))
            continue
        if e.off > feed.early_s * 1000:
            refused = Refused(0, "x", feed.id, "far_future", "too far", b"{}", e.at, asset_.id, time, e.at)
            refusals.append(refused)
            continue
        key = time * 31 + asset_.id * 1_000_003
        for _ in range(e.times):
            draft.event(key, feed.id, time, e.at)
            for code, value in e.values.items():
                metric = world.profile.metric[code]
                draft.value(series_of(asset_.id, metric.id), round(value * metric.scale))
    batch = draft.batch()
    batch.refused = refusals
    if len(batch) or batch.refused:
        world.store.append(batch).result()


def play(world: World, seconds: int, tick_s: int, feed: Feed) -> None:
    """Let time pass in ticks; `feed(t)` gives the events received in the second that ends at t."""
    for start in range(0, seconds, tick_s):
        step = min(tick_s, seconds - start)
        send(world, [e for s in range(1, step + 1) for e in feed(world.clock.domain + s * 1000)])
        world.clock.advance(step * 1000)
        world.engine.tick()


def opened(world: World, rule_code: str) -> dict[str, int]:
    """Seconds since the start at which alerts of a rule opened, by subject; the newest of each."""
    return {
        key.partition("|")[2]: (alert["opened"] - T0) // 1000
        for key, alert in world.alerts(open_only=False).items()
        if alert["rule"] == rule_code
    }


def rules_open(world: World) -> set[Any]:
    """Codes of rules with an open alert that is nobody's symptom."""
    return {a["rule"] for a in world.alerts().values() if a["cause"] is None}


def stood_alone(world: World) -> dict[str, int]:
    """For how long (ms) each alert stood in the list as a matter of its own, by key."""
    alone: dict[str, int] = {}
    since: dict[int, tuple[str, int]] = {}
    for t, alert, what, _, data in world.log():
        if alert is None:
            continue
        key = json.loads(data).get("key", "")
        if what in ("opened", "unfolded"):
            since[alert] = key, t
        elif what in ("folded", "closed") and alert in since:
            key, begun = since.pop(alert)
            alone[key] = alone.get(key, 0) + t - begun
    for key, begun in since.values():
        alone[key] = alone.get(key, 0) + world.clock.domain - begun
    return {key: ms for key, ms in alone.items() if ms}
