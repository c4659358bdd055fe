"""Gaps as rows of a file to take along."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cockpit.domain.instants import iso, iso_or_none
from cockpit.domain.registers import GAP, code_of
from cockpit.profiles import Profile
from cockpit.views.gaps import Gap


def rows(gaps: Iterable[Gap], profile: Profile, *, simulated: bool, lang: str = "vi") -> list[dict[str, Any]]:
    """One a gap, by the names of `cockpit.ingest.gap_writing.COLUMNS`."""
    return [_row(gap, profile, simulated, lang) for gap in gaps]


def _row(gap: Gap, profile: Profile, simulated: bool, lang: str) -> dict[str, Any]:
    entry, facts, life, ground = gap.entry, gap.entry.facts, gap.life, gap.ground
    owner = profile.owner_name(entry.owner)
    unit = profile.unit.get(entry.unit)
    samples = facts.get("samples")
    return {
        "code": code_of(GAP, entry.id),
        "state": entry.state,
        "kind": gap.kind,
        "unit": entry.unit,
        "commune": unit.name if unit else "",
        "hamlets": "; ".join(near.hamlet.name for near in gap.hamlets),
        "hamlets_made_up": int(any(near.hamlet.made_up for near in gap.hamlets)),
        "lat": facts.get("lat"),
        "lon": facts.get("lon"),
        "operators": "; ".join(profile.operators.get(code, code) for code in gap.bad_operators),
        "people_low": gap.people.low,
        "people": gap.people.mid,
        "people_high": gap.people.high,
        "people_basis": gap.people.basis,
        **{name: _plain(value) for name, value in ground._asdict().items()},
        "cells": len(facts["cells"]),
        "samples": samples,
        "groups": facts.get("groups"),
        "bad_share": facts.get("share"),
        "mean_dbm": round(facts["rsrp_sum"] / samples / 10, 1) if samples else None,
        "last_measured": iso_or_none(facts.get("last")),
        "opened": iso(entry.opened),
        "owner": owner.get(lang) if owner else entry.owner,
        "due": iso_or_none(entry.due),
        "money_million": life.money,
        "built": iso_or_none(life.built),
        "closed": iso_or_none(entry.closed),
        "reopened": life.reopened,
        "simulated": int(simulated),
    }


def _plain(value: int | bool | None) -> int | None:
    return None if value is None else int(value)
