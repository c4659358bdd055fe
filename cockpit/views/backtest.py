"""What a rule would have done over the stored past, and what one did, for the page of the rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cockpit.domain.catalog import Rule, Text
from cockpit.engine.backtest import Backtest, Found, backtest
from cockpit.engine.columns import DOMAIN, REAL
from cockpit.engine.layout import reread
from cockpit.profiles import Profile, ProfileError
from cockpit.views import why
from cockpit.views.context import ViewContext

FIRST = 10
"""So many of the alerts are listed, the oldest first."""


@dataclass(frozen=True, slots=True)
class Tried:
    """A rule held against the past: the one in force, and the one in the file where that is another."""

    now: Backtest
    filed: Backtest | None
    names: Mapping[str, Text]  # of the first subjects, by code

    @property
    def shown(self) -> Backtest:
        """The one whose alerts are listed."""
        return self.filed or self.now

    @property
    def first(self) -> tuple[Found, ...]:
        """The oldest of its alerts."""
        return self.shown.found[:FIRST]


def build(ctx: ViewContext, rule: Rule, days: int) -> Tried:
    """Over the last `days`. What stands in the file and cannot be used is left out."""
    now = {DOMAIN: ctx.now_ms, REAL: ctx.real_ms}
    held = backtest(ctx.store, ctx.profile, rule, days, now)
    profile = _filed(ctx.profile)
    other = None if profile is None else profile.rule.get(rule.code)
    filed = None
    if profile is not None and other is not None and other != rule:
        filed = backtest(ctx.store, profile, other, days, now)
    first = (filed or held).found[:FIRST]
    return Tried(held, filed, {one.subject.code: why.name_of(ctx, one.subject) for one in first})


def _filed(profile: Profile) -> Profile | None:
    try:
        return reread(profile)
    except ProfileError:
        return None
