"""The ledger of what is muted: how a mute is kept in its register, and the steps of its life.

planned ──its time──▶ active ──its end, or somebody──▶ ended
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

from cockpit.domain.alerting.mutes import WHATS, Matcher, Mute, What
from cockpit.domain.alerting.weekly import Weekly, clock_of, minute_of
from cockpit.domain.registers import MUTE, Entry, Moved, Step

ENGINE = "engine"
ACTIVE, PLANNED, ENDED = "active", "planned", "ended"


def mute_of(entry: Entry) -> Mute:
    """A mute as it is kept. Raises ValueError, KeyError or TypeError where nobody can read it."""
    facts = entry.facts
    if facts["what"] not in WHATS:
        raise ValueError(f"mute {entry.id}: found {facts['what']!r}, expected one of {', '.join(WHATS)}")
    until = int(facts["until"])
    return Mute(
        entry.id,
        cast(What, facts["what"]),
        Matcher(**facts["matchers"]),
        int(facts["since"]),
        until,
        int(facts.get("critical_until", until)),
        entry.owner,
        str(facts["reason"]),
        None if (found := facts.get("weekly")) is None else _weekly(found),
    )


def _weekly(found: Mapping[str, Any]) -> Weekly:
    begin, end = minute_of(found["from"]), minute_of(found["to"])
    days = tuple(int(day) for day in found["days"])
    if begin is None or end is None or not days or not {*days} <= {*range(1, 8)}:
        raise ValueError(f"weekly {found}: expected days of 1 to 7, from and to as 22:00")
    return Weekly(days, begin, end, int(found["offset_s"]))


def begun(mute: Mute, unit: str, t: int) -> Moved:
    """A mute that somebody gives at `t`, at once or for later."""
    state = ACTIVE if mute.since <= t else PLANNED
    entry = Entry(MUTE, mute.number, state, unit, mute.actor, t, mute.until, facts=_facts(mute))
    return Moved(entry, 0, Step(t, mute.actor, mute.what, "", state, _shown(mute)))


def changed(entry: Entry, mute: Mute, t: int) -> Moved:
    """Somebody gives the same once more, with another end: it lasts since when it began."""
    state = ACTIVE if mute.since <= t else PLANNED
    after = replace(
        entry, state=state, owner=mute.actor, due=mute.until, version=entry.version + 1, facts=_facts(mute)
    )
    return Moved(after, entry.version, Step(t, mute.actor, "changed", entry.state, state, _shown(mute)))


def started(entry: Entry, t: int) -> Moved:
    """What was planned begins."""
    after = replace(entry, state=ACTIVE, version=entry.version + 1)
    return Moved(after, entry.version, Step(t, ENGINE, "started", entry.state, ACTIVE, {}))


def ended(entry: Entry, t: int, actor: str, why: str, note: str = "") -> Moved:
    """It is over: `why` is "expired", "cleared" (the alert that it hid is over), or "ended" by somebody."""
    after = replace(entry, state=ENDED, due=None, closed=t, version=entry.version + 1)
    shown = {"note": note} if note else {}
    return Moved(after, entry.version, Step(t, actor, why, entry.state, ENDED, shown))


def _facts(mute: Mute) -> Mapping[str, Any]:
    facts: dict[str, Any] = {
        "what": mute.what,
        "matchers": named(mute.matcher),
        "since": mute.since,
        "until": mute.until,
        "reason": mute.reason,
    }
    if mute.critical_until < mute.until:
        facts["critical_until"] = mute.critical_until
    if (weekly := mute.weekly) is not None:
        facts["weekly"] = {
            "days": list(weekly.days),
            "from": clock_of(weekly.begin),
            "to": clock_of(weekly.end),
            "offset_s": weekly.offset_s,
        }
    return facts


def _shown(mute: Mute) -> Mapping[str, Any]:
    return {"until": mute.until, "note": mute.reason}


def named(matcher: Matcher) -> dict[str, str | int]:
    """What a matcher names, by name."""
    return {name: value for name, value in matcher._asdict().items() if value}
