"""plans.toml: the plans that a province ships, and what a demo makes up so that they can be seen at work.

A year that is not known before a demo begins is written `YYYY`, as in `YYYY-03-31`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, TypeVar

import msgspec

from cockpit.domain.catalog import Text, Unit
from cockpit.domain.periods import to_date
from cockpit.domain.plans.days import is_day, number_of
from cockpit.domain.plans.drafts import ITEMS, Known, mistakes
from cockpit.domain.plans.model import Draft, PlanFacts, ProjectRow, Row, State
from cockpit.domain.registers import PROJECT, TARGET, TASK
from cockpit.profiles.model import Fact
from cockpit.profiles.reader import Problems, read_toml, tables

FILE = "plans.toml"
ANY_YEAR = "YYYY"
A_YEAR = "2026"
"""In the place of a year that is not known yet, where days are checked."""

IN_HAND_DAYS = 10
"""So many days before they are due the units of a demo are done."""

T = TypeVar("T", bound=msgspec.Struct)


class _Row(Row, frozen=True, kw_only=True):
    plan: str


class _Project(ProjectRow, frozen=True, kw_only=True):
    plan: str


class _Generated(msgspec.Struct, frozen=True, kw_only=True):
    """So many rows as a published figure counts, with names that say so. The first ones are done."""

    plan: str
    kind: Literal["target", "task"]
    code: str  # what their codes begin with
    fact: str
    name: Text  # with {n}
    who: Text
    rest: State  # of what the figure does not call done
    pillars: tuple[str, ...] = ()  # in turn
    evidence: str = ""


class _EachUnit(msgspec.Struct, frozen=True, kw_only=True):
    """A task of every unit. It is done between two days, one unit after the other, some days before it is
    due. Every `open_every`th is begun and not done, and half as many are not begun, every other one of these
    with a reason: those are due on the day `due`."""

    plan: str
    code: str
    name: Text  # with {unit}
    pillar: str
    group: str
    start: str
    due: str
    done_first: str
    done_last: str
    open_every: int
    evidence: str
    why: str
    helpers: tuple[str, ...] = ()


def read_plans(folder: Path, units: Sequence[Unit], facts: Sequence[Fact], problems: Problems) -> list[Draft]:
    """The plans of a province, which need not have any."""
    path = folder / FILE
    if not path.exists():
        return []
    doc = read_toml(path, problems)
    heads = tables(doc, FILE, "plan", PlanFacts, problems)
    rows = {kind: _some(doc, kind, _Row, problems) for kind in (TARGET, TASK)}
    budgets = _some(doc, PROJECT, _Project, problems)
    known = {fact.code: fact for fact in facts}
    for made in _some(doc, "generated", _Generated, problems):
        if made.fact not in known:
            problems.add(f"{FILE} [[generated]] {made.code} key fact", made.fact, "a code of facts.toml")
            continue
        rows[made.kind] += _generated(made, known[made.fact])
    for each in _some(doc, "each_unit", _EachUnit, problems):
        days = {at: getattr(each, at).replace(ANY_YEAR, A_YEAR) for at in ("done_first", "done_last")}
        wrong = [at for at, day in days.items() if not is_day(day)]
        for at in wrong:
            problems.add(f"{FILE} [[each_unit]] {each.code} key {at}", getattr(each, at), "a day")
        if not wrong:
            rows[TASK] += _each_unit(each, units)
    codes = {head.code for head in heads}
    lists: list[tuple[str, Sequence[_Row | _Project]]] = [*rows.items(), (PROJECT, budgets)]
    for kind, found in lists:
        for row in found:
            if row.plan not in codes:
                where = f"{FILE} [[{kind}]] {row.code} key plan"
                problems.add(where, row.plan, f"one of {', '.join(sorted(codes))}")
    return [_draft(head, rows, budgets) for head in heads]


def at_year(draft: Draft, year: str) -> Draft:
    """The same with a year in the place of the one that was not known."""
    text = msgspec.json.encode(draft).replace(ANY_YEAR.encode(), year.encode())
    return msgspec.json.decode(text, type=Draft)


def check(plans: Sequence[Draft], known: Known, problems: Problems) -> None:
    """Add every mistake in them to `problems`."""
    seen: set[str] = set()
    for draft in plans:
        if draft.code in seen:
            problems.add(f"{FILE} key code", draft.code, "each only once")
        seen.add(draft.code)
        for found in mistakes(at_year(draft, A_YEAR), known):
            where = f"{FILE} {draft.code}"
            if found.part:
                code = getattr(getattr(draft, found.part)[found.row], "code", found.row + 1)
                where += f" {found.part} {code}"
            problems.add(f"{where} key {found.member}", found.found, _EXPECTED[found.code])


_EXPECTED = {
    "day": "a day as 2026-03-31",
    "date": "a year, a month or a day",
    "order": "a day that is not before the one it follows",
    "fact": "a code of facts.toml",
    "repeated": "each only once",
    "pillar": "a pillar of its plan",
    "group": "a group of its plan",
    "owner": "a unit, or a key of [bodies]",
    "indicator": "a code of indicators.toml",
    "needed": "a value",
    "month": "a month as 2026-03",
}


def _some(doc: Mapping[str, Any], key: str, kind: type[T], problems: Problems) -> list[T]:
    return tables(doc, FILE, key, kind, problems) if key in doc else []


def _draft(head: PlanFacts, rows: Mapping[str, Sequence[_Row]], budgets: Sequence[_Project]) -> Draft:
    parts: dict[str, Any] = {
        ITEMS[kind]: tuple(_bare(row, Row) for row in found if row.plan == head.code)
        for kind, found in rows.items()
    }
    parts["projects"] = tuple(_bare(row, ProjectRow) for row in budgets if row.plan == head.code)
    return Draft(**{f: getattr(head, f) for f in head.__struct_fields__}, **parts)


def _bare(row: _Row | _Project, kind: type[T]) -> T:
    """A row without the plan's code."""
    return kind(**{name: getattr(row, name) for name in kind.__struct_fields__})


