"""The life of a request for an explanation: somebody asks a unit about something, the unit answers with what
shows it, and who asked accepts the answer or sends it back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Any, Literal, NamedTuple

import msgspec

from cockpit.domain import periods
from cockpit.domain.catalog import Text
from cockpit.domain.registers import REQUEST, Entry, Moved, Step

State = Literal["asked", "answered", "sent_back", "accepted"]
Of = Literal["indicator", "target", "task", "alert", "gap"]
"""What can be asked about."""

Above = Literal["unit_leader", "leader"]
"""Who is told of a late answer: the leader of the unit at once, the leader of the province later."""

WAITING: tuple[State, ...] = ("asked", "sent_back")
"""The unit is to answer."""

RUNGS: tuple[Above, ...] = ("unit_leader", "leader")

DUE_DAYS, AGAIN_DAYS = 3, 1
"""Working days to answer where nobody says by when: a new request, and one whose answer was sent back."""
REMIND_MS = 9 * 60 * periods.MINUTE_MS
"""So long before its end a unit is reminded: in the morning where that is the close of office hours."""
RAISE_DAYS = 1
"""Working days after its end at which a late answer comes to the leader of the province."""
MAX_AHEAD_MS = 366 * periods.DAY_MS
"""No request runs for longer."""
MAX_EVIDENCE = 5
"""Files of an answer."""


class About(msgspec.Struct, frozen=True):
    """What is asked about: an indicator by its code, the others by their number, as text."""

    kind: Of
    code: str


class Piece(msgspec.Struct, frozen=True):
    """A file of an answer: its SHA-256 in hex, its name, its kind (`pdf`, …) and its bytes."""

    id: str
    name: str
    kind: str
    size: int


class RequestFacts(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is kept of a request. `due` is by when it was to be answered last, also once it is answered;
    `first` when it was answered first, `in_time` whether that was by the due time of then."""

    about: About
    name: Text  # of what is asked about, as it was called then
    asker: str
    role: str
    question: str
    due: int
    text: str = ""
    evidence: tuple[Piece, ...] = ()
    answered: int | None = None
    first: int | None = None
    in_time: bool = False
    since: int | None = None  # when it was sent back last; None: it was not
    reminded: int | None = None  # when the unit was reminded of this due time
    raised: Above | Literal[""] = ""  # who of above was told that it is late


@dataclass(frozen=True, slots=True)
class Request:
    """An entry of the register with what is kept of it."""

    entry: Entry
    facts: RequestFacts

    @property
    def state(self) -> State:
        return self.entry.state  # type: ignore[return-value] # a column of text, written by commands only

    @property
    def waiting(self) -> bool:
        """Whether the unit is to answer."""
        return self.state in WAITING

    def late(self, now_ms: int) -> bool:
        """Whether the answer is overdue."""
        return self.waiting and self.facts.due <= now_ms


def request_of(entry: Entry) -> Request:
    """A request."""
    return Request(entry, msgspec.convert(entry.facts, RequestFacts))


def due_after(t: int, days: int, offset_s: int = periods.OFFSET_S) -> int:
    """The end of office hours on the working day that is so many after the day of `t`."""
    day = periods.day_number(t, offset_s)
    while days:
        day += 1
        days -= periods.is_workday(day)
    return periods.day_start_ms(day, offset_s) + periods.WORK_HOURS[-1][1] * periods.MINUTE_MS


def asked(number: int, facts: RequestFacts, to: str, unit: str, t: int) -> Moved:
    """A new request to a unit or a department (`to`); `unit` is where it is, "" for nowhere."""
    entry = Entry(REQUEST, number, "asked", unit, to, t, facts.due, facts=_plain(facts))
    shown = {"note": facts.question, "due": facts.due}
    return Moved(entry, 0, Step(t, facts.asker, "asked", "", "asked", shown))


def answered(found: Request, text: str, pieces: Sequence[Piece], t: int, actor: str) -> Moved:
    """The unit has answered: nothing is due from it."""
    facts = found.facts
    first = facts.first is None
    after = msgspec.structs.replace(
        facts,
        text=text,
        evidence=tuple(pieces),
        answered=t,
        first=t if first else facts.first,
        in_time=t < facts.due if first else facts.in_time,
    )
    shown: dict[str, Any] = {"note": text}
    if pieces:
        shown["evidence"] = [msgspec.to_builtins(piece) for piece in pieces]
    return _stepped(found, "answered", after, t, actor, shown, due=None)


