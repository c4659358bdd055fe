"""What is known about one rule and one subject, reckoned from the store as the engine reckons it.

Nobody who only reads has the engine's memory. So it is made anew as after a restart, of the rule asked for
and its parts alone, at the instant up to which the engine has evaluated. Nothing is written.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from cockpit.domain.alerting import Level, Timing
from cockpit.domain.alerting.figures import level_of_figure
from cockpit.domain.alerting.subjects import ASSET, INCOMING, INDICATOR, SOURCE, UNIT, Subject
from cockpit.domain.catalog import Rule
from cockpit.domain.freshness import WorkTime
from cockpit.domain.registers import LATE
from cockpit.engine.core import Core
from cockpit.engine.differences import Differences, level_of_difference
from cockpit.engine.kinds import kind_of
from cockpit.engine.kinds.kind import Facts
from cockpit.engine.layout import survey_of
from cockpit.engine.long_ago import of_store
from cockpit.engine.numbers import SlotNo
from cockpit.engine.restore import restore
from cockpit.engine.slots import Slot
from cockpit.profiles import Profile
from cockpit.store import Store
from cockpit.store.queries import figures


@dataclass(frozen=True, slots=True)
class Part:
    """The level of a rule that another combines."""

    rule: Rule
    level: Level


@dataclass(frozen=True, slots=True)
class Evaluated:
    """Where a rule stands on a subject at `t` (ms on its clock, as far as the engine has evaluated). `facts`:
    as those of an alert, of now; `figure`: status of the figure that an indicator rule judges."""

    key: str
    subject: Subject
    level: Level
    timing: Timing
    t: int
    value: float | None
    facts: Facts
    parts: tuple[Part, ...]
    figure: str


def subject_of(profile: Profile, code: str) -> Subject | None:
    """What a code names: an asset, a source, an indicator, a unit, an entry of a register (`gap-12`), or
    an alert of another system (`incoming-7`); None where it names nothing that alerts can be about."""
    for kind, known in (
        (ASSET, profile.asset), (SOURCE, profile.source), (INDICATOR, profile.indicator),
        (UNIT, profile.unit),
    ):  # fmt: skip
        if code in known:
            return Subject(kind, code)
    kind, _, number = code.partition("-")
    comes = kind in (*LATE, INCOMING)
    return Subject(kind, number) if comes and number.isascii() and number.isdecimal() else None


def watched(profile: Profile, rule: Rule) -> tuple[Subject, ...]:
    """What the rule watches of what stays, in order; entries of registers come and go."""
    return tuple(place.subject for place in survey_of(profile).places(rule))


def evaluate(store: Store, profile: Profile, rule: Rule, subject: Subject) -> Evaluated | None:
    """Where the rule stands on the subject; None where the rule does not watch it."""
    core = Core(
        alone(profile, rule),
        WorkTime(profile.utc_offset_s),
        virtual=False,
        ago=of_store(store, profile.utc_offset_s),
    )
    restore(store, core, None)
    core.assets.settle()
    core.sources.settle()
    found = next((n for n in core.slots.by_rule[rule.code] if core.slots.all[n].subject == subject), None)
    if found is None:
        return None
    slot = core.slots.all[found]
    t = core.now[slot.lane]
    kind, level, value, state = kind_of(rule), Level(core.senses.levels[found]), None, ""
    if kind.of_reports:
        level, value = _difference(store, core, slot, t)
    elif slot.indicator:
        level, value, state = _figure(store, profile, slot)
    facts = kind.facts(core.senses, slot, found, t, value)
    if not slot.indicator:
        told = facts.get("value") if level != Level.GONE else kind.last(core.senses, found)
        value = None if told is None else float(told)
    if "value" in facts:
        facts["value"] = value  # what nobody knows is no number
    return Evaluated(slot.key, subject, level, slot.timing, t, value, facts, _parts(core, slot), state)


def alone(profile: Profile, rule: Rule) -> Profile:
    """The profile with nothing but this rule and what it rests on."""
    wanted, waiting = {rule.code: rule}, [rule]
    while waiting:
        one = waiting.pop()
        for code in sorted(kind_of(one).hears(one, profile.rules)):
            if code in profile.rule and code not in wanted:
                wanted[code] = profile.rule[code]
                waiting.append(profile.rule[code])
    return replace(profile, rules=tuple(r for r in profile.rules if r.code in wanted))


def _figure(store: Store, profile: Profile, slot: Slot) -> tuple[Level, float | None, str]:
    """Level, value and status of the figure that a slot judges, as it was computed last."""
    code, unit = slot.indicator, slot.subject.unit
    with store.read() as conn:
        rows = figures.by_unit(conn, code) if unit else list(figures.province(conn, [code]).values())
    row = next((r for r in rows if r.unit == unit), None)
    if row is None:
        return Level.GONE, None, ""
    level = level_of_figure(slot.rule, profile.indicator[code], unit, row.value, row.n or 0, row.status)
    return level, row.value, row.status


def _difference(store: Store, core: Core, slot: Slot, t: int) -> tuple[Level, float | None]:
    """Level and value of how far what was reported lies from a figure."""
    indicator, unit = core.profile.indicator[slot.indicator], slot.subject.unit
    with store.read() as conn:
        looked = Differences(core.profile)
        looked.look(conn, t)
        told = core.senses.told[indicator.code, unit] = looked.of(conn, indicator, unit)
    return level_of_difference(slot.rule, indicator, told)


def _parts(core: Core, slot: Slot) -> tuple[Part, ...]:
    numbers: dict[str, SlotNo] = {
        core.slots.all[n].rule.code: n
        for code in slot.rule.of
        for n in core.slots.by_rule.get(code, ())
        if core.slots.all[n].subject == slot.subject
    }
    return tuple(Part(core.slots.all[n].rule, Level(core.senses.levels[n])) for n in numbers.values())
