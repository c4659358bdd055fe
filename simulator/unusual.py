"""When values lie far from what was usual in their hour, for so long that a rule about that is broken: worked
out from what devices measure and from the past that was played before."""

from __future__ import annotations

import numpy as np

from cockpit.domain.alerting.usual import LEAST_WEEKS, apart, days_before, usual
from cockpit.domain.catalog import Rule
from cockpit.domain.periods import HOUR_MS
from simulator.analytics import CHANGE
from simulator.crossings import Run, beyond, heard, of_one
from simulator.history import History, Hours
from simulator.play import Play
from simulator.rng import F64, I64
from simulator.world import Kind


def unusual(play: Play, rule: Rule, start: int, end: int, past_days: int) -> list[Run]:
    """Runs of a rule over events of [start, end). `past_days`: so many provincial days, the last of which
    `start` lies in, were played as a past; a day that is compared with one that was not is left out."""
    kind = next((k for k in play.world.kinds if k.code == rule.asset_kind), None)
    column = next((n for n, m in enumerate(kind.metrics) if m.code == rule.metric), None) if kind else None
    if kind is None or column is None:
        return []
    zone = play.world.zone
    last = int(zone.day_of(start - 1))
    tables = {}
    for day in range(int(zone.day_of(start)), int(zone.day_of(end - 1)) + 1):
        before = days_before(day, rule.weeks)
        there = [one for one in before if last - past_days < one <= last]
        if len(there) >= LEAST_WEEKS and all(one <= last for one in before):
            tables[day] = _usual(play, kind, rule, there, start, past_days)
    found: list[Run] = []
    for position in range(len(kind.index) if tables else 0):
        i, t, step = heard(play.world, kind, position, start, end)
        if not len(t):
            continue
        values = kind.values(i, t, step)[column] / kind.metrics[column].scale
        centre, spread = _at(
            tables, position, zone.day_of(t), (t - zone.day_start(zone.day_of(t))) // HOUR_MS
        )
        off = apart(rule, values, centre, spread)
        bad = beyond(rule, off, rule.raise_at)
        if bad.any():
            found += of_one(rule, kind, position, t, bad, ~np.isnan(off) & ~beyond(rule, off, rule.clear_at))
    return found


Table = tuple[F64, F64]


def _at(tables: dict[int, Table], position: int, day: I64, hour: I64) -> Table:
    centre, spread = np.full(len(day), np.nan), np.full(len(day), np.nan)
    for one, (middle, width) in tables.items():
        rows = np.flatnonzero(day == one)
        centre[rows], spread[rows] = middle[position, hour[rows]], width[position, hour[rows]]
    return centre, spread


def _usual(play: Play, kind: Kind, rule: Rule, days: list[int], start: int, past_days: int) -> Table:
    history = History(play, past_days, start)
    metric = next(m for m in kind.metrics if m.code == rule.metric)
    sums = np.stack([np.stack(_hours(history, kind, rule.metric, day), axis=1) for day in days])
    due = np.full(len(kind.index), HOUR_MS / kind.rhythm_ms)
    centre, spread, _ = usual(sums, due, metric.scale)
    return centre, spread


def _hours(history: History, kind: Kind, metric: str, day: int) -> Hours:
    """As a cockpit was told them: of a camera with an analytics box by what that sees."""
    hours = history.kind_hours(kind, day)
    found = hours[metric]
    if kind.box is None or (metric != CHANGE and metric not in {m.code for m in kind.box.metrics}):
        return found
    seen = history.box_hours(kind.box, day, found[0])[metric]
    both = [np.where(kind.box.has[:, None], box, plain) for box, plain in zip(seen, found, strict=True)]
    return both[0], both[1], both[2], both[3]
