"""The command that carries out a decision which home proposes."""

from __future__ import annotations

from cockpit.commands.gaps import GapPlan
from cockpit.commands.handling import Assign
from cockpit.commands.model import Instant, Message
from cockpit.commands.requests import AskedAbout, RequestExplanation
from cockpit.domain.decisions import Kind, Thing


def message(kind: Kind, about: Thing, to: str, due: int | None, version: int | None) -> Message:
    """What `to` is asked, given or to plan by `due` (ms), from the version that was seen."""
    of, code = about
    if kind == "give_alert":
        return Assign(alert=int(code), to=to, version=version)
    if kind == "plan_gap":
        return GapPlan(gap=int(code), owner=to, due=Instant(due or 0), version=version)
    asked = AskedAbout(kind=of, code=code)  # type: ignore[arg-type] # of those that can be asked about
    return RequestExplanation(about=asked, to=to, due=None if due is None else Instant(due))
