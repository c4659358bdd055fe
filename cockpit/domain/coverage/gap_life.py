"""What people make of a coverage gap: reported → verified → planned → building → closed.

Somebody verifies on the spot what was measured, says who mends it by when, says that the work is done on the
mast, and closes it with the proof. The proof is measured after the work alone: at least ten independent looks
on the ground of the gap, and the share of bad samples surely under three tenths. A closed gap that is bad
again is verified at once, under its own number; `reopened` counts how often.

What was measured before the work stays in the window of measurements for a month, and must not open the gap
again: until `quiet` the engine looks past it, and people may open it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal, NamedTuple

import msgspec

from cockpit.domain import periods
from cockpit.domain.coverage.cells import CellStats, merged, share
from cockpit.domain.registers import CLOSED, Entry, Moved, Step

REPORTED, VERIFIED, PLANNED, BUILDING = "reported", "verified", "planned", "building"
State = Literal["reported", "verified", "planned", "building", "closed"]
STATES: tuple[State, ...] = ("reported", "verified", "planned", "building", "closed")

MIN_GROUPS, MAX_BAD = 10, 0.3
"""The proof: so many independent looks, and the upper Wilson bound of the bad share under this."""
PLAN_DAYS = 10
"""Working days from verifying to a plan."""
MAX_AHEAD_MS = 5 * 366 * periods.DAY_MS
"""No plan runs for longer."""
QUIET_MS = 31 * periods.DAY_MS
"""So long after the work what was measured before it is still in the window of measurements."""


class Measure(msgspec.Struct, frozen=True):
    """What was measured on some ground: independent looks, and the bad share with its Wilson bounds."""

    samples: int
    groups: int
    share: float
    low: float
    high: float
    mean_dbm: float | None
    cells: int  # those that were measured at all

    @property
    def enough(self) -> bool:
        """Whether it proves that the ground is not bad."""
        return self.groups >= MIN_GROUPS and self.high < MAX_BAD


class Count(msgspec.Struct, frozen=True, array_like=True):
    """What the day of the work had measured of an operator in a cell before it."""

    operator: str
    h3: str
    n: int
    groups: int
    weak: int
    bad: int
    rsrp_sum: int


class GapLife(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is kept of a gap beside what is measured by now. `ground` are its cells when it was built,
    `base` what that day had measured there by then, `before` what was known of it, `after` the proof."""

    reopened: int = 0
    alone: bool = False  # the engine opened it again, by what was measured
    money: int | None = None  # millions of đồng
    planned: int | None = None  # by when it is to be closed, ms; stays when nothing is due any more
    built: int | None = None  # ms
    ground: tuple[str, ...] = ()
    base: tuple[Count, ...] = ()
    before: Measure | None = None
    after: Measure | None = None
    quiet: int = 0  # ms


def life_of(entry: Entry) -> GapLife:
    """What people have made of it; nothing yet in what older versions kept."""
    return msgspec.convert(entry.facts, GapLife)


def proof_of(cells: Sequence[CellStats]) -> Measure:
    """What these cells show, each of its best operator."""
    if not cells:
        return Measure(0, 0, 0.0, 0.0, 1.0, None, 0)
    whole = merged(cells[0].h3, cells)
    p, low, high = share(whole.bad, whole)
    mean = None if whole.mean_dbm is None else round(whole.mean_dbm, 1)
    return Measure(whole.n, whole.groups, round(p, 4), round(low, 4), round(high, 4), mean, len(cells))


