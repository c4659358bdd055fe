"""Targets of plans that are tied to an indicator tick themselves, once a day, by a figure to be trusted."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from cockpit.domain.plans import life
from cockpit.domain.plans.days import Days
from cockpit.domain.plans.model import Item, item_of
from cockpit.domain.registers import TARGET, Moved
from cockpit.profiles import Profile
from cockpit.store import registers
from cockpit.store.handles import Read, Write
from cockpit.store.queries import plans
from cockpit.store.queries import registers as queries

PACE_MS = 60_000
"""On this grid of domain time targets are looked at that were not judged today."""

_DOUBT = ("nodata", "suspect", "stale", "samples")


class Standing(NamedTuple):
    """A figure of the province as it was computed last; `asof` in ms."""

    value: float | None
    asof: int | None
    status: str


class PlanTargets:
    """The tied targets of plans that run. A target that was reached goes back to under way where its figure
    falls short again; when its plan has ended it stays as it is."""

    def __init__(self, profile: Profile) -> None:
        self._days = Days(profile.utc_offset_s)
        self._tied: dict[int, Item] = {}
        self._spans: dict[str, tuple[str, str]] = {}  # first and last day by the code of the plan
        self._judged: dict[int, str] = {}  # on which day, by the number of the target
        self._looked = -1
        self._moved: list[Moved] = []

    @property
    def waiting(self) -> bool:
        """Whether something is to be written."""
        return bool(self._moved)

    def reload(self, conn: Read) -> None:
        """Take the register as it stands: others act on it too. What has changed is judged anew."""
        before = {number: item.entry.version for number, item in self._tied.items()}
        self._spans = {p.facts.code: (p.facts.first, p.facts.last) for p in plans.heads(conn)}
        entries = queries.entries(conn, TARGET)
        self._tied = {e.id: item_of(e) for e in entries if e.facts.get("indicator")}
        same = {n for n, item in self._tied.items() if before.get(n) == item.entry.version}
        self._judged = {n: day for n, day in self._judged.items() if n in same}

    def run(self, stands: Callable[[str], Standing | None], now: int) -> None:
        """Judge what was not judged today, if it is time to look and what was found before is written.
        `stands`: the province's figure of now, by its code."""
        t, day = now // PACE_MS, self._days.of(now)
        due = [i for n, i in self._tied.items() if self._judged.get(n) != day and self._runs(i, day)]
        if t == self._looked or self.waiting or not due:
            return
        self._looked = t
        for item in due:
            figure = stands(item.facts.indicator)
            if figure is None or figure.value is None or figure.status in _DOUBT:
                continue
            self._judged[item.entry.id] = day
            moved = life.ticked(item, figure.value, figure.asof or now, now, day)
            if moved is not None:
                self._moved.append(moved)

    def _runs(self, item: Item, day: str) -> bool:
        first, last = self._spans.get(item.facts.plan, ("", ""))
        return first <= day <= last

    def save(self, conn: Write) -> None:
        """Write what was found. What somebody else has changed meanwhile stays as they made it."""
        for one in self._moved:
            registers.move(conn, one)

    def saved(self) -> None:
        """What waited is on disk."""
        self._moved = []