def _generated(made: _Generated, fact: Fact) -> list[_Row]:
    total = fact.all if fact.all is not None else round(fact.value or 0)
    found = []
    for n in range(1, total + 1):
        done = n <= (fact.done or 0)
        row = _Row(
            plan=made.plan,
            code=f"{made.code}{n:02d}",
            name=Text(made.name.vi.replace("{n}", str(n)), made.name.en.replace("{n}", str(n))),
            pillar=made.pillars[(n - 1) % len(made.pillars)] if made.pillars else "",
            who=made.who,
            state="done" if done else made.rest,
            evidence=(made.evidence,) if done else (),
            made_up=True,
        )
        found.append(row)
    return found


def _each_unit(each: _EachUnit, units: Sequence[Unit]) -> list[_Row]:
    year = ANY_YEAR if ANY_YEAR in each.done_first else ""
    first, last = (number_of(day.replace(ANY_YEAR, A_YEAR)) for day in (each.done_first, each.done_last))
    found = []

    def written(number: int) -> str:
        day = to_date(number).isoformat()
        return year + day[4:] if year else day

    for n, unit in enumerate(units):
        at = first + (last - first) * n // max(len(units) - 1, 1)
        lag = n % each.open_every
        idle = lag == each.open_every // 2 and n // each.open_every % 2 == 0
        done = lag and not idle
        row = _Row(
            plan=each.plan,
            code=f"{each.code}{n + 1:02d}",
            name=Text(each.name.vi.replace("{unit}", unit.short), each.name.en.replace("{unit}", unit.short)),
            pillar=each.pillar,
            group=each.group,
            owner=unit.code,
            helpers=each.helpers,
            start=each.start,
            due=written(at + IN_HAND_DAYS) if done else each.due,
            began="" if idle else each.start,
            done=written(at) if done else "",
            evidence=(each.evidence,) if done else (),
            why=each.why if idle and n // each.open_every % 4 == 0 else "",
            made_up=True,
        )
        found.append(row)
    return found
