"""Hiding alerts for a while, each time with a reason and an end, and showing them again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

import msgspec

from cockpit.commands.handling import OPERATORS, Number
from cockpit.commands.ledger import CRITICAL_MS, SILENCE_MS, Wanted, cap_of, end, put
from cockpit.commands.model import Cockpit, Command, Handlers, Instant, Message, Result, done, refused
from cockpit.domain.alerting.mutes import ANY, RULE_OFF, Matcher, Mute, Muteable, What, wide
from cockpit.domain.alerting.rules import MAX_OFF_MS
from cockpit.domain.alerting.weekly import Weekly, minute_of
from cockpit.domain.numbers import AlertId
from cockpit.domain.periods import DAY_MS, HOUR_MS
from cockpit.domain.registers import MUTE
from cockpit.domain.roles import Role
from cockpit.profiles import Profile
from cockpit.store import mutes
from cockpit.store.handles import Write
from cockpit.store.queries import alerts, registers

Code = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
Clock = Annotated[str, msgspec.Meta(pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$")]
SHELVE_MS = 8 * HOUR_MS


class Matchers(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """What is hidden: alerts that are all of what is named. `*` stands for anything."""

    rule: Code = ""
    asset: Code = ""
    unit: Code = ""

    def __post_init__(self) -> None:
        if not (self.rule or self.asset or self.unit):
            raise ValueError("expected at least one of rule, asset, unit")


class Silence(Message, frozen=True, kw_only=True):
    """Hides alerts that are all of what `matchers` name, until `until` in domain time. What an operator
    silences hides what is critical for its first 4 hours only."""

    ROLES: ClassVar[frozenset[Role]] = OPERATORS
    WITHIN_MS: ClassVar[Mapping[str, int]] = SILENCE_MS
    REASON: ClassVar[bool] = True

    matchers: Matchers
    until: Instant


class Unsilence(Message, frozen=True, kw_only=True):
    """Ends a mute of any kind but a rule that is off (`rule_on`), by its number in the register."""

    ROLES: ClassVar[frozenset[Role]] = OPERATORS

    mute: Number
    version: int | None = None


class Shelve(Message, frozen=True, kw_only=True):
    """Hides one alert, and what opens after it about the same under the same rule."""

    ROLES: ClassVar[frozenset[Role]] = OPERATORS
    WITHIN_MS: ClassVar[Mapping[str, int]] = {"operator": SHELVE_MS, "admin": SHELVE_MS}
    REASON: ClassVar[bool] = True

    alert: Number
    until: Instant
    version: int | None = None


class EveryWeek(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """On which `days` of the week (1: Monday, 7: Sunday), from when to when by the clock of the province, as
    22:00. What ends no later than it begins goes past midnight, and belongs to the day on which it begins."""

    days: Annotated[
        tuple[Annotated[int, msgspec.Meta(ge=1, le=7)], ...], msgspec.Meta(min_length=1, max_length=7)
    ]
    begin: Clock = msgspec.field(name="from")
    end: Clock = msgspec.field(name="to")

    def __post_init__(self) -> None:
        if not self.days or self.begin == self.end:
            raise ValueError("expected days, and from and to that differ")


class Maintenance(Message, frozen=True, kw_only=True):
    """Hides what is planned work, from `starts` on, without it from now. With `weekly` it does so within
    these windows only, until `until`."""

    ROLES: ClassVar[frozenset[Role]] = frozenset({"admin"})
    WITHIN_MS: ClassVar[Mapping[str, int]] = {"admin": MAX_OFF_MS}
    REASON: ClassVar[bool] = True

    matchers: Matchers
    until: Instant
    starts: Instant | None = None
    weekly: EveryWeek | None = None


class OutOfService(Message, frozen=True, kw_only=True):
    """Hides all alerts about an asset. It goes on being evaluated."""

    ROLES: ClassVar[frozenset[Role]] = frozenset({"operator", "admin", "presenter"})
    WITHIN_MS: ClassVar[Mapping[str, int]] = {"operator": DAY_MS, "presenter": DAY_MS, "admin": MAX_OFF_MS}
    REASON: ClassVar[bool] = True

    asset: Code
    until: Instant


def matcher_of(profile: Profile, found: Matchers) -> Matcher | Result:
    """What is to be hidden, or what of it nobody knows, or that it is everything."""
    given = {"rule": found.rule, "asset": found.asset, "unit": found.unit}
    named = {name: value for name, value in given.items() if value not in ("", ANY)}
    matcher = Matcher(rule=named.get("rule", ""), asset=named.get("asset", ""), unit=named.get("unit", ""))
    known: dict[str, Mapping[str, Any]] = {"rule": profile.rule, "asset": profile.asset, "unit": profile.unit}
    for name, value in named.items():
        if value not in known[name]:
            return refused("unknown", **{name: value})
    if wide(matcher, list(profile.rule), list(profile.unit)):
        return refused("too_wide", matchers=msgspec.to_builtins(found))
    return matcher


def _mute(command: Command, what: What, matcher: Matcher, since: int, until: int) -> Mute:
    return Mute(0, what, matcher, since, until, until, command.actor.name, command.reason)


def silence(here: Cockpit, command: Command, order: Silence, conn: Write, t: int) -> Result:
    matcher = matcher_of(here.profile, order.matchers)
    if isinstance(matcher, Result):
        return matcher
    role = command.actor.role
    rule = here.profile.rule.get(matcher.rule)

    def within(hidden: list[Muteable]) -> int:
        critical = rule is not None and rule.priority == "critical"
        return cap_of(role, critical=critical or any(alert.priority == "critical" for alert in hidden))

    mute = _mute(command, "silence", matcher, t, int(order.until))
    return put(conn, command, Wanted(mute, _unit(here.profile, matcher), within, CRITICAL_MS.get(role)), t)


def unsilence(here: Cockpit, command: Command, order: Unsilence, conn: Write, t: int) -> Result:
    entry = registers.entry(conn, MUTE, order.mute)
    if entry is None:
        return refused("unknown", mute=order.mute)
    if order.version is not None and order.version != entry.version:
        return refused("changed", version=entry.version)
    held = next((k for k in mutes.open_ones(conn) if k.mute.number == order.mute), None)
    if held is None:
        return refused("already", mute=order.mute, at=entry.closed, version=entry.version)
    if held.mute.what == RULE_OFF:
        return refused("wrong_state", what=RULE_OFF, rule=held.mute.matcher.rule)
    end(conn, command, held, t)
    return done({"mute": order.mute, "at": t, "version": entry.version + 1})


def shelve(here: Cockpit, command: Command, order: Shelve, conn: Write, t: int) -> Result:
    alert = alerts.one(conn, AlertId(order.alert))
    if alert is None:
        return refused("unknown", alert=order.alert)
    if order.version is not None and order.version != alert.version:
        return refused("changed", version=alert.version)
    if alert.closed is not None:
        return refused("closed", at=alert.closed)
    mute = _mute(command, "shelve", Matcher(key=alert.key), t, int(order.until))
    found = put(conn, command, Wanted(mute, alert.unit, lambda hidden: SHELVE_MS), t)
    return done(found.facts | {"alert": order.alert}) if found.ok else found


def maintenance(here: Cockpit, command: Command, order: Maintenance, conn: Write, t: int) -> Result:
    matcher = matcher_of(here.profile, order.matchers)
    if isinstance(matcher, Result):
        return matcher
    starts = t if order.starts is None else max(t, int(order.starts))
    if starts >= order.until:
        return refused("bad_argument", argument="starts", expected="an instant before until")
    mute = _mute(command, "maintenance", matcher, starts, int(order.until))
    mute = mute._replace(weekly=_weekly(here.profile, order.weekly))
    if mute.weekly is not None and mute.next(t) is None:
        return refused("bad_argument", argument="weekly", expected="a window that begins before until")
    return put(conn, command, Wanted(mute, _unit(here.profile, matcher), lambda hidden: MAX_OFF_MS), t)


def _weekly(profile: Profile, found: EveryWeek | None) -> Weekly | None:
    if found is None:
        return None
    begin, end = minute_of(found.begin) or 0, minute_of(found.end) or 0
    return Weekly(tuple(sorted({*found.days})), begin, end, profile.utc_offset_s)


def out_of_service(here: Cockpit, command: Command, order: OutOfService, conn: Write, t: int) -> Result:
    asset = here.profile.asset.get(order.asset)
    if asset is None:
        return refused("unknown", asset=order.asset)
    within = order.WITHIN_MS[command.actor.role]
    mute = _mute(command, "out_of_service", Matcher(asset=asset.code), t, int(order.until))
    found = put(conn, command, Wanted(mute, asset.unit, lambda hidden: within), t)
    return done(found.facts | {"asset": asset.code}) if found.ok else found


def _unit(profile: Profile, matcher: Matcher) -> str:
    """Where it lies what is hidden."""
    if matcher.unit or not matcher.asset:
        return matcher.unit
    return profile.asset[matcher.asset].unit


HANDLERS: Handlers = {
    Silence: silence, Unsilence: unsilence, Shelve: shelve, Maintenance: maintenance,
    OutOfService: out_of_service,
}  # fmt: skip
