"""The handover of a shift: who has the desk gives it away with what is open, and somebody else takes it.

given ──somebody else──▶ taken

What is handed over is kept as it was then. Instants are ms of domain time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import msgspec

from cockpit.domain.periods import DAY_MS, HOUR_MS
from cockpit.domain.registers import HANDOVER, Entry, Moved, Step

GIVEN, TAKEN = "given", "taken"
SHIFT_MS = 12 * HOUR_MS
"""How far back a first handover looks: the one before it says where it began."""
SOON_MS = DAY_MS
"""A step that is due so soon is handed over: it may become overdue in the next shift."""


TOLD = (
    "acknowledge", "acknowledge_many", "assign", "assign_many", "escalate", "close", "reopen", "silence",
    "shelve", "maintenance", "out_of_service", "rule_off", "rule_on",
)  # fmt: skip
"""Commands of a shift that its handover counts."""


class OpenAlert(msgspec.Struct, frozen=True):
    """An alert that stands, as it stood at the handover. `new`: since the handover before."""

    alert: int
    owner: str
    owner_en: str
    acknowledged: bool
    overdue: bool
    new: bool
    escalated: str = ""


class Ending(msgspec.Struct, frozen=True, omit_defaults=True):
    """An entry of a register that ends or is due at an instant, as it stood: a mute, a request for an
    explanation, a coverage gap, a task. `name` is what is asked about or to be done, `facts` are those of a
    mute. Handovers of before these were kept have number and instant alone."""

    number: int
    at: int | None
    owner: str = ""
    unit: str = ""
    state: str = ""
    name: str = ""
    name_en: str = ""
    facts: dict[str, Any] = {}


class Sheet(msgspec.Struct, frozen=True):
    """What a shift hands over: what began and ended in [since, until), what people did with alerts by the
    name of the command, what stands (most urgent first, `standing` in all), what is asked, which steps of
    gaps and tasks are overdue or due within `SOON_MS`, what is muted. `counts` say how many of each list
    there were, by its name; a handover of before they were kept has none, and neither gaps nor tasks."""

    since: int
    until: int
    opened: int
    over: int
    unwatched: int
    did: dict[str, int]
    standing: int
    alerts: tuple[OpenAlert, ...]
    requests: tuple[Ending, ...]
    mutes: tuple[Ending, ...]
    gaps: tuple[Ending, ...] = ()
    tasks: tuple[Ending, ...] = ()
    counts: dict[str, int] = {}


class Facts(msgspec.Struct, frozen=True):
    """Who handed over, in whose words; who took it, with which remark, "" as long as nobody has."""

    sheet: Sheet
    by: str
    note: str
    to: str = ""
    remark: str = ""


def facts_of(entry: Entry) -> Facts:
    """Raises msgspec.ValidationError where nobody can read it."""
    return msgspec.convert(entry.facts, Facts)


def given(number: int, facts: Facts, t: int) -> Moved:
    """Somebody hands over."""
    entry = Entry(HANDOVER, number, GIVEN, "", facts.by, t, None, facts=_plain(facts))
    return Moved(entry, 0, Step(t, facts.by, GIVEN, "", GIVEN, _shown(facts.note)))


def renewed(entry: Entry, facts: Facts, t: int) -> Moved:
    """The same person hands over once more before anybody took it: as it is by now."""
    after = replace(entry, opened=t, version=entry.version + 1, facts=_plain(facts))
    return Moved(after, entry.version, Step(t, facts.by, "renewed", GIVEN, GIVEN, _shown(facts.note)))


def taken(entry: Entry, actor: str, remark: str, t: int) -> Moved:
    """Somebody else takes it: it is signed by both."""
    facts = msgspec.structs.replace(facts_of(entry), to=actor, remark=remark)
    after = replace(entry, state=TAKEN, closed=t, version=entry.version + 1, facts=_plain(facts))
    return Moved(after, entry.version, Step(t, actor, TAKEN, entry.state, TAKEN, _shown(remark)))


def _plain(facts: Facts) -> Mapping[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(facts)
    return plain


def _shown(note: str) -> Mapping[str, Any]:
    return {"note": note} if note else {}
