"""The ledger of mutes as it is kept: what stands, and its next number."""

from __future__ import annotations

from contextlib import suppress
from typing import NamedTuple

from cockpit.domain.alerting.ledger import mute_of
from cockpit.domain.alerting.mutes import RULE_OFF, Matcher, Mute
from cockpit.domain.numbers import AlertId
from cockpit.domain.registers import MUTE, Entry
from cockpit.store.handles import Read
from cockpit.store.queries import registers
from cockpit.store.rows import Off


class Entered(NamedTuple):
    """A mute and its entry in the register."""

    entry: Entry
    mute: Mute


class Open(NamedTuple):
    """What of an open alert tells whether a mute hides it."""

    id: AlertId
    key: str
    rule: str
    priority: str
    asset: str
    unit: str


def open_ones(conn: Read) -> list[Entered]:
    """Every mute that has not ended, in order of their numbers. What nobody can read mutes nothing."""
    found = []
    for entry in registers.open_entries(conn, MUTE):
        with suppress(ValueError, KeyError, TypeError):
            found.append(Entered(entry, mute_of(entry)))
    return found


def next_number(conn: Read) -> int:
    """The number of the next mute."""
    return registers.last_number(conn, MUTE) + 1


def open_alerts(conn: Read) -> list[Open]:
    """Every open alert, hidden and folded ones too, in no order."""
    rows = conn.execute("SELECT id, key, rule, priority, asset, unit FROM alert WHERE closed IS NULL")
    return [Open._make(row) for row in rows]


def of_off(off: Off) -> Mute:
    """A rule that is switched off, as a mute; its number is that of no entry."""
    return Mute(0, RULE_OFF, Matcher(rule=off.rule), off.since, off.until, off.until, off.actor, off.reason)
