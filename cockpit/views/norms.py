"""What is normal for a source: its usual events by hour of the day, from the hours already past."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from cockpit.domain.feeds import Floats, midmean, normal_hours
from cockpit.domain.numbers import SourceId
from cockpit.domain.periods import HOUR_MS, is_workday
from cockpit.store import Store
from cockpit.store.queries import sources as q
from cockpit.views.context import ViewContext

DAYS = 28


@dataclass(frozen=True, slots=True)
class Norm:
    """Usual events per hour of a working and of a free day (24,), and in all of such a day; NaN where
    unknown. `first_hour` is the first one with an event (UTC hours since the epoch)."""

    work: Floats
    free: Floats
    work_day: float
    free_day: float
    first_hour: int | None

    def expected(self, local_hours: npt.NDArray[np.int64], working: npt.NDArray[np.bool_]) -> Floats:
        """Usual events for each hour, given as provincial hours since the epoch; NaN where unknown."""
        of_day = local_hours % 24
        return np.where(working, self.work[of_day], self.free[of_day])


UNKNOWN = Norm(np.full(24, np.nan), np.full(24, np.nan), float("nan"), float("nan"), None)


def workdays(days: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Which days (since the epoch, provincial time) are working days."""
    return np.array([is_workday(day) for day in days.tolist()], dtype=np.bool_)


def norms(ctx: ViewContext) -> dict[SourceId, Norm]:
    """Computed once an hour, since it rests on hours that are over."""
    ids = tuple(s.id for s in ctx.profile.sources)
    return _norms(ctx.store, ids, ctx.profile.utc_offset_s // 3600, ctx.now_ms // HOUR_MS)


def forget() -> None:
    """Compute all anew at the next use, in the same hour too: for tests."""
    _norms.cache_clear()


@lru_cache(maxsize=4)
def _norms(store: Store, ids: tuple[SourceId, ...], offset_h: int, hour: int) -> dict[SourceId, Norm]:
    today = (hour + offset_h) // 24
    day0 = today - DAYS
    with store.read() as conn:
        rows = q.hours(conn, day0 * 24 - offset_h, hour)
    local = rows[:, 0] + offset_h
    days = np.arange(day0, today + 1)
    found: dict[SourceId, Norm] = {}
    for source in ids:
        mine = rows[:, 1] == source
        if not mine.any():
            found[source] = UNKNOWN
            continue
        first = int(local[mine].min())
        counts = np.zeros((len(days), 24))
        counts[local[mine] // 24 - day0, local[mine] % 24] = rows[mine, 2]
        grid = days[:, None] * 24 + np.arange(24)
        counts[(grid < first) | (grid >= hour + offset_h)] = np.nan
        works = workdays(days)
        totals = counts.sum(axis=1)  # NaN for a day of which an hour is not known
        found[source] = Norm(
            normal_hours(counts[works]),
            normal_hours(counts[~works]),
            midmean(totals[works]),
            midmean(totals[~works]),
            first - offset_h,
        )
    return found
