"""A condition's place: a rule and a subject that it watches, numbered so that causes come before symptoms."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from cockpit.domain.alerting import Timing
from cockpit.domain.alerting.folding import chain_of_asset, node_of_source
from cockpit.domain.alerting.subjects import ASSET, INCOMING, INDICATOR, SOURCE, UNIT, Subject
from cockpit.domain.catalog import Asset, Rule, Source
from cockpit.engine.numbers import AssetAt, Lane, SlotNo, SourceAt
from cockpit.profiles import Profile

_ENTRIES = 2**40
"""More than there will ever be slots, or entries of a register."""

REFUSED_RANK, SILENCE_RANK, CAUSE_RANK, SYMPTOM_RANK = range(4)
"""On one and the same subject a lower rank explains a higher one."""

REAL_KINDS = (ASSET, SOURCE, INCOMING)
"""What lies on the time line of its source."""


class News(NamedTuple):
    """The level of a slot from instant `t` on; `value` in the metric's or indicator's unit."""

    t: int
    slot: SlotNo
    level: int
    value: float | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A subject that a rule watches. `depth` and `position` give the order; the rest is as in `Slot`."""

    depth: int
    position: int
    subject: Subject
    chain: tuple[str, ...]
    source: str
    unit: str
    rhythm_s: int


@dataclass(frozen=True, slots=True)
class Slot:
    """A condition's place. `chain`: nodes above it, itself first (of an indicator: its sources);
    `source`: code of its source; `only`: below itself it explains only alerts of rules of this kind; `parts`:
    where there are any, it explains only alerts of these rules on its own subject; `rests_on`: these and
    their own parts, which never explain it."""

    key: str
    rule: Rule
    timing: Timing
    subject: Subject
    rank: int
    explains: bool
    only: str
    parts: frozenset[str]
    rests_on: frozenset[str]
    chain: tuple[str, ...]
    source: str
    unit: str
    rhythm_s: int
    lane: Lane  # time line that its instants lie on
    lead_ms: int = 0  # how long it may have been bad already when it is found to be

    @property
    def indicator(self) -> str:
        """Code of the indicator whose figure it judges, of the province or of a unit; "" of anything else."""
        kind = self.subject.kind
        return self.subject.code if kind == INDICATOR else self.rule.metric if kind == UNIT else ""

    @property
    def node(self) -> str:
        """Where it stands in the graph of what depends on what. Only an asset or a source stands at the foot
        of its chain; a figure has a place of its own beside it, and so has an entry of a register."""
        return self.chain[0] if self.subject.kind in (ASSET, SOURCE) else self.subject.node

    def begun(self, found: int, facts: Mapping[str, Any]) -> int:
        """When it began that was found at `found`, as far back as the evidence reaches: of a silence when it
        was last heard, of a feed that lags the time of what came late, of an entry of a register when it was
        due, of an alert of another system when that says it began."""
        for name in ("starts", "due", "last"):
            if facts.get(name):
                return min(found, int(facts[name]))
        return found - self.lead_ms - int(facts.get("lag_s", 0)) * 1000


