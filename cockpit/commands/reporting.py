"""Figures that people report: typed on a page, one at a time, or brought as the rows of a workbook. They are
checked as those that come over the wire, and stand under the same feed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Annotated, Any, ClassVar, NamedTuple

import msgspec

from cockpit.commands.evidence import piece
from cockpit.commands.model import (
    Actor,
    Cockpit,
    Command,
    Handlers,
    Message,
    Result,
    Rights,
    done,
    refused,
)
from cockpit.domain.catalog import Indicator, Source, Text
from cockpit.domain.identity import event_key
from cockpit.domain.indicators import of_parts
from cockpit.domain.instants import iso
from cockpit.domain.reporting import MEMBERS, REPORT, Way, typed_feed
from cockpit.domain.requests import MAX_EVIDENCE, Piece
from cockpit.domain.roles import Role
from cockpit.domain.text import MAX_NOTE
from cockpit.ingest import bodies, rights
from cockpit.ingest.codes import Code, Refusal, shown
from cockpit.ingest.events import ReportData, ReportEvent
from cockpit.profiles import Profile
from cockpit.store import QueueFull, StoreError, evidence, reports
from cockpit.store.batch import Draft, Report
from cockpit.store.handles import Read, Write
from cockpit.store.queries import reports as queries

MAX_ROWS = 300
MAX_TOLD = 100
"""Rows of one command, and mistakes that its refusal names."""
FileId = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}$")]
Code40 = Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
Place = Annotated[str, msgspec.Meta(max_length=60)]
Period = Annotated[str, msgspec.Meta(min_length=4, max_length=10)]
Note = Annotated[str, msgspec.Meta(max_length=MAX_NOTE)]
ColumnName = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]

MAY: frozenset[Role] = frozenset({"officer", "unit_leader", "admin"})


class ReportAdd(Message, frozen=True, kw_only=True):
    """Reports a figure of a period: its value, or numerator and denominator, or all three. `unit` is the code
    of a unit or department, "" for the whole province. Officers and leaders report for the own unit; for the
    province those of the department that owns the figure. It stands at once; what was said of the period
    before stays on record."""

    ROLES: ClassVar[frozenset[Role]] = MAY

    indicator: Code40
    period: Period
    unit: Place = ""
    value: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    note: Note = ""
    evidence: Annotated[tuple[FileId, ...], msgspec.Meta(max_length=MAX_EVIDENCE)] = ()


class ReportRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A figure of a period as a row of a workbook has it."""

    indicator: Code40
    period: Period
    unit: Place = ""
    value: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    note: Note = ""


class ReportAddMany(Message, frozen=True, kw_only=True):
    """Reports the figures of a workbook, all of them or none, each as `report_add` does; rows that say what
    stands already are left alone. `columns` is how the workbook names its columns, by `indicator`, `unit`,
    `period`, `value`, `numerator`, `denominator` and `note`: it is remembered for the unit of who brings
    it."""

    ROLES: ClassVar[frozenset[Role]] = MAY

    rows: Annotated[tuple[ReportRow, ...], msgspec.Meta(min_length=1, max_length=MAX_ROWS)]
    file: Annotated[str, msgspec.Meta(max_length=200)] = ""
    columns: Annotated[dict[str, ColumnName], msgspec.Meta(max_length=len(MEMBERS))] = msgspec.field(
        default_factory=dict
    )

    def recorded(self) -> dict[str, Any]:
        """The figures are among the reports; on record are how many, and which they were."""
        digest = blake2b(msgspec.json.encode(self.rows), digest_size=12).hexdigest()
        return {"file": self.file, "rows": len(self.rows), "digest": digest}


@dataclass(frozen=True, slots=True)
class Named:
    """What a report may name, of a profile."""

    indicators: Mapping[str, Indicator]
    units: Mapping[str, object]
    bodies: Mapping[str, Text]


class Checked(NamedTuple):
    """A figure that may be stored, and the feed it stands under; `before`: what stood for its period."""

    report: Report
    feed: Source
    received: int
    before: queries.Report | None

    @property
    def same(self) -> bool:
        """Whether that said the same."""
        old, new = self.before, self.report
        return old is not None and (old.value, old.numerator, old.denominator, old.note) == (
            new.value, new.numerator, new.denominator, new.note,
        )  # fmt: skip


