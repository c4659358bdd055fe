"""Samples in columns, each for its operator and for "any", and what they add to the cells' sums.

A square of about 50 m is a row of latitude and a column within it; samples of a device in a square within an
hour are a group.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from math import cos, radians
from typing import Any, NamedTuple

import numpy as np

from cockpit.domain.periods import HOUR_MS, MINUTE_MS
from cockpit.store.batch import NO_RATE, Flags, Floats, Ints, Names, Samples
from cockpit.store.catalogue import Lookup, Thresholds
from cockpit.store.mixing import mixed
from cockpit.store.sampled import hashed

GROUP_M = 50.0
ANY = "any"
_M_PER_DEGREE = 111_320.0


class Taken(NamedTuple):
    """Samples that count, with their own times and those of their reception on the domain clock, in ms."""

    t: Ints
    received: Ints
    samples: Samples


@dataclass(slots=True)
class Rows:
    """Parallel columns in the order of reception, every sample twice. `operator` and `device` count in
    `operators` and `devices`, `cell` is the H3 cell as a number, `today` and `minute` are those of reception;
    `who` tells device, cell and operator, as does `of_day` among what a day has had, `group` also square and
    hour."""

    operator: Ints
    device: Ints
    cell: Ints
    day: Ints
    today: Ints
    minute: Ints
    t: Ints
    rsrp_cb: Ints
    down_kbps: Ints
    weak: Flags
    bad: Flags
    who: Ints
    of_day: Ints
    group: Ints
    operators: Names
    devices: Names

    def __len__(self) -> int:
        return len(self.day)

    def at(self, some: Flags) -> Rows:
        """Some of them."""
        columns: dict[str, Any] = {}
        for f in fields(self):
            column = getattr(self, f.name)
            columns[f.name] = column if isinstance(column, tuple) else column[some]
        return Rows(**columns)


def rows_of(taken: Taken, lookup: Lookup, limits: Thresholds, plain_until: int) -> Rows:
    """Keys of days up to `plain_until` are made as the versions made them that stored one row a key."""
    order = np.argsort(taken.received, kind="stable")
    two = np.concatenate((order, order))
    s, t, received = taken.samples.at(two), taken.t[two], taken.received[two]
    operators = (*s.operators, ANY)
    operator = s.operator.copy()
    operator[len(order) :] = len(operators) - 1
    weak_cb, bad_cb = round(limits.weak_dbm * 10), round(limits.bad_dbm * 10)
    bad = s.rsrp_cb < bad_cb
    day = lookup.days_of(t)
    square, hour = squares(s.lat, s.lon), t // HOUR_MS
    who = mixed(_named(operators)[operator], s.h3, _named(s.devices)[s.device])
    group = mixed(who, *square, hour)
    rows = Rows(
        operator, s.device, s.h3, day, lookup.days_of(received), received // MINUTE_MS, t,
        s.rsrp_cb, s.down_kbps, ~bad & (s.rsrp_cb < weak_cb), bad,
        who, who.copy(), group, operators, s.devices,
    )  # fmt: skip
    for at in np.flatnonzero(day <= plain_until).tolist():
        name = "\x1f".join((operators[operator[at]], f"{s.h3[at]:x}", s.devices[s.device[at]]))
        rows.of_day[at] = hashed(name)
        rows.group[at] = hashed(f"{name}\x1f{square[0][at]}\x1f{square[1][at]}\x1f{hour[at]}")
    return rows


def squares(lat: Floats, lon: Floats) -> tuple[Ints, Ints]:
    """Rows and columns of the squares that points lie in."""
    row = np.floor_divide(lat * _M_PER_DEGREE, GROUP_M).astype(np.int64)
    rows, at = np.unique(row, return_inverse=True)
    width = np.array([_width(one) for one in rows.tolist()], np.float64)
    return row, np.floor_divide(lon, width[at]).astype(np.int64)


def _width(row: int) -> float:
    """Of a square, in degrees: by its row, so that it has one width everywhere. Not by numpy's cosine, whose
    last bit depends on the processor."""
    return GROUP_M / (_M_PER_DEGREE * cos(radians(row * GROUP_M / _M_PER_DEGREE)))


def _named(names: Names) -> Ints:
    return np.array([hashed(name) for name in names], np.int64)


Summed = tuple[int | str, ...]
"""First key, operator, cell, then what is added: n, groups, devices, weak, bad, rsrp_sum, rsrp_min, down_n,
down_sum, last."""


def summed(key: Ints, rows: Rows, groups: Flags, devices: Flags) -> list[Summed]:
    """Rows by day or minute (`key`), operator and cell, in the order of these numbers. `groups` and `devices`
    are those that are new."""
    if not len(rows):
        return []
    cells, cell = np.unique(rows.cell, return_inverse=True)
    code = ((key - key.min()) * len(rows.operators) + rows.operator) * len(cells) + cell
    order = np.argsort(code, kind="stable")
    code = code[order]
    start = np.flatnonzero(np.concatenate(([True], code[1:] != code[:-1])))
    first = order[start]

    def added(column: Ints | Flags) -> list[int]:
        return list(np.add.reduceat(column[order].astype(np.int64), start).tolist())

    told = rows.down_kbps != NO_RATE
    return list(
        zip(
            key[first].tolist(),
            [rows.operators[n] for n in rows.operator[first].tolist()],
            [f"{one:x}" for one in rows.cell[first].tolist()],
            np.diff(np.append(start, len(code))).tolist(),
            added(groups),
            added(devices),
            added(rows.weak),
            added(rows.bad),
            added(rows.rsrp_cb),
            np.minimum.reduceat(rows.rsrp_cb[order], start).tolist(),
            added(told),
            added(np.where(told, rows.down_kbps, 0)),
            np.maximum.reduceat(rows.t[order], start).tolist(),
            strict=True,
        )
    )
