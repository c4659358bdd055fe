"""Reads of requests for an explanation, and of what can be asked about."""

from __future__ import annotations

from cockpit.domain.catalog import Text
from cockpit.domain.numbers import AlertId
from cockpit.domain.plans.model import item_of
from cockpit.domain.registers import GAP, REQUEST, TARGET, TASK, code_of, number_of
from cockpit.domain.requests import About, Of, Request, request_of
from cockpit.profiles import Profile
from cockpit.store.handles import Read
from cockpit.store.queries import alerts, registers


def every(conn: Read, limit: int = -1, unit: str = "") -> list[Request]:
    """The newest `limit` requests in order of their numbers, closed ones too; of a unit: those that it is
    asked, or that are about what lies in it."""
    return [request_of(entry) for entry in registers.entries(conn, REQUEST, unit=unit, limit=limit)]


def one(conn: Read, number: int) -> Request | None:
    """A request by its number."""
    entry = registers.entry(conn, REQUEST, number)
    return None if entry is None else request_of(entry)


def named(conn: Read, profile: Profile, kind: Of, code: str) -> tuple[About, Text] | None:
    """What can be asked about, as requests keep it, and its name; None where there is nothing of the code."""
    if kind == "indicator":
        indicator = profile.indicator.get(code)
        return None if indicator is None else (About(kind, code), indicator.name)
    number = number_of(kind, code)
    if number is None:
        return None
    found = _alert(conn, profile, number) if kind == "alert" else _entry(conn, profile, kind, number)
    return None if found is None else (About(kind, str(number)), found)


def _entry(conn: Read, profile: Profile, kind: str, number: int) -> Text | None:
    entry = registers.entry(conn, kind, number)
    if entry is None:
        return None
    if kind in (TARGET, TASK):
        return item_of(entry).facts.name
    unit = profile.unit[entry.unit].name if entry.unit in profile.unit else ""
    told = ", ".join(part for part in (code_of(GAP, number), unit) if part)
    return Text(told, told)


def _alert(conn: Read, profile: Profile, number: int) -> Text | None:
    alert = alerts.one(conn, AlertId(number))
    if alert is None:
        return None
    rule = profile.rule.get(alert.rule)
    name = rule.name if rule else Text(alert.rule, alert.rule)
    where = profile.asset[alert.asset].name if alert.asset in profile.asset else ""
    if not where and alert.unit in profile.unit:
        where = profile.unit[alert.unit].name
    return Text(f"{name.vi}, {where}", f"{name.en}, {where}") if where else name