class Wrong(NamedTuple):
    """Why a figure is not taken: the member, the code of what is wrong, and what is expected."""

    member: str
    code: str
    expected: str


MEMBER_OF = {
    Code.UNKNOWN_INDICATOR: "indicator", Code.FOREIGN_INDICATOR: "indicator", Code.BAD_PERIOD: "period",
    Code.UNKNOWN_UNIT: "unit", Code.BAD_PARTS: "numerator", Code.TEXT_TOO_LONG: "note",
    Code.CONTROL_CHARACTER: "note",
}  # fmt: skip
"""What a refusal is about; the value where it is not told."""


def owns(profile: Profile, unit: str, indicator: Indicator) -> bool:
    """Whether a department owns a figure of the whole province, and so reports it."""
    return bool(unit) and profile.bodies.get(unit) == indicator.owner


def _may(profile: Profile, actor: Actor, row: ReportAdd | ReportRow) -> bool:
    if actor.role == "admin":
        return True
    if row.unit:
        return row.unit == actor.unit
    indicator = profile.indicator.get(row.indicator)
    return indicator is None or owns(profile, actor.unit, indicator)


def check(
    here: Cockpit, actor: Actor, row: ReportAdd | ReportRow, conn: Read, t: int, way: Way
) -> Checked | Wrong:
    """A figure as it would be stored, or the first thing that is wrong with it."""
    profile, value = here.profile, row.value
    try:
        named = Named(profile.indicator, profile.unit, profile.bodies)
        indicator = named.indicators[bodies.indicator(row.indicator, named)]
        feed = typed_feed(profile.sources, indicator.code)
        if feed is None:
            told = f"indicator {shown(row.indicator)} is not one that people report"
            raise Refusal(Code.FOREIGN_INDICATOR, told)
        if not _may(profile, actor, row):
            return Wrong("unit", "no_right", "the own unit, or the province by who owns the figure")
        top, bottom = row.numerator, row.denominator
        if value is None and top is not None and bottom is not None:
            value = of_parts(top, bottom, indicator.factor)
        if value is None:
            return Wrong("value", "needed", "a value, or a numerator and a denominator above 0")
        unit, department = (row.unit, "") if row.unit not in profile.bodies else ("", row.unit)
        person = actor.name[: bodies.MAX_KEY]
        data = ReportData(row.indicator, row.period, value, person, unit, row.note, top, bottom, department)
        received = here.clock.real_ms() if feed.time == "real" else t
        event = ReportEvent("1.0", "form", feed.code, row.indicator, iso(received), data)
        report = bodies.report(event, named)
        early_ms = feed.early_s * 1000
        rights.must_have_begun(report.period, received + early_ms, profile.utc_offset_s * 1000)
    except Refusal as refusal:
        return Wrong(MEMBER_OF.get(refusal.code, "value"), str(refusal.code), refusal.reason)
    before = queries.of_period(
        conn, report.indicator, report.unit, report.period, [feed.id], report.department
    )
    return Checked(replace(report, of_unit=actor.unit, way=way), feed, received, before)


def report_add(here: Cockpit, command: Command, order: ReportAdd, conn: Write, t: int) -> Result:
    """The newest of two people at once stands, and the other's is told among the replaced ones."""
    actor = command.actor
    found = check(here, actor, order, conn, t, "form")
    if isinstance(found, Wrong):
        return _refusal(found, actor)
    if found.same and found.before is not None and not order.evidence:
        before = found.before
        return refused("already", report=before.number, by=before.person, at=before.received)
    pieces = _pieces(here, conn, order, actor)
    if isinstance(pieces, Result):
        return pieces
    (number,), after = _store(here, conn, [found])
    evidence.name_in(conn, REPORT, number, pieces)
    told = found.report
    facts: dict[str, Any] = {
        "report": number, "indicator": told.indicator, "unit": told.unit or told.department,
        "period": told.period, "value": told.value, "at": found.received,
    }  # fmt: skip
    if found.before is not None:
        facts["replaces"] = found.before.number
    return done(facts, after)


