"""Ten thousand alerts at once: what the pages and the actions cost then. `python -m cockpit.bench.flood`.

Cells, cameras, sites and loudspeakers of the province send bad values, all in the same quarter of a minute,
to a real store and engine; their rules wait a minute, whatever they wait else, so that all open together.
Then `cockpit serve` runs on that data: a viewer opens home and the alert desk, runs them again and refreshes
them, and an operator's token acknowledges one alert, a thousand, and all the rest, and hides a rule. Seconds
of the wall, from the request to the end of the script or to the answer.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
import time
import urllib.request
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import msgspec

from cockpit.bench import processes
from cockpit.bench.changing import Hand
from cockpit.bench.wsclient import Viewer
from cockpit.clock import RealClock
from cockpit.config import DEFAULT_PROFILE
from cockpit.domain.catalog import Asset, Metric, Rule, series_of
from cockpit.engine import Engine
from cockpit.engine.kinds import kind_of
from cockpit.profiles import Profile, load
from cockpit.store import Store
from cockpit.store.batch import Draft
from cockpit.store.queries import alerts

KINDS = frozenset({"cell", "camera", "site", "loudspeaker"})
FOR_S, STEP_S = 60, 15
ALERTS = 10_000
ROUNDS = 9
PAGES = ("", "alerts")
LIMITS = {"page_s": 0.3, "action_s": 1.0}
"""The product's promise with so many alerts: a page again, an action."""


def raise_all(directory: Path, now_ms: int) -> int:
    """A data directory in which all that could go bad has done so by `now_ms`; how many alerts are open."""
    base = load(DEFAULT_PROFILE, size="province")
    rules = tuple(msgspec.structs.replace(r, for_s=FOR_S) if _takes_part(r) else r for r in base.rules)
    profile, clock = replace(base, rules=rules), Hand()
    steps = FOR_S // STEP_S + 3
    clock.now = now_ms - steps * STEP_S * 1000
    store = Store(directory / "cockpit.db", profile, clock, writable=True)
    store.start()
    try:
        engine = Engine(store, profile, clock)
        engine.tick()
        for step in range(steps):
            clock.now += STEP_S * 1000
            _send(store, profile, clock.now, bad=step > 0)
            engine.tick()
        engine.stop()
        with store.read() as conn:
            return len(alerts.alerts(conn, "closed IS NULL", ()))
    finally:
        store.close()


def _takes_part(rule: Rule) -> bool:
    return kind_of(rule).looks_at == "values" and not rule.cause and rule.asset_kind in KINDS


def _send(store: Store, profile: Profile, t: int, *, bad: bool) -> None:
    """Every device once, as of just before `t`."""
    limits = {(r.asset_kind, r.metric): r for r in profile.rules if _takes_part(r)}
    draft, at = Draft(), t - 1000
    for asset in profile.assets:
        if asset.kind in KINDS and asset.source in profile.source:
            draft.event((asset.id * 2_654_435_761 + t) % 2**62, profile.source[asset.source].id, at, at)
            for metric in profile.metrics:
                if asset.kind in metric.kinds and metric.sent_by(asset):
                    value = _value(metric, asset, limits.get((asset.kind, metric.code)), bad=bad)
                    draft.value(series_of(asset.id, metric.id), round(value * metric.scale))
    store.append(draft.batch()).result()


def _value(metric: Metric, asset: Asset, rule: Rule | None, *, bad: bool) -> float:
    """Beyond the rule's threshold where it is `bad`, else well on the other side of it."""
    if rule is None or rule.raise_at is None:
        return metric.hi if (metric.lo, metric.hi) == (0, 1) else (metric.lo + metric.hi) / 2
    worst, best = (metric.hi, metric.lo) if rule.op == ">" else (metric.lo, metric.hi)
    return (rule.raise_at + worst) / 2 if bad else best


