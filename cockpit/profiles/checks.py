"""What must hold between the parts of a profile. Every mistake becomes a sentence naming file and key."""

from __future__ import annotations

from collections.abc import Container, Iterable
from typing import Any

from cockpit.profiles import bindings, formulas, indices, plans
from cockpit.profiles.measures import mistakes
from cockpit.profiles.model import LEVELS, Coverage, Profile
from cockpit.profiles.reader import NOTHING, Problems, words

MAX_SHORT = 24
MAX_ASSET_ID = 2**31 - 1


ZONES_S = (-12 * 3600, 14 * 3600)
"""The zones that there are."""


def check(profile: Profile, totals: dict[str, Any], problems: Problems) -> None:
    """Add every mistake found to `problems`."""
    _unique("units.csv", "code", [u.code for u in profile.units], problems)
    _unique("places.csv", "code", [p.code for p in profile.places], problems)
    for file, rows in (
        ("sources.toml", profile.sources),
        ("metrics.toml", profile.metrics),
        ("assets", profile.assets),
    ):
        _unique(file, "code", [r.code for r in rows], problems)
        _unique(file, "id", [r.id for r in rows], problems)
    for file, coded in (
        ("indicators.toml", profile.indicators),
        ("rules.toml", profile.rules),
        ("facts.toml", profile.facts),
        ("profile.toml [[kind]]", profile.kinds),
    ):
        _unique(file, "code", [c.code for c in coded], problems)
    _totals(profile, totals, problems)
    if profile.utc_offset_s % 3600 or not ZONES_S[0] <= profile.utc_offset_s <= ZONES_S[1]:
        expected = "seconds of whole hours, as 25200 for UTC+7"
        problems.add("profile.toml key utc_offset_s", profile.utc_offset_s, expected)
    _units(profile, problems)
    _sources(profile, problems)
    _metrics(profile, problems)
    _assets(profile, problems)
    _indicators(profile, problems)
    formulas.check(profile, problems)
    bindings.check(profile, problems)
    indices.check(profile.indices, profile.unit, profile.indicator, problems)
    plans.check(profile.plans, profile.nameable, problems)
    for role, post in profile.posts.items():
        if post not in profile.unit and post not in profile.bodies:
            problems.add(f"profile.toml [posts] key {role}", post, "a code of units.csv or a key of [bodies]")
    for fact in profile.facts:
        if (fact.done is None) != (fact.all is None) or (fact.done or 0) > (fact.all or 0):
            problems.add(f"facts.toml [[fact]] {fact.code} key done", fact.done, "done and all, done ≤ all")
    if not profile.operators:
        problems.add("profile.toml key operators", NOTHING, "at least one operator")
    if profile.coverage.owner not in profile.bodies:
        expected = f"a key of [bodies]: {', '.join(profile.bodies)}"
        problems.add("profile.toml [coverage] key owner", profile.coverage.owner or NOTHING, expected)
    if profile.coverage.verify_days < 1:
        problems.add("profile.toml [coverage] key verify_days", profile.coverage.verify_days, "1 or more")
    if profile.coverage.bad_dbm >= profile.coverage.weak_dbm:
        problems.add("profile.toml [coverage] key bad_dbm", profile.coverage.bad_dbm, "less than weak_dbm")
    _levels(profile.coverage, problems)
    for n, goal in enumerate(profile.coverage.goals, 1):
        where = f"profile.toml [[coverage.goals]] {n} key"
        if goal.unit not in profile.unit:
            problems.add(f"{where} unit", goal.unit, "the code of a unit")
        if goal.fact not in profile.fact:
            problems.add(f"{where} fact", goal.fact, "the code of a fact")


