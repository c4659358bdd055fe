"""The alerts of a demo's past, which nobody watched: what every rule would have raised, by `rules backtest`.

`python -m cockpit.engine.reckoned` reads one task and writes the alerts, one line of JSON each, the oldest
first. It works beside the cockpit, on what its store keeps, and writes nothing itself. The same past gives
the same alerts.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import msgspec

from cockpit import signals
from cockpit.clock import RealClock
from cockpit.domain.numbers import AlertId
from cockpit.domain.periods import HOUR_MS
from cockpit.engine.backtest import closed_alerts
from cockpit.engine.columns import DOMAIN, REAL
from cockpit.profiles import Profile, load
from cockpit.store import Store, rule_sets
from cockpit.store.alerts import Alert

NICE = 15
"""Everything else comes first: nobody waits for these."""


class Task(msgspec.Struct, frozen=True):
    """The database, whose province, and the past: so many `days` before `until_ms`."""

    database: str
    profile: str
    size: str
    days: int
    until_ms: int


def alerts(store: Store, profile: Profile, days: int, until_ms: int) -> list[Alert]:
    """Those that were over when the past ended, numbered below zero in the order in which they opened; what
    stood then is the engine's to open. The hour that was begun belongs to the present. Raises StoreError."""
    end = until_ms // HOUR_MS * HOUR_MS - 1
    now = {DOMAIN: end, REAL: end}
    played = {source.code for source in profile.sources if source.time == "domain"}
    found = [
        replace(alert, simulated=1, muted="")
        for rule in profile.rules
        for alert in closed_alerts(store, profile, rule, days, now)
        if not alert.source or alert.source in played
    ]
    found.sort(key=lambda alert: (alert.opened, alert.key))
    return [replace(alert, id=AlertId(n - len(found))) for n, alert in enumerate(found)]


def lines(found: Iterable[Alert]) -> Iterable[bytes]:
    """One alert a line."""
    return (msgspec.json.encode(alert) + b"\n" for alert in found)


def main() -> None:
    os.nice(NICE)
    task = msgspec.json.decode(sys.stdin.readline(), type=Task)
    signals.end_with_input(sys.stdin)
    profile = load(task.profile, size=task.size)
    store = Store(Path(task.database), profile, RealClock(), writable=False)
    store.start()
    _, rules = rule_sets.newer(store, "") or ("", None)
    if rules is not None:
        profile = replace(profile, rules=rules)
    for line in lines(alerts(store, profile, task.days, task.until_ms)):
        sys.stdout.buffer.write(line)
    sys.stdout.buffer.flush()
    store.close()


if __name__ == "__main__":
    main()