def accepted(found: Request, note: str, t: int, actor: str) -> Moved:
    """The answer is enough: it is over."""
    return _stepped(found, "accepted", found.facts, t, actor, {"note": note} if note else {}, due=None)


def sent_back(found: Request, note: str, due: int, t: int, actor: str) -> Moved:
    """The answer is not enough: another is due."""
    after = msgspec.structs.replace(found.facts, due=due, since=t, reminded=None, raised="")
    return _stepped(found, "sent_back", after, t, actor, {"note": note, "due": due}, due=due)


def prompts(found: Request, offset_s: int = periods.OFFSET_S) -> dict[str, int]:
    """What the unit hears of an answer that it owes, and when: `reminded` on the morning of an end at the
    close of office hours, or half-way where there is less time; `unit_leader` told when it is late, `leader`
    by the end of the next working day. What has been, or is overtaken, is left out."""
    if not found.waiting:
        return {}
    facts = found.facts
    begun = found.entry.opened if facts.since is None else facts.since
    at: dict[str, int] = {}
    if facts.reminded is None and not facts.raised:
        at["reminded"] = max(facts.due - REMIND_MS, begun + (facts.due - begun) // 2)
    if not facts.raised:
        at["unit_leader"] = facts.due
    if facts.raised != "leader":
        at["leader"] = due_after(facts.due, RAISE_DAYS, offset_s)
    return at


def prompted(found: Request, t: int, actor: str, offset_s: int = periods.OFFSET_S) -> Moved | None:
    """What is to be told by `t`, one rung at a time from below; None where nothing is.
    The version stays: nothing has changed that people decide on."""
    ripe = [what for what, at in prompts(found, offset_s).items() if at <= t]
    if not ripe:
        return None
    entry, facts = found.entry, found.facts
    to: Above | None = next((rung for rung in RUNGS if rung in ripe), None)
    if to is None:
        after = msgspec.structs.replace(facts, reminded=t)
        shown: dict[str, Any] = {"due": facts.due}
    else:
        after = msgspec.structs.replace(facts, raised=to)
        shown = {"to": to}
    what = "reminded" if to is None else "escalated"
    step = Step(t, actor, what, entry.state, entry.state, shown)
    return Moved(replace(entry, facts=_plain(after)), entry.version, step)


def _stepped(
    found: Request,
    to: State,
    facts: RequestFacts,
    t: int,
    actor: str,
    shown: Mapping[str, Any],
    due: int | None,
) -> Moved:
    entry = found.entry
    after = replace(
        entry,
        state=to,
        due=due,
        closed=t if to == "accepted" else None,
        version=entry.version + 1,
        facts=_plain(facts),
    )
    return Moved(after, entry.version, Step(t, actor, to, entry.state, to, shown))


def _plain(facts: RequestFacts) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.to_builtins(facts)
    return found


class Times(NamedTuple):
    """How fast a unit answers. `median_ms` is from asking to the first answer, None before any."""

    owner: str
    asked: int
    answered: int
    in_time: int
    late: int  # not answered, and overdue
    median_ms: int | None


def times(found: Iterable[Request], now_ms: int) -> list[Times]:
    """By unit, most overdue first, then slowest first."""
    by: dict[str, list[Request]] = {}
    for request in found:
        by.setdefault(request.entry.owner, []).append(request)
    rows = [_times(owner, requests, now_ms) for owner, requests in by.items()]
    return sorted(rows, key=lambda row: (-row.late, -(row.median_ms or 0), row.owner))


def _times(owner: str, found: Sequence[Request], now_ms: int) -> Times:
    took = [r.facts.first - r.entry.opened for r in found if r.facts.first is not None]
    return Times(
        owner,
        asked=len(found),
        answered=len(took),
        in_time=sum(r.facts.in_time for r in found),
        late=sum(r.late(now_ms) for r in found),
        median_ms=int(median(took)) if took else None,
    )
