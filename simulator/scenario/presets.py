"""Faults that lie ready for a presenter, from `presets.toml` among a province's scenarios, checked key by
key. docs/scenarios.md describes the format. A province without the file has none.
"""

from __future__ import annotations

from dataclasses import dataclass

from cockpit.domain.catalog import Text
from cockpit.profiles import Profile
from simulator.kinds import KINDS, MOST, SOURCE, UNIT
from simulator.scenario.load import PRESETS, own_folder, text_of, top_of
from simulator.scenario.reader import Table


@dataclass(frozen=True, slots=True)
class Preset:
    """One of them. `on` is the code of an asset, a source or a unit; lengths in ms. What is None, and a size
    of 0, is the kind's own."""

    code: str
    name: Text
    about: Text
    kind: str
    on: str
    ramp_ms: int | None
    hold_ms: int | None
    recovery_ms: int | None
    size: float


def load_presets(profile: Profile) -> tuple[Preset, ...]:
    """In the order of the file, those whose assets this size has. Raises ScenarioError."""
    path = own_folder(profile) / PRESETS
    if not path.exists():
        return ()
    top = top_of(str(path), text_of(path))
    tables = top.tables("preset")
    found = [_preset(table) for table in tables]
    for table in (top, *tables):
        table.done()
    codes = [preset.code for preset in found]
    for n, code in enumerate(codes):
        if code in codes[:n]:
            raise tables[n].wrong("code", repr(code), "a code of its own", "Rename one of the two.")
    return tuple(p for table, p in zip(tables, found, strict=True) if _there(table, p, profile))


def _preset(table: Table) -> Preset:
    kind = table.word("kind", tuple(KINDS))
    low, high = sorted((0.0, MOST * KINDS[kind].size))
    code = table.code("code")
    if not code.isidentifier() or not code.isascii() or code != code.lower():
        raise table.wrong("code", repr(code), "small letters, digits and _", "Rename it.")
    return Preset(
        code=code,
        name=table.text("name"),
        about=table.text("about"),
        kind=kind,
        on=table.code("on"),
        ramp_ms=_span(table, "ramp"),
        hold_ms=_span(table, "hold"),
        recovery_ms=_span(table, "recovery"),
        size=table.number("size", low, high, 0.0),
    )


def _span(table: Table, key: str) -> int | None:
    return table.span(key) if key in table.raw else None


def _there(table: Table, preset: Preset, profile: Profile) -> bool:
    """Whether there is what it strikes: a smaller size has fewer assets."""
    able = KINDS[preset.kind].on
    if preset.on in profile.unit:
        return UNIT in able or any(a.unit == preset.on and a.kind in able for a in profile.assets)
    asset = profile.asset.get(preset.on)
    what = asset.kind if asset is not None else SOURCE
    there = asset is not None or preset.on in profile.source
    if there and what not in able:
        expected = f"the code of a {' or a '.join(able)}, or of a unit"
        raise table.wrong("on", f"{preset.on!r}, a {what}", expected, f"{preset.kind} strikes nothing else.")
    return there