def measure() -> dict[str, Any]:
    """Medians and worst in seconds, by page and by action."""
    with tempfile.TemporaryDirectory(prefix="cockpit-bench-") as scratch:
        directory = Path(scratch)
        began = time.perf_counter()
        raised = raise_all(directory, RealClock().domain_ms())
        raised_s = time.perf_counter() - began
        with processes.running("serve", directory, ready_s=300) as cockpit:
            pages = asyncio.run(_pages(cockpit))
            actions = _actions(cockpit)
            after = asyncio.run(_pages(cockpit))
    return {
        "alerts": raised,
        "raised_s": round(raised_s, 1),
        "pages": pages,
        "actions": actions,
        "pages_after": after,
        "machine": processes.machine(),
    }


async def _pages(cockpit: processes.Running) -> dict[str, dict[str, float]]:
    found = {}
    for page in PAGES:
        async with Viewer(cockpit.address) as viewer:
            first = await viewer.open(page)
            runs = [await viewer.rerun() for _ in range(ROUNDS)]
            live = [await viewer.refresh_all() for _ in range(ROUNDS)]
        errors = [error for run in (first, *runs, *live) for error in run.errors]
        if errors:
            raise SystemExit(f"the page {page or 'home'} shows {errors[0]}")
        found[page or "home"] = {
            "first_s": round(first.seconds, 3),
            "page_s": round(median(run.seconds for run in runs), 3),
            "page_worst_s": round(max(run.seconds for run in runs), 3),
            "refresh_s": round(median(run.seconds for run in live), 3),
            "bytes": first.bytes,
        }
    return found


def _actions(cockpit: processes.Running) -> dict[str, float]:
    """Seconds until each was answered."""
    made = processes.HERE.run(
        "token", "person", "Lan", "--role", "operator", "--data-dir", str(cockpit.data_dir)
    )
    token = made.strip().splitlines()[-1]
    numbers = range(1, ALERTS + 1)  # they are given in order
    until = (datetime.now(UTC) + timedelta(hours=1)).isoformat(timespec="seconds")
    orders: dict[str, tuple[str, dict[str, Any]]] = {
        "one": ("acknowledge", {"alert": numbers[0], "note": "on the way"}),
        "a thousand": ("acknowledge_many", {"alerts": [*numbers[1:1001]], "note": "on the way"}),
        "the rest": ("acknowledge_many", {"alerts": [*numbers[1001:]], "note": "on the way"}),
        "a silence": ("silence", {"matchers": {"rule": "camera-loss"}, "until": until}),
        "a rule off": ("rule_off", {"rule": "cell-busy", "until": until}),
    }
    return {name: _order(cockpit, token, *order) for name, order in orders.items()}


def _order(cockpit: processes.Running, token: str, name: str, args: dict[str, Any]) -> float:
    body = json.dumps({"name": name, "args": args, "reason": "no mains far and wide"}).encode()
    request = urllib.request.Request(  # noqa: S310 - own address
        f"{cockpit.address}/api/v1/commands", body, {"Authorization": f"Bearer {token}"}
    )
    began = time.perf_counter()
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
        told = json.loads(answer.read())
    took = time.perf_counter() - began
    if told["code"] != "done":
        raise SystemExit(f"{name}: {told}")
    return round(took, 3)


def over_limits(result: dict[str, Any]) -> list[str]:
    """What breaks a promise, one line each."""
    found = []
    if result["alerts"] < ALERTS:
        found.append(f"{result['alerts']} alerts, expected at least {ALERTS}")
    for when in ("pages", "pages_after"):
        for name, page in result[when].items():
            found += [
                f"{when} {name}: {key} {page[key]} over {LIMITS['page_s']:g}"
                for key in ("page_s", "refresh_s")
                if page[key] > LIMITS["page_s"]
            ]
    for name, seconds in result["actions"].items():
        if seconds > LIMITS["action_s"]:
            found.append(f"{name}: {seconds} s over {LIMITS['action_s']:g}")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="only JSON on stdout")
    parser.add_argument("--check", action="store_true", help="exit 1 over a limit")
    options = parser.parse_args()
    figures = measure()
    print(json.dumps(figures, ensure_ascii=False, indent=None if options.json else 2))
    over = over_limits(figures)
    if over:
        print("\n".join(over), file=sys.stderr)
    if options.check and over:
        sys.exit(1)


if __name__ == "__main__":
    main()
