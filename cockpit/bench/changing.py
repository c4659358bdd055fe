"""What a pass costs in which conditions change: a part of `cockpit bench evaluate`.

Devices of one kind send ten figures, fifty rules watch them, five a figure: 10,000 conditions, and 100,000.
In each pass conditions of all fifty rules change, of one device in ten or of every one: they become bad,
their alerts open, they are good again, their alerts close. Then devices behind a few or behind many causes
fall silent at once, and their alerts fold. CPU is that of the whole process, with what writes to the store.
"""

from __future__ import annotations

import gc
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec

from cockpit.config import DEFAULT_PROFILE
from cockpit.domain.catalog import Asset, Metric, Rule, Source, Text, series_of
from cockpit.domain.numbers import AssetId, MetricId
from cockpit.engine import Engine
from cockpit.engine.kinds import kind_of
from cockpit.profiles import Profile, load
from cockpit.store import Store
from cockpit.store.batch import Draft

RULES, FIGURES = 50, 10
FOR_S, KEEP_S, RHYTHM_S, CAUSE_RHYTHM_S = 60, 30, 3600, 60
GOOD, BAD = 10, 90
ROUNDS = {10_000: 10, 100_000: 2}
LIMITS_MS = {10_000: 200.0, 100_000: 2000.0}
"""The product's promise for a pass on one core, at p95, where one device in ten changes."""
BEHIND, CAUSES = 4_000, (10, 1_000)
LIMIT_RATIO = 1.5
"""What an alert behind many causes may cost, of what one behind few does."""
START_MS = 1_795_330_800_000

_WORD = Text(vi="x", en="x")


class Hand:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = START_MS

    def domain_ms(self) -> int:
        return self.now

    def real_ms(self) -> int:
        return self.now

    def monotonic(self) -> float:
        return (self.now - START_MS) / 1000


class Bench:
    """A store, an engine and a clock; every move of the clock is one pass."""

    def __init__(self, profile: Profile, store: Store, clock: Hand) -> None:
        self.profile, self.store, self._clock = profile, store, clock
        self.engine = Engine(store, profile, clock, played=True)
        self.engine.tick()
        gc.collect()
        gc.freeze()  # as a start does

    def send(self, assets: Sequence[Asset], value: int) -> None:
        """All figures of these devices, as of now."""
        draft, t = Draft(), self._clock.now
        for asset in assets:
            source = self.profile.source[asset.source]
            draft.event((asset.id * 2_654_435_761 + t) % 2**62, source.id, t, t)
            for metric in self.profile.metrics:
                draft.value(series_of(asset.id, metric.id), value)
        self.store.append(draft.batch()).result()

    def pass_by(self, seconds: int) -> float:
        """Let time pass at once; ms of CPU of the pass."""
        self._clock.now += seconds * 1000
        return self.evaluate()

    def evaluate(self) -> float:
        """A pass now; ms of CPU."""
        begun = time.process_time()
        self.engine.tick()
        return (time.process_time() - begun) * 1000

    def counts(self) -> tuple[int, int, int]:
        """Lines of the event log, alerts that are open, and of these how many are folded."""
        with self.store.read() as conn:
            lines = conn.execute("SELECT count(*) FROM event_log").fetchone()[0]
            sql = "SELECT count(*), count(cause) FROM alert WHERE closed IS NULL"
            alerts, folded = conn.execute(sql).fetchone()
        return int(lines), int(alerts), int(folded)


@contextmanager
def bench(profile: Profile) -> Iterator[Bench]:
    clock = Hand()
    with tempfile.TemporaryDirectory(prefix="cockpit-bench-") as scratch:
        store = Store(Path(scratch) / "cockpit.db", profile, clock, writable=True)
        store.start()
        try:
            made = Bench(profile, store, clock)
            yield made
            made.engine.stop()
        finally:
            store.close()
            gc.unfreeze()


