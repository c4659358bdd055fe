"""Why a record was refused, in the reader's language."""

from __future__ import annotations

from cockpit.ui.words import WORDS, has, lang, t
from cockpit.views import refusals


def sentence(code: str, reason: str, language: str | None = None) -> str:
    """A sentence by the code and the facts of a refusal; the door's own words where the code is not known.

    Anything the facts hold is a stranger's text: to be drawn as text only.
    """
    chosen = language or lang()
    key = f"refusal_of.{code}"
    if has(key):
        facts = refusals.facts(code, reason)
        if facts:
            return WORDS[chosen][key].format_map(facts).strip()
    return t(f"refusal.{code}", chosen) if has(f"refusal.{code}") else reason


def short(code: str) -> str:
    """A refusal by its code alone; the code itself where it is not known."""
    return t(f"refusal.{code}") if has(f"refusal.{code}") else code