def report_add_many(here: Cockpit, command: Command, order: ReportAddMany, conn: Write, t: int) -> Result:
    """All of it or nothing."""
    actor = command.actor
    strange = [name for name in order.columns if name not in MEMBERS]
    if strange:
        expected = f"one of {', '.join(MEMBERS)}"
        return refused("bad_argument", argument=f"columns.{strange[0]}", expected=expected)
    found, wrong = check_all(here, actor, order.rows, conn, t)
    if wrong:
        row, first = wrong[0]
        mistakes = [{"row": n, **one._asdict()} for n, one in wrong[:MAX_TOLD]]
        return refused(
            "no_right" if first.code == "no_right" else "bad_argument",
            argument=f"rows[{row}].{first.member}", expected=first.expected, mistakes=mistakes,
            wrong=len(wrong),
        )  # fmt: skip
    new = [one for one in found if not one.same]
    numbers, after = _store(here, conn, new) if new else ([], None)
    if order.columns and actor.unit:
        reports.keep_columns(conn, actor.unit, order.columns, actor.name, here.clock.real_ms())
    facts = {
        "reports": numbers, "new": sum(one.before is None for one in new),
        "replaced": sum(one.before is not None for one in new), "same": len(found) - len(new),
    }  # fmt: skip
    return done(facts, after)


def check_all(
    here: Cockpit, actor: Actor, rows: tuple[ReportRow, ...], conn: Read, t: int
) -> tuple[list[Checked], list[tuple[int, Wrong]]]:
    """The rows of a workbook as they would be stored, and what is wrong, by row from 0. Two rows about the
    same figure of one period contradict each other."""
    found: list[Checked] = []
    wrong: list[tuple[int, Wrong]] = []
    taken: set[tuple[str, str, str]] = set()
    for number, row in enumerate(rows):
        one = check(here, actor, row, conn, t, "file")
        about = row.indicator, row.unit, row.period
        if isinstance(one, Checked) and about in taken:
            one = Wrong("indicator", "repeated", "each figure of a period once")
        taken.add(about)
        if isinstance(one, Wrong):
            wrong.append((number, one))
        else:
            found.append(one)
    return found, wrong


def _refusal(wrong: Wrong, actor: Actor) -> Result:
    if wrong.code == "no_right":
        return refused("no_right", role=actor.role, unit=actor.unit)
    return refused("bad_argument", argument=wrong.member, expected=wrong.expected, why=wrong.code)


def _pieces(here: Cockpit, conn: Read, order: ReportAdd, actor: Actor) -> list[Piece] | Result:
    found = []
    for name in dict.fromkeys(order.evidence):
        handed = piece(here, conn, name, actor, REPORT, 0)
        if handed is None:
            return refused("unknown", evidence=name)
        found.append(handed)
    return found


def _store(here: Cockpit, conn: Write, found: list[Checked]) -> tuple[list[int], Callable[[], None]]:
    """Their numbers, and what is to be done afterwards: each is an event of its feed, which was heard."""
    draft, first = Draft(), reports.last_number(conn) + 1
    rows = []
    for number, one in enumerate(found, first):
        key = event_key(one.feed.code, f"typed-{number}")
        draft.event(key, one.feed.id, one.received, one.received)
        rows.append((key, one.received, one.received, int(one.feed.id), one.report))
    numbers = reports.type_in(conn, rows)

    def after() -> None:
        with suppress(QueueFull, StoreError):  # a report stands also where its feed is not marked as heard
            here.store.append(draft.batch())

    return numbers, after


def _right(conn: Read, actor: Actor, args: Mapping[str, Any]) -> Result | None:
    unit = args.get("unit", "")
    if actor.role == "admin" or not isinstance(unit, str) or not unit or unit == actor.unit:
        return None
    return refused("no_right", role=actor.role, unit=unit)


RIGHTS: Rights = {ReportAdd: _right}
HANDLERS: Handlers = {ReportAdd: report_add, ReportAddMany: report_add_many}