def _levels(coverage: Coverage, problems: Problems) -> None:
    """Three in their order, each above the one before, with a source; or none at all."""
    where = "profile.toml [[coverage.levels]]"
    levels = coverage.levels
    if not levels:
        return
    if (codes := [level.code for level in levels]) != list(LEVELS):
        problems.add(f"{where} key code", ", ".join(codes), f"{', '.join(LEVELS)} in this order")
    for key in ("rsrp_dbm", "down_mbps", "up_mbps"):
        values = [getattr(level, key) for level in levels]
        if values != sorted(values):
            problems.add(f"{where} key {key}", values, "no less than in the level before")
    if not coverage.levels_source.vi:
        problems.add("profile.toml [coverage] key levels_source", NOTHING, "where the levels come from")


def _unique(file: str, key: str, values: Iterable[object], problems: Problems) -> None:
    seen: set[object] = set()
    for value in values:
        if value in seen:
            problems.add(f"{file} key {key}", value, "each only once")
        seen.add(value)


def _totals(profile: Profile, totals: dict[str, Any], problems: Problems) -> None:
    found: dict[str, float] = {
        "phuong": sum(u.kind == "phuong" for u in profile.units),
        "xa": sum(u.kind == "xa" for u in profile.units),
        "dac_khu": sum(u.kind == "dac_khu" for u in profile.units),
        "population": sum(u.population for u in profile.units),
        "area_km2": round(sum(u.area_km2 for u in profile.units), 2),
    }
    for key, value in found.items():
        if totals.get(key) != value:
            where = f"units.csv total of {key}"
            problems.add(where, value, f"{totals.get(key)} as profile.toml [totals] says")


def _inside(profile: Profile, lat: float, lon: float) -> bool:
    lon0, lat0, lon1, lat1 = profile.bbox
    return lat0 <= lat <= lat1 and lon0 <= lon <= lon1


def _units(profile: Profile, problems: Problems) -> None:
    lon0, lat0, lon1, lat1 = profile.bbox
    if not (-180 <= lon0 < lon1 <= 180 and -90 <= lat0 < lat1 <= 90):
        problems.add("profile.toml key bbox", profile.bbox, "west, south, east, north in degrees")
    if profile.inset is not None:
        west, south, east, north = profile.inset.box
        if not (lon0 <= west < east <= lon1 and lat0 <= south < north <= lat1):
            expected = "west, south, east, north in degrees, inside the bbox"
            problems.add("profile.toml [inset] key box", profile.inset.box, expected)
    for unit in profile.units:
        if not _inside(profile, unit.lat, unit.lon):
            problems.add(f"units.csv unit {unit.code}, lat lon", (unit.lat, unit.lon), "inside the bbox")
    for place in profile.places:
        if place.unit not in profile.unit:
            problems.add(f"places.csv place {place.code}, column unit", place.unit, "a code of units.csv")
        if not _inside(profile, place.lat, place.lon):
            problems.add(f"places.csv place {place.code}, lat lon", (place.lat, place.lon), "inside the bbox")


def _sources(profile: Profile, problems: Problems) -> None:
    for source in profile.sources:
        where = f"sources.toml [[source]] {source.code} key"
        if not 0 < source.rhythm_s <= source.late_s <= source.silent_s:
            found = (source.rhythm_s, source.late_s, source.silent_s)
            problems.add(f"{where} rhythm_s, late_s, silent_s", found, "0 < rhythm ≤ late ≤ silent")
        for key, value in (("window_s", source.window_s), ("early_s", source.early_s)):
            if value <= 0:
                problems.add(f"{where} {key}", value, "more than 0")
        if source.per_hour < 0:
            problems.add(f"{where} per_hour", source.per_hour, "0 or more")
        if not 1 <= source.id <= 65535:
            problems.add(f"{where} id", source.id, "1 to 65535")


def _metrics(profile: Profile, problems: Problems) -> None:
    for metric in profile.metrics:
        where = f"metrics.toml [[metric]] {metric.code} key"
        if not 1 <= metric.id <= 255:
            problems.add(f"{where} id", metric.id, "1 to 255")
        if metric.scale < 1:
            problems.add(f"{where} scale", metric.scale, "1 or more")
        if metric.lo >= metric.hi:
            problems.add(f"{where} lo", metric.lo, f"less than hi = {metric.hi:g}")
        for kind in metric.kinds:
            if kind not in profile.kind:
                problems.add(f"{where} kinds", kind, f"one of {', '.join(profile.kind)}")
            elif metric.only and metric.only not in profile.kind[kind].attrs:
                known = ", ".join(profile.kind[kind].attrs) or "none: this kind has no attributes"
                problems.add(f"{where} only", metric.only, f"an attribute of {kind}: {known}")


