"""How a plan goes on: what is due, what is not begun, what is done against what should be, whose it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from cockpit.domain.periods import DAY_MS, Period, day_start_ms, to_date
from cockpit.domain.plans.days import Days, number_of
from cockpit.domain.plans.model import Item, PlanFacts, Project

SOON_DAYS = 30
"""So many days ahead of its due time a task is told as due soon."""

STEP_DAYS = 7


def late(items: Iterable[Item], now_ms: int) -> list[Item]:
    """What is open beyond its due time, the longest overdue first."""
    return sorted((i for i in items if i.late(now_ms)), key=_by_due)


def soon(items: Iterable[Item], now_ms: int, days: int = SOON_DAYS) -> list[Item]:
    """What is open and falls due within so many days, the next first."""
    until = now_ms + days * DAY_MS
    found = (i for i in items if i.open and i.entry.due is not None and now_ms < i.entry.due <= until)
    return sorted(found, key=_by_due)


def idle(items: Iterable[Item], today: str) -> list[Item]:
    """What should have begun by today and has not, those without a reason first. What an indicator tells of
    is nobody's to begin."""
    found = (i for i in items if _waits(i, today))
    return sorted(found, key=lambda i: (bool(i.facts.why), *_by_due(i)))


def _waits(item: Item, today: str) -> bool:
    return item.state == "not_started" and item.facts.start <= today and not item.facts.indicator


def _by_due(item: Item) -> tuple[int, int]:
    return item.entry.due or 2**62, item.entry.id


class Burnt(NamedTuple):
    """At the end of a day: how many were to be done, how many are; None ahead of today."""

    day: str
    due: int
    done: int | None


def burn_up(items: Sequence[Item], plan: PlanFacts, days: Days, now_ms: int) -> list[Burnt]:
    """The path of a plan by weeks, from its first day to its last. What has no due day is due on the last."""
    first, last = number_of(plan.first), number_of(plan.last)
    ends = [*range(first, last, STEP_DAYS), last]
    dues = [i.entry.due or days.end(plan.last) for i in items if i.state not in ("dropped", "told")]
    dones = [i.entry.closed for i in items if i.state == "done" and i.entry.closed is not None]
    today = number_of(days.of(now_ms))
    if first < today < last:
        ends = sorted({*ends, today})
    found = []
    for end in ends:
        at = day_start_ms(end + 1, days.offset_s)
        done = sum(t < at for t in dones) if end <= today else None
        found.append(Burnt(to_date(end).isoformat(), sum(t <= at for t in dues), done))
    return found


class Spent(NamedTuple):
    """At the end of a month, in millions of đồng since the plan began: planned, and paid; None ahead."""

    month: str
    planned: int
    paid: int | None


def spending(projects: Iterable[Project], month: str) -> list[Spent]:
    """Money against time; `month` is the present one."""
    sums: dict[str, list[int]] = {}
    for project in projects:
        for at, money in project.facts.months.items():
            total = sums.setdefault(at, [0, 0])
            total[0] += money.planned
            total[1] += money.paid
    planned = paid = 0
    found = []
    for at in sorted(sums):
        planned, paid = planned + sums[at][0], paid + sums[at][1]
        found.append(Spent(at, planned, paid if at <= month else None))
    return found


class Reviewed(NamedTuple):
    """What became of what an owner had to do in a period, as known at the end of it or now."""

    owner: str  # code, or the owner in words
    due: int  # that fell due in it, up to now
    in_time: int  # of these, done by the due time
    after: int  # done later
    open: int  # not done
    coming: int  # that falls due in it later than now
    behind: int  # overdue from before the period, not done yet
    idle: int  # should have begun, and has not
    done: int  # in the period, whenever it was due

    @property
    def share(self) -> float | None:
        """Percent of what fell due that was done in time; None of nothing."""
        return 100 * self.in_time / self.due if self.due else None


def review(items: Iterable[Item], period: Period, days: Days, now_ms: int) -> list[Reviewed]:
    """A period by owner, those with most open first: what heads are judged by."""
    start, end = (day_start_ms(day, days.offset_s) for day in (period.first, period.last + 1))
    until = min(end, now_ms)
    today = days.of(min(end - 1, now_ms))
    by_owner: dict[str, list[Item]] = {}
    for item in items:
        if item.state not in ("untold", "told", "dropped"):
            by_owner.setdefault(owner_of(item), []).append(item)
    found = [Reviewed(owner, *_counts(own, start, until, end, today)) for owner, own in by_owner.items()]
    return sorted(
        found, key=lambda r: (-(r.open + r.behind), -r.idle, r.share is None, r.share or 0.0, r.owner)
    )


def owner_of(item: Item) -> str:
    """The code of who answers for it, or their name where the profile knows no code."""
    return item.entry.owner or (item.facts.who.vi if item.facts.who else "")


def _counts(items: Sequence[Item], start: int, until: int, end: int, today: str) -> tuple[int, ...]:
    fell = [i for i in items if i.entry.due is not None and start < i.entry.due <= until]
    over = [_closed(i, until) for i in fell]
    in_time = sum(t is not None and t <= (i.entry.due or 0) for i, t in zip(fell, over, strict=True))
    after = sum(t is not None for t in over) - in_time
    coming = sum(i.entry.due is not None and until < i.entry.due <= end for i in items)
    behind = sum(
        i.entry.due is not None and i.entry.due <= start and _closed(i, until) is None for i in items
    )
    waiting = sum(_waits(i, today) for i in items)
    done = sum((t := _closed(i, until)) is not None and t > start for i in items)
    return len(fell), in_time, after, len(fell) - in_time - after, coming, behind, waiting, done


def _closed(item: Item, until: int) -> int | None:
    """When it was done, if it was by then. Who was late at the end of a period stays so in its review."""
    closed = item.entry.closed
    return closed if item.state == "done" and closed is not None and closed <= until else None


def by(items: Iterable[Item], key: Callable[[Item], str]) -> Mapping[str, list[Item]]:
    """Items by pillar, group or owner, in the order in which these come first."""
    found: dict[str, list[Item]] = {}
    for item in items:
        found.setdefault(key(item), []).append(item)
    return found
