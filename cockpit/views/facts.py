"""Published figures: what others have said of this province and its like, with source and date."""

from __future__ import annotations

from dataclasses import dataclass

from cockpit.domain.catalog import Text
from cockpit.profiles.model import Fact
from cockpit.views.context import ViewContext


@dataclass(frozen=True, slots=True)
class Publication:
    """A source and what it says, in the order of the profile."""

    source: Text
    province: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class FactsView:
    """Every published figure of the profile, by source."""

    publications: tuple[Publication, ...]
    n: int


def build(ctx: ViewContext) -> FactsView:
    """From the profile alone."""
    found: dict[Text, list[Fact]] = {}
    for fact in ctx.profile.facts:
        found.setdefault(fact.source, []).append(fact)
    publications = tuple(
        Publication(source, facts[0].province, tuple(facts)) for source, facts in found.items()
    )
    return FactsView(publications, len(ctx.profile.facts))
