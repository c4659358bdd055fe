"""The open causes in the lines of a list: a wave is one line, and so are many of one rule and owner.

Home and the alert desk draw the same lines. They are made once for all viewers, and again only when an alert
has changed.
"""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from typing import Annotated, NamedTuple, Protocol

import msgspec

from cockpit.domain import incoming, registers
from cockpit.domain.alerting import of_kept, owner_of
from cockpit.domain.alerting.subjects import INCOMING, UNIT
from cockpit.domain.alerting.together import Begun, Near, gathered, neighbours, waves
from cockpit.domain.catalog import Priority, Rule, Text
from cockpit.domain.numbers import AlertId
from cockpit.engine.kinds import KINDS
from cockpit.profiles import Profile
from cockpit.store import Store
from cockpit.store.handles import Read
from cockpit.store.queries import alerts as q
from cockpit.views.context import ViewContext

URGENCY: Mapping[Priority, int] = {"critical": 0, "high": 1, "medium": 2, "low": 3}

OVER_MS = 24 * 3_600_000
"""So long a cause that has closed still holds its wave together."""

_OVER_STEP_MS = 600_000
"""Lines are made anew so often at the latest: what has closed long ago drops out."""


@dataclass(frozen=True, slots=True)
class Row:
    """An open cause with the names that go with its codes. Times in ms on the clock of its source."""

    id: AlertId
    rule: str
    rule_name: Text
    about: Text | None  # a sentence with {subject}; None where its rule has none
    next_step: Text
    of_today: bool  # the rule as it was when the alert opened is not known; what is said of it is today's
    priority: Priority
    subject: str
    subject_name: Text
    asset: str
    kind: Text | None  # of thing: camera, power feeder
    source: str
    unit: str  # code, "" for the whole province
    place: str  # short name of the unit, "" for the whole province
    owner: Text
    folded: int
    since: int  # when it began: of a silence, when it was last heard
    opened: int  # when the cockpit knew
    due: int  # counted from `opened`
    ack_by: str
    ack_at: int | None
    real: bool  # its times are of the real clock, not of domain time
    escalated: str = ""  # the role it was brought to
    sort: str = ""  # of an alert of another system the rule there: those of one stand under one line

    @property
    def state(self) -> str:
        """unack or ack."""
        return "unack" if self.ack_at is None else "ack"


@dataclass(frozen=True, slots=True)
class Group:
    """Rows of one rule that stand under one line: those of a `wave`, which began near each other in time
    and place, or those of one owner (and of one rule there, where another system sent them). Times in ms;
    members with the most urgent first."""

    key: str  # names it in an address, as long as it is there
    wave: bool
    kind: Text | None  # of thing they are about, where it is the same
    n: int
    waiting: int  # that nobody has acknowledged
    units: int  # in which they lie
    problems: Annotated[int, msgspec.Meta(description="The members and all that is folded under them.")]
    over: int  # causes of this wave that have closed
    since: int  # the first
    opened: int  # of that one
    due: int  # the soonest
    members: tuple[Row, ...]


class Line(NamedTuple):
    """A line of a list: an alert, or a group with the most urgent of its alerts."""

    row: Row
    group: Group | None

    @property
    def key(self) -> str:
        """What names it in an address."""
        return str(self.row.id) if self.group is None else self.group.key


class Oldest(NamedTuple):
    """Since when what waits longest is so (ms), None where nothing waits: in domain and in real time."""

    domain: int | None
    real: int | None


