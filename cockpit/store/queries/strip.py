"""What the strip over every page shows: cheap, read every second."""

from __future__ import annotations

from typing import NamedTuple

from cockpit.store.handles import Read
from cockpit.store.queries.alerts import STANDS
from cockpit.store.queries.registers import mutes_at


class Strip(NamedTuple):
    """Instants in ms, None where there was none: `beat` is the real time of the evaluator's last sign
    of life, `evaluated` the domain time of its last evaluation."""

    beat: int | None
    evaluated: int | None
    muted: int
    open_alerts: int
    unacknowledged: int


def watched_since(conn: Read) -> int | None:
    """Since when (ms of domain time) the evaluator has watched without a gap; None if that is not known."""
    row = conn.execute("SELECT value FROM meta WHERE key = 'engine_since'").fetchone()
    return int(row[0]) if row else None


def strip(conn: Read, now_ms: int) -> Strip:
    """Signs of life of the evaluator, mutes that last at `now_ms`, alerts that stand for themselves."""
    beat = conn.execute("SELECT value FROM meta WHERE key = 'engine_beat'").fetchone()
    evaluated = conn.execute("SELECT max(computed) FROM indicator_now").fetchone()[0]
    muted = mutes_at(conn, now_ms)
    opened, waiting = conn.execute(
        f"SELECT count(*), count(*) FILTER (WHERE ack_at IS NULL) FROM alert WHERE {STANDS}"
    ).fetchone()
    return Strip(int(beat[0]) if beat else None, evaluated, muted, opened, waiting)
