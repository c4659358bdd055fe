"""What computing all indicators anew costs after many new records: a part of `cockpit bench evaluate`.

Dossiers of all units come in through the store as those of a feed do, half of them settled; then every
indicator is computed for the province and all of its units, and those that count registers at the tick after.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from cockpit.domain.periods import DAY_MS
from cockpit.engine import Engine
from cockpit.profiles import Profile
from cockpit.store import Store
from cockpit.store.batch import Batch, Draft, Record

RECORDS = 100_000
BODY = 1_000
DAYS = 30
"""The records are spread over so many days that end now."""

LIMIT_S = 2.0
"""The product's promise for all indicators, from records that are stored."""

PRIME = 2_654_435_761


def measure(
    engine: Engine, profile: Profile, store: Store, now: int, records: int = RECORDS
) -> dict[str, Any]:
    """Bring the records in and compute all anew. `now` is the engine's instant, in ms."""
    begun = time.perf_counter()
    bodies = (_body(profile, now, first, min(BODY, records - first)) for first in range(0, records, BODY))
    stored = sum(store.append(body).result().accepted for body in bodies)
    store.flush()
    took = time.perf_counter() - begun
    walls, cpus = zip(*(_timed(step) for step in (_anew(engine), engine.tick)), strict=True)
    return {
        "records": stored,
        "units": len(profile.units),
        "indicators": len(profile.indicators),
        "stored_s": round(took, 3),
        "wall_s": round(sum(walls), 3),
        "cpu_s": round(sum(cpus), 3),
    }


def _anew(engine: Engine) -> Callable[[], None]:
    def run() -> None:
        engine.compute_anew()
        engine.tick()

    return run


def _timed(step: Callable[[], None]) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.thread_time()
    step()
    return time.perf_counter() - wall, time.thread_time() - cpu


def _body(profile: Profile, now: int, first: int, n: int) -> Batch:
    source = next(s for s in profile.sources if "dossier" in s.records and s.time == "domain").id
    draft, rows = Draft(), []
    for number in range(first, first + n):
        opened = now - number * PRIME % (DAYS * DAY_MS)
        turn, place = divmod(number, len(profile.units))
        unit = profile.units[place].code
        state = "solved" if turn % 2 else "received"
        fields = {"online": turn % 4 > 0, "digitised": turn % 5 > 0, "fee": 0, "eresult": turn % 3 > 0}
        at = draft.event(-number - 1, source, opened, now)
        due = opened + 5 * DAY_MS
        rows.append((at, Record("dossier", f"B{number}", unit, state, due, fields)))
    batch = draft.batch()
    batch.records = rows
    return batch