@dataclass(frozen=True)
class Desk:
    """Open causes by urgency: priority, then due. Lines are made at their first use."""

    waiting: tuple[Row, ...]
    working: tuple[Row, ...]
    oldest: Oldest
    wave_of: Mapping[AlertId, AlertId]
    over: Mapping[AlertId, int]  # by wave, how many causes of it have closed

    @cached_property
    def waiting_lines(self) -> tuple[Line, ...]:
        """What nobody has acknowledged."""
        return self.lines(self.waiting)

    @cached_property
    def working_lines(self) -> tuple[Line, ...]:
        """What somebody has acknowledged."""
        return self.lines(self.working)

    @cached_property
    def home(self) -> tuple[Line, ...]:
        """All: what waits first, and within a priority what pulled most others with it."""
        both = sorted((*self.waiting, *self.working), key=_by_urgency)
        return tuple(sorted(self.lines(both), key=_by_weight))

    def overdue(self, ctx: ViewContext) -> int:
        """How many are past due."""
        now = {True: ctx.real_ms, False: ctx.now_ms}
        return sum(r.due < now[r.real] for rows in (self.waiting, self.working) for r in rows)

    def lines(self, rows: Iterable[Row]) -> tuple[Line, ...]:
        """Some of the rows, in their order, as lines."""

        def key(row: Row) -> Hashable:
            wave = self.wave_of.get(row.id)
            return (row.rule, row.owner.vi, row.sort) if wave is None else wave

        return tuple(
            Line(same[0], self._group(same) if len(same) > 1 else None) for same in gathered(rows, key)
        )

    def _group(self, same: Sequence[Row]) -> Group:
        lead, wave = same[0], self.wave_of.get(same[0].id)
        first = min(same, key=lambda r: (r.since, r.id))
        whose = lead.owner.vi + (f"\n{lead.sort}" if lead.sort else "")
        owner = blake2b(whose.encode(), digest_size=3).hexdigest()
        return Group(
            key=f"{lead.rule}.{owner}" if wave is None else f"{lead.rule}-{wave}",
            wave=wave is not None,
            kind=lead.kind if all(r.kind == lead.kind for r in same) else None,
            n=len(same),
            waiting=sum(r.ack_at is None for r in same),
            units=len({r.unit for r in same if r.unit}),
            problems=len(same) + sum(r.folded for r in same),
            over=0 if wave is None else self.over.get(wave, 0),
            since=first.since,
            opened=first.opened,
            due=min(r.due for r in same),
            members=tuple(same),
        )


