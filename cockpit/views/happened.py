"""What happened while a figure went its way: alerts, waves of them, targets that were set, what was asked
and decided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from cockpit.domain.alerting.together import LEAST, Begun, neighbours, waves
from cockpit.domain.catalog import Indicator, Text
from cockpit.domain.meetings import Decided
from cockpit.domain.numbers import AlertId
from cockpit.domain.plans.model import item_of
from cockpit.store.handles import Read
from cockpit.store.queries import happened as q
from cockpit.store.queries import registers, requests
from cockpit.store.queries.happened import Cause
from cockpit.views.context import ViewContext
from cockpit.views.targets import Setting

What = Literal["alert", "wave", "group", "target", "asked", "answered", "decided", "given"]
OWN, OF_SOURCES, WAVES = 50, 2_000, 12
"""Alerts about the figure itself and of what it rests on that are looked at, the newest; waves that are
shown, the largest."""


@dataclass(frozen=True, slots=True)
class Happening:
    """`at` in ms; `name`: the alert's name, who set a target or asked, which meeting decided; `n` alerts of a
    wave, or that followed from one; `value` with which an alert was raised or what a target was set to;
    `page` and `number`: where more about it is."""

    at: int
    what: What
    name: Text
    place: str = ""
    n: int = 1
    value: float | None = None
    page: str = ""
    number: str = ""


def of(
    ctx: ViewContext,
    conn: Read,
    indicator: Indicator,
    since: int,
    settings: Sequence[Setting],
    decided: Sequence[Decided] = (),
) -> tuple[Happening, ...]:
    """All since an instant, the newest first. `settings`: the targets that were set; `decided`: what
    meetings decided about the figure."""
    own = q.of_indicator(conn, indicator.code, since, OWN)
    found = [_alert(ctx, cause) for cause in own if cause.since >= since]
    found += _waves(ctx, q.of_sources(conn, indicator.sources, since, OF_SOURCES), since)
    found += [
        Happening(one.version.t, "target", _person(one.version.actor),
                  one.place.vi if one.place else "", value=one.version.value)
        for one in settings
        if one.version.t >= since
    ]  # fmt: skip
    found += _asked(conn, indicator, since)
    found += [
        Happening(e.opened, "given", item_of(e).facts.name, page="plans", number=f"{e.kind}-{e.id}")
        for e in registers.given(conn, open_only=False)
        if e.opened >= since and dict(e.facts["about"]) == {"kind": "indicator", "code": indicator.code}
    ]
    found += [
        Happening(one.facts.held, "decided", _person(one.facts.meeting), number=str(one.entry.id))
        for one in decided
        if one.facts.held >= since
    ]
    return tuple(sorted(found, key=lambda one: (-one.at, one.what, one.number)))


def _alert(ctx: ViewContext, cause: Cause) -> Happening:
    return Happening(
        cause.since, "alert", _rule(ctx, cause.rule), _unit(ctx, cause.unit), value=cause.value,
        page="alerts", number=str(cause.alert),
    )  # fmt: skip


def _waves(ctx: ViewContext, causes: Iterable[Cause], since: int) -> list[Happening]:
    """In what the figure rests on: many alerts of one rule at about one time and place, one that many
    followed from, and what was about a feed as a whole."""
    by_number = {cause.alert: cause for cause in causes}
    begun = [Begun(c.alert, c.rule, c.unit, c.since) for c in by_number.values()]
    near = neighbours(ctx.profile.units) if len(begun) >= LEAST else {}
    members: dict[AlertId, list[Cause]] = {}
    for alert, wave in waves(begun, near).items():
        members.setdefault(wave, []).append(by_number[alert])
    found = [_wave(ctx, wave, of_it) for wave, of_it in members.items()]
    waved = {cause.alert for of_it in members.values() for cause in of_it}
    for cause in by_number.values():
        if cause.alert not in waved and cause.folded >= LEAST:
            found.append(replace(_alert(ctx, cause), what="group", n=cause.folded, value=None))
        elif cause.alert not in waved and not cause.asset:
            found.append(replace(_alert(ctx, cause), value=None))
    found = [one for one in found if one.at >= since]
    return sorted(found, key=lambda one: (-one.n, -one.at))[:WAVES]


def _wave(ctx: ViewContext, wave: AlertId, of_it: Sequence[Cause]) -> Happening:
    units = {cause.unit for cause in of_it}
    place = _unit(ctx, next(iter(units))) if len(units) == 1 else ""
    first = min(cause.since for cause in of_it)
    name = _rule(ctx, of_it[0].rule)
    return Happening(first, "wave", name, place, n=len(of_it), page="alerts", number=str(wave))


def _asked(conn: Read, indicator: Indicator, since: int) -> list[Happening]:
    found = []
    for one in requests.every(conn):
        about = one.facts.about
        if (about.kind, about.code) != ("indicator", indicator.code):
            continue
        number = str(one.entry.id)
        steps: Mapping[What, int | None] = {"asked": one.entry.opened, "answered": one.facts.first}
        found += [
            Happening(at, what, _person(one.facts.asker), page="requests", number=number)
            for what, at in steps.items()
            if at is not None and at >= since
        ]
    return found


def _person(name: str) -> Text:
    return Text(name, name)


def _rule(ctx: ViewContext, code: str) -> Text:
    rule = ctx.profile.rule.get(code)
    return rule.name if rule else Text(code, code)


def _unit(ctx: ViewContext, code: str) -> str:
    return ctx.profile.unit[code].name if code in ctx.profile.unit else ""
