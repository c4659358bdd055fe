"""Formulas of indicators against the rest of the profile: names, what is counted, units, and no circles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import msgspec

from cockpit.domain import formulas
from cockpit.domain.catalog import FormulaCount, Indicator, Parts
from cockpit.domain.formulas import FormulaError, Unit
from cockpit.domain.registers import KINDS, STATES, TARGET
from cockpit.profiles.measures import FORMULA, TALLIES
from cockpit.profiles.model import Profile
from cockpit.profiles.reader import NOTHING, Problems, words

OF = {
    "records": ("records", "counted", "days"),
    "metric": ("metric", "asset_kind", "take", "days"),
    "register": ("register", "states"),
    "indicator": ("indicator", "take"),
}
"""What a count may be of, and the keys that each needs."""

TAKES = {"metric": ("mean", "sum", "observations"), "indicator": ("value", "part", "whole")}
OBSERVATION = "observation"
MAX_DAYS = 366


def of(count: FormulaCount) -> str:
    """What a count is of: a key of `OF`, "" where it says none or more than one."""
    found = [key for key in OF if getattr(count, key)]
    return found[0] if len(found) == 1 else ""


def counted(records: str) -> tuple[str, ...]:
    """What is counted of a kind of records."""
    return TALLIES.get(records, ("received",))


def expression(indicator: Indicator) -> str:
    """The formula of an indicator, "" where it has none."""
    return str(indicator.measure.get("expression", "")) if indicator.measure.get("kind") == FORMULA else ""


def named(indicator: Indicator) -> tuple[str, ...]:
    """The indicators that a figure is made of."""
    codes = indicator.measure.get("of", ())
    listed = [str(code) for code in codes] if isinstance(codes, tuple) else []
    return tuple(dict.fromkeys([*listed, *(c.indicator for c in indicator.counts.values() if c.indicator)]))


def ranks(indicators: Iterable[Indicator]) -> dict[str, int]:
    """How many steps each figure is from what is measured: in this order whoever reckons has all parts. As
    targets may follow any figure, what is counted of them comes after all others."""
    indicators = tuple(indicators)
    follows = {i.code for i in indicators if any(c.register == TARGET for c in i.counts.values())}
    parts = {indicator.code: named(indicator) for indicator in indicators}
    found: dict[str, int] = {}

    def rank(code: str) -> int:
        if code not in found:
            found[code] = 0  # a circle, which no sound profile has, ends here
            least = len(parts) if code in follows else 0
            found[code] = max((1 + rank(part) for part in parts.get(code, ())), default=least)
        return found[code]

    return {code: rank(code) for code in parts}


def with_parts(indicator: Indicator) -> Indicator:
    """The same, with the names of its parts where the formula divides one count by another."""
    try:
        made = formulas.quotient(formulas.parse(expression(indicator)))
    except FormulaError:
        return indicator
    if made is None or not (isinstance(made.numerator, str) and isinstance(made.denominator, str)):
        return indicator
    both = [indicator.counts.get(name) for name in (made.numerator, made.denominator)]
    top, bottom = (None if count is None else count.name for count in both)
    if top is None or bottom is None:
        return indicator
    factor = made.factor * (100.0 if indicator.measure.get("unit") == formulas.PERCENT else 1.0)
    return msgspec.structs.replace(indicator, parts=Parts(top, bottom, factor))


class Reckoned(NamedTuple):
    """What a formula comes to, and both sides of the division that comes last, None where none does."""

    value: float | None
    part: float | None = None
    whole: float | None = None


def factor(profile: Profile, indicator: Indicator) -> float:
    """What the value of a formula is multiplied by to be in the unit of its indicator."""
    units = {name: unit(profile, count) for name, count in indicator.counts.items()}
    found = formulas.unit_of(formulas.parse(expression(indicator)), units)
    made = formulas.factor_to(found, formulas.unit(str(indicator.measure["unit"])))
    assert made is not None  # noqa: S101 - the profile was checked
    return made


def reckoned(indicator: Indicator, counts: Mapping[str, float | None], factor: float) -> Reckoned:
    """The formula of an indicator over its counts."""
    node = formulas.parse(expression(indicator))
    value, sides = formulas.value(node, counts), formulas.quotient(node)
    made = None if value is None else value * factor
    if sides is None:
        return Reckoned(made)
    return Reckoned(made, *(formulas.value(side, counts) for side in (sides.numerator, sides.denominator)))


def of_records(indicator: Indicator) -> bool:
    """Whether it is reckoned from records alone."""
    return bool(indicator.counts) and all(count.records for count in indicator.counts.values())


def check(profile: Profile, problems: Problems) -> None:
    """Add every mistake found to `problems`."""
    for indicator in profile.indicators:
        where = f"indicators.toml [[indicator]] {indicator.code} key"
        if indicator.measure.get("kind") == FORMULA:
            _formula(profile, indicator, where, problems)
        elif indicator.counts:
            found = words(f"counts beside the measure {indicator.measure.get('kind')!r}")
            problems.add(f"{where} counts", found, f'measure.kind = "{FORMULA}", or no counts')
    _circles(profile.indicators, problems)


def _formula(profile: Profile, indicator: Indicator, where: str, problems: Problems) -> None:
    before = len(problems.found)
    for name, count in indicator.counts.items():
        _count(profile, indicator, count, f"{where} counts.{name}", problems)
    if not isinstance(indicator.measure.get("expression"), str) or "unit" not in indicator.measure:
        return  # said already
    try:
        node = formulas.parse(expression(indicator))
    except FormulaError as error:
        problems.add(f"{where} measure.expression", error.found, error.expected)
        return
    mentioned = formulas.names(node)
    for name in mentioned:
        if name not in indicator.counts:
            known = ", ".join(indicator.counts) or "none is declared: add a table counts"
            problems.add(f"{where} measure.expression", name, f"names of counts ({known})")
    for name in indicator.counts:
        if name not in mentioned:
            problems.add(f"{where} counts.{name}", name, "a count that the expression names: take it out")
    if len(problems.found) == before:
        _units(profile, indicator, node, where, problems)
    for name, count in indicator.counts.items():
        _fed(profile, indicator, name, count, f"{where} sources", problems)


def _units(profile: Profile, indicator: Indicator, node: object, where: str, problems: Problems) -> None:
    told = str(indicator.measure["unit"])
    wanted, shown = formulas.unit(told), indicator.unit.vi
    try:
        found = formulas.unit_of(node, {name: unit(profile, c) for name, c in indicator.counts.items()})
    except FormulaError as error:
        problems.add(f"{where} measure.expression", words(error.found), error.expected)
        return
    times = formulas.factor_to(found, wanted)
    if times == 100.0 and 100.0 in formulas.numbers(node):
        problems.add(f"{where} measure.expression", words("100"), "no 100: a share in % is multiplied by it")
    if times is None:
        expected = f"{formulas.told(wanted)}, as measure.unit says: change the one or the other"
        problems.add(f"{where} measure.expression", words(f"a value in {formulas.told(found)}"), expected)
    if (told == formulas.PERCENT) != (shown == formulas.PERCENT):
        problems.add(f"{where} measure.unit", told, f"the unit that is shown, {shown!r}, in its own words")


def unit(profile: Profile, count: FormulaCount) -> Unit:
    """The unit of a count: what is counted, or that of the metric or of the indicator."""
    if count.records or count.register:
        return formulas.unit(count.records or count.register)
    if count.metric:
        return formulas.unit(
            OBSERVATION if count.take == "observations" else profile.metric[count.metric].unit
        )
    if count.unit:
        return formulas.unit(count.unit)
    other = profile.indicator[count.indicator]
    return formulas.unit(str(other.measure["unit"]) if expression(other) else other.unit.vi)


def _count(
    profile: Profile, indicator: Indicator, count: FormulaCount, where: str, problems: Problems
) -> None:
    """What is wrong with one count by itself."""
    kind = of(count)
    if not kind:
        found = words(" and ".join(key for key in OF if getattr(count, key)) or "none of them")
        problems.add(where, found, f"one of {', '.join(OF)}")
        return
    needed = (*OF[kind], *(("unit",) if count.take in ("part", "whole") else ()))
    for key in msgspec.structs.fields(FormulaCount):
        given = getattr(count, key.name)
        if key.name == "name" or (key.name == "where" and kind == "records"):
            continue
        if given and key.name not in needed:
            problems.add(f"{where}.{key.name}", given, f"only {', '.join(needed)} with {kind}")
        elif not given and key.name in needed:
            problems.add(f"{where}.{key.name}", NOTHING, "a value")
    for key_name, found, known, what in _references(profile, count):
        if found and found not in known:
            problems.add(f"{where}.{key_name}", found, what)
    if count.days and not 1 <= count.days <= MAX_DAYS:
        problems.add(f"{where}.days", count.days, f"a whole number of days from 1 to {MAX_DAYS}")
    if count.take and count.take not in TAKES.get(kind, ()):
        problems.add(f"{where}.take", count.take, f"one of {', '.join(TAKES.get(kind, ())) or 'none'}")


def _references(profile: Profile, count: FormulaCount) -> list[tuple[str, str, Sequence[str], str]]:
    """Key, what was found, what is known, and in words what is expected."""
    brought = sorted({kind for source in profile.sources for kind in source.records})
    metric = profile.metric.get(count.metric)
    kinds = metric.kinds if metric is not None else tuple(profile.kind)
    states = STATES.get(count.register, ())
    tallies = counted(count.records)
    return [
        ("records", count.records, brought, f"a kind of records that a source brings: {', '.join(brought)}"),
        ("counted", count.counted, tallies, f"one of {', '.join(tallies)}"),
        ("metric", count.metric, list(profile.metric), "a code of metrics.toml"),
        ("asset_kind", count.asset_kind, kinds, f"one of {', '.join(kinds)}"),
        ("register", count.register, KINDS, f"one of {', '.join(KINDS)}"),
        ("indicator", count.indicator, list(profile.indicator), "a code of indicators.toml"),
        *(
            ("states", state, states, f"some of {', '.join(states) or 'a register'}")
            for state in count.states
        ),
    ]


def _fed(
    profile: Profile, indicator: Indicator, name: str, count: FormulaCount, where: str, problems: Problems
) -> None:
    """A doubt about a feed must reach every figure that is made from it."""
    needed: tuple[str, ...] = ()
    if count.records:
        needed = tuple(s.code for s in profile.sources if count.records in s.records)
    elif count.asset_kind in profile.kind:
        needed = (profile.kind[count.asset_kind].source,)
    elif count.indicator in profile.indicator:
        needed = profile.indicator[count.indicator].sources
    for source in needed:
        if source and source not in indicator.sources:
            problems.add(where, indicator.sources, f"{source} among them: counts.{name} depends on it")


def _circles(indicators: Sequence[Indicator], problems: Problems) -> None:
    """No figure may be made of itself."""
    parts: Mapping[str, tuple[str, ...]] = {i.code: named(i) for i in indicators}
    fine: set[str] = set()

    def walk(code: str, path: tuple[str, ...]) -> None:
        if code in path:
            chain = " → ".join([*path[path.index(code) :], code])
            expected = "no circle: take one of them out of what the other is made of"
            problems.add(f"indicators.toml [[indicator]] {code} key measure", words(chain), expected)
        elif code not in fine:
            for part in parts.get(code, ()):
                walk(part, (*path, code))
        fine.add(code)

    for indicator in indicators:
        walk(indicator.code, ())
