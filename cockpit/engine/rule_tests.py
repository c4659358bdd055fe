"""Tests beside the rules of a profile: what comes in at which second, and which alerts there must be then.

`rule_tests.toml` holds a table `[[test]]` each; docs/rules.md says what stands in it. Time is virtual, the
functions are the engine's, no store and no thread are needed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

import msgspec
import numpy as np

from cockpit.domain.alerting import Level
from cockpit.domain.alerting.figures import level_of_figure
from cockpit.domain.alerting.subjects import ASSET, INDICATOR, SOURCE
from cockpit.domain.alerting.usual import WEEK_DAYS
from cockpit.domain.catalog import series_of
from cockpit.domain.freshness import WorkTime
from cockpit.domain.numbers import AssetId, MetricId
from cockpit.domain.periods import day_number
from cockpit.domain.registers import Entry
from cockpit.engine.columns import DOMAIN, LANES, Ints
from cockpit.engine.core import Core
from cockpit.engine.senses import LongAgo
from cockpit.engine.slots import News
from cockpit.engine.why import alone, subject_of
from cockpit.profiles import Profile
from cockpit.profiles.reader import Problems, read_toml, tables
from cockpit.store.batch import AGAIN, NEW, REFUSED, Committed, Heard

FILE = "rule_tests.toml"
START = 1_795_330_800_000
"""Second 0 of every test: Sunday 22 November 2026, 14:00 in the province."""

MOST_VALUES = 100_000
_FATES = {"new": NEW, "again": AGAIN, "refused": REFUSED}
_VALUE = re.compile(r"(?P<first>_|-?\d+(?:\.\d+)?)(?P<by>[+-]\d+(?:\.\d+)?)?(?:x(?P<n>\d{1,5}))?", re.ASCII)


class Series(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What comes of an asset, a source or an indicator, every `every_s` seconds from second 0 on. `values`:
    `25x4` four times 25, `20+2x3` 20 22 24, `_x8` eight times nothing. An event is received `late_s` after
    its time (less than 0: its clock is ahead), `count` of them at once. `before`: the mean of every hour
    one week, two weeks … before, for kinds that compare with them."""

    subject: str
    every_s: int
    values: str
    metric: str = ""
    late_s: int = 0
    fate: Literal["new", "again", "refused"] = "new"
    count: int = 1
    before: tuple[float, ...] = ()


