"""Petitions in words and looks: how one stands, what it is about, where."""

from __future__ import annotations

from cockpit.domain.feedback import Petition
from cockpit.ui import figures
from cockpit.ui.context import cockpit
from cockpit.ui.status import BLUE, GRAY, GREEN, ORANGE, RED, Look
from cockpit.ui.words import has, t

RECEIVED = Look("mark_email_unread", "○", ORANGE, "circle", "orange")
PROCESSING = Look("pending", "◐", BLUE, "circle", "blue")
IN_TIME = Look("check_circle", "✓", GREEN, "circle", "green")
OVER = Look("check", "✓", GRAY, "circle", "gray")
LATE = Look("report", "■", RED, "square", "red")
GROUP = Look("group_work", "●", BLUE, "circle", "blue")


def look_of(one: Petition, now_ms: int) -> Look:
    """Overdue is red, closed by its due time green."""
    if one.closed is not None:
        return IN_TIME if one.in_time else OVER
    if one.late(now_ms):
        return LATE
    return PROCESSING if one.state == "processing" else RECEIVED


def state_word(one: Petition, now_ms: int, language: str | None = None) -> str:
    """How it stands in a word or two."""
    if one.closed is not None and one.due is not None:
        return t("feedback.closed_in_time" if one.in_time else "feedback.closed_late", language)
    if one.late(now_ms):
        return t("feedback.state_late", language)
    return step_word(one.state, language)


def step_word(state: str, language: str | None = None) -> str:
    """A state as the feed names it."""
    return t(f"feedback.state_{state}", language) if has(f"feedback.state_{state}") else state


def field(code: str, language: str | None = None) -> str:
    """What it is about; a code that nobody has named stands for itself."""
    if not code:
        return t("feedback.no_field", language)
    return t(f"feedback.field_{code}", language) if has(f"feedback.field_{code}") else code


def channel(code: str) -> str:
    """How it came."""
    return t(f"feedback.channel_{code}") if has(f"feedback.channel_{code}") else code


def place(unit: str, language: str | None = None) -> str:
    """The short name of a unit."""
    known = cockpit().profile.unit.get(unit)
    return known.short if known else t("alerts.province", language)


def end(one: Petition, now_ms: int, language: str | None = None) -> str:
    """When it was closed, else by when it is due or how long it is overdue."""
    if one.closed is not None:
        return figures.compact(one.closed, now_ms)
    if one.due is None:
        return figures.NOTHING
    if one.late(now_ms):
        return t("time.overdue", language, span=figures.span((now_ms - one.due) / 1000, language))
    return t("time.due", language, when=figures.compact(one.due, now_ms))


def share(part: int, whole: int, language: str | None = None) -> str:
    """`96,2 % (50/52)`; of nothing there is no share."""
    if not whole:
        return figures.NOTHING
    return t(
        "feedback.share", language, share=figures.percent(part / whole, 1, language), part=part, whole=whole
    )
