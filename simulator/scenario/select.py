"""Whom a selector means in a profile: codes, with the place of each."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import cos, radians

import numpy as np

from cockpit.profiles import Profile
from simulator.kinds import SOURCE, UNIT
from simulator.rng import F64, I64, Stream
from simulator.scenario.model import ScenarioError, Selector

KM_PER_DEGREE = 111.2


@dataclass(frozen=True, slots=True)
class Candidates:
    """All that can be selected of one kind, in the profile's order. `unit` is "" for feeds."""

    codes: tuple[str, ...]
    units: tuple[str, ...]
    numbers: I64
    lat: F64
    lon: F64


def select(selector: Selector, profile: Profile, draw: Stream, where: str) -> list[str]:
    """Codes a selector means, in the profile's order. `draw` picks where a part is wanted. Raises
    ScenarioError where nothing is left, or where a code is unknown."""
    known = candidates(selector.kind, _Keyed(profile))
    left = np.ones(len(known.codes), dtype=bool)
    for key, wanted, have in (("id", selector.ids, known.codes), ("unit", selector.units, known.units)):
        if wanted:
            _check(key, wanted, have, selector.kind, profile, where)
            left &= np.isin(np.array(have), np.array(wanted))
    away = None
    if selector.near is not None:
        away = distance_km(known.lat, known.lon, selector.near.lat, selector.near.lon)
        left &= away <= selector.near.within_km
    found = np.flatnonzero(left)
    if not len(found):
        raise ScenarioError(
            f"{where}: key 'select'",
            f"no {selector.kind} that fits in {profile.code}, size {profile.size}",
            "at least one",
            "Widen the selector, or play a larger size.",
        )
    count = selector.count or max(1, round(len(found) * selector.share))
    if count < len(found):
        rank = away[found] if away is not None and selector.count else draw.uniform(known.numbers[found])
        found = np.sort(found[np.argsort(rank, kind="stable")[:count]])
    return [known.codes[i] for i in found.tolist()]


def places(profile: Profile, kind: str, codes: list[str]) -> tuple[I64, F64, F64]:
    """Numbers, latitudes and longitudes of what was selected."""
    known = candidates(kind, _Keyed(profile))
    at = {code: n for n, code in enumerate(known.codes)}
    rows = np.array([at[code] for code in codes], dtype=np.int64)
    return known.numbers[rows], known.lat[rows], known.lon[rows]


def distance_km(lat: F64, lon: F64, lat0: float, lon0: float) -> F64:
    """Distance on a flat map around the point: a province is small. Error under 1 % within 200 km."""
    dy = (lat - lat0) * KM_PER_DEGREE
    dx = (lon - lon0) * KM_PER_DEGREE * cos(radians(lat0))
    return np.asarray(np.sqrt(dx * dx + dy * dy))


class _Keyed:
    """A profile in the key of a cache: the very same object."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile

    def __hash__(self) -> int:
        return id(self.profile)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Keyed) and other.profile is self.profile


@lru_cache(maxsize=32)
def candidates(kind: str, keyed: _Keyed) -> Candidates:
    """All of a kind: assets, feeds that simulated devices or people send, or units."""
    profile = keyed.profile
    if kind == UNIT:
        units = profile.units
        return Candidates(
            tuple(u.code for u in units),
            tuple(u.code for u in units),
            np.arange(len(units), dtype=np.int64),
            np.array([u.lat for u in units]),
            np.array([u.lon for u in units]),
        )
    if kind == SOURCE:
        feeds = [s for s in profile.sources if s.time == "domain" and s.inward]
        nowhere = np.full(len(feeds), np.nan)
        numbers = np.array([s.id for s in feeds], dtype=np.int64)
        return Candidates(tuple(s.code for s in feeds), ("",) * len(feeds), numbers, nowhere, nowhere)
    assets = [a for a in profile.assets if a.kind == kind]
    return Candidates(
        tuple(a.code for a in assets),
        tuple(a.unit for a in assets),
        np.array([a.id for a in assets], dtype=np.int64),
        np.array([np.nan if a.lat is None else a.lat for a in assets], dtype=np.float64),
        np.array([np.nan if a.lon is None else a.lon for a in assets], dtype=np.float64),
    )


def _check(
    key: str, wanted: tuple[str, ...], have: tuple[str, ...], kind: str, profile: Profile, where: str
) -> None:
    known = {u.code for u in profile.units} if key == "unit" else set(have)
    missing = [w for w in wanted if w not in known]
    # A smaller size has fewer assets: those that are left play. A unit nobody knows is a mistake.
    if missing and (key == "unit" or len(missing) == len(wanted)):
        raise ScenarioError(
            f"{where}: key 'select.{key}'",
            repr(missing[0]),
            f"{'an' if key == 'id' else 'a'} {key} of {profile.code}, size {profile.size}"
            + (f", of kind {kind}" if key == "id" else ""),
            "Take another one, or play a larger size.",
        )
