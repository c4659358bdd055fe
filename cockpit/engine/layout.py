"""Laying out the slots of a profile, and what is wrong with its rules."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from cockpit.domain.alerting import key_of, subjects
from cockpit.domain.alerting.rule_set import unsaid
from cockpit.domain.catalog import Rule, Source
from cockpit.domain.incoming import Incoming
from cockpit.domain.registers import Entry
from cockpit.engine.columns import DOMAIN, REAL
from cockpit.engine.kinds import KINDS, kind_of
from cockpit.engine.numbers import AssetAt, SourceAt
from cockpit.engine.slots import REAL_KINDS, Place, Slot, Slots, Survey
from cockpit.profiles import Profile, read_rules
from cockpit.profiles.reader import Problems


def checked(profile: Profile) -> Profile:
    """The profile itself. Raises ProfileError naming every mistake of its rules, by kind."""
    problems, survey = Problems(), survey_of(profile)
    for rule in profile.rules:
        _check(survey, rule, problems)
    taken_up = any(kind_of(rule).of_incoming for rule in profile.rules if rule.kind in KINDS)
    for source in profile.sources:
        if source.kind == "alertmanager" and not taken_up:
            expected = "a rule of a kind that takes up alerts of other systems in rules.toml"
            problems.add(f"sources.toml [[source]] {source.code} key kind", source.kind, expected)
    problems.stop_if_any()
    return profile


def reread(profile: Profile, before: Sequence[Rule] | None = None, path: Path | None = None) -> Profile:
    """The profile with the rules that stand in its file now, or in another one. `before`: those in force,
    which they are to follow: what means something else has another version. Raises ProfileError."""
    made = checked(replace(profile, rules=read_rules(profile, path)))
    problems = Problems()
    for rule, keys in unsaid(before or (), made.rules):
        expected = f"another version than before: {', '.join(keys)} changed"
        problems.add(f"rules.toml [[rule]] {rule.code} key version", rule.version, expected)
    problems.stop_if_any()
    return made


def _check(survey: Survey, rule: Rule, problems: Problems) -> None:
    where = f"rules.toml [[rule]] {rule.code} key"
    kind = KINDS.get(rule.kind)
    if kind is None:
        problems.add(f"{where} kind", rule.kind, f"one of {', '.join(KINDS)}")
        return
    if kind.judged:
        if not rule.op or rule.raise_at is None or rule.clear_at is None:
            found = (rule.op, rule.raise_at, rule.clear_at)
            problems.add(f"{where} op, raise_at, clear_at", found, "all three")
        elif (rule.op == ">") != (rule.raise_at >= rule.clear_at) and rule.raise_at != rule.clear_at:
            problems.add(f"{where} clear_at", rule.clear_at, "a value on the better side of raise_at")
    if rule.for_s < 0 or rule.keep_s < 0 or rule.respond_s <= 0:
        found_s = (rule.for_s, rule.keep_s, rule.respond_s)
        problems.add(f"{where} for_s, keep_s, respond_s", found_s, "0 or more, respond_s more than 0")
    if not rule.announce and rule.detects:
        problems.add(f"{where} detects", list(rule.detects), "nothing: without alerts it finds nothing")
    if rule.each_unit and not kind.by_unit:
        able = ", ".join(code for code, one in KINDS.items() if one.by_unit)
        problems.add(f"{where} each_unit", rule.each_unit, f"false: by unit only {able} can look")
    for key, found_there, expected in kind.problems(rule, survey):
        problems.add(f"{where} {key}", found_there, expected)


def survey_of(profile: Profile) -> Survey:
    """What slots are laid out from."""
    return Survey(profile, _places)


def _places(rule: Rule, survey: Survey) -> Iterable[Place]:
    kind = KINDS.get(rule.kind)
    return kind.places(rule, survey) if kind is not None else ()


def slots_of(profile: Profile) -> Slots:
    """Lay out the slots of a profile. Raises ValueError where assets depend on each other in a circle."""
    survey = survey_of(profile)
    found: list[tuple[tuple[int, int, int], Slot]] = []
    for number, rule in enumerate(profile.rules):
        for place in survey.places(rule):
            found.append(((place.depth, number, place.position), _slot(survey, rule, place)))
    found.sort(key=lambda item: item[0])
    return _index(profile, [slot for _, slot in found])


def slots_of_entry(survey: Survey, entry: Entry) -> list[Slot]:
    """The slots of all rules about an entry of a register, in the order of the rules."""
    found = []
    for rule in survey.profile.rules:
        place = kind_of(rule).place_of(rule, entry)
        if place is not None:
            found.append(_slot(survey, rule, place))
    return found


def slots_of_incoming(survey: Survey, told: Incoming) -> list[Slot]:
    """The slots of all rules that take up an alert of another system, in the order of the rules."""
    found = []
    for rule in survey.profile.rules:
        taken = kind_of(rule).place_of_incoming(rule, told, survey.profile)
        if taken is not None:
            found.append(_slot(survey, *taken))
    return found


def _slot(survey: Survey, rule: Rule, place: Place) -> Slot:
    kind, source = kind_of(rule), survey.profile.source.get(place.source)
    return Slot(
        key=key_of(rule.code, place.subject.code),
        rule=rule,
        timing=kind.timing(rule),
        subject=place.subject,
        rank=kind.rank(rule),
        explains=kind.explains(rule),
        only=kind.only,
        parts=kind.parts(rule),
        rests_on=_rests_on(survey.profile, rule),
        chain=place.chain,
        source=place.source,
        unit=place.unit,
        rhythm_s=place.rhythm_s,
        lane=REAL if _real(source) and place.subject.kind in REAL_KINDS else DOMAIN,
        lead_ms=kind.lead_ms(rule, place, survey),
    )


def _rests_on(profile: Profile, rule: Rule) -> frozenset[str]:
    """The parts of a rule and theirs. There is no circle: `checked` has refused one."""
    parts = kind_of(rule).parts(rule)
    return parts.union(*(_rests_on(profile, profile.rule[code]) for code in parts))


def _real(source: Source | None) -> bool:
    return source is not None and source.time == "real"


def _index(profile: Profile, slots: list[Slot]) -> Slots:
    assets = {a.code: AssetAt(i) for i, a in enumerate(profile.assets)}
    sources = {s.code: SourceAt(i) for i, s in enumerate(profile.sources)}
    out = Slots(slots, {}, {r.code: [] for r in profile.rules}, {}, {}, {}, {}, list(range(len(slots))))
    for number, slot in out.numbered():
        out.by_key[slot.key] = number
        out.by_rule[slot.rule.code].append(number)
        kind, subject = slot.rule.kind, slot.subject
        match subject.kind:
            case subjects.ASSET:
                out.assets.setdefault(kind, {}).setdefault(assets[subject.asset], []).append(number)
            case subjects.SOURCE:
                out.sources.setdefault(kind, {}).setdefault(sources[subject.source], []).append(number)
            case subjects.INDICATOR | subjects.UNIT:
                out.indicator.setdefault(slot.indicator, []).append(number)
            case other:
                raise ValueError(f"rule {slot.rule.code}: found {other!r}, expected what stays while it runs")
    return out
