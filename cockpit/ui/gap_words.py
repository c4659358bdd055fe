"""Coverage gaps in words and looks: where one stands, by when, why it is one."""

from __future__ import annotations

from cockpit.domain.coverage.gap_life import Measure, State
from cockpit.domain.coverage.hamlets import Ground
from cockpit.domain.registers import GAP, Step, code_of
from cockpit.ui import figures
from cockpit.ui.context import cockpit
from cockpit.ui.marks import escape
from cockpit.ui.status import BLUE, GREEN, ORANGE, RED, Look
from cockpit.ui.words import has, lang, t
from cockpit.views.gaps import Gap

LOOKS: dict[State, Look] = {
    "reported": Look("flag", "○", ORANGE, "circle", "orange"),
    "verified": Look("fact_check", "◐", ORANGE, "circle", "orange"),
    "planned": Look("event", "▸", BLUE, "circle", "blue"),
    "building": Look("construction", "▲", BLUE, "triangle-up", "blue"),
    "closed": Look("check_circle", "✓", GREEN, "circle", "green"),
}
LATE = Look("report", "■", RED, "square", "red")
"""What is open beyond its due time."""


def look_of(gap: Gap, now_ms: int) -> Look:
    return LATE if gap.late(now_ms) else LOOKS[gap.entry.state]  # type: ignore[index] # written by commands only


def state_word(gap: Gap, language: str | None = None) -> str:
    """Where it stands in a word or two."""
    return t(f"gaps.state_{gap.entry.state}", language)


def code(gap: Gap) -> str:
    """How people name it: `LS-12`."""
    return code_of(GAP, gap.entry.id)


def place(gap: Gap) -> str:
    """The commune in which it lies."""
    unit = cockpit().profile.unit.get(gap.entry.unit)
    return unit.short if unit else ""


def operators(gap: Gap) -> str:
    """The operators that are surely bad there."""
    names = [cockpit().profile.operators.get(o, o) for o in gap.bad_operators]
    return ", ".join(names) or figures.NOTHING


def people(gap: Gap, language: str | None = None) -> str:
    """`khoảng 410 người (từ 350 đến 440)`."""
    found = gap.people
    return t("gaps.people_told", language, n=found.mid, low=found.low, high=found.high)


def due(gap: Gap, now_ms: int, language: str | None = None) -> str:
    """By when its next step is due, or how long it is overdue."""
    at = gap.entry.due
    if at is None:
        return figures.NOTHING
    if at > now_ms:
        return figures.compact(at, now_ms)
    return t("time.overdue", language, span=figures.span((now_ms - at) / 1000, language))


def why(gap: Gap) -> str:
    """One sentence that says why this is a gap, with its numbers."""
    facts = gap.entry.facts
    return t(
        "gaps.why",
        groups=int(facts.get("groups", 0)),
        devices=int(facts.get("devices", 0)),
        cells=len(facts["cells"]),
        share=figures.percent(facts.get("share", 0.0)),
        low=figures.percent(facts.get("low", 0.0)),
        bad=figures.number(cockpit().profile.coverage.bad_dbm),
    )


def measure(found: Measure) -> str:
    """What was measured, in a line."""
    return t(
        "gaps.measure",
        share=figures.percent(found.share),
        high=figures.percent(found.high),
        groups=found.groups,
        mean=figures.number(found.mean_dbm, 1),
    )


def what(step: Step) -> str:
    """A step in a word or two."""
    key = f"gaps.step_{step.what}"
    return t(key) if has(key) else escape(step.what)


def count(value: int | None) -> str:
    """A count, or that nobody has told it."""
    return t("gaps.unknown") if value is None else figures.number(value, 0, lang())


def reached(value: bool | None) -> str:
    """Whether power or a road is there."""
    return t("gaps.unknown") if value is None else t("gaps.yes" if value else "gaps.no")


def standing(ground: Ground) -> str:
    """What stands in the hamlets of a gap."""
    return t(
        "gaps.standing_told",
        households=count(ground.households),
        schools=count(ground.schools),
        offices=count(ground.offices),
    )


def reach(ground: Ground) -> str:
    """Whether power and a road are there."""
    return t("gaps.reach_told", grid=reached(ground.grid), road=reached(ground.road))
