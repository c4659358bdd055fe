"""Requests for an explanation in words and looks: where one stands, by when, what it is about."""

from __future__ import annotations

from cockpit.domain.registers import GAP, TARGET, TASK, code_of
from cockpit.domain.requests import About, Request, State
from cockpit.ui import dates, figures, nav
from cockpit.ui.marks import escape, lower
from cockpit.ui.plan_words import body
from cockpit.ui.status import BLUE, GREEN, ORANGE, RED, Look
from cockpit.ui.words import DEFAULT, lang, t

LOOKS: dict[State, Look] = {
    "asked": Look("hourglass_empty", "○", ORANGE, "circle", "orange"),
    "answered": Look("mark_email_unread", "▸", BLUE, "circle", "blue"),
    "sent_back": Look("undo", "↩", ORANGE, "circle", "orange"),
    "accepted": Look("check_circle", "✓", GREEN, "circle", "green"),
}
LATE = Look("report", "■", RED, "square", "red")
"""What is not answered beyond its due time."""

NEAR_MS = 6 * 86_400_000
"""So far ahead a weekday says which day is meant."""


def look_of(found: Request, now_ms: int) -> Look:
    return LATE if found.late(now_ms) else LOOKS[found.state]


def state_word(found: Request, now_ms: int, language: str | None = None) -> str:
    """Where it stands in a word or two."""
    return (
        t("requests.late", language) if found.late(now_ms) else t(f"requests.state_{found.state}", language)
    )


def code(found: Request) -> str:
    """How people name it: `YC-12`."""
    return code_of(found.entry.kind, found.entry.id)


def by_when(due_ms: int, now_ms: int, language: str | None = None) -> str:
    """`17:00 thứ Tư`, `17:00 hôm nay`, or further away `17:00 ngày 03/12`."""
    chosen = language or lang()
    when, today = figures.local(due_ms), figures.local(now_ms)
    if when.date() == today.date():
        return t("time.today_at", chosen, time=figures.clock(due_ms))
    if 0 < due_ms - now_ms < NEAR_MS:
        name = dates.days(chosen)[int(when.strftime("%w"))]
        return t(
            "time.weekday_at",
            chosen,
            time=figures.clock(due_ms),
            day=lower(name) if chosen == DEFAULT else name,
        )
    return figures.instant(due_ms, now_ms, chosen)


def due(found: Request, now_ms: int, language: str | None = None) -> str:
    """`hạn 17:00 thứ Tư`, how long it is overdue, or that the answer is there."""
    if not found.waiting:
        return state_word(found, now_ms, language)
    when = found.facts.due
    if when > now_ms:
        return t("time.due", language, when=by_when(when, now_ms, language))
    return t("time.overdue", language, span=figures.span((now_ms - when) / 1000, language))


def asked(found: Request, now_ms: int, language: str | None = None) -> str:
    """What was asked of whom and by when, in a line of markdown."""
    whose = escape(body(found.entry.owner, language))
    line = t("requests.asked_line", language, unit=whose, due=due(found, now_ms, language))
    told = pressed(found, language)
    return t("requests.line_pressed", language, line=line, pressed=lower(told)) if told else line


def pressed(found: Request, language: str | None = None) -> str:
    """Who was reminded or told of an answer that is owed; "" where nobody was yet, or it is there."""
    facts = found.facts
    if not found.waiting or (facts.reminded is None and not facts.raised):
        return ""
    return t(f"requests.pressed_{facts.raised or 'reminded'}", language)


def about(found: Request, language: str | None = None) -> str:
    """What it is about, by name, with its code where that helps to find it."""
    facts = found.facts
    name = facts.name.get(language or lang())
    if facts.about.kind in (TARGET, TASK):
        return f"{code_of(facts.about.kind, int(facts.about.code))}: {name}"
    return name


PAGES = {"indicator": "indicators", "alert": "alerts", TARGET: "plans", TASK: "plans", GAP: "gaps"}


def link(found: Request) -> None:
    """The way to what it is about."""
    link_to(found.facts.about)


def link_to(what: About) -> None:
    """The way to an indicator, an alert, a target, a task or a gap."""
    asked_for = f"{what.kind}-{what.code}" if what.kind in (TARGET, TASK) else what.code
    label = t(f"requests.open_{what.kind}")
    nav.link(PAGES[what.kind], label, icon="open_in_new", params={"id": asked_for})