def devices(conditions: int) -> Profile:
    """As many devices of one kind as make so many conditions."""
    base, source, like = _base()
    metrics = tuple(
        Metric(MetricId(n + 1), f"m{n}", _WORD, "1", 1, 0, 100, ("device",)) for n in range(FIGURES)
    )
    rules = tuple(
        msgspec.structs.replace(
            like, code=f"r{n}", asset_kind="device", metric=f"m{n % FIGURES}", op=">", raise_at=50.0,
            clear_at=40.0, for_s=FOR_S, keep_s=KEEP_S, cause=False, detects=(),
        )
        for n in range(RULES)
    )  # fmt: skip
    assets = tuple(_asset(n + 1, "device", base, source, RHYTHM_S) for n in range(conditions // RULES))
    return replace(base, assets=assets, metrics=metrics, rules=rules, indicators=(), sources=(source,))


def behind(causes: int, symptoms: int) -> Profile:
    """So many devices behind so many others, in equal parts; a rule of either tells of its silence."""
    base, source, _ = _base()
    silent = next(r for r in base.rules if kind_of(r).absence and r.asset_kind)
    rules = tuple(
        msgspec.structs.replace(silent, code=kind, asset_kind=kind, for_s=FOR_S, keep_s=KEEP_S, detects=())
        for kind in ("above", "below")
    )
    above = [_asset(n + 1, "above", base, source, CAUSE_RHYTHM_S) for n in range(causes)]
    below = [
        _asset(causes + n + 1, "below", base, source, 15, above[n % causes].code) for n in range(symptoms)
    ]
    metrics = (Metric(MetricId(1), "m0", _WORD, "1", 1, 0, 100, ("above", "below")),)
    assets = (*above, *below)
    return replace(base, assets=assets, metrics=metrics, rules=rules, indicators=(), sources=(source,))


def _base() -> tuple[Profile, Source, Rule]:
    base = load(DEFAULT_PROFILE, size="district")
    source = next(s for s in base.sources if s.kind == "machine" and s.time == "domain")
    return base, source, next(r for r in base.rules if kind_of(r).looks_at == "values")


def _asset(
    number: int, kind: str, base: Profile, source: Source, rhythm_s: int, depends_on: str = ""
) -> Asset:
    unit, code = base.units[number % len(base.units)].code, f"{kind}-{number}"
    return Asset(AssetId(number), code, kind, code, unit, source.code, None, None, rhythm_s, depends_on, {})


def changing(conditions: int, every: int, rounds: int) -> dict[str, Any]:
    """Passes in which the conditions of one device in `every` change, four a round. CPU in ms."""
    with bench(devices(conditions)) as made:
        some = made.profile.assets[::every]
        changes = len(some) * RULES
        made.pass_by(1)
        made.send(made.profile.assets, GOOD)
        made.pass_by(1)
        passes: dict[str, list[float]] = {"pending": [], "opened": [], "recovering": [], "closed": []}
        lines = made.counts()[0]
        for _ in range(rounds):
            made.pass_by(5)
            made.send(some, BAD)
            passes["pending"].append(made.evaluate())
            passes["opened"].append(made.pass_by(FOR_S))
            opened = made.counts()[1]
            made.send(some, GOOD)
            passes["recovering"].append(made.evaluate())
            passes["closed"].append(made.pass_by(KEEP_S))
        written = (made.counts()[0] - lines) / rounds / len(passes)
        idle = made.pass_by(1)
    every_pass = sorted(ms for found in passes.values() for ms in found)
    return {
        "conditions": conditions,
        "rules": RULES,
        "changes": changes,
        "lines_written": round(written),
        "alerts": opened,
        "p95_ms": round(every_pass[min(len(every_pass) - 1, int(len(every_pass) * 0.95))], 1),
        "median_ms": {what: round(sorted(ms)[len(ms) // 2], 1) for what, ms in passes.items()},
        "idle_ms": round(idle, 1),
    }


def inhibited(causes: int, symptoms: int = BEHIND) -> dict[str, Any]:
    """All fall silent at once; µs of CPU an alert until all alerts are open, those of symptoms folded."""
    with bench(behind(causes, symptoms)) as made:
        made.pass_by(1)
        made.send(made.profile.assets, GOOD)
        made.pass_by(1)
        spent = sum(made.pass_by(5) for _ in range((3 * CAUSE_RHYTHM_S + 3 * FOR_S) // 5))
        _, alerts, folded = made.counts()
    per_alert = round(spent * 1000 / max(1, alerts), 1)
    return {"causes": causes, "alerts": alerts, "folded": folded, "us_per_alert": per_alert}


def measure(progress: Callable[[str], None] = lambda _: None) -> dict[str, Any]:
    """All of it: `changing` by number of conditions, `inhibition` by number of causes, and the ratio."""
    found: dict[str, Any] = {}
    for conditions, rounds in ROUNDS.items():
        for what, every in (("some", 10), ("all", 1)):
            progress(f"{conditions:,} conditions, {what} of them change in a pass")
            one = changing(conditions, every, rounds if every > 1 else max(1, rounds // 3))
            found.setdefault(str(conditions), {})[what] = one
    inhibition: dict[str, Any] = {}
    for causes in CAUSES:
        progress(f"{BEHIND:,} symptoms behind {causes:,} causes")
        inhibition[str(causes)] = inhibited(causes)
    few, many = (inhibition[str(causes)]["us_per_alert"] for causes in CAUSES)
    return {"changing": found, "inhibition": {**inhibition, "ratio": round(many / few, 2)}}


def over_limits(result: dict[str, Any]) -> list[str]:
    """What breaks a promise, as sentences."""
    broken = []
    for conditions, limit in LIMITS_MS.items():
        one = result["changing"][str(conditions)]["some"]
        if one["p95_ms"] > limit:
            told = f"{one['changes']:,} changes of {conditions:,} conditions"
            broken.append(f"{told}: p95 of a pass {one['p95_ms']} ms, expected at most {limit:g} ms")
        if one["lines_written"] != one["changes"]:
            broken.append(f"{one['lines_written']} lines written a pass, expected {one['changes']}")
    if result["inhibition"]["ratio"] > LIMIT_RATIO:
        ratio = result["inhibition"]["ratio"]
        broken.append(f"an alert behind {CAUSES[1]:,} causes costs {ratio} times, expected {LIMIT_RATIO}")
    return broken
