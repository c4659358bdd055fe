"""What a line of an alert's history says besides who and when, in words."""

from __future__ import annotations

from cockpit.ui import figures
from cockpit.ui.plan_words import body
from cockpit.ui.words import has, t
from cockpit.views.alert import Logged


def note(entry: Logged) -> str:
    """To whom, how it ended, until when; what a person wrote, or in words the code that the evaluator gave as
    its reason."""
    data = entry.data
    parts = []
    if entry.what == "assigned":
        parts.append(body(str(data.get("to", ""))))
    elif entry.what == "escalated" and has(f"acting.to_{data.get('to')}"):
        parts.append(t(f"acting.to_{data.get('to')}"))
        if isinstance(after := data.get("after_s"), int):
            parts.append(t("acting.unheard", span=figures.span(after)))
    elif has(f"acting.outcome_{data.get('outcome')}"):
        parts.append(t(f"acting.outcome_{data.get('outcome')}"))
    if isinstance(until := data.get("until"), int):
        parts.append(t("acting.until", when=figures.clock(until)))
    said = str(data.get("note") or data.get("reason") or "")
    if said:
        parts.append(t(f"log.reason_{said}") if has(f"log.reason_{said}") else said)
    return " · ".join(parts)