def since_work(life: GapLife, measured: Mapping[tuple[str, str], CellStats]) -> list[CellStats]:
    """Cell by cell the operator that serves it best of what was measured after the work. `measured`: by
    operator and cell from the day of the work on."""
    base = {(count.operator, count.h3): count for count in life.base}
    best: dict[str, CellStats] = {}
    for (operator, h3), all_day in sorted(measured.items()):
        cell = all_day
        if (before := base.get((operator, h3))) is not None:
            cell = all_day._replace(
                n=all_day.n - before.n,
                groups=all_day.groups - before.groups,
                weak=all_day.weak - before.weak,
                bad=all_day.bad - before.bad,
                rsrp_sum=all_day.rsrp_sum - before.rsrp_sum,
            )
        if cell.n <= 0 or cell.groups <= 0 or h3 not in life.ground:
            continue
        if h3 not in best or _better(cell) < _better(best[h3]):
            best[h3] = cell
    return [best[h3] for h3 in sorted(best)]


def _better(cell: CellStats) -> tuple[float, int]:
    """Who serves a cell best is surely least bad there: few looks prove little."""
    return share(cell.bad, cell)[2], -cell.groups


class Taken(NamedTuple):
    """Who takes a step, when, and what shows it."""

    t: int
    actor: str
    shown: Mapping[str, Any]


def verified(entry: Entry, due: int, by: Taken) -> Moved:
    """Somebody has seen that it is so: a plan is due."""
    return _stepped(entry, VERIFIED, "verified", life_of(entry), by, due=due)


def planned(entry: Entry, owner: str, due: int, money: int | None, by: Taken) -> Moved:
    """Who mends it, by when, for how much."""
    life = msgspec.structs.replace(life_of(entry), money=money, planned=due)
    shown = {**by.shown, "owner": owner, "due": due}
    if money is not None:
        shown["money"] = money
    return _stepped(entry, PLANNED, "planned", life, by._replace(shown=shown), due=due, owner=owner)


def built(entry: Entry, base: Iterable[Count], by: Taken) -> Moved:
    """The work is under way or done: what is measured from here on is the proof, or is none."""
    facts = entry.facts
    mean = round(facts["rsrp_sum"] / facts["samples"] / 10, 1) if facts.get("samples") else None
    before = Measure(
        samples=facts.get("samples", 0),
        groups=facts.get("groups", 0),
        share=facts.get("share", 0.0),
        low=facts.get("low", 0.0),
        high=facts.get("high", 1.0),
        mean_dbm=mean,
        cells=len(facts["cells"]),
    )
    life = msgspec.structs.replace(
        life_of(entry),
        built=by.t,
        ground=tuple(facts["cells"]),
        base=tuple(base),
        before=before,
        after=None,
    )
    return _stepped(entry, BUILDING, "building", life, by, due=entry.due)


def closed(entry: Entry, proof: Measure, by: Taken) -> Moved:
    """It is proved to be none any more."""
    life = life_of(entry)
    quiet = (life.built or by.t) + QUIET_MS
    after = msgspec.structs.replace(life, after=proof, quiet=quiet, base=())
    shown = {**by.shown, "measured": msgspec.to_builtins(proof)}
    return _stepped(entry, CLOSED, "proved", after, by._replace(shown=shown), due=None)


def reopened(entry: Entry, due: int, by: Taken) -> Moved:
    """Bad again, as somebody has seen."""
    life = msgspec.convert(opened_again(entry), GapLife)
    return _stepped(entry, VERIFIED, "reopened", life, by, due=due)


def opened_again(entry: Entry) -> dict[str, Any]:
    """What is kept of the life of a gap that opens again."""
    return {"reopened": life_of(entry).reopened + 1}


def _stepped(
    entry: Entry,
    to: str,
    what: str,
    life: GapLife,
    by: Taken,
    *,
    due: int | None,
    owner: str = "",
) -> Moved:
    measured = {k: v for k, v in entry.facts.items() if k not in GapLife.__struct_fields__}
    after = replace(
        entry,
        state=to,
        owner=owner or entry.owner,
        due=due,
        closed=by.t if to == CLOSED else None,
        version=entry.version + 1,
        facts={**measured, **msgspec.to_builtins(life)},
    )
    return Moved(after, entry.version, Step(by.t, by.actor, what, entry.state, to, by.shown))