@dataclass(frozen=True, slots=True)
class Slots:
    """All slots in order, and where to find them. Those of the profile are laid out once and stay; those of
    entries come and go."""

    all: list[Slot]
    by_key: dict[str, SlotNo]
    by_rule: dict[str, list[SlotNo]]
    assets: dict[str, dict[AssetAt, list[SlotNo]]]
    sources: dict[str, dict[SourceAt, list[SlotNo]]]
    indicator: dict[str, list[SlotNo]]
    """By the indicator whose figure they judge, those of its units too."""
    entries: dict[Subject, list[SlotNo]]
    """Of what came while running: entries of registers."""
    order: list[int]
    """By number: what of one instant comes first. It depends on rule and subject alone, never on when a slot
    came."""

    def numbered(self) -> Iterator[tuple[SlotNo, Slot]]:
        """All of them with their numbers."""
        return ((SlotNo(number), slot) for number, slot in enumerate(self.all))

    def add(self, slot: Slot) -> SlotNo:
        """A slot that comes while running; its number, which is higher than any before."""
        number = SlotNo(len(self.all))
        self.all.append(slot)
        self.order.append(_ENTRIES + self._rule_at(slot.rule.code) * _ENTRIES + int(slot.subject.code))
        self.by_key[slot.key] = number
        self.by_rule.setdefault(slot.rule.code, []).append(number)
        self.entries.setdefault(slot.subject, []).append(number)
        return number

    def _rule_at(self, code: str) -> int:
        return next(at for at, known in enumerate(self.by_rule) if known == code)

    def remove(self, number: SlotNo) -> None:
        """Forget a slot that came while running. Its number is not given again, so that the order stands."""
        slot = self.all[number]
        if self.by_key.get(slot.key) == number:
            del self.by_key[slot.key]
        self.by_rule[slot.rule.code].remove(number)
        self.entries[slot.subject].remove(number)
        if not self.entries[slot.subject]:
            del self.entries[slot.subject]

    def of_assets(self, kind: str) -> dict[AssetAt, list[SlotNo]]:
        """Slots of the rules of a kind, by asset."""
        return self.assets.get(kind, {})

    def of_sources(self, kind: str) -> dict[SourceAt, list[SlotNo]]:
        """The same by source."""
        return self.sources.get(kind, {})


class Survey:
    """A profile with what is counted over it once, for laying out slots. `places`: what a rule watches."""

    def __init__(self, profile: Profile, places: Callable[[Rule, Survey], Iterable[Place]]) -> None:
        self.profile = profile
        self._places_of = places
        self._places: dict[str, tuple[Place, ...]] = {}
        self.below = Counter(a.depends_on for a in profile.assets)
        """Assets directly below an asset, by its code."""
        self.senders = Counter(a.source for a in profile.assets if a.rhythm_s)
        """Devices that send by themselves, by their source."""

    def places(self, rule: Rule) -> tuple[Place, ...]:
        """The subjects a rule watches, in order."""
        if rule.code not in self._places:
            self._places[rule.code] = tuple(self._places_of(rule, self))
        return self._places[rule.code]

    @cached_property
    def slowest_of(self) -> dict[str, int]:
        """The longest rhythm (s) of what a source brings, by the source's code."""
        return _slowest((a.source, a.rhythm_s) for a in self.profile.assets)

    @cached_property
    def slowest_below(self) -> dict[str, int]:
        """The longest rhythm (s) of what directly depends on an asset, by its code."""
        return _slowest((a.depends_on, a.rhythm_s) for a in self.profile.assets)

    @cached_property
    def of_assets(self) -> list[tuple[Asset, Place]]:
        """Every asset as a place."""
        profile, found = self.profile, []
        for position, a in enumerate(profile.assets):
            chain = chain_of_asset(a.code, profile.asset)
            subject = Subject(ASSET, a.code)
            place = Place(len(chain), position, subject, chain, a.source, a.unit, a.rhythm_s)
            found.append((a, place))
        return found

    @cached_property
    def of_kind(self) -> dict[str, list[Place]]:
        """Assets as places by their kind."""
        found: dict[str, list[Place]] = {}
        for a, place in self.of_assets:
            found.setdefault(a.kind, []).append(place)
        return found

    @cached_property
    def of_sources(self) -> list[tuple[Source, Place]]:
        """Every source as a place."""
        found = []
        for position, s in enumerate(self.profile.sources):
            node = (node_of_source(s.code),)
            place = Place(0, position, Subject(SOURCE, s.code), node, s.code, "", s.rhythm_s)
            found.append((s, place))
        return found


def _slowest(rows: Iterator[tuple[str, int]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for code, rhythm_s in rows:
        found[code] = max(found.get(code, 0), rhythm_s)
    return found
