"""The pillars under which a province groups its indicators: each indicator stands under one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from cockpit.domain.catalog import Indicator, Text
from cockpit.profiles.reader import NOTHING, Problems, read_toml, tables

FILE = "pillars.toml"


class Pillar(msgspec.Struct, frozen=True):
    """`indicators` in the order in which they are shown."""

    code: str
    name: Text
    indicators: tuple[str, ...]


def read(folder: Path, indicators: Sequence[Indicator], problems: Problems) -> tuple[Pillar, ...]:
    """The pillars of a profile, none where it has no such file. What stands under none or two is a mistake:
    it would be missing from the page, or counted twice."""
    if not (folder / FILE).exists():
        return ()
    found = tables(read_toml(folder / FILE, problems), FILE, "pillar", Pillar, problems)
    known = {indicator.code for indicator in indicators}
    under: dict[str, str] = {}
    for pillar in found:
        where = f"{FILE} [[pillar]] {pillar.code} key indicators"
        for code in pillar.indicators:
            if code not in known:
                problems.add(where, code, "the code of an indicator")
            elif code in under:
                problems.add(where, code, f"no indicator of another pillar: {under[code]} has it")
            under.setdefault(code, pillar.code)
    if missing := [code for code in known if code not in under]:
        problems.add(f"{FILE} [[pillar]]", NOTHING, f"a pillar for {', '.join(sorted(missing))}")
    return tuple(found)
