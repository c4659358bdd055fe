"""What the engine knows of the world, apart from any rule, and what one step brought of it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple, Protocol

from cockpit.domain.numbers import AssetId, MetricId
from cockpit.domain.targets import Aim
from cockpit.engine.clocks import Clocks, FeedTurn, Turn
from cockpit.engine.columns import Columns, Ints
from cockpit.engine.differences import Told
from cockpit.engine.entries import Entries, Late
from cockpit.engine.feeds import Feeds, FeedVerdict
from cockpit.engine.groups import Groups, GroupVerdict
from cockpit.engine.incoming import Heard, IncomingAlerts
from cockpit.engine.numbers import AssetAt, SourceAt
from cockpit.engine.silence import Change, Silence
from cockpit.engine.slots import Slots
from cockpit.engine.surges import Surges
from cockpit.engine.thresholds import Crossing, Thresholds
from cockpit.profiles import Profile


class Values(NamedTuple):
    """Values in order of when they were received, one row a value: position of the series, time and reception
    (ms), and the integer that was sent."""

    series: Ints
    time: Ints
    received: Ints
    value: Ints


class LongAgo(Protocol):
    """Tells roll-ups of whole provincial days gone by: (days, assets, 4, 24) of n, sum, least and greatest,
    zeros where nothing came; None while the past is still being brought in."""

    def __call__(self, assets: Sequence[AssetId], metric: MetricId, days: Sequence[int]) -> Ints | None: ...


class Memory(ABC):
    """What one kind of rules keeps of the world for itself."""

    @property
    @abstractmethod
    def numbers(self) -> Ints:
        """Numbers of the series whose past it needs after a restart, sorted."""

    @property
    @abstractmethod
    def reach_ms(self) -> int:
        """How far back it needs that past."""

    @abstractmethod
    def restore(self, series: Ints, time: Ints, value: Ints) -> None:
        """Take up values, by number of the series and in order of time, that an engine has seen already."""

    @abstractmethod
    def take_over(self, before: Memory) -> None:
        """After `restore`: what another of the same kind, under other rules, knows of the past by what it has
        heard takes the place of what the store told, where it reaches as far back."""

    def know(self, newest: Values) -> None:  # noqa: B027 - most have no use for it
        """The newest value of each series that an engine has seen already, as after a restart."""

    def look_back(self, ago: LongAgo) -> None:  # noqa: B027 - most have no use for it
        """By whom it is told what the roll-ups of days gone by say, where it wants to know that."""

    @abstractmethod
    def take(self, values: Values, gaps: Mapping[int, Sequence[int]]) -> None:
        """Take what a step brought. `gaps`: by position of the asset, when it fell silent within it."""


@dataclass
class Senses:
    """All that is known in memory, by who finds it out."""

    profile: Profile
    columns: Columns
    slots: Slots
    levels: bytearray
    """Level of every slot by its number, whether its rule is switched off or not."""
    assets: Silence[AssetAt]
    sources: Silence[SourceAt]
    thresholds: Thresholds
    clocks: Clocks
    feeds: Feeds
    groups: Groups
    entries: Entries
    incoming: IncomingAlerts
    surges: Surges
    memory: dict[str, Memory]
    """What kinds of rules keep for themselves, by their code."""
    aims: dict[tuple[str, str], Aim] = field(default_factory=dict)
    """What figures were judged by last, by indicator and unit."""
    told: dict[tuple[str, str], Told | None] = field(default_factory=dict)
    """What was reported beside figures as it was looked at last, by indicator and unit."""

    @cached_property
    def asset_at(self) -> dict[str, AssetAt]:
        """Position of an asset by its code."""
        return {a.code: AssetAt(i) for i, a in enumerate(self.profile.assets)}

    @cached_property
    def source_at(self) -> dict[str, SourceAt]:
        """Position of a source by its code."""
        return {s.code: SourceAt(i) for i, s in enumerate(self.profile.sources)}


@dataclass(slots=True)
class Step:
    """What a step of a lane brought, each in order of time."""

    assets: list[Change[AssetAt]] = field(default_factory=list)
    sources: list[Change[SourceAt]] = field(default_factory=list)
    crossings: list[Crossing] = field(default_factory=list)
    clocks: list[Turn] = field(default_factory=list)
    clocks_of_feeds: list[FeedTurn] = field(default_factory=list)
    feeds: list[FeedVerdict] = field(default_factory=list)
    groups: list[GroupVerdict] = field(default_factory=list)
    entries: list[Late] = field(default_factory=list)
    incoming: list[Heard] = field(default_factory=list)
