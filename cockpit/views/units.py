"""Every unit, or department, by one figure: its place among its like, how sure that is, and how it moved."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from cockpit.domain.catalog import Indicator, Text
from cockpit.domain.indicators import Status, share
from cockpit.domain.ranking import Bounds, Place, bounds, places, surely_apart
from cockpit.profiles.formulas import factor, of_records, reckoned
from cockpit.store.handles import Read
from cockpit.store.queries import figures as q
from cockpit.store.queries import indicators as counted
from cockpit.store.rows import IndicatorNow
from cockpit.views.context import ViewContext
from cockpit.views.figures import day_of, records_of

KEEP_S = 5.0
"""Seconds a computed view is good for: figures by unit are of days."""

Group = Literal["phuong", "xa", "dac_khu", "department"]
GROUPS: tuple[Group, ...] = ("phuong", "xa", "dac_khu", "department")

MOVES_DAYS = 7
"""Days that are compared with as many before them."""
MOVERS = 5
PER = 10_000
"""Inhabitants to whom counts are related."""


UNSURE = ("suspect", "stale", "nodata")
"""What has no place: a feed that lies or rests puts nobody first. A share of few has one, with its bounds."""


class Move(NamedTuple):
    """How a share moved: of the last days against those before, with the parts of both, which say why."""

    now: float
    before: float
    parts: tuple[int, int]
    parts_before: tuple[int, int]
    sure: bool

    @property
    def by(self) -> float:
        return self.now - self.before


@dataclass(frozen=True, slots=True)
class Ranked:
    """A unit or department by one figure. `per` is a count to 10,000 inhabitants."""

    code: str
    name: Text
    group: Group
    population: int | None
    value: float | None
    status: Status
    part: float | None
    whole: float | None
    bounds: Bounds | None
    place: Place | None
    move: Move | None
    per: float | None


@dataclass(frozen=True, slots=True)
class UnitsView:
    """`rows` by group, the best first, those without a value at the end; `better` and `worse` moved most."""

    indicator: Indicator
    province: float | None
    rows: Mapping[Group, tuple[Ranked, ...]]
    better: tuple[Ranked, ...]
    worse: tuple[Ranked, ...]


def rankable(ctx: ViewContext) -> tuple[Indicator, ...]:
    """The indicators that units or departments have figures of, in the order of the profile."""
    with ctx.store.read() as conn:
        have = q.known_by_unit(conn)
    return tuple(i for i in ctx.profile.indicators if i.code in have and i.direction != "none")


def build(ctx: ViewContext, code: str) -> UnitsView:
    """By the indicator of that code. Raises KeyError."""
    indicator = ctx.profile.indicator[code]
    with ctx.store.read() as conn:
        now = {row.unit: row for row in q.by_unit(conn, code)}
        whole = q.province(conn, [code]).get(code)
        moves = moved(ctx, conn, indicator)
    groups = {group: of_group(ctx, indicator, group, now, moves) for group in GROUPS}
    every = [row for rows in groups.values() for row in rows if row.move is not None and row.move.by]
    sign = -1 if indicator.direction == "down" else 1
    ordered = sorted(every, key=lambda r: (-sign * r.move.by if r.move else 0, r.code))
    better = tuple(r for r in ordered if r.move is not None and sign * r.move.by > 0)[:MOVERS]
    worse = tuple(r for r in reversed(ordered) if r.move is not None and sign * r.move.by < 0)[:MOVERS]
    return UnitsView(
        indicator,
        whole.value if whole else None,
        {g: rows for g, rows in groups.items() if rows},
        better,
        worse,
    )


def members(ctx: ViewContext, group: Group) -> dict[str, tuple[Text, int | None]]:
    """Name and inhabitants of all of a group, by code."""
    if group == "department":
        return {code: (name, None) for code, name in ctx.profile.bodies.items()}
    return {u.code: (Text(u.name, u.name), u.population) for u in ctx.profile.units if u.kind == group}


def group_of(ctx: ViewContext, code: str) -> Group:
    """The group of a unit or department."""
    unit = ctx.profile.unit.get(code)
    kind: Group = "department" if unit is None else unit.kind
    return kind


def of_group(
    ctx: ViewContext,
    indicator: Indicator,
    group: Group,
    now: Mapping[str, IndicatorNow],
    moves: Mapping[str, Move],
) -> tuple[Ranked, ...]:
    """Those of a group that have the figure at all."""
    whose = members(ctx, group)
    rows = {code: now[code] for code in whose if code in now}
    per = {code: _per(indicator, row.value, whose[code][1]) for code, row in rows.items()}
    related = any(value is not None for value in per.values())
    compared = {
        code: None if row.status in UNSURE else per[code] if related else row.value
        for code, row in rows.items()
    }
    standing = places(compared, indicator.direction)
    found = []
    for code, row in rows.items():
        detail = json.loads(row.detail)
        part, whole = detail.get("part"), detail.get("whole")
        status: Status = row.status  # type: ignore[assignment]
        found.append(
            Ranked(
                code, whose[code][0], group, whose[code][1], row.value, status, part, whole,
                bounds(part, whole) if indicator.unit.vi == "%" else None,
                standing.get(code), moves.get(code), per[code],
            )
        )  # fmt: skip
    return tuple(sorted(found, key=lambda r: (r.place is None, r.place or (), r.code)))


def _per(indicator: Indicator, value: float | None, population: int | None) -> float | None:
    """A count to so many inhabitants: a share needs none."""
    if value is None or not population or indicator.measure["kind"] != "overdue":
        return None
    return value * PER / population


def moved(ctx: ViewContext, conn: Read, indicator: Indicator) -> dict[str, Move]:
    """How the shares that are counted from records moved, by unit: the last full days against those before.
    Where either has nothing to count, nothing is said."""
    if not of_records(indicator) or indicator.unit.vi != "%":
        return {}
    last = day_of(ctx.now_ms, ctx.profile.utc_offset_s) - 1
    first = last - MOVES_DAYS + 1
    kinds = records_of(indicator)
    since = [q.first_records(conn, kind) for kind in kinds]
    if any(day is None or day > first - MOVES_DAYS for day in since):
        return {}
    now = _shares(ctx, conn, indicator, first, last)
    before = _shares(ctx, conn, indicator, first - MOVES_DAYS, first - 1)
    found = {}
    for code, parts in now.items():
        old = before.get(code)
        here, there = share(*parts), share(*old) if old else None
        if here is not None and there is not None and old is not None:
            sure = surely_apart(bounds(*parts), bounds(*old))
            found[code] = Move(here, there, parts, old, sure)
    return found


def _shares(
    ctx: ViewContext, conn: Read, indicator: Indicator, first: int, last: int
) -> dict[str, tuple[int, int]]:
    """Numerator and denominator by unit, counted over these days."""
    sums = {kind: counted.tally_counts(conn, kind, first, last) for kind in records_of(indicator)}
    times = factor(ctx.profile, indicator)
    found = {}
    for code in {unit for one in sums.values() for unit, _ in one if unit}:
        counts: dict[str, float | None] = {
            name: float(sums[one.records].get((code, one.tally), 0)) for name, one in indicator.counts.items()
        }
        _, part, whole = reckoned(indicator, counts, times)
        if part is not None and whole is not None:
            found[code] = round(part), round(whole)
    return found
