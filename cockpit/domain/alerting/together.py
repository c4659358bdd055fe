"""What belongs together in a list of open causes: a storm is one wave, and many of a kind are one row.

*A wave*: causes of one rule that began near each other in time and place. It is found by density, as
ST-DBSCAN does (Birant and Kut 2007, Data & Knowledge Engineering 60, 208-221), with two radii, one of time
and one of place: a cause with at least `LEAST` of its rule within both radii, itself counted, is dense;
dense causes within both radii of each other are of one wave, however far the chain goes, since a storm
wanders; what is not dense itself is of the wave of a dense cause within its radii. Nothing but what is
known of alerts counts: why it happened is for people to say.

*The radii* belong together. A tropical cyclone between 15 and 25 degrees north moves 17.5 km an hour (mean of
the Atlantic's in HURDAT, NOAA Hurricane Research Division, FAQ G16); so what lies `NEAR_M` further on is
reached within `NEAR_MS`. Places are those of commune-level units, of which a device has one.

Whoever asks passes causes that have closed since as well: while a wave ends in the middle it stays one.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import NamedTuple, TypeVar

from cockpit.domain.geo import Placed, haversine_m
from cockpit.domain.numbers import AlertId

NEAR_MS = 2 * 3_600_000
"""How far apart in time two causes of one wave may have begun."""

NEAR_M = 35_000
"""How far apart their places may lie: 2 hours at 17.5 km an hour."""

LEAST = 3
"""Fewer are no wave, and stand in rows of their own: two at once are soon a coincidence."""

R = TypeVar("R")
Near = Mapping[str, Sequence[str]]


class Begun(NamedTuple):
    """A cause, open or closed: its rule, the unit it lies in, and since when it is or was so (ms)."""

    alert: AlertId
    rule: str
    unit: str
    since: int


def neighbours(places: Iterable[Placed], within_m: float = NEAR_M) -> dict[str, tuple[str, ...]]:
    """By code of a place the codes of all that lie within so many metres, its own among them."""
    every = list(places)
    return {
        a.code: tuple(b.code for b in every if haversine_m(a.lat, a.lon, b.lat, b.lon) <= within_m)
        for a in every
    }


def waves(causes: Iterable[Begun], near: Near) -> dict[AlertId, AlertId]:
    """The wave of each cause that is of one, named by the lowest number among its dense causes. What lies in
    no unit of `near` is of none. The order of `causes` makes no difference."""
    by_rule: dict[str, list[Begun]] = {}
    for cause in causes:
        if cause.unit in near:
            by_rule.setdefault(cause.rule, []).append(cause)
    found: dict[AlertId, AlertId] = {}
    for same in by_rule.values():
        if len(same) >= LEAST:
            found |= _of_rule(sorted(same, key=lambda c: (c.since, c.alert)), near)
    return found


def _of_rule(ordered: list[Begun], near: Near) -> dict[AlertId, AlertId]:
    """`waves` of one rule, from its causes by time."""
    every = _Times(ordered)
    dense = [c for c in ordered if sum(len(every.around(c, unit)) for unit in near[c.unit]) >= LEAST]
    root = {c.alert: c.alert for c in dense}

    def top(alert: AlertId) -> AlertId:
        while root[alert] != alert:
            root[alert] = root[root[alert]]
            alert = root[alert]
        return alert

    # Of a unit the last one before is enough: those before it within the radius hang together with it.
    last: dict[str, Begun] = {}
    for c in dense:
        for unit in near[c.unit]:
            before = last.get(unit)
            if before is not None and c.since - before.since <= NEAR_MS:
                one, other = top(c.alert), top(before.alert)
                root[max(one, other)] = min(one, other)
        last[c.unit] = c
    found = {c.alert: top(c.alert) for c in dense}
    among = _Times(dense)
    for c in ordered:
        if c.alert not in root:
            # For the same reason the first and the last of a unit stand for all between.
            ends = (a for unit in near[c.unit] if (a := among.around(c, unit)))
            wave = min((found[x.alert] for a in ends for x in (a[0], a[-1])), default=None)
            if wave is not None:
                found[c.alert] = wave
    return found


class _Times:
    """Causes by unit, in order of time."""

    def __init__(self, ordered: Iterable[Begun]) -> None:
        self._causes: dict[str, list[Begun]] = {}
        for c in ordered:
            self._causes.setdefault(c.unit, []).append(c)
        self._since = {unit: [c.since for c in causes] for unit, causes in self._causes.items()}

    def around(self, cause: Begun, unit: str) -> list[Begun]:
        """Those of a unit that began within the radius of time around this one."""
        since = self._since.get(unit)
        if since is None:
            return []
        first = bisect_left(since, cause.since - NEAR_MS)
        return self._causes[unit][first : bisect_right(since, cause.since + NEAR_MS)]


def gathered(rows: Iterable[R], key: Callable[[R], Hashable | None]) -> list[list[R]]:
    """Rows of one key together where there are `LEAST` of them, where the first of them stood; others stand
    alone, and so do those without a key."""
    named = [(row, key(row)) for row in rows]
    n = Counter(name for _, name in named)
    found: dict[tuple[Hashable, int], list[R]] = {}
    for at, (row, name) in enumerate(named):
        of_many = name is not None and n[name] >= LEAST
        found.setdefault((name, 0) if of_many else (None, at), []).append(row)
    return list(found.values())
