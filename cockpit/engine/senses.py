"""What the engine knows of the world, apart from any rule, and what one step brought of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from cockpit.engine.clocks import Clocks, FeedTurn, Turn
from cockpit.engine.columns import Columns
from cockpit.engine.entries import Entries, Late
from cockpit.engine.feeds import Feeds
from cockpit.engine.feeds import Verdict as FeedVerdict
from cockpit.engine.groups import Groups
from cockpit.engine.groups import Verdict as GroupVerdict
from cockpit.engine.rates import Rates, Shift
from cockpit.engine.silence import Change, Silence
from cockpit.engine.slots import Slots
from cockpit.engine.thresholds import Crossing, Thresholds
from cockpit.profiles import Profile


@dataclass
class Senses:
    """All that is known in memory, by who finds it out."""

    profile: Profile
    columns: Columns
    slots: Slots
    levels: bytearray
    """Level of every slot by its number, whether its rule is switched off or not."""
    assets: Silence
    sources: Silence
    thresholds: Thresholds
    rates: Rates
    clocks: Clocks
    feeds: Feeds
    groups: Groups
    entries: Entries

    @cached_property
    def asset_at(self) -> dict[str, int]:
        """Position of an asset by its code."""
        return {a.code: i for i, a in enumerate(self.profile.assets)}

    @cached_property
    def source_at(self) -> dict[str, int]:
        """Position of a source by its code."""
        return {s.code: i for i, s in enumerate(self.profile.sources)}


@dataclass(slots=True)
class Step:
    """What a step of a lane brought, each in order of time."""

    assets: list[Change] = field(default_factory=list)
    sources: list[Change] = field(default_factory=list)
    crossings: list[Crossing] = field(default_factory=list)
    shifts: list[Shift] = field(default_factory=list)
    clocks: list[Turn] = field(default_factory=list)
    clocks_of_feeds: list[FeedTurn] = field(default_factory=list)
    feeds: list[FeedVerdict] = field(default_factory=list)
    groups: list[GroupVerdict] = field(default_factory=list)
    entries: list[Late] = field(default_factory=list)
