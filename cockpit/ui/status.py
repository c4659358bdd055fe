"""The vocabulary of states as data: icon, glyph, colour and shape are the same on tile, row, map and chart.

Words are in the catalogue under `status.*`, `kind.*`, `priority.*`, `feed.*`.
"""

from __future__ import annotations

from dataclasses import dataclass

from cockpit.domain.catalog import Priority, SourceKind
from cockpit.views.figure import Status

RED, ORANGE, GREEN, GRAY, PALE, BLUE, VIOLET = (
    "#C33B3A",
    "#D87E22",
    "#409575",
    "#646E77",
    "#8A949D",
    "#3E7FC1",
    "#7C5FB8",
)
"""Marks: at least 3:1 on white and on the dark ground, so one value serves both."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a state looks: `tone` is a colour name of markdown, `mark` the colour in charts."""

    icon: str
    glyph: str
    mark: str
    shape: str
    tone: str


LOOKS: dict[Status, Look] = {
    "red": Look("report", "■", RED, "square", "red"),
    "orange": Look("warning", "▲", ORANGE, "triangle-up", "orange"),
    "green": Look("check_circle", "●", GREEN, "circle", "green"),
    "stale": Look("schedule", "○", GRAY, "circle", "gray"),
    "suspect": Look("help", "◆", GRAY, "diamond", "gray"),
    "nodata": Look("remove", "□", GRAY, "square", "gray"),
    "samples": Look("help", "◌", GRAY, "circle", "gray"),
    "unjudged": Look("hourglass_empty", "–", PALE, "circle", "gray"),
}

KIND_ICONS: dict[SourceKind, str] = {
    "machine": "sensors",
    "api": "sync_alt",
    "file": "description",
    "typed": "edit",
    "computed": "calculate",
    "alertmanager": "notifications",
}

PRIORITIES: dict[Priority, Look] = {
    "critical": Look("report", "■", RED, "square", "red"),
    "high": Look("report", "■", RED, "square", "red"),
    "medium": Look("warning", "▲", ORANGE, "triangle-up", "orange"),
    "low": Look("info", "●", GRAY, "circle", "gray"),
}

FINALITY: dict[str, Look] = {
    "final": Look("check", "●", "", "circle", "blue"),
    "partial": Look("hourglass_top", "◐", "", "circle", "gray"),
    "estimated": Look("approximate", "≈", "", "circle", "gray"),
}
"""How far the data of a period are, as `domain.spans.Finality` has it."""

FEEDS: dict[str, Look] = {
    "fresh": Look("check_circle", "●", GREEN, "circle", "green"),
    "late": Look("warning", "▲", ORANGE, "triangle-up", "orange"),
    "silent": Look("report", "■", RED, "square", "red"),
    "never": Look("remove", "◌", GRAY, "circle", "gray"),
}
"""States of a source or an asset, as `source_now.state` and `asset_now.state` have them."""