def _assets(profile: Profile, problems: Problems) -> None:
    for kind in profile.kinds:
        if kind.source and kind.source not in profile.source:
            where = f"profile.toml [[kind]] {kind.code} key source"
            problems.add(where, kind.source, "a code of sources.toml")
    for asset in profile.assets:
        where = f"assets/{profile.kind[asset.kind].file} asset {asset.code}, column"
        if not 1 <= asset.id <= MAX_ASSET_ID:
            problems.add(f"{where} id", asset.id, f"1 to {MAX_ASSET_ID}")
        if asset.unit and asset.unit not in profile.unit:
            problems.add(f"{where} unit", asset.unit, "a code of units.csv or nothing")
        if asset.depends_on and asset.depends_on not in profile.asset:
            problems.add(f"{where} depends_on", asset.depends_on, "a code of an asset or nothing")
        if (asset.lat is None) != (asset.lon is None):
            problems.add(f"{where} lat lon", (asset.lat, asset.lon), "both or neither")
        elif asset.lat is not None and asset.lon is not None and not _inside(profile, asset.lat, asset.lon):
            problems.add(f"{where} lat lon", (asset.lat, asset.lon), "inside the bbox of profile.toml")
        if asset.rhythm_s < 0:
            problems.add(f"{where} rhythm_s", asset.rhythm_s, "0 or more")
        if asset.kind == "system":
            for code in str(asset.attrs.get("metrics", "")).split() or [""]:
                metric = profile.metric.get(code)
                if metric is None or "system" not in metric.kinds:
                    problems.add(f"{where} metrics", code, "codes of metrics that systems send")
    _circles(profile, problems)


def _circles(profile: Profile, problems: Problems) -> None:
    """Dependencies must end somewhere."""
    fine: set[str] = {""}
    for asset in profile.assets:
        path: list[str] = []
        code = asset.code
        while code not in fine:
            if code in path:
                chain = " → ".join([*path[path.index(code) :], code])
                problems.add(f"assets asset {code}, column depends_on", words(chain), "no circle")
                break
            path.append(code)
            code = profile.asset[code].depends_on if code in profile.asset else ""
        fine.update(path)


def _indicators(profile: Profile, problems: Problems) -> None:
    known: dict[str, Container[str]] = {
        "asset_kind": profile.kind,
        "asset": profile.asset,
        "metric": profile.metric,
        "of": profile.indicator,
    }
    headlines: dict[int, str] = {}
    for i in profile.indicators:
        where = f"indicators.toml [[indicator]] {i.code} key"
        if i.code != f"I{i.number:02d}":
            problems.add(f"{where} code", i.code, f"I{i.number:02d} for number {i.number}")
        for lang, short in (("vi", i.short.vi), ("en", i.short.en)):
            if len(short) > MAX_SHORT:
                problems.add(f"{where} short.{lang}", short, f"at most {MAX_SHORT} letters")
        if not i.sources:
            problems.add(f"{where} sources", NOTHING, "at least one code of sources.toml")
        for source in i.sources:
            if source not in profile.source:
                problems.add(f"{where} sources", source, "codes of sources.toml")
        for key, found, expected in mistakes(i.measure, known):
            problems.add(f"{where} measure.{key}", found, expected)
        if i.watch is not None and (
            i.target is None
            or (i.direction == "up" and i.watch >= i.target)
            or (i.direction == "down" and i.watch <= i.target)
            or i.direction == "none"
        ):
            problems.add(f"{where} watch", i.watch, "a value on the worse side of a target")
        if i.headline:
            if i.headline in headlines:
                problems.add(f"{where} headline", i.headline, f"a place not taken by {headlines[i.headline]}")
            headlines[i.headline] = i.code
