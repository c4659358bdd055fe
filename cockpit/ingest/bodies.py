"""The data of samples, records and reports, checked against the catalogue. All raise Refusal."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from typing import Protocol

import h3

from cockpit.domain.catalog import Indicator, Text
from cockpit.domain.coverage import technologies
from cockpit.domain.coverage.places import place_problem
from cockpit.domain.indicators import agrees, of_parts
from cockpit.domain.periods import is_report_period
from cockpit.domain.records import states
from cockpit.domain.text import LINE_END, ODD, REFUSED
from cockpit.ingest.absence import NUMBERS
from cockpit.ingest.codes import Code, Refusal, shown
from cockpit.ingest.events import RecordEvent, ReportData, ReportEvent, SampleEvent
from cockpit.ingest.explain import found
from cockpit.ingest.tables import Tables
from cockpit.ingest.times import to_ms
from cockpit.store.batch import Record, Report, Sample

H3_RESOLUTION = 8
MAX_DEVICE = 128
MAX_KEY = 128
MAX_TEXT = 4000
MAX_FIELDS = 40
MAX_FIELD_NAME = 64

# 3GPP TS 36.133 report ranges: RSRP for reduced-capability devices, RSRQ and SINR extended.
RSRP = (-156.0, -44.0)
RSRQ = (-34.0, 2.5)
# Of other technologies: from NR's SS-RSRP (TS 38.133) over UMTS's RSCP to GSM's strength.
STRENGTH = (-156.0, -24.0)
QUALITY = (-43.0, 20.0)
SINR = (-23.0, 40.0)
ACCURACY = (0.0, 10_000.0)
RATE = (0.0, 20_000.0)

_WORD = re.compile(r"[a-z][a-z0-9_]{0,31}")


def text(value: str, name: str, limit: int, *, empty: bool = True, lines: bool = False) -> str:
    """A text, if it is not too long and holds no control characters but line ends and tabs.

    `lines`: people wrote it, in whatever program: every kind of line end (CR, VT, FF, NEL, U+2028, U+2029)
    becomes a newline. A code or a name stays as it is, and may hold CR and newline alone."""
    if not empty and not value:
        raise Refusal(Code.MISSING_FIELD, f"{name} is empty")
    if len(value) > limit:
        raise Refusal(Code.TEXT_TOO_LONG, f"{name} has {len(value)} characters, expected at most {limit}")
    if ODD.search(value) is None:
        return value
    if lines:
        value = LINE_END.sub("\n", value)
    if odd := REFUSED.search(value):
        told = f"holds a control character, U+{ord(odd[0]):04X}"
        raise Refusal(Code.CONTROL_CHARACTER, f"{name} {shown(value)} {told}")
    return value


def _within(value: float, name: str, limits: tuple[float, float], unit: str) -> float:
    low, high = limits
    if not low <= value <= high:
        code = Code.NOT_A_NUMBER if value != value else Code.OUT_OF_RANGE
        told = f"{value:.0f}" if value in NUMBERS else f"{value:g}"
        why = ": phones write so what they do not know" if value in NUMBERS else ""
        raise Refusal(code, f"{name} is {told}, expected {low:g} to {high:g} {unit}{why}")
    return value


def _maybe(value: float | None, scale: int, name: str, limits: tuple[float, float], unit: str) -> int | None:
    """None also for what phones write where they know nothing: no limits hold it."""
    if value is None:
        return None
    if not limits[0] <= value <= limits[1] and value in NUMBERS:
        return None
    return round(_within(value, name, limits, unit) * scale)


def sample(e: SampleEvent, tables: Tables) -> Sample:
    """A radio sample in its H3 cell. Places outside the province's box and its margin are refused.

    A place that is not known, or not to EXACT_M, decides nothing."""
    d = e.data
    device = text(e.subject, "subject", MAX_DEVICE, empty=False)
    if d.operator not in tables.operators:
        known = ", ".join(tables.operators)
        raise Refusal(Code.UNKNOWN_OPERATOR, f"operator {shown(d.operator)}, expected one of {known}")
    lon0, lat0, lon1, lat1 = tables.box
    if not (lon0 <= d.lon <= lon1 and lat0 <= d.lat <= lat1):
        box = f"lat {lat0:g} to {lat1:g}, lon {lon0:g} to {lon1:g}"
        raise Refusal(Code.BAD_PLACE, f"the place lat {d.lat:g}, lon {d.lon:g} is outside {box}")
    tech = technologies.LTE if d.tech is None else technologies.generation(d.tech)
    if tech is None:
        known = ", ".join(technologies.ALL)
        raise Refusal(Code.BAD_FIELD, f"tech is {found(d.tech)}: expected one of {known}")
    lte = tech == technologies.LTE
    accuracy = _within(d.accuracy_m, "accuracy_m", ACCURACY, "m")
    return Sample(
        device,
        d.operator,
        d.lat,
        d.lon,
        accuracy,
        round(_within(d.rsrp_dbm, "rsrp_dbm", RSRP if lte else STRENGTH, "dBm") * 10),
        _maybe(d.rsrq_db, 10, "rsrq_db", RSRQ if lte else QUALITY, "dB"),
        _maybe(d.sinr_db, 10, "sinr_db", SINR, "dB"),
        _maybe(d.down_mbps, 1000, "down_mbps", RATE, "Mbit/s"),
        _maybe(d.up_mbps, 1000, "up_mbps", RATE, "Mbit/s"),
        text(d.cell or "", "cell", MAX_DEVICE),
        bool(d.indoor),
        h3.latlng_to_cell(d.lat, d.lon, H3_RESOLUTION),
        tech if not lte else place_problem(accuracy),
    )


def kind(code: str) -> str:
    """A record's kind as it is, if it can be one."""
    if not _WORD.fullmatch(code):
        raise Refusal(Code.BAD_FIELD, f"kind {shown(code)}: expected small letters, at most 32")
    return code


