"""Hourly figures of whole days: many events at once, as columns, because history comes by the 100,000."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import msgspec
import numpy as np
import numpy.typing as npt

from cockpit.domain.catalog import asset_of
from cockpit.domain.numbers import AssetId
from cockpit.domain.periods import DAY_MS
from cockpit.ingest.codes import Code, Refusal, shown
from cockpit.ingest.events import RollupEvent
from cockpit.ingest.explain import found, loosely, named
from cockpit.ingest.tables import AssetRow, MetricRow, Tables
from cockpit.store.batch import Ints, Rollup

KEPT_DAYS = 400
"""Days back that hourly figures may reach: as long as they are kept."""
MAX_N = 1_000_000
"""Most observations in one hour of one series."""
BLOCK = 128
"""Rows worked on at once: intermediate results of this size stay in the processor's cache."""
_EPOCH = date(1970, 1, 1).toordinal()

_floats = msgspec.json.Decoder(list[float])

Floats = npt.NDArray[np.float64]


@dataclass(slots=True)
class Days:
    """One event on its way: its place in the slice and in the batch, and the metrics it brings."""

    index: int
    position: int
    asset: AssetId
    day: int
    names: list[str]


@lru_cache(maxsize=1024)
def day_number(text: str) -> int | None:
    """Days since the epoch of "2026-11-22", None for anything else, a week's day among them."""
    try:
        return date.fromisoformat(text).toordinal() - _EPOCH if text[4:8:3] == "--" else None
    except ValueError:
        return None


