"""Scenarios from TOML files, checked key by key. docs/scenarios.md describes the format."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path

from cockpit.profiles import Profile, toml
from cockpit.profiles.load import ROOT
from simulator.kinds import KINDS, MOST, SOURCE, UNIT
from simulator.scenario.model import Fix, Near, Note, Scenario, ScenarioError, Selector, Step
from simulator.scenario.reader import Table

GENERAL = Path(__file__).parent.parent / "scenarios"
"""Scenarios that name nothing of any province."""


PRESETS = "presets.toml"
"""The one file among them that is no story: faults that lie ready."""


def own_folder(profile: Profile) -> Path:
    """Where the scenarios of one province lie: beside the general ones, in a folder of the profile's name, or
    in `scenarios` of the profile's folder where that does not come along."""
    return GENERAL / profile.folder.name if profile.folder.parent == ROOT else profile.folder / "scenarios"


def names(profile: Profile | None = None) -> list[str]:
    """Codes of the scenarios that are offered, the quiet day first: those of the province, and the general
    ones whose kinds of assets it has. Without a province all general ones. Raises ScenarioError."""
    return list(_offered(profile))


def load_scenario(code: str | Path, profile: Profile | None = None) -> Scenario:
    """A scenario by its code, or from a file, whose name ends in .toml. Raises ScenarioError."""
    if isinstance(code, Path):
        return _from(code)
    offered = _offered(profile)
    if code in offered:
        return _from(offered[code])
    if code.endswith(".toml"):
        return _from(Path(code))
    near = get_close_matches(code, offered, 1)
    cure = f"Did you mean {near[0]!r}?" if near else "Pick one of these."
    raise ScenarioError(f"scenario {code!r}", "no such scenario", f"one of {', '.join(offered)}", cure)


def _offered(profile: Profile | None) -> dict[str, Path]:
    found = {path.stem: path for path in GENERAL.glob("*.toml")}
    if profile is not None:
        there = {SOURCE, UNIT, *(a.kind for a in profile.assets)}
        found = {
            code: path
            for code, path in found.items()
            if all(step.selector.kind in there for step in _from(path).steps)
        }
        own = own_folder(profile).glob("*.toml")
        found |= {path.stem: path for path in own if path.name != PRESETS}
    return {code: found[code] for code in sorted(found, key=lambda code: (code != "quiet_day", code))}


def _from(path: Path) -> Scenario:
    return _read(str(path), path.stem, text_of(path))


def text_of(path: Path) -> str:
    """What a file says. Raises ScenarioError."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ScenarioError(
            str(path), "bytes that are no text", "TOML in UTF-8", "Save it as UTF-8."
        ) from None
    except OSError as error:
        raise ScenarioError(
            str(path), error.strerror or "no file", "a file to read", "Check path and rights."
        ) from None


@lru_cache(maxsize=64)
def _read(file: str, stem: str, text: str) -> Scenario:
    top = top_of(file, text)
    faults = top.tables("fault", required=False)
    notes = top.tables("note", required=False)
    track = top.tables("track", required=False)
    scenario = Scenario(
        code=stem,
        name=top.text("name"),
        story=top.text("story"),
        seed=top.whole("seed", 0, 2**31),
        start_ms=top.instant("start"),
        length_ms=top.span("length"),
        steps=tuple(_step(t, bool(track)) for t in faults),
        notes=tuple(Note(t.span("at"), t.text("text")) for t in notes),
        track=tuple(_fix(t) for t in track),
        lead_ms=top.span("lead", 0),
    )
    for table in (top, *faults, *notes, *track):
        table.done()
    if not scenario.length_ms:
        raise top.wrong("length", "no time at all", "a length over 0s", 'Write length = "6h".')
    for table, step in zip(faults, scenario.steps, strict=True):
        if step.at_ms >= scenario.length_ms:
            raise table.wrong(
                "at", "an onset after the scenario's end", "an onset before it", "Make it earlier."
            )
    _in_order(notes, [n.at_ms for n in scenario.notes])
    _in_order(track, [f.at_ms for f in scenario.track])
    if not stem.isidentifier() or not stem.isascii() or stem != stem.lower():
        raise ScenarioError(file, f"the name {stem!r}", "small letters, digits and _", "Rename the file.")
    return scenario


def top_of(file: str, text: str) -> Table:
    """The whole of a TOML file as a table. Raises ScenarioError."""
    try:
        return Table(file, text, "", 0, toml.parse(text))
    except ValueError as error:
        raise ScenarioError(file, f"no TOML: {error}", "TOML", "Mend what it names.") from None


def _in_order(tables: Sequence[Table], times: list[int]) -> None:
    for n in range(1, len(times)):
        if times[n] < times[n - 1]:
            raise tables[n].wrong("at", "an earlier time than the one before", "rising times", "Sort them.")


def _step(table: Table, windy: bool) -> Step:
    kind = table.word("kind", tuple(KINDS))
    known = KINDS[kind]
    selector = _selector(table.table("select"), kind)
    low, high = sorted((0.0, MOST * known.size))
    over = table.number("wind", 5.0, 80.0, 0.0)
    ramp, hold, recovery = (
        table.span(name, length * 1000)
        for name, length in (("ramp", known.ramp_s), ("hold", known.hold_s), ("recovery", known.recovery_s))
    )
    if not ramp + hold + recovery and kind != "commission":  # which is about the time before
        raise table.wrong("hold", "a fault that lasts no time", "a length over 0s", 'Write hold = "10m".')
    if over and not windy:
        raise table.wrong("wind", "a wind without a storm", "tables [[track]]", "Add the storm's track.")
    return Step(
        kind=kind,
        selector=selector,
        at_ms=table.span("at", 0),
        ramp_ms=ramp,
        hold_ms=hold,
        recovery_ms=recovery,
        size=table.number("size", low, high, 0.0),
        label=table.text("label"),
        spread_ms=table.span("spread", 0),
        over_ms=over,
        where=f"{Path(table.file).name}, line {table.line('')}",
    )


def _selector(table: Table, kind: str) -> Selector:
    near = table.table("near") if "near" in table.raw else None
    found = Selector(
        kind=table.word("kind", KINDS[kind].on, KINDS[kind].on[0]),
        units=table.words("unit"),
        ids=table.words("id"),
        near=None if near is None else _near(near),
        count=table.whole("count", 0, 100_000, 0),
        share=table.number("share", 0.0, 1.0, 1.0),
    )
    if found.count and found.share != 1.0:
        raise table.wrong("share", "both count and share", "one of them", "Take one out.")
    table.done()
    return found


def _near(table: Table) -> Near:
    found = Near(
        table.number("lat", -90, 90), table.number("lon", -180, 180), table.number("within_km", 0, 2000)
    )
    table.done()
    return found


def _fix(table: Table) -> Fix:
    return Fix(
        table.span("at"),
        table.number("lat", -90, 90),
        table.number("lon", -180, 180),
        table.number("max_ms", 0, 120),
        table.number("radius_km", 1, 500),
    )
