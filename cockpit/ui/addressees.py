"""Who can be asked for something, or given a task, by the person in front of the screen."""

from __future__ import annotations

from cockpit.domain.catalog import Text
from cockpit.ui import people
from cockpit.ui.context import cockpit


def owners() -> list[str]:
    """Codes of departments, then of units; a leader of a unit acts within it."""
    person = people.current()
    return [person.unit] if person.role == "unit_leader" else list(cockpit().profile.addressees)


def code_of(owner: str | Text) -> str:
    """The code of who answers, where it is told by name."""
    return owner if isinstance(owner, str) else cockpit().profile.addressee(owner)
