"""What the store needs to know of a profile, and look-up arrays made from it once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np

from cockpit.domain.catalog import Asset, Source, Unit
from cockpit.domain.periods import DAY_MS, HOUR_MS
from cockpit.domain.records import Filter
from cockpit.store.batch import Ints


class Thresholds(Protocol):
    """RSRP in dBm: under `bad_dbm` a sample is bad, from there to under `weak_dbm` it is weak."""

    @property
    def weak_dbm(self) -> float: ...

    @property
    def bad_dbm(self) -> float: ...


class Catalogue(Protocol):
    """The part of a profile the store uses."""

    @property
    def code(self) -> str: ...
    @property
    def utc_offset_s(self) -> int: ...

    @property
    def units(self) -> Sequence[Unit]: ...

    @property
    def sources(self) -> Sequence[Source]: ...

    @property
    def assets(self) -> Sequence[Asset]: ...

    @property
    def source(self) -> Mapping[str, Source]: ...

    @property
    def coverage(self) -> Thresholds: ...

    @property
    def tallied(self) -> Sequence[Filter]: ...


class Lookup:
    """Assets by id as parallel arrays, and sources by id: all look-ups in bulk.

    `kinds` and `units` name the codes behind the numbers; number 0 of `units` is "", the province.
    """

    def __init__(self, profile: Catalogue) -> None:
        if profile.utc_offset_s % 3600:
            raise ValueError(
                f"utc_offset_s {profile.utc_offset_s}: hours of a day must be whole hours of UTC"
            )
        self.offset_hours = profile.utc_offset_s // 3600
        self.tallied = tuple(profile.tallied)
        self.kinds = sorted({a.kind for a in profile.assets})
        self.units = [
            "",
            *sorted({u.code for u in profile.units} | {a.unit for a in profile.assets if a.unit}),
        ]
        kind = {code: i for i, code in enumerate(self.kinds)}
        unit = {code: i for i, code in enumerate(self.units)}
        assets = sorted(profile.assets, key=lambda a: a.id)
        self.ids: Ints = np.array([a.id for a in assets], np.int64)
        self.kind_of: Ints = np.array([kind[a.kind] for a in assets], np.int64)
        self.unit_of: Ints = np.array([unit[a.unit] for a in assets], np.int64)
        self.source_of: Ints = np.array([profile.source[a.source].id for a in assets], np.int64)
        top = max((s.id for s in profile.sources), default=0) + 1
        self.late_ms: Ints = np.full(top, 2**62, np.int64)
        self.term: Ints = np.zeros(top, np.int64)
        for s in profile.sources:
            self.late_ms[s.id] = s.late_s * 1000
            self.term[s.id] = sum(s.window_s > term for term in TERMS_S)
        self.real: Ints = np.array([s.id for s in profile.sources if s.time == "real"], np.int64)
        longest = max((s.window_s for s in profile.sources), default=0)
        self.windows_ms = [1000 * term for term in (*TERMS_S, max(longest, *TERMS_S))]

    def row(self, asset: Ints) -> Ints:
        """Position of each asset id in the arrays. Raises KeyError for one the profile does not have."""
        if not len(self.ids):
            raise KeyError("the profile has no assets")
        at = np.minimum(np.searchsorted(self.ids, asset), len(self.ids) - 1)
        unknown = self.ids[at] != asset
        if unknown.any():
            raise KeyError(f"asset {int(asset[unknown][0])} is not in the profile")
        return at

    def day_of(self, t_ms: int) -> int:
        """Provincial day of an instant, counted from the epoch."""
        return (t_ms + self.offset_hours * HOUR_MS) // DAY_MS

    def days_of(self, t_ms: Ints) -> Ints:
        """The same of many."""
        return (t_ms + self.offset_hours * HOUR_MS) // DAY_MS

    def local(self, hour: int) -> tuple[int, int]:
        """Provincial (day, hour of day) of an hour counted from the epoch in UTC."""
        return divmod(hour + self.offset_hours, 24)


TERMS_S = (86_400, 7 * 86_400)
"""How long identities are kept: a day for machines, a week for phones, else as long as the slowest
source may be late. A source's term is the first that covers its acceptance window."""