def indicator(code: str, tables: Named) -> str:
    """An indicator's code as it is, if the catalogue has it."""
    if code not in tables.indicators:
        raise Refusal(Code.UNKNOWN_INDICATOR, f"indicator {shown(code)} is not in the catalogue")
    return code


def record(e: RecordEvent, tables: Tables) -> Record:
    """A record's new state. Kinds of the catalogue have closed lists of states."""
    d = e.data
    kind(d.kind)
    text(d.key, "key", MAX_KEY, empty=False)
    if e.subject != f"{d.kind}/{d.key}":
        raise Refusal(Code.BAD_SUBJECT, f"subject {shown(e.subject)}, expected {shown(f'{d.kind}/{d.key}')}")
    known = states(d.kind)
    if (known is not None and d.state not in known) or not _WORD.fullmatch(d.state):
        expected = f"one of {', '.join(sorted(known))}" if known else "small letters, at most 32"
        raise Refusal(Code.BAD_STATE, f"state {shown(d.state)} of a {d.kind}: expected {expected}")
    _unit(d.unit, tables)
    if len(d.fields) > MAX_FIELDS:
        raise Refusal(Code.TOO_MANY_FIELDS, f"{len(d.fields)} fields, expected at most {MAX_FIELDS}")
    fields = d.fields
    for name, value in d.fields.items():
        text(name, "the name of a field", MAX_FIELD_NAME, empty=False)
        if isinstance(value, str):
            plain = text(value, f"fields.{name}", MAX_TEXT, lines=True)
            if plain is not value:
                fields = {**fields, name: plain}
        elif isinstance(value, int) and not -(2**63) <= value < 2**63:
            raise Refusal(Code.OUT_OF_RANGE, f"fields.{name} is no 64-bit number")
        elif isinstance(value, float) and not -1e300 < value < 1e300:
            raise Refusal(Code.NOT_A_NUMBER, f"fields.{name} is {value}, expected a number")
    due = None if d.due is None else to_ms(d.due, "due")
    return Record(d.kind, d.key, d.unit, d.state, due, fields)


class Named(Protocol):
    """What a report may name."""

    @property
    def indicators(self) -> Mapping[str, Indicator]: ...
    @property
    def units(self) -> Container[str]: ...
    @property
    def bodies(self) -> Mapping[str, Text]: ...


def report(e: ReportEvent, tables: Named) -> Report:
    """A figure for a period, with its parts if it has any."""
    d = e.data
    indicator(d.indicator, tables)
    if e.subject != d.indicator:
        raise Refusal(Code.BAD_SUBJECT, f"subject {shown(e.subject)}, expected {shown(d.indicator)}")
    _unit(d.unit, tables)
    if d.department and d.department not in tables.bodies:
        known = ", ".join(tables.bodies)
        raise Refusal(Code.UNKNOWN_UNIT, f"department {shown(d.department)}: expected one of {known}")
    if d.department and d.unit:
        raise Refusal(Code.UNKNOWN_UNIT, f"unit {d.unit} and department {d.department}, expected one of them")
    if not is_report_period(d.period):
        expected = "2026-11-22, 2026-11, 2026-Q4 or 2026"
        raise Refusal(Code.BAD_PERIOD, f"period {shown(d.period)}: expected a form such as {expected}")
    if not -1e15 < d.value < 1e15:
        code = Code.NOT_A_NUMBER if d.value != d.value else Code.OUT_OF_RANGE
        raise Refusal(code, f"value is {d.value:g}, expected a number")
    _parts(d, tables.indicators[d.indicator])
    return Report(
        d.indicator,
        d.unit,
        d.period,
        d.value,
        text(d.person, "person", MAX_KEY, empty=False),
        text(d.note, "note", MAX_TEXT, lines=True),
        d.numerator,
        d.denominator,
        d.department,
    )


def _parts(d: ReportData, indicator: Indicator) -> None:
    """Both or neither, and they make the value."""
    top, bottom = d.numerator, d.denominator
    if top is None and bottom is None:
        return
    if top is None or bottom is None:
        lacking, there = ("numerator", "denominator") if top is None else ("denominator", "numerator")
        raise Refusal(Code.BAD_PARTS, f"{there} without {lacking}, expected both or neither")
    for name, part in (("numerator", top), ("denominator", bottom)):
        if not -1e15 < part < 1e15:
            raise Refusal(Code.BAD_PARTS, f"{name} is {part:g}, expected a number")
    if bottom < 0:
        raise Refusal(Code.BAD_PARTS, f"denominator is {bottom:g}, expected 0 or more")
    if not agrees(d.value, top, bottom, indicator.factor, indicator.decimals):
        made = of_parts(top, bottom, indicator.factor)
        if made is None:
            raise Refusal(Code.BAD_PARTS, f"numerator is {top:g} of 0, expected 0 where the denominator is 0")
        sum_ = f"{indicator.factor:g} * {top:.12g} / {bottom:.12g} = {made:.{indicator.decimals}f}"
        raise Refusal(Code.BAD_PARTS, f"value is {d.value:.12g}, expected what its parts make: {sum_}")


def _unit(code: str, tables: Named) -> None:
    if code and code not in tables.units:
        raise Refusal(Code.UNKNOWN_UNIT, f"unit {shown(code)} is not in the catalogue")
