"""What might be decided next: at most three proposals, each with its reasons and the command that does it."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, replace

from cockpit.domain import decisions as domain
from cockpit.domain.coverage import gap_life
from cockpit.domain.decisions import Candidate, Kind, Thing
from cockpit.domain.plans.model import Item, item_of
from cockpit.domain.registers import GAP, REQUEST, TASK
from cockpit.domain.requests import DUE_DAYS, due_after, request_of
from cockpit.store.handles import Read
from cockpit.store.queries import alerts, registers
from cockpit.views.alerts import Alert, named
from cockpit.views.context import ViewContext
from cockpit.views.figure import Figure
from cockpit.views.figures import figures
from cockpit.views.gaps import Gap, known

KEEP_S = 30.0
"""Seconds a computed view is good for: figures turn red by the day."""

LOOKED = 400
"""The newest so many requests, and the most urgent so many critical alerts, are looked at."""

PLAN_DAYS = 60
"""So far ahead the end of a gap is proposed."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A proposal: `to` whom, by when (`due`, ms, None where the command has none), and of what it is about
    the one that its kind says, in the `version` that is seen, None where it has none. `days`: how many days a
    figure has been red; `now_ms`: the present on the clock of what it is about."""

    kind: Kind
    about: Thing
    to: str
    points: int
    stake: float
    wait: float
    now_ms: int
    due: int | None
    version: int | None = None
    figure: Figure | None = None
    days: int = 0
    gap: Gap | None = None
    item: Item | None = None
    alert: Alert | None = None


def stamp(ctx: ViewContext) -> Hashable:
    """A view is also computed anew when this changes: somebody has taken a step, or a critical alert is new
    or taken."""
    with ctx.store.read() as conn:
        return registers.last_step(conn), tuple(alerts.critical(conn, LOOKED))


def build(ctx: ViewContext) -> tuple[Decision, ...]:
    """The same for everybody; who may carry one out is a matter of its command."""
    with ctx.store.read() as conn:
        taken = domain.asked(
            (request_of(entry) for entry in registers.entries(conn, REQUEST, limit=LOOKED)), ctx.now_ms
        )
        taken |= {(of.kind, of.code) for e in registers.given(conn) if (of := item_of(e).facts.about)}
        found: dict[Candidate, Decision] = {}
        for some in (_alerts, _figures, _gaps, _tasks):
            found |= dict(some(ctx, conn))
    return tuple(found[one] for one in domain.ranked(found, taken))


Pair = tuple[Candidate, Decision]


def _figures(ctx: ViewContext, conn: Read) -> Iterator[Pair]:
    """Red figures, by the limit of red that counts today."""
    red = [f.code for f in figures(conn, ctx).values() if f.status == "red"]
    for figure in figures(conn, ctx, red).values() if red else ():
        value, target, limit = figure.value, figure.due_target, figure.due_watch
        to = ctx.profile.addressee(figure.owner)
        if value is None or target is None or limit is None or not to:
            continue
        days = domain.red_days(figure.spark[:-1], limit, up=figure.direction == "up")
        one = domain.of_figure(figure.code, to, value, target, days)
        due = due_after(ctx.now_ms, DUE_DAYS, ctx.profile.utc_offset_s)
        yield one, replace(_decision(one, ctx.now_ms, due), figure=figure, days=days)


def _gaps(ctx: ViewContext, conn: Read) -> Iterator[Pair]:
    """Verified gaps without a plan, and those that nobody has looked at in time."""
    wanted = [
        entry
        for entry in registers.open_entries(conn, GAP)
        if entry.owner in ctx.profile.addressees
        and (
            entry.state == gap_life.VERIFIED
            or (entry.state == gap_life.REPORTED and entry.due is not None and entry.due <= ctx.now_ms)
        )
    ]
    offset_s = ctx.profile.utc_offset_s
    for gap in known(conn, ctx.profile, wanted):
        entry, verified = gap.entry, gap.entry.state == gap_life.VERIFIED
        one = domain.of_gap(
            entry.id, entry.owner, gap.people.mid, entry.opened, ctx.now_ms, verified=verified
        )
        due = (
            domain.office_end(ctx.now_ms, PLAN_DAYS, offset_s)
            if verified
            else due_after(ctx.now_ms, DUE_DAYS, offset_s)
        )
        yield one, replace(_decision(one, ctx.now_ms, due), gap=gap, version=entry.version)


def _tasks(ctx: ViewContext, conn: Read) -> Iterator[Pair]:
    """Tasks that are overdue, of who can be asked."""
    due = due_after(ctx.now_ms, DUE_DAYS, ctx.profile.utc_offset_s)
    for entry in registers.overdue(conn, TASK, ctx.now_ms):
        if entry.owner in ctx.profile.addressees and entry.due is not None:
            one = domain.of_task(entry.id, entry.owner, entry.due, ctx.now_ms)
            yield one, replace(_decision(one, ctx.now_ms, due), item=item_of(entry))


def _alerts(ctx: ViewContext, conn: Read) -> Iterator[Pair]:
    """Critical alerts that nobody has: not acknowledged, not given to anybody."""
    numbers = alerts.critical(conn, LOOKED)
    stored = alerts.by_number(conn, numbers)
    for alert in named(ctx, conn, [stored[number] for number in numbers]):
        to = ctx.profile.addressee(alert.owner)
        if to:
            now = ctx.now_of(alert.source)
            also = [("indicator", alert.indicator)] if alert.indicator else []
            one = domain.of_alert(alert.id, to, alert.opened, alert.due, now, also)
            yield one, replace(_decision(one, now, None), alert=alert, version=alert.version)


def _decision(one: Candidate, now_ms: int, due: int | None) -> Decision:
    return Decision(one.kind, one.about, one.to, one.points, one.stake, one.wait, now_ms, due)
