"""What is muted: the ledger, what hides one alert, and how much a mute would hide before it is given."""

from __future__ import annotations

from dataclasses import dataclass

from cockpit.domain.alerting.mutes import Matcher, Mute, Taken, hiding
from cockpit.domain.alerting.weekly import Window
from cockpit.domain.numbers import AlertId
from cockpit.store import mutes
from cockpit.store.handles import Read
from cockpit.views.context import ViewContext


@dataclass(frozen=True, slots=True)
class Muting:
    """A mute that has not ended, the version of its entry, and how many open alerts it hides now."""

    number: int
    version: int
    mute: Mute
    planned: bool
    hides: int
    next: Window | None  # of one that comes weekly: the window that lasts, or the next


def ledger(ctx: ViewContext, conn: Read) -> tuple[Muting, ...]:
    """All that is muted or will be, what ends first at the top."""
    kept = [k for k in mutes.open_ones(conn) if k.mute.until > ctx.now_ms]
    open_ = Taken(mutes.open_alerts(conn) if kept else ())
    found = [
        Muting(
            number=k.mute.number,
            version=k.entry.version,
            mute=k.mute,
            planned=k.mute.since > ctx.now_ms,
            hides=open_.hidden(k.mute, ctx.now_ms),
            next=k.mute.next(ctx.now_ms),
        )
        for k in kept
    ]
    return tuple(sorted(found, key=lambda m: (m.mute.until, m.number)))


def of_alert(ctx: ViewContext, alert_id: AlertId) -> tuple[Muting, ...]:
    """The mutes that hide an open alert now, the one that it is named by first."""
    with ctx.store.read() as conn:
        found = {m.number: m for m in ledger(ctx, conn)}
        open_ = next((a for a in mutes.open_alerts(conn) if a.id == alert_id), None)
    if open_ is None or not found:
        return ()
    return tuple(found[m.number] for m in hiding((m.mute for m in found.values()), open_, ctx.now_ms))


def preview(ctx: ViewContext, matchers: tuple[Matcher, ...]) -> tuple[int, ...]:
    """How many open alerts each of these would hide."""
    with ctx.store.read() as conn:
        open_ = Taken(mutes.open_alerts(conn))
    return tuple(len(open_.by(matcher)) for matcher in matchers)