class About(Protocol):
    """What names the subject of an alert."""

    @property
    def asset(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def indicator(self) -> str: ...
    @property
    def subject_kind(self) -> str: ...
    @property
    def subject(self) -> str: ...


class _Kept(NamedTuple):
    """The lines, and what they were made of. `above` are codes of assets that others depend on."""

    store: Store
    profile: Profile
    near: Near
    above: Set[str]
    stamp: Hashable
    causes: list[Begun]
    rows: Mapping[q.Version, Row]
    desk: Desk


_kept: _Kept | None = None
_guard = threading.Lock()


def desk(ctx: ViewContext, conn: Read) -> Desk:
    """The lines as they are now, shared by all that draw them until an alert changes."""
    global _kept
    stamp = q.changed(conn), ctx.now_ms // _OVER_STEP_MS
    with _guard:
        kept = _kept
        if kept is not None and (kept.store is not ctx.store or kept.profile is not ctx.profile):
            kept = None
        if kept is None or kept.stamp != stamp:
            kept = _kept = _made(ctx, conn, stamp, kept)
    return kept.desk


_parts: dict[str, tuple[Desk, frozenset[AlertId], Desk]] = {}
"""By unit: the part of the lines that is its own, and what it was made of."""


def within(whole: Desk, unit: str, mine: frozenset[AlertId]) -> Desk:
    """The lines of the alerts `mine` of a unit, the same ones until they change."""
    kept = _parts.get(unit)
    if kept is not None and kept[0] is whole and kept[1] == mine:
        return kept[2]
    waiting, working = (tuple(r for r in rows if r.id in mine) for rows in (whole.waiting, whole.working))
    made = Desk(waiting, working, _oldest(waiting), whole.wave_of, whole.over)
    _parts[unit] = whole, mine, made
    return made


def _oldest(waiting: Sequence[Row]) -> Oldest:
    return Oldest(
        min((r.since for r in waiting if not r.real), default=None),
        min((r.since for r in waiting if r.real), default=None),
    )


def instants(ctx: ViewContext, ago_ms: int = 0) -> q.Instants:
    """The instant `ago_ms` ago on both clocks."""
    real = json.dumps([s.code for s in ctx.profile.sources if s.time == "real"])
    return q.Instants(real, ctx.real_ms - ago_ms, ctx.now_ms - ago_ms)


def _made(ctx: ViewContext, conn: Read, stamp: Hashable, kept: _Kept | None) -> _Kept:
    """The lines, where only what has changed since the ones `kept` is read and named anew."""
    profile = ctx.profile
    same = kept.rows if kept else {}
    versions = q.versions(conn)
    fresh = q.standing(conn, [v.id for v in versions if v not in same])
    then = rules_then(conn, {r.born for r in fresh})
    named = {r.id: _row(profile, r, then.get(r.born)) for r in fresh}
    rows = {v: same[v] if v in same else named[v.id] for v in versions}
    near = kept.near if kept else neighbours(profile.units)
    above = kept.above if kept else {asset.depends_on for asset in profile.assets if asset.depends_on}
    begun = [Begun(r.id, r.rule, r.unit, r.since) for r in rows.values() if r.asset in above]
    closed = q.closed_causes(conn, instants(ctx, OVER_MS), {c.rule for c in begun}) if begun else []
    causes = [*begun, *closed]
    wave_of = kept.desk.wave_of if kept and kept.causes == causes else waves(causes, near)
    ordered = sorted(rows.values(), key=_by_urgency)
    waiting = tuple(r for r in ordered if r.ack_at is None)
    made = Desk(
        waiting=waiting,
        working=tuple(r for r in ordered if r.ack_at is not None),
        oldest=_oldest(waiting),
        wave_of=wave_of,
        over=Counter(wave_of[c.alert] for c in closed if c.alert in wave_of),
    )
    return _Kept(ctx.store, profile, near, above, stamp, causes, rows, made)


def _by_urgency(row: Row) -> tuple[int, int, AlertId]:
    return URGENCY[row.priority], row.due, row.id


def _by_weight(line: Line) -> tuple[bool, int, int, int, AlertId]:
    row, group = line
    if group is None:
        return row.ack_at is not None, URGENCY[row.priority], -row.folded, row.due, row.id
    return not group.waiting, URGENCY[row.priority], -group.problems, group.due, row.id


def _row(profile: Profile, row: q.Standing, then: Rule | None) -> Row:
    rule = then or profile.rule.get(row.rule)
    unit = profile.unit.get(row.unit)
    named: Mapping[str, str] | None = json.loads(row.named) if row.named else None
    subject, name = subject_of(profile, row, named)
    source = profile.source.get(row.source)
    return Row(
        id=row.id,
        rule=row.rule,
        rule_name=rule.name if rule else Text(row.rule, row.rule),
        about=rule.about if rule else None,
        next_step=rule.next_step if rule else Text("", ""),
        of_today=then is None,
        priority=row.priority,
        subject=subject,
        subject_name=name,
        asset=row.asset,
        kind=kind_of_asset(profile, row.asset),
        source=row.source,
        unit=row.unit,
        place=unit.short if unit else "",
        owner=owner_then(profile, row.owner, row.owner_en, row.source, rule),
        folded=row.folded,
        since=row.since,
        opened=row.opened,
        due=row.due,
        ack_by=row.ack_by or "",
        ack_at=row.ack_at,
        real=source is not None and source.time == "real",
        escalated=row.escalated,
        sort=named.get("sort", "") if named is not None else "",
    )


def subject_of(profile: Profile, row: About, named: Mapping[str, str] | None = None) -> tuple[str, Text]:
    """Code and name of what an alert is about; a code nobody knows stands for itself. `named`: what the alert
    itself says of an entry of a register or of an alert of another system, by language."""
    subject = row.subject
    if row.asset in profile.asset:
        name = profile.asset[row.asset].name
        return subject, Text(name, name)
    if row.subject_kind == UNIT and subject in profile.unit:
        return subject, Text(profile.unit[subject].name, profile.unit[subject].name)
    if row.indicator in profile.indicator:
        return subject, profile.indicator[row.indicator].name
    if row.subject_kind in registers.KINDS:
        subject = registers.code_of(row.subject_kind, row.subject)
        if named is not None:
            return subject, Text(f"{subject} {named.get('vi', '')}", f"{subject} {named.get('en', '')}")
    elif row.subject_kind == INCOMING:
        subject = incoming.code_of(row.subject)
        if named is not None:
            return subject, Text(named.get("vi", ""), named.get("en", ""))
    elif not row.asset and row.source in profile.source:
        return subject, profile.source[row.source].name
    return subject, Text(subject, subject)


def kind_of_asset(profile: Profile, code: str) -> Text | None:
    """What a thing is, in words."""
    asset = profile.asset.get(code)
    kind = profile.kind.get(asset.kind) if asset else None
    return kind.name if kind else None


def rules_then(conn: Read, born: Collection[str]) -> dict[str, Rule]:
    """The rules that alerts were born under, by digest; without those that nobody can read any more."""
    found = ((digest, of_kept(text)) for digest, text in q.rules_kept(conn, born).items())
    return {digest: rule for digest, rule in found if rule is not None and rule.kind in KINDS}


def owner_then(profile: Profile, owner: str, owner_en: str, source: str, rule: Rule | None) -> Text:
    """Who had to act when it opened. Of alerts from before both languages were kept: by today's rule."""
    if owner_en:
        return Text(owner, owner_en)
    if rule is None:
        return Text(owner, owner)
    return owner_of(rule, profile.source.get(source))
