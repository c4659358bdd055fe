"""The province by unit on the home page: what is shown on its drawing, what was chosen, and its legend."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from cockpit.ui import maps, province
from cockpit.ui.components import province as component
from cockpit.ui.components.province import Shown
from cockpit.ui.context import cockpit
from cockpit.ui.marks import quiet, swatch
from cockpit.ui.screen import phone
from cockpit.ui.status import ORANGE, RED
from cockpit.ui.words import lang, t

STORM = 12
"""From so many marked units on a colour says less than a count: fuller colour, more alerts."""

STEPS = (2, 5)
"""Alerts of a unit from which on its colour is stronger, and full."""


@dataclass(frozen=True, slots=True)
class UnitMark:
    """A unit on the map. `state`: red, orange or green; `text` says it in words; `alerts` is how many are
    open there."""

    code: str
    state: str
    text: str
    alerts: int


def stormy(states: Sequence[str]) -> bool:
    """Whether so much is marked that colours are graded by count."""
    return sum(state != "green" for state in states) >= STORM


def shade(state: str, alerts: int, storm: bool) -> str:
    """The class of an area: in a storm a unit with few alerts is paler than one with many."""
    if not storm or alerts >= STEPS[1]:
        return state
    return f"{state}{1 if alerts < STEPS[0] else 2}"


def shown(places: Sequence[UnitMark], nothing: str) -> Shown:
    """The units as what `draw` shows; those without anything have the sentence `nothing`."""
    storm = stormy([p.state for p in places])
    return Shown(
        {
            p.code: ("" if p.state == "green" else shade(p.state, p.alerts, storm), p.text)
            for p in places
            if p.state != "green" or p.text != nothing
        },
        nothing,
    )


def draw(what: Shown, *, key: str, label: str, chosen: str, on_pick: Callable[[str], None]) -> None:
    """The units of the province by state. `chosen` has a strong edge; a press on a unit calls `on_pick` with
    its code, a press beside all with ""."""
    here, language = cockpit(), lang()
    drawing = province.of_profile(here.profile, here.config.data_dir, language)
    known = here.profile.unit
    component.draw(
        what,
        maps.drawing_address(language, drawing.digest),
        key=key,
        label=label,
        chosen=chosen,
        height=round(drawing.pictures["narrow" if phone() else "wide"].height),
        on_pick=lambda code: on_pick(code if code in known else ""),
    )


def legend(counts: Mapping[str, int], note: str) -> str:
    """Under the map: what the shapes mean and how many there are, a `note` on what turns a unit to a
    colour, and that it is a diagram."""
    looks = (("red", "■", RED, False), ("orange", "▲", ORANGE, True))
    parts = [
        swatch(glyph, mark, t(f"map.{state}", n=counts[state]), dark_glyph=dark)
        for state, glyph, mark, dark in looks
        if counts.get(state)
    ]
    parts.append(quiet(f"{note} {maps.shapes()}"))
    return " &nbsp; ".join(parts)
