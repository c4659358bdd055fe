"""What a kind of rule is. One file a kind: nothing else in the product names it.

A kind has no state: it reads what the engine senses, and a memory of its own where it has one. All instants
are ms on the slot's lane.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, NamedTuple

from cockpit.domain.alerting import Condition, Timing, timing_of
from cockpit.domain.catalog import Rule
from cockpit.domain.incoming import Incoming
from cockpit.domain.registers import Entry
from cockpit.engine.columns import Columns
from cockpit.engine.numbers import AssetAt, SlotNo
from cockpit.engine.rolled import Hours
from cockpit.engine.senses import Memory, Senses, Step
from cockpit.engine.slots import CAUSE_RANK, SILENCE_RANK, SYMPTOM_RANK, News, Place, Slot, Slots, Survey
from cockpit.profiles import Profile
from cockpit.store.alerting import dump
from cockpit.store.alerts import Alert

MARGIN_MS = 60_000
"""How much longer than due a symptom waits for a cause that has begun to show."""


Sense = Literal["", "values", "clocks", "members"]


Kept = Literal["values", "hours"]
"""How the past is kept: values one by one for a day and a half, roll-ups by the hour for a year."""


Count = Literal["events", "late", "repeats", "refused", "arrivals"]
"""Counts of a feed by the hour."""
Hourly = Count | Literal[""]


Facts = dict[str, Any]
"""Numbers and codes that explain an alert, by name."""


class Problem(NamedTuple):
    """What is wrong with a key of a rule: what was found there, and what was expected."""

    key: str
    found: object
    expected: str


@dataclass
class Sight:
    """What a symptom sees when it asks whether its cause is about to be found."""

    senses: Senses
    condition: Callable[[SlotNo], Condition]
    off: Callable[[Rule], bool]
    kind_of: Callable[[Rule], Kind]
    causes: dict[AssetAt, list[SlotNo]]
    """Slots that may explain what is below an asset."""
    lone: frozenset[str]
    """Feeds of one device each: such a feed is that device."""
    alone: Callable[[SlotNo, int], bool]
    """Whether what is bad would stand for itself at an instant: no cause explains it, or may soon do so."""

    def pending(self, number: SlotNo) -> bool:
        return self.condition(number).state == "pending"


class Newest(NamedTuple):
    """Value and worst value of an open alert by now, and what explains it ("": as before)."""

    value: float
    peak: float
    facts: str


class Kind(ABC):
    """A kind of rule. What a kind does not say is as it is here."""

    code: ClassVar[str]
    """As the profile writes it."""
    absence: ClassVar[bool] = False
    """Whether it tells that something is not heard from, which explains what fails below."""
    waited_for: ClassVar[bool] = True
    """Whether what is silent below waits for an alert of this kind."""
    only: ClassVar[str] = ""
    """Below its own subject it explains only alerts of rules of this kind."""
    judged: ClassVar[bool] = True
    """Whether a rule needs operator, raise and clear threshold; else its subject brings the limits."""
    limits_values: ClassVar[bool] = True
    """Whether its thresholds are values of the metric, to be drawn among them."""
    by_unit: ClassVar[bool] = False
    """Whether a rule may watch every unit of the province, each for itself."""
    of_incoming: ClassVar[bool] = False
    """Whether it takes up alerts of other systems."""
    of_reports: ClassVar[bool] = False
    """Whether its value is how far what was reported lies from a figure, not the figure itself."""
    claim: ClassVar[str] = ""
    """How the truth of a simulation finds out what a rule claims: a way that `simulator.expect` knows."""
    looks_at: ClassVar[Sense] = ""
    """Which of the engine's common senses its rules set up: newest values, clocks, what depends on a thing.
    What only this kind wants to know it keeps itself, see `memory`."""
    hourly: ClassVar[Hourly] = "events"
    """Which count of a feed by the hour is evidence, for kinds about feeds."""

    def problems(self, rule: Rule, survey: Survey) -> Iterator[Problem]:
        """What is wrong with a rule of this kind, beside what is wrong with any."""
        return iter(())

    @abstractmethod
    def places(self, rule: Rule, survey: Survey) -> Iterator[Place]:
        """The subjects a rule watches as long as the engine runs."""

    def place_of(self, rule: Rule, entry: Entry) -> Place | None:
        """An entry of a register as a place, where a rule watches it."""
        return None

    def place_of_incoming(self, rule: Rule, told: Incoming, profile: Profile) -> tuple[Rule, Place] | None:
        """An alert of another system as a place, where a rule takes it up, and the rule as it is for it."""
        return None

    def timing(self, rule: Rule) -> Timing:
        return timing_of(rule)

    def within_ms(self, rule: Rule, rhythm_ms: int) -> int:
        """How long after it began an alert is open at the latest: what is about to be noticed is so with the
        second event. The truth holds alerts to this."""
        return 2 * rhythm_ms + rule.for_s * 1000

    def memory(self, columns: Columns, rules: Sequence[Rule], by_key: Mapping[str, SlotNo]) -> Memory | None:
        """What this kind keeps for itself; `rules`: those of this kind, `by_key`: number of the slot by its
        key. The engine feeds it and reads its past back after a restart; only the kind reads it."""
        return None

    def parts(self, rule: Rule) -> frozenset[str]:
        """Codes of the rules whose alerts on the same subject are explained by its own, and nothing else is;
        empty: it explains by what it tells."""
        return frozenset()

    def hears(self, rule: Rule, rules: Iterable[Rule]) -> frozenset[str]:
        """Codes of those of the `rules` without which nothing can be said of this one."""
        return self.parts(rule)

    def gathers(self, slot: Slot, slots: Slots) -> Iterable[SlotNo]:
        """The slots of other rules that a slot of this kind counts and explains, where nothing else does."""
        return ()

    def explains(self, rule: Rule) -> bool:
        """Only absence and declared causes explain others; a full disk does not make a camera silent."""
        return self.absence or rule.cause

    def rank(self, rule: Rule) -> int:
        if self.absence:
            return SILENCE_RANK
        return CAUSE_RANK if self.explains(rule) else SYMPTOM_RANK

    def lead_ms(self, rule: Rule, place: Place, survey: Survey) -> int:
        """How far back the evidence of a cause reaches: to the last report that was good. What explains
        nothing begins with the first that is bad."""
        return 0

    @abstractmethod
    def news(self, senses: Senses, step: Step) -> Iterable[News]:
        """What a step says about the slots of this kind; of one instant and slot the last one counts."""

    @abstractmethod
    def levels(self, senses: Senses) -> Iterable[tuple[SlotNo, int]]:
        """(slot, level) of what is known after a restart; what is unknown may be told as GONE."""

    @abstractmethod
    def facts(self, senses: Senses, slot: Slot, number: SlotNo, t: int, value: float | None) -> Facts:
        """The figures that explain an alert that opens at `t` by `value`, if that is known: numbers and
        codes, of which the catalogue of words makes sentences. `value` among them is what it begins with."""

    def last(self, senses: Senses, number: SlotNo) -> float | None:
        """The value that was known last of a slot of which nothing is known now; None where there is none."""
        return None

    def newest(self, senses: Senses, slot: Slot, number: SlotNo, alert: Alert, t: int) -> Newest | None:
        """Of an open alert by now; None where it has no value."""
        return None

    def past(self, rule: Rule) -> frozenset[Kept]:
        """From what of the stored past the levels of a rule can be found again."""
        return frozenset()

    def rolled(self, rule: Rule, senses: Senses, hours: Hours) -> Iterable[News]:
        """What the roll-ups of these hours say about the slots of a rule, as far as they can say it, in any
        order: where `past` has "hours"."""
        return ()

    def waits(self, sight: Sight, number: SlotNo, slot: Slot, t: int) -> bool:
        """Whether an alert that is due should wait at `t`, because its cause is about to be found."""
        return False

    def suspected(self, sight: Sight, number: SlotNo, slot: Slot, silent: Silent, t: int) -> bool:
        """Whether the alert of `slot`, above something silent, may soon be found."""
        return t < silent.due + slot.timing.for_ms + MARGIN_MS and sight.pending(number)


class Silent(NamedTuple):
    """Something silent that asks for its cause: what is below and the asset above it, when
    it should have been heard again, and when its own alert is due."""

    below: AssetAt
    above: AssetAt
    missed: int
    due: int


def worst(rule: Rule, alert: Alert, found: Facts) -> Newest:
    """An alert whose facts are counted anew: what explains it is how bad it was."""
    facts = {"for_s": rule.for_s} | found
    value, peak = float(facts["value"]), alert.peak if alert.peak is not None else 0.0
    if abs(value) < abs(peak):  # it is getting better
        return Newest(value, peak, "")
    return Newest(value, value, dump(facts))


def more_is_worse(rule: Rule, *, share: bool = False) -> Iterator[Problem]:
    """Of a rule that counts: the operator, and thresholds that are shares or at least not negative."""
    if rule.op != ">":
        yield Problem("op", rule.op, "'>': more is worse")
    for key, value in (("raise_at", rule.raise_at), ("clear_at", rule.clear_at)):
        if value is not None and not 0 <= value < (1 if share else float("inf")):
            yield Problem(key, value, "a share, 0 or more and less than 1" if share else "0 or more")


def of_asset_kind(rule: Rule, survey: Survey) -> Iterator[Problem]:
    """Of a rule about one kind of assets: that there is such a kind."""
    if rule.asset_kind not in survey.profile.kind:
        yield Problem("asset_kind", rule.asset_kind, f"one of {', '.join(survey.profile.kind)}")
