"""How many people live in each cell of the map: by a file that was brought in, else spread over the land."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from cockpit.domain.coverage.affected import Basis
from cockpit.domain.coverage.people import spread
from cockpit.profiles import Profile
from cockpit.profiles.land import land_of
from cockpit.store import hamlets
from cockpit.store.handles import Read


class Inhabitants(NamedTuple):
    """People by cell of resolution 8, and where that is known from."""

    people: Mapping[str, int]
    basis: Basis


class _Kept(NamedTuple):
    """What was made last, and of what."""

    profile: Profile
    told: Mapping[str, int]
    made: Inhabitants


_kept: list[_Kept] = []


def inhabitants(conn: Read, profile: Profile) -> Inhabitants:
    """The one count for gaps, sites and shares. A cell off the land has people only where a file says so."""
    told = hamlets.people(conn)
    kept = next((k for k in _kept if k.profile is profile and k.told == told), None)
    if kept is None:
        spread_out = spread({u.code: u.population for u in profile.units}, land_of(profile), told)
        people = MappingProxyType({**spread_out, **told})
        kept = _Kept(profile, told, Inhabitants(people, "cells" if told else "spread"))
        _kept.append(kept)
        del _kept[:-2]
    return kept.made
