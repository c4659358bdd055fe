"""Values of many observations at once: events that bring the same metrics share one look-up."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from cockpit.ingest.codes import Code, Refusal, shown
from cockpit.ingest.events import Values
from cockpit.ingest.tables import AssetRow, MetricRow
from cockpit.store.batch import Batch

Floats = npt.NDArray[np.float64]


class Columns:
    """Collects the observations of a slice; `finish` checks ranges and rounds in a few array steps."""

    def __init__(self) -> None:
        self._shapes: dict[tuple[object, ...], int] = {}
        self._rows: list[list[MetricRow]] = []
        self._values: list[float] = []
        self._shape: list[int] = []
        self._base: list[int] = []
        self._index: list[int] = []
        self._position: list[int] = []

    def add(self, data: Values, asset: AssetRow, index: int, position: int) -> None:
        """Take one event's values: `index` in the slice, `position` in the batch. Raises Refusal."""
        values = data.values
        key = (asset[3], *values)
        shape = self._shapes.get(key)
        if shape is None:
            rows = _rows(values, asset[2])
            shape = self._shapes[key] = len(self._rows)
            self._rows.append(rows)
        if data.units:
            _check_units(data, asset[2])
        self._values += values.values()
        self._shape.append(shape)
        self._base.append(asset[1])
        self._index.append(index)
        self._position.append(position)

    def finish(self, batch: Batch) -> dict[int, Refusal]:
        """Fill the observation columns; or, by index in the slice, why some events are none."""
        if not self._index:
            return {}
        width = np.array([len(rows) for rows in self._rows])
        start = np.cumsum(width) - width
        shape = np.array(self._shape)
        count = width[shape]
        # For every value its metric, as a place in the shapes laid end to end.
        first = np.cumsum(count) - count
        place = np.arange(len(self._values)) + np.repeat(start[shape] - first, count)
        flat = [row for rows in self._rows for row in rows]
        ids, scales, lows, highs = (np.array(column) for column in list(zip(*flat, strict=True))[:4])
        value: Floats = np.array(self._values, np.float64)
        good = (value >= lows[place]) & (value <= highs[place])
        if not good.all():
            return self._refusals(np.flatnonzero(~good), first, place, flat)
        series = np.repeat(np.array(self._base, np.int64), count) + ids[place]
        batch.obs_event = np.repeat(np.array(self._position, np.int64), count)
        batch.obs_series = series
        batch.obs_value = np.rint(value * scales[place]).astype(np.int64)
        return {}

    def _refusals(
        self, bad: npt.NDArray[np.intp], first: npt.NDArray[np.int64], place: npt.NDArray[np.int64],
        flat: list[MetricRow],
    ) -> dict[int, Refusal]:  # fmt: skip
        names = [name for key in self._shapes for name in key[1:]]
        found: dict[int, Refusal] = {}
        for at in bad.tolist():
            event = int(np.searchsorted(first, at, side="right")) - 1
            metric = int(place[at])
            refusal = _bad_value(str(names[metric]), self._values[at], flat[metric])
            found.setdefault(self._index[event], refusal)
        return found


def _rows(values: dict[str, float], metrics: dict[str, MetricRow]) -> list[MetricRow]:
    if not values:
        raise Refusal(Code.NO_VALUES, "data.values is empty, expected at least one metric")
    rows = []
    for name in values:
        row = metrics.get(name)
        if row is None:
            known = ", ".join(sorted(metrics))[:200] or "none"
            raise Refusal(Code.UNKNOWN_METRIC, f"metric {shown(name)} is not one of this asset's: {known}")
        rows.append(row)
    return rows


def _check_units(data: Values, metrics: dict[str, MetricRow]) -> None:
    for name, unit in (data.units or {}).items():
        row = metrics.get(name)
        if row is None or name not in data.values:
            found = shown(name)
            raise Refusal(Code.UNKNOWN_METRIC, f"units name the metric {found}, which has no value here")
        if unit != row[4]:
            raise Refusal(Code.WRONG_UNIT, f"unit {shown(unit)} of {name}, expected {row[4]!r}")


def _bad_value(name: str, value: float, row: MetricRow) -> Refusal:
    _, _, low, high, unit = row
    if value != value:
        return Refusal(Code.NOT_A_NUMBER, f"{name} is NaN, expected a number from {low:g} to {high:g} {unit}")
    return Refusal(Code.OUT_OF_RANGE, f"{name} is {value:g}, expected {low:g} to {high:g} {unit}")
