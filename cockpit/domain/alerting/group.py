"""An outage inferred from what a thing supplies: itself it sends nothing.

Of what directly depends on it and was ever heard, each may be *silent*, or *dark*: it says itself, or said
before it fell silent, that what it depends on is gone (a site without mains). Silence alone can have many
reasons; so most of those in distress that are able to say so must have said it.
"""

from __future__ import annotations

from typing import NamedTuple

from cockpit.domain.alerting.condition import Level
from cockpit.domain.alerting.rules import thresholds
from cockpit.domain.catalog import Rule


class Members(NamedTuple):
    """Members of a group by what is known of them: ever heard; in distress (silent or dark); able to tell
    (they have a metric for it) and in distress; dark."""

    known: int = 0
    bad: int = 0
    able: int = 0
    dark: int = 0

    @property
    def share(self) -> float:
        return self.bad / self.known if self.known else 0.0


def level_of_group(rule: Rule, members: Members) -> Level:
    """Where a group stands."""
    raise_at, clear_at = thresholds(rule)
    if not members.known:
        return Level.GONE
    told = members.dark * 2 > members.able or not members.able
    if members.share > raise_at and members.bad >= rule.least and told:
        return Level.RAISE
    return Level.BAND if members.share > clear_at else Level.CLEAR
