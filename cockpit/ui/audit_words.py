"""What somebody did, in words: the command, what it was about, what became of it."""

from __future__ import annotations

import json
from typing import Any

from cockpit.domain.catalog import Text
from cockpit.ingest.codes import Refusal
from cockpit.ingest.times import to_ms
from cockpit.store.queries.audit import Entry
from cockpit.ui import figures
from cockpit.ui.context import cockpit
from cockpit.ui.pick import search_key
from cockpit.ui.status import GRAY, GREEN, ORANGE, Look
from cockpit.ui.words import has, lang, t

DONE = Look("check_circle", "✓", GREEN, "circle", "green")
SO_ALREADY = Look("check", "✓", GRAY, "circle", "gray")
REFUSED = Look("block", "△", ORANGE, "triangle-up", "orange")

SUBJECTS = (
    "alert", "rule", "task", "target", "plan", "project", "report", "request", "gap", "mute", "decision",
    "indicator", "indicators", "about", "scenario", "preset", "asset", "id", "point", "to",
)  # fmt: skip
"""Arguments that say what a command is about, what says most first."""


INSTANTS = frozenset({"until", "since", "at", "due", "from", "to_ms", "left", "held_until"})
"""Arguments and facts that are an instant, in ms or as text."""


MAX_DEPTH, MAX_SHOWN = 3, 500
"""How deep an argument is put into words, and how many signs of what is deeper are shown."""
END_OF_TIME_MS = 253_402_300_800_000 - 86_400_000
"""The last day of the year 9999: what lies beyond is no instant that could be shown."""


def did(entry: Entry, language: str | None = None) -> str:
    """The command by its plain name; one that is not known, as it was sent."""
    key = f"audit.did_{entry.name}"
    return t(key, language) if has(key) else entry.name


def look(entry: Entry) -> Look:
    if entry.outcome == "done":
        return DONE
    return SO_ALREADY if entry.outcome == "already" else REFUSED


def outcome(entry: Entry, language: str | None = None) -> str:
    """What became of it in two or three words; why exactly stands in the detail."""
    key = f"audit.code_{entry.outcome}"
    return t(key, language) if has(key) else t("audit.code_other", language)


def role(entry: Entry, language: str | None = None) -> str:
    key = f"role.{entry.role}"
    return t(key, language) if has(key) else entry.role


def about(entry: Entry, language: str | None = None) -> str:
    """What it was about: "Quy tắc Camera mất tín hiệu", or "" where the command says all."""
    name = next((one for one in SUBJECTS if entry.args.get(one) not in (None, "")), "")
    return named(name, entry.args[name], language) if name else ""


def named(name: str, found: Any, language: str | None = None) -> str:
    """A thing with what it is before it, unless its own name begins so: "Chỉ số phục vụ", not twice."""
    told = value(name, found, language)
    label = argument(name, language)
    plain = isinstance(found, dict) or told.casefold().startswith(label.casefold())
    return told if plain else f"{label} {told}"


def argument(name: str, language: str | None = None) -> str:
    """An argument by its plain name."""
    key = f"audit.arg_{name}"
    return t(key, language) if has(key) else name


def value(name: str, found: Any, language: str | None = None, deep: int = 0) -> str:
    """What an argument holds, as people name it. What was refused stands there as it was sent, so it may be
    anything: what is nested deeper than any argument is shown as it is."""
    profile, language = cockpit().profile, language or lang()
    if isinstance(found, dict | list) and deep >= MAX_DEPTH:
        return json.dumps(found, ensure_ascii=False)[:MAX_SHOWN]
    if (
        isinstance(found, dict)
        and found.get("kind") in SUBJECTS
        and not isinstance(found.get("code"), dict | list)
    ):
        return named(str(found["kind"]), found["code"], language)
    if isinstance(found, list) and name == "indicators":
        return ", ".join(value("indicator", one, language, deep + 1) for one in found)
    if isinstance(found, dict | list):
        return "; ".join(
            f"{argument(str(k), language)}: {value(str(k), v, language, deep + 1)}"
            for k, v in (found.items() if isinstance(found, dict) else enumerate(found, 1))
        )
    if isinstance(found, bool):
        return t("audit.yes" if found else "audit.no", language)
    code = str(found)
    if name in INSTANTS and (at := _instant(found)) is not None:
        return figures.instant(at, lang=language)
    if name == "scenario" and (story := _story(code)) is not None:
        return story.get(language)
    if name == "rule" and code in profile.rule:
        return profile.rule[code].name.get(language)
    if name == "indicator" and code in profile.indicator:
        return profile.indicator[code].name.get(language)
    if name in ("unit", "to", "owner") and (whose := profile.owner_name(code)) is not None:
        return whose.get(language)
    return code


def _instant(found: Any) -> int | None:
    if isinstance(found, int):
        return found if 0 <= found < END_OF_TIME_MS else None
    try:
        return to_ms(str(found))
    except Refusal:
        return None


def _story(code: str) -> Text | None:
    demo = cockpit().demo
    story = None if demo is None else demo.run.library.scenarios.get(code)
    return None if story is None else story.name


def matches(entry: Entry, query: str, language: str) -> bool:
    """Whether every word of a search stands in it, without diacritics."""
    told = search_key(
        " ".join((
            entry.actor, entry.name, did(entry, language), role(entry, language), about(entry, language),
            outcome(entry, language), str(entry.args.get("reason", "")),
        ))
    )  # fmt: skip
    return all(word in told for word in search_key(query).split())
