"""Plans in words and looks: whose something is, where it stands, when it is due."""

from __future__ import annotations

from cockpit.domain.catalog import Text
from cockpit.domain.plans.counting import Count
from cockpit.domain.plans.days import Days
from cockpit.domain.plans.model import Item, ItemFacts, Plan, ProjectFacts, State
from cockpit.domain.registers import Entry, code_of
from cockpit.ui import figures
from cockpit.ui.context import cockpit, utc_offset_s
from cockpit.ui.marks import badge
from cockpit.ui.status import BLUE, GRAY, GREEN, ORANGE, PALE, RED, Look
from cockpit.ui.words import lang, t

LOOKS: dict[State, Look] = {
    "not_started": Look("radio_button_unchecked", "○", PALE, "circle", "gray"),
    "doing": Look("play_arrow", "▸", BLUE, "circle", "blue"),
    "done": Look("check_circle", "✓", GREEN, "circle", "green"),
    "missed": Look("event_busy", "△", GRAY, "triangle-up", "gray"),
    "dropped": Look("block", "–", GRAY, "circle", "gray"),
    "untold": Look("help", "◌", GRAY, "circle", "gray"),
    "told": Look("article", "●", GRAY, "circle", "gray"),
}
LATE = Look("report", "■", RED, "square", "red")
"""What is open beyond its due time, whatever else is known of it."""
DONE_LATE = Look("check_circle", "✓", ORANGE, "circle", "orange")
"""What was done after its due time."""

GENERATED = "science"
"""The icon of what was made up for the demo: the same as of simulated data."""


def look_of(item: Item, now_ms: int) -> Look:
    """How it looks in lists: overdue weighs more than how far it is."""
    if item.late(now_ms):
        return LATE
    return DONE_LATE if item.state == "done" and not item.in_time else LOOKS[item.state]


def state_word(item: Item, now_ms: int, plan: Plan | None = None, language: str | None = None) -> str:
    """Where it stands in a word or two; what a plan calls its done things by another name is called so."""
    if item.late(now_ms):
        return t("plans.late", language)
    if item.state == "done" and not item.in_time:
        return t("plans.done_after", language)
    if item.state == "done" and plan is not None and plan.facts.done is not None:
        return _capital(plan.facts.done.get(language or lang()))
    return t(f"plans.state_{item.state}", language)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def owner_of(entry: Entry, facts: ItemFacts | ProjectFacts, language: str | None = None) -> str:
    """Who answers for it."""
    return (
        body(entry.owner, language) if entry.owner else facts.who.get(language or lang()) if facts.who else ""
    )


def body(code: str, language: str | None = None) -> str:
    """A unit or a department by its code; the code itself if nobody knows it."""
    profile = cockpit().profile
    if code in profile.unit:
        return profile.unit[code].name
    return profile.bodies[code].get(language or lang()) if code in profile.bodies else code


def day(text: str) -> str:
    """`2026-03-31` as it is written: `31/03/2026`; `2026-03` as `03/2026`."""
    return "/".join(reversed(text.split("-"))) if text else figures.NOTHING


def due(item: Item, now_ms: int, language: str | None = None) -> str:
    """The due day, and how far it is: `30/11/2026 (còn 3 ngày)`."""
    if item.entry.due is None:
        return t("plans.no_due", language)
    last = day(Days(utc_offset_s()).of(item.entry.due - 1))
    return f"{last} ({figures.left(item.entry.due, now_ms, language)})" if item.open else last


def closed_day(entry: Entry) -> str:
    """On which day it was over."""
    return "" if entry.closed is None else day(Days(utc_offset_s()).of(entry.closed))


def amount(value: float | None, unit: Text | None, language: str | None = None) -> str:
    """A value of a target with its unit, in no more digits than it has."""
    if value is None:
        return figures.NOTHING
    decimals = next((d for d in (0, 1) if round(value, d) == value), 2)
    return figures.quantity(value, unit.get(language or lang()) if unit else "", decimals, language)


def billions(millions: int, language: str | None = None) -> str:
    """Money as people say it: `148 tỷ đồng`, `22,4 tỷ đồng`."""
    decimals = 0 if millions % 1000 == 0 else 1
    return figures.quantity(millions / 1000, t("unit.billions", language), decimals, language)


def of_all(count: Count, language: str | None = None) -> str:
    """`11/27 (40,7 %)`; of what nobody has told of, how many there are."""
    if not count.total:
        return t("plans.untold_n", language, n=count.untold) if count.untold else figures.NOTHING
    share = count.share or 0.0
    written = figures.quantity(share, "%", 0 if share == round(share) else 1, language)
    done, total = figures.number(count.achieved, 0, language), figures.number(count.total, 0, language)
    return f"{done}/{total} ({written})"


def parted(count: Count, language: str | None = None) -> dict[str, str]:
    """The same in two: `count` 11/27, `share` 40,7 %."""
    number, _, share = of_all(count, language).partition(" (")
    return {"count": number, "share": share.rstrip(")")}


def code(entry: Entry) -> str:
    """How people name it: `NV-12`."""
    return code_of(entry.kind, entry.id)


def made_up(language: str | None = None) -> str:
    """The mark of what was made up for the demo."""
    return badge(t("plans.made_up", language), "violet", GENERATED)