class Opened(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An entry of a register (`task-7`) that is open from second 0 until `closed_s`, and due at `due_s`."""

    subject: str
    due_s: int
    closed_s: int | None = None


class Expected(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """At second `at_s` the rule's alerts about exactly these subjects are open, and these wait."""

    at_s: int
    open: tuple[str, ...] = ()
    pending: tuple[str, ...] = ()


class Test(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One test of one rule; `source`: whose documented case it is."""

    name: str
    rule: str
    expect: tuple[Expected, ...]
    series: tuple[Series, ...] = ()
    entries: tuple[Opened, ...] = ()
    source: str = ""


class _Event(NamedTuple):
    """What is received at `received`; `value` is None of an event that carries none."""

    received: int
    time: int
    source: int
    asset: int
    series: int
    value: int | None
    kind: int


def read(profile: Profile) -> tuple[Test, ...]:
    """The tests beside the rules. Raises ProfileError naming every mistake; a profile may have none."""
    path = profile.folder / FILE
    if not path.exists():
        return ()
    problems = Problems()
    found = tables(read_toml(path, problems), FILE, "test", Test, problems)
    problems.stop_if_any()
    for test in found:
        _check(profile, test, problems)
    problems.stop_if_any()
    return tuple(found)


def differences(profile: Profile, test: Test) -> list[str]:
    """What a test finds otherwise than it expects, each as a sentence with its place."""
    core = Core(
        alone(profile, profile.rule[test.rule]), WorkTime(profile.utc_offset_s), virtual=True,
        ago=_ago(profile, test),
    )  # fmt: skip
    for lane in LANES:
        core.jump(lane, START)
    for entry in test.entries:
        core.watch(_entry(profile, entry), START)
    core.intake.push(_committed(event for series in test.series for event in _events(profile, series)))
    told: list[str] = []
    figures = sorted(news for series in test.series for news in _figures(profile, core, test.rule, series))
    for expected in sorted(test.expect, key=lambda e: e.at_s):
        upto = START + expected.at_s * 1000
        for entry in test.entries:
            if entry.closed_s is not None and entry.closed_s <= expected.at_s:
                one = _entry(profile, entry)
                if one.subject in core.entries.open:
                    _step(core, START + entry.closed_s * 1000, figures)
                    core.unwatch(one.subject, START + entry.closed_s * 1000)
        _step(core, upto, figures)
        told += _compared(core, test, expected)
    return told


def _step(core: Core, upto: int, figures: list[News]) -> None:
    for lane in LANES:
        core.step(lane, upto)
    due = [news for news in figures if news.t <= upto]
    del figures[: len(due)]
    core.desk.process(due, DOMAIN, upto)


def _compared(core: Core, test: Test, expected: Expected) -> Iterator[str]:
    found: dict[str, list[str]] = {"open": [], "pending": []}
    for number in core.slots.by_rule[test.rule]:
        subject = core.slots.all[number].subject
        name = f"{subject.kind}-{subject.code}" if subject in core.slots.entries else subject.code
        if number in core.desk.folds.open:
            found["open"].append(name)
        elif core.desk.condition(number).state == "pending":
            found["pending"].append(name)
    for what, wanted in (("open", expected.open), ("pending", expected.pending)):
        if sorted(wanted) != sorted(found[what]):
            where = f"{FILE} [[test]] {test.name!r}: rule {test.rule} at {expected.at_s} s"
            yield f"{where}: found {what} {sorted(found[what])}, expected {sorted(wanted)}"


def _ago(profile: Profile, test: Test) -> LongAgo:
    """The weeks before a test, as its series tell them."""
    told = {(s.subject, s.metric): s.before for s in test.series}
    first = day_number(START, profile.utc_offset_s)

    def read(assets: Sequence[AssetId], metric: MetricId, days: Sequence[int]) -> Ints:
        found = np.zeros((len(days), len(assets), 4, 24), dtype=np.int64)
        of_metric = next(m for m in profile.metrics if m.id == metric)
        codes = {a.id: (a.code, 3600 // (a.rhythm_s or 3600)) for a in profile.assets}
        for row, asset in enumerate(assets):
            code, due = codes[asset]
            weeks = told.get((code, of_metric.code), ())
            for at, day in enumerate(days):
                week = (first - day + WEEK_DAYS - 1) // WEEK_DAYS - 1
                if week < len(weeks):
                    value = round(weeks[week] * of_metric.scale)
                    found[at, row] = np.array([due, value * due, value, value])[:, None]
        return found

    return read


def _entry(profile: Profile, opened: Opened) -> Entry:
    subject = subject_of(profile, opened.subject)
    assert subject is not None  # noqa: S101 - `read` has refused it
    return Entry(subject.kind, int(subject.code), "open", "", "", START, START + opened.due_s * 1000)


def _values(series: Series) -> Iterator[tuple[int, float]]:
    """Instant and value of each that is there. Raises ValueError on what is none."""
    at = 0
    for word in series.values.split():
        found = _VALUE.fullmatch(word)
        if found is None:
            raise ValueError(word)
        for n in range(int(found["n"] or 1)):
            if found["first"] != "_":
                yield START + at * series.every_s * 1000, float(found["first"]) + n * float(found["by"] or 0)
            at += 1


def _events(profile: Profile, series: Series) -> Iterator[_Event]:
    asset, source = profile.asset.get(series.subject), profile.source.get(series.subject)
    if asset is not None:
        source = profile.source[asset.source]
    if source is None:
        return
    metric = profile.metric.get(series.metric)
    number = series_of(asset.id, metric.id) if asset is not None and metric is not None else -1
    for t, value in _values(series):
        told = round(value * metric.scale) if metric is not None and series.fate == "new" else None
        own = 0 if series.fate == "refused" else t  # for what it says, not for its time
        received, about = t + series.late_s * 1000, asset.id if asset is not None else 0
        event = _Event(received, own, source.id, about, number, told, _FATES[series.fate])
        for _ in range(series.count):
            yield event


def _figures(profile: Profile, core: Core, code: str, series: Series) -> Iterator[News]:
    """Levels of the figures of an indicator."""
    figure, rule = profile.indicator.get(series.subject), profile.rule[code]
    if figure is None:
        return
    (slot,) = (n for n in core.slots.by_rule[code] if core.slots.all[n].subject.code == figure.code)
    last = START
    for t, value in _values(series):
        if t - last > series.every_s * 1000:
            yield News(last + series.every_s * 1000, slot, Level.GONE)
        yield News(t, slot, level_of_figure(rule, figure, "", value, 0, ""), value)
        last = t


def _committed(events: Iterator[_Event]) -> Committed:
    every = sorted(events, key=lambda e: e[:5])
    with_value = [e for e in every if e.value is not None]

    def column(name: str, rows: list[_Event]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        return np.array([getattr(row, name) for row in rows], dtype=np.int64)

    return Committed(
        **{name: column(name, with_value) for name in ("series", "time", "received", "value")},
        events=Heard(
            **{name: column(name, every) for name in ("source", "asset", "received", "time", "kind")}
        ),
        records=[],
        samples=0,
    )


def _check(profile: Profile, test: Test, problems: Problems) -> None:
    where = f"{FILE} [[test]] {test.name!r} key"
    if test.rule not in profile.rule:
        problems.add(f"{where} rule", test.rule, "the code of a rule")
    if not test.expect:
        problems.add(f"{where} expect", [], "one instant or more")
    for series in test.series:
        subject = subject_of(profile, series.subject)
        if subject is None or subject.kind not in (ASSET, SOURCE, INDICATOR):
            problems.add(f"{where} series.subject", series.subject, "an asset, a source or an indicator")
        elif series.metric and not (
            series.metric in profile.metric
            and subject.asset
            and profile.metric[series.metric].sent_by(profile.asset[subject.asset])
        ):
            problems.add(f"{where} series.metric", series.metric, "a metric that the asset sends")
        if series.every_s < 1 or not 1 <= series.count <= MOST_VALUES:
            problems.add(f"{where} series.every_s, count", (series.every_s, series.count), "1 or more")
        try:
            n = sum(1 for _ in _values(series)) * series.count
        except ValueError as wrong:
            problems.add(f"{where} series.values", str(wrong), "such as 25, 25x4, 20+2x3, _x8")
        else:
            if n > MOST_VALUES:
                problems.add(f"{where} series.values", n, f"at most {MOST_VALUES} events")
    for entry in test.entries:
        subject = subject_of(profile, entry.subject)
        if subject is None or subject.kind in (ASSET, SOURCE, INDICATOR):
            problems.add(f"{where} entries.subject", entry.subject, "an entry of a register such as gap-12")
