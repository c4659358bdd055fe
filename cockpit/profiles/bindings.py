"""What each source may bring, against what the indicators need: the two must say the same.

A token is held to this at the door, so a contradiction here would either shut a feed out or let one
system speak for another.
"""

from __future__ import annotations

import re

from cockpit.domain.catalog import Indicator
from cockpit.profiles.model import Profile
from cockpit.profiles.reader import NOTHING, Problems

TYPED = ("report", "latest")
"""Measures that are what was reported, by people or by a system. Any other figure takes a report only to be
compared with it."""

KIND = re.compile(r"[a-z][a-z0-9_]{0,31}")
"""The name of a kind of records."""


def check(profile: Profile, problems: Problems) -> None:
    """Add every mistake found to `problems`."""
    _records(profile, problems)
    _reports(profile, problems)
    for indicator in profile.indicators:
        _fed(profile, indicator, problems)


def _records(profile: Profile, problems: Problems) -> None:
    """Each kind of records has one source: whoever brings a kind can close and overwrite all of it."""
    owner: dict[str, str] = {}
    sending = {a.source for a in profile.assets if a.rhythm_s}
    for source in profile.sources:
        where = f"sources.toml [[source]] {source.code} key"
        for kind in source.records:
            if not KIND.fullmatch(kind):
                problems.add(f"{where} records", kind, "kinds in small letters, at most 32")
            elif kind in owner:
                problems.add(f"{where} records", kind, f"a kind that {owner[kind]} does not bring already")
            owner.setdefault(kind, source.code)
        if source.per_hour > 0 and not (
            source.records or source.reports or source.samples or source.code in sending
        ):
            problems.add(f"{where} per_hour", source.per_hour, "0: it brings no records, reports or samples")


def _reports(profile: Profile, problems: Problems) -> None:
    """Reports are about figures that people type, or that are meant to be compared."""
    reported: set[str] = set()
    for source in profile.sources:
        where = f"sources.toml [[source]] {source.code} key reports"
        if len(set(source.reports)) < len(source.reports):
            problems.add(where, source.reports, "each code only once")
        for code in source.reports:
            indicator = profile.indicator.get(code)
            if indicator is None:
                problems.add(where, code, "codes of indicators.toml")
                continue
            own = source.code in indicator.sources and indicator.measure.get("kind") in TYPED
            if own:
                continue
            reported.add(code)
            if not indicator.compared:
                known = ", ".join(indicator.sources)
                expected = f"an indicator that it is a source of ({known} is), or one with compared = true"
                problems.add(where, code, expected)
    for indicator in profile.indicators:
        where = f"indicators.toml [[indicator]] {indicator.code} key"
        if indicator.compared and indicator.measure.get("kind") == "report":
            problems.add(f"{where} compared", True, "false: there is nothing else to compare it with")
        elif indicator.compared and indicator.code not in reported:
            problems.add(f"{where} compared", True, "false, or another source with it among its reports")


def _fed(profile: Profile, indicator: Indicator, problems: Problems) -> None:
    """One of an indicator's sources must bring what it is computed from."""
    measure = indicator.measure
    kind = str(measure.get("kind"))
    sources = [profile.source[s] for s in indicator.sources if s in profile.source]
    if len(sources) < len(indicator.sources):
        return  # said already
    where = f"indicators.toml [[indicator]] {indicator.code} key sources"
    record = measure.get("record")
    if kind == "report" and not any(indicator.code in s.reports for s in sources):
        problems.add(where, indicator.sources, f"a source that has {indicator.code} among its reports")
    elif record and not any(record in s.records for s in sources):
        problems.add(where, indicator.sources, f"a source that has {record} among its records")
    elif kind.startswith("coverage_") and not any(s.samples for s in sources):
        problems.add(where, indicator.sources, "a source with samples = true")
    elif kind == "latest":
        asset = profile.asset.get(str(measure.get("asset")))
        if asset is not None and asset.source not in indicator.sources:
            problems.add(where, indicator.sources or NOTHING, f"the source of {asset.code}, {asset.source}")
    elif kind in ("presence", "availability"):
        found = profile.kind.get(str(measure.get("asset_kind")))
        if found is not None and found.source and found.source not in indicator.sources:
            problems.add(where, indicator.sources, f"the source of its assets, {found.source}")
