"""Loading a profile: read every file, convert, join, check, and only then hand it out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, TypeVar

import msgspec

from cockpit.domain.catalog import FormulaCount, Indicator, Metric, Rule, Source, Text
from cockpit.domain.roles import Role
from cockpit.profiles import checks, formulas, indices, maps, pillars, sizes
from cockpit.profiles.model import AssetKind, Coverage, Fact, Inset, Profile
from cockpit.profiles.plans import read_plans
from cockpit.profiles.reader import NOTHING, Problems, ProfileError, read_toml, struct, tables
from cockpit.profiles.registers import read_assets, read_places, read_units

ROOT = Path(__file__).parent
HEAD = "profile.toml"
"""The file that makes a folder a profile."""

STAND_INS = ("source", "entry")
"""Keys of [bodies] that stand for the owner of whatever a rule is about."""

PARTS = ("kind", "coverage", "totals", "bodies")
"""Tables of it that are more than single values."""

T = TypeVar("T", bound=msgspec.Struct)


class _Head(msgspec.Struct, frozen=True):
    """The single values of profile.toml."""

    code: str
    name: Text
    demo: bool
    register_note: Text
    utc_offset_s: int
    bbox: tuple[float, float, float, float]
    operators: dict[str, str]
    people: dict[Role, str] = {}
    posts: dict[Role, str] = {}
    inset: Inset | None = None
    report_minutes: Annotated[float, msgspec.Meta(ge=0, le=10_000)] = 30.0


def load(name: str, size: str = "province") -> Profile:
    """The profile of that name, or in that folder, at one of the sizes district, province, region, country.
    What is no plain word, such as `./tinh_mau`, is the path of a folder.

    Raises ProfileError naming every mistake by file and by line or key.
    """
    known = sorted(p.parent.name for p in ROOT.glob(f"*/{HEAD}"))
    folder = ROOT / name if name in known else Path(name)
    if name not in known and (name.isidentifier() or not folder.is_dir()):
        cure = f": the folder of that name is ./{name}" if folder.is_dir() else ""
        expected = f"one of {', '.join(known)}, or the path of a folder that holds {HEAD}{cure}"
        raise ProfileError([f"profile {name!r}: no such profile, expected {expected}"])
    return load_folder(folder, size)


def load_folder(folder: Path, size: str = "province") -> Profile:
    """The profile in a folder, wherever it lies. Raises ProfileError."""
    if size not in sizes.SCALES:
        raise ProfileError([f"size {size!r}: expected one of {', '.join(sizes.SCALES)}"])
    problems = Problems()
    doc = read_toml(folder / HEAD, problems)
    problems.stop_if_any()
    head = struct({k: v for k, v in doc.items() if k not in PARTS}, "profile.toml", _Head, problems)
    coverage = struct(doc.get("coverage", {}), "profile.toml [coverage]", Coverage, problems)
    bodies = _bodies(doc, problems)
    kinds = tables(doc, "profile.toml", "kind", AssetKind, problems)

    units = read_units(folder / "units.csv", problems)
    metrics = tables(read_toml(folder / "metrics.toml", problems), "metrics.toml", "metric", Metric, problems)
    sources = _owned(folder, "sources", "source", Source, bodies, {}, problems, feeds=())
    indicators = _owned(folder, "indicators", "indicator", Indicator, bodies, _UNSET, problems)
    indicators = [formulas.with_parts(indicator) for indicator in indicators]
    rules = _owned(folder, "rules", "rule", Rule, bodies, {"raise_at": None, "clear_at": None}, problems)
    facts = _facts(folder, problems)
    named = indices.read(folder, problems)
    grouped = pillars.read(folder, indicators, problems)
    plans = read_plans(folder, units, facts, problems)
    places = read_places(folder / "places.csv", problems)
    assets = read_assets(folder / "assets", kinds, {s.code: s for s in sources}, problems)
    if head is None or coverage is None or problems.found:
        raise ProfileError(problems.found)

    fed: dict[str, list[str]] = {}
    for indicator in indicators:
        for source in indicator.sources:
            fed.setdefault(source, []).append(indicator.code)
    profile = Profile(
        code=head.code,
        name=head.name,
        size="province",
        scale=1.0,
        demo=head.demo,
        register_note=head.register_note,
        utc_offset_s=head.utc_offset_s,
        bbox=head.bbox,
        units=tuple(units),
        sources=tuple(msgspec.structs.replace(s, feeds=tuple(fed.get(s.code, ()))) for s in sources),
        metrics=tuple(metrics),
        kinds=tuple(kinds),
        assets=tuple(assets),
        places=tuple(places),
        indicators=tuple(indicators),
        rules=tuple(rules),
        facts=tuple(facts),
        coverage=coverage,
        operators=head.operators,
        people=head.people,
        bodies={key: msgspec.convert(body, Text) for key, body in bodies.items() if key not in STAND_INS},
        folder=folder,
        inset=head.inset,
        report_minutes=head.report_minutes,
        indices=named,
        pillars=grouped,
        plans=tuple(plans),
        posts=head.posts,
    )
    maps.present(profile, problems)
    checks.check(profile, doc.get("totals", {}), problems)
    problems.stop_if_any()
    return sizes.resized(profile, size)


def _facts(folder: Path, problems: Problems) -> list[Fact]:
    """Published figures: a province need not have any."""
    path = folder / "facts.toml"
    return tables(read_toml(path, problems), path.name, "fact", Fact, problems) if path.exists() else []


_UNSET: dict[str, Any] = {"target": None, "watch": None, "headline": 0}


def _bodies(doc: dict[str, Any], problems: Problems) -> dict[str, Any]:
    """Owners by key, each with a name in both languages."""
    bodies = doc.get("bodies")
    if not isinstance(bodies, dict) or not bodies:
        problems.add("profile.toml key bodies", NOTHING, "a table of owners")
        return {}
    for key, value in bodies.items():
        struct(value, f"profile.toml [bodies] {key}", Text, problems)
    return bodies


def _counts(given: dict[str, Any], where: str, problems: Problems) -> dict[str, FormulaCount]:
    """What a formula names, each with a mistake of its own."""
    made = {
        name: struct(row, f"{where} counts.{name}", FormulaCount, problems) for name, row in given.items()
    }
    return {name: count for name, count in made.items() if count is not None}


def _owned(
    folder: Path,
    file: str,
    key: str,
    kind: type[T],
    bodies: dict[str, Any],
    defaults: dict[str, Any],
    problems: Problems,
    **extra: Any,
) -> list[T]:
    """The tables of a file whose `owner` is a key of [bodies]."""
    name = f"{file}.toml"
    doc = read_toml(folder / name, problems)
    rows = doc.get(key)
    for row in rows if isinstance(rows, list) else ():
        if not isinstance(row, dict):
            continue
        owner = row.get("owner")
        if owner is not None and owner not in bodies:
            known = ", ".join(bodies)
            problems.add(f"{name} [[{key}]] {row.get('code')} key owner", owner, f"one of {known}")
        row["owner"] = bodies.get(str(owner), {"vi": "?", "en": "?"}) if owner is not None else None
        if owner is None:
            del row["owner"]
        for field, value in defaults.items():
            row.setdefault(field, value)
        if isinstance(row.get("counts"), dict):
            row["counts"] = _counts(row["counts"], f"{name} [[{key}]] {row.get('code')} key", problems)
    return tables(doc, name, key, kind, problems, **extra)
