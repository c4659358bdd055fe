"""Writing in the ledger of mutes: how long who may hide, and one entry for one thing that is hidden."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from cockpit.commands.model import Command, Result, done, refused
from cockpit.domain.alerting import ledger
from cockpit.domain.alerting.mutes import Mute, Muteable, Taken
from cockpit.domain.periods import DAY_MS, HOUR_MS
from cockpit.store import mutes, registers
from cockpit.store.handles import Write

SILENCE_MS: Mapping[str, int] = {"operator": DAY_MS, "admin": 7 * DAY_MS}
CRITICAL_MS: Mapping[str, int] = {"operator": 4 * HOUR_MS}
"""For how long a role may hide, and what is critical."""


def cap_of(role: str, *, critical: bool) -> int:
    """For how long a role may silence."""
    return CRITICAL_MS.get(role, SILENCE_MS[role]) if critical else SILENCE_MS[role]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A mute to be given, the unit it is about, and for how long its role may hide: by what is hidden, and
    what is critical (None: as all else)."""

    mute: Mute
    unit: str
    within: Callable[[list[Muteable]], int]
    critical_ms: int | None = None


def give(conn: Write, mute: Mute, unit: str, t: int) -> int:
    """Enter a mute; its number."""
    number = mutes.next_number(conn)
    registers.move(conn, ledger.begun(mute._replace(number=number), unit, t))
    return number


def put(conn: Write, command: Command, wanted: Wanted, t: int) -> Result:
    """Give a mute, or the one that hides the same another end: it lasts since when it began. One that lasts
    longer than the role may is not the role's to change."""
    mute = wanted.mute
    hidden = Taken(mutes.open_alerts(conn)).by(mute.matcher)
    within = wanted.within(hidden)
    held = standing(conn, mute, t)
    if held is not None and held.mute.since <= t:
        mute = mute._replace(number=held.mute.number, since=held.mute.since)
    if held is not None and (held.mute.until, held.mute.since) == (mute.until, mute.since):
        return refused("already", by=held.mute.actor, at=held.mute.since, until=held.mute.until)
    if held is not None and held.mute.until - held.mute.since > within:
        return refused("no_right", role=command.actor.role, by=held.mute.actor, until=held.mute.until)
    if mute.until - mute.since > within:
        return refused("too_long", until=mute.since + within, within_ms=within)
    if wanted.critical_ms is not None:
        mute = mute._replace(critical_until=min(mute.until, mute.since + wanted.critical_ms))
    if held is None:
        number = give(conn, mute, wanted.unit, t)
    else:
        number = held.mute.number
        registers.move(conn, ledger.changed(held.entry, mute._replace(number=number), t))
    facts = {"mute": number, "since": mute.since, "until": mute.until, "hides": len(hidden)}
    return done(facts | ({"critical_until": mute.critical_until} if mute.critical_until < mute.until else {}))


def enter(conn: Write, mute: Mute, t: int) -> None:
    """Enter what has been decided elsewhere: it begins, or gets another end."""
    held = standing(conn, mute, t)
    if held is None:
        give(conn, mute, "", t)
    else:
        registers.move(conn, ledger.changed(held.entry, mute._replace(number=held.mute.number), t))


def standing(conn: Write, mute: Mute, t: int) -> mutes.Entered | None:
    """The entry that hides the same in the same way."""
    same = (mute.what, mute.matcher, mute.weekly)
    found = (k for k in mutes.open_ones(conn) if (k.mute.what, k.mute.matcher, k.mute.weekly) == same)
    return next((k for k in found if k.mute.until > t), None)


def end(conn: Write, command: Command, held: mutes.Entered, t: int) -> None:
    """Somebody ends a mute."""
    registers.move(conn, ledger.ended(held.entry, t, command.actor.name, "ended", command.reason))