class Rollups:
    """Collects the roll-up events of a slice; `finish` checks all their numbers in a few array steps."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._numbers: list[bytes] = []  # JSON, 24 numbers each
        self._metrics: list[MetricRow] = []
        self.waiting: list[Days] = []

    def add(self, e: RollupEvent, asset: AssetRow, index: int, position: int, received: int) -> None:
        """Take what can be checked one by one: day, metrics, lengths. Raises Refusal."""
        day = day_number(e.data.day)
        if day is None:
            raise Refusal(Code.BAD_TIME, f"day {shown(e.data.day)}: expected a day such as 2026-11-22")
        today = (received + self._tables.offset_ms) // DAY_MS
        if day > today:
            raise Refusal(Code.FAR_FUTURE, f"day {e.data.day} has not begun")
        if day < today - KEPT_DAYS:
            raise Refusal(Code.TOO_OLD, f"day {e.data.day} is more than {KEPT_DAYS} days back")
        hours = e.data.hours
        if not hours:
            raise Refusal(Code.NO_VALUES, "data.hours is empty, expected at least one metric")
        rows: list[MetricRow] = []
        texts: list[bytes] = []
        for name, h in hours.items():
            row = asset[2].get(name)
            if row is None:
                raise Refusal(Code.UNKNOWN_METRIC, f"metric {shown(name)} is not one of this asset's")
            for raw in (h.n, h.sum, h.min, h.max):
                text = bytes(raw)
                if text[:1] != b"[" or text.count(b",") != 23:
                    raise Refusal(Code.BAD_HOURS, f"{name}: expected n, sum, min and max of 24 hours each")
                texts.append(text[1:-1])
            rows.append(row)
        self._numbers += texts
        self._metrics += rows
        self.waiting.append(Days(index, position, asset_of(asset[1]), day, list(hours)))

    def finish(self) -> tuple[list[tuple[int, Rollup]], dict[int, Refusal]]:
        """The roll-ups by position in the batch, and by index in the slice why others are none."""
        try:
            numbers = _floats.decode(b"[" + b",".join(self._numbers) + b"]")
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
            return [], self._no_numbers()
        a: Floats = np.frombuffer(array("d", numbers), np.float64).reshape(-1, 4, 24)
        scale = np.array([m[1] for m in self._metrics], np.float64)[:, None]
        low = np.array([m[2] for m in self._metrics])[:, None]
        high = np.array([m[3] for m in self._metrics])[:, None]
        factor = np.ones((len(a), 4, 1))
        factor[:, 1:, 0] = scale
        good = np.empty(len(a), np.bool_)
        whole: Ints = np.empty(a.shape, np.int64)
        with np.errstate(invalid="ignore", over="ignore"):
            for at in range(0, len(a), BLOCK):
                part = slice(at, at + BLOCK)
                good[part] = _good(a[part], low[part], high[part], scale[part])
                whole[part] = np.rint(a[part] * factor[part])
        rollups, refused = [], {}
        rows: list[Ints] = list(whole)
        ids = [m[0] for m in self._metrics]
        bad = set(np.flatnonzero(~good).tolist())
        at = 0
        for d in self.waiting:
            end = at + len(d.names)
            if bad and not bad.isdisjoint(range(at, end)):
                first = next(i for i in range(at, end) if i in bad)
                refused[d.index] = _why(d.names[first - at], a[first], self._metrics[first])
            else:
                metrics: dict[int, Ints] = dict(zip(ids[at:end], rows[at:end], strict=True))
                rollups.append((d.position, Rollup(d.asset, d.day, metrics)))
            at = end
        return rollups, refused

    def _no_numbers(self) -> dict[int, Refusal]:
        """Which events hold something else than numbers, by index in the slice."""
        refused = {}
        at = 0
        for d in self.waiting:
            end = at + 4 * len(d.names)
            try:
                _floats.decode(b"[" + b",".join(self._numbers[at:end]) + b"]")
            except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
                refused[d.index] = _no_number(d.names, self._numbers[at:end])
            at = end
        return refused


def _good(a: Floats, low: Floats, high: Floats, scale: Floats) -> npt.NDArray[np.bool_]:
    """Which (4, 24) are possible: counts whole, figures in range, min <= mean <= max, empty hours zero."""
    n, total, least, most = a[:, 0], a[:, 1], a[:, 2], a[:, 3]
    empty = n == 0
    slack = (n + 1) / scale  # each value was rounded to the resolution
    filled = (
        (least >= low) & (most <= high) & (least <= most)
        & (total >= n * least - slack) & (total <= n * most + slack)
    )  # fmt: skip
    zero = (total == 0) & (least == 0) & (most == 0)
    hours = (n >= 0) & (n <= MAX_N) & (n == np.floor(n)) & np.where(empty, zero, filled)
    return np.asarray(hours.all(axis=1), np.bool_)


def _no_number(names: list[str], lists: list[bytes]) -> Refusal:
    """Which figure of an event is no number: the lists n, sum, min and max of each metric in turn."""
    for at, text in enumerate(lists):
        figures = loosely(b"[" + text + b"]")
        for hour, figure in enumerate(figures if isinstance(figures, list) else ()):
            if isinstance(figure, bool) or not isinstance(figure, int | float):
                place = named(("data", "hours", names[at // 4], ("n", "sum", "min", "max")[at % 4], hour))
                return Refusal(Code.BAD_FIELD, f"{place} is {found(figure)}: expected a number")
    return Refusal(Code.BAD_FIELD, "hours: expected numbers only")


def _why(name: str, a: Floats, metric: MetricRow) -> Refusal:
    _, scale, low, high, unit = metric
    ranges = np.array([[low]]), np.array([[high]]), np.array([[float(scale)]])
    for hour in range(24):
        with np.errstate(invalid="ignore"):
            if _good(a[None, :, hour : hour + 1], *ranges)[0]:
                continue
        n, total, least, most = (float(x) for x in a[:, hour])
        told = f"{name} in hour {hour}: n {n:g}, sum {total:g}, min {least:g}, max {most:g}"
        if n and not (low <= least and most <= high):
            return Refusal(Code.OUT_OF_RANGE, f"{told}; expected min and max from {low:g} to {high:g} {unit}")
        return Refusal(Code.BAD_HOURS, f"{told}; expected min <= sum / n <= max, and zeros where n is 0")
    raise AssertionError(name)
