"""When values stand beyond a threshold for so long that a rule about them is broken: worked out from what
devices measure, event by event, by the meaning of the rule alone.

A value is *wrong* beyond `raise_at`, *good* when it is not beyond `clear_at`. An alert opens when it has been
wrong for `for_s` without a break, and is over when it has been good for `keep_s`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from cockpit.domain.catalog import Rule
from cockpit.domain.periods import HOUR_MS
from simulator.rng import F64, I64, Bools
from simulator.telemetry import silent
from simulator.world import Kind, World

CHUNK_MS = HOUR_MS
SLACK_MS = 1_500
"""What the way of events may add to or take from a length of time between two of them."""


@dataclass(frozen=True, slots=True)
class Run:
    """An asset whose value is wrong from `start` on and good again from `end` on (ms, times of events).

    `since` is from when on it is wrong without a break for as long as the rule asks, so that an alert must
    open; −1 where it lasts about as long as that, so that nobody can say.
    """

    rule: str
    asset: int
    start: int
    end: int
    since: int

    @property
    def sure(self) -> bool:
        return self.since >= 0


@dataclass(frozen=True, slots=True)
class _Look:
    """How values of one kind of devices are judged: the rules that are looked at, the column and scale of the
    metric of each, and whether all of them must be wrong or any."""

    kind: Kind
    rules: tuple[Rule, ...]
    columns: tuple[int, ...]
    scales: tuple[int, ...]
    every: bool

    def judge(self, i: I64, t: I64, step: I64) -> tuple[Bools, Bools]:
        """Of events: which are wrong, which are good."""
        found = self.kind.some(self.columns, i, t, step)
        wrong, good = [], []
        for rule, column, scale in zip(self.rules, self.columns, self.scales, strict=True):
            values = found[column] / scale
            wrong.append(beyond(rule, values, rule.raise_at))
            good.append(~beyond(rule, values, rule.clear_at))
        most, least = (np.logical_and, np.logical_or) if self.every else (np.logical_or, np.logical_and)
        return most.reduce(wrong), least.reduce(good)


def beyond(rule: Rule, values: F64, edge: float | None) -> Bools:
    """Which values are on the worse side of a threshold of a rule."""
    limit = 0.0 if edge is None else edge
    return np.asarray(values > limit if rule.op == ">" else values < limit)


def _look(world: World, rules: Sequence[Rule], every: bool) -> _Look | None:
    """None where no devices are judged by these rules."""
    kind = next((k for k in world.kinds if k.code == rules[0].asset_kind), None)
    if kind is None or any(r.raise_at is None or r.clear_at is None for r in rules):
        return None
    at = {m.code: n for n, m in enumerate(kind.metrics)}
    if any(r.metric not in at or r.asset_kind != kind.code for r in rules):
        return None
    columns = tuple(at[r.metric] for r in rules)
    return _Look(kind, tuple(rules), columns, tuple(kind.metrics[c].scale for c in columns), every)


def runs(
    world: World, rule: Rule, start: int, end: int, parts: Sequence[Rule] = (), *, every: bool = True
) -> list[Run]:
    """Runs of a threshold rule over events of [start, end), silent devices left out; or of a rule that
    combines threshold rules, `parts`, and is wrong where all of them are (`every`), or any."""
    look = _look(world, parts or (rule,), every)
    if look is None:
        return []
    kind, crossing = look.kind, set[int]()
    for t0 in range(start, end, CHUNK_MS):
        i, t, step = kind.due(t0, min(t0 + CHUNK_MS, end))
        crossing.update(np.unique(i[look.judge(i, t, step)[0]]).tolist())
    found: list[Run] = []
    for position in sorted(crossing):
        i, t, step = heard(world, kind, position, start, end)
        if len(t):
            found += of_one(rule, kind, position, t, *look.judge(i, t, step))
    return found


def changes(world: World, rule: Rule, start: int, end: int) -> list[Run]:
    """Runs of a rule about change over events of [start, end): against the value `span_s` earlier, an hour's
    worth. Where there is none at most two rhythms older, nothing is known."""
    look = _look(world, (rule,), every=True)
    if look is None:
        return []
    kind, (column,), (scale,) = look.kind, look.columns, look.scales
    span_ms, found = rule.span_s * 1000, list[Run]()
    for position in range(len(kind.index)):
        i, t, step = heard(world, kind, position, start, end)
        if not len(t):
            continue
        values = kind.some((column,), i, t, step)[column] / scale
        earlier = np.searchsorted(t, t - span_ms, side="right") - 1
        apart = t - t[earlier]
        known = (earlier >= 0) & (apart <= span_ms + 2 * kind.rhythm_ms)
        rate = np.where(known, (values - values[earlier]) * HOUR_MS / np.where(known, apart, 1), 0.0)
        bad = known & beyond(rule, rate, rule.raise_at)
        if bad.any():
            good = known & ~beyond(rule, rate, rule.clear_at)
            found += of_one(rule, kind, position, t, bad, good)
    return found


def heard(world: World, kind: Kind, position: int, start: int, end: int) -> tuple[I64, I64, I64]:
    """Position, time and number of one device's events."""
    first, last = (-((int(kind.phase[position]) - t) // kind.rhythm_ms) for t in (start, end))
    step = np.arange(first, last, dtype=np.int64)
    i = np.full(len(step), position, dtype=np.int64)
    t = step * kind.rhythm_ms + kind.phase[position]
    if len(t):
        heard = ~silent(world, kind.index[i], t)
        i, t, step = i[heard], t[heard], step[heard]
    return i, t, step


def of_one(rule: Rule, kind: Kind, position: int, t: I64, bad: Bools, good: Bools) -> Iterator[Run]:
    """Runs of one device by its events: when they were, which are wrong, which are good."""
    asset, rhythm = int(kind.index[position]), kind.rhythm_ms
    for_ms, keep_ms = rule.for_s * 1000, rule.keep_s * 1000
    start = unbroken = sure = good_since = -1  # of the run, of what is wrong without a break, of what is good
    before = 0
    for at, is_bad, is_good in zip(t.tolist(), bad.tolist(), good.tolist(), strict=True):
        # After a silence nothing is known: what was about to open begins anew.
        lost, before = before and at - before > 2 * rhythm - SLACK_MS, at
        if not is_bad or lost:
            if unbroken >= 0 and sure < 0 and at - unbroken < for_ms - SLACK_MS and start == unbroken:
                start = -1  # too short for anyone
            unbroken = -1
        if sure >= 0 and good_since >= 0 and not is_good and at - good_since >= keep_ms - SLACK_MS:
            # Good for about as long as the rule asks: nobody can say whether it closed in between.
            yield Run(rule.code, asset, start, good_since, sure)
            start = sure = good_since = -1
        if is_bad:
            good_since = -1
            unbroken = at if unbroken < 0 else unbroken
            start = at if start < 0 else start
            if sure < 0 and at - unbroken >= for_ms:
                sure = unbroken
        elif start >= 0 and not is_good:
            good_since = -1
        elif start >= 0:
            good_since = at if good_since < 0 else good_since
            if at - good_since >= (keep_ms - SLACK_MS if sure >= 0 else 0):
                yield Run(rule.code, asset, start, good_since, sure)
                start = sure = good_since = -1
    if start >= 0 and (sure >= 0 or before + rhythm - start >= for_ms - SLACK_MS):
        yield Run(rule.code, asset, start, good_since if good_since >= 0 else before + rhythm, sure)
