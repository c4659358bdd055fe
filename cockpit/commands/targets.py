"""Setting what is asked of an indicator in a period: a version more, none is ever changed."""

from __future__ import annotations

from math import isfinite
from typing import Annotated, ClassVar

import msgspec

from cockpit.commands.model import Cockpit, Command, Handlers, Message, Result, done, refused
from cockpit.domain.catalog import Indicator
from cockpit.domain.periods import report_days
from cockpit.domain.roles import Role
from cockpit.domain.targets import (
    LENGTHS,
    MAX_VALUE,
    Paths,
    TargetVersion,
    has_ended,
    is_target_period,
    labels,
)
from cockpit.store import targets
from cockpit.store.handles import Write
from cockpit.store.queries import targets as queries

_NAMES = {"M": "a month (2026-11)", "Q": "a quarter (2026-Q4)", "Y": "a year (2026)"}


class TargetSet(Message, frozen=True, kw_only=True):
    """Sets what is asked of an indicator in a month, a quarter or a year (2026-11, 2026-Q4, 2026) that has
    not ended, of the province or of a unit or department. What was asked before stays on record. `version`
    as the person saw it, 0 where nothing was set for the period."""

    ROLES: ClassVar[frozenset[Role]] = frozenset({"leader", "admin"})
    REASON: ClassVar[bool] = True

    indicator: Annotated[str, msgspec.Meta(max_length=60)]
    unit: Annotated[str, msgspec.Meta(max_length=60)] = ""
    period: Annotated[str, msgspec.Meta(max_length=10)]
    value: float
    version: int | None = None


def target_set(here: Cockpit, command: Command, order: TargetSet, conn: Write, t: int) -> Result:
    """Compare and set. What has ended is judged already, and stays as it was."""
    profile, actor = here.profile, command.actor
    indicator = profile.indicator.get(order.indicator)
    if indicator is None:
        return refused("unknown", indicator=order.indicator)
    wrong = _wrong(order, indicator)
    if not wrong and order.unit and order.unit not in profile.unit and order.unit not in profile.bodies:
        wrong = "unit", "a code of a unit or of a department, or nothing for the province"
    if wrong:
        return refused("bad_argument", argument=wrong[0], expected=wrong[1])
    place = {"indicator": indicator.code, "unit": order.unit, "period": order.period}
    if has_ended(order.period, t, profile.utc_offset_s):
        return refused("wrong_state", **place, state="ended")
    days = report_days(order.period)
    paths = Paths(queries.of_indicator(conn, indicator.code, labels(*days)))
    last = paths.newest(indicator.code, order.unit, order.period)
    version = last.version if last else 0
    if order.version is not None and order.version != version:
        return refused("changed", **place, version=version)
    value = order.value + 0.0  # no minus before a zero
    if last and last.value == value:
        return refused("already", **place, by=last.actor, at=last.t, version=version)
    before = paths.within(indicator, order.unit, *days, t).target
    made = TargetVersion(
        0, indicator.code, order.unit, order.period, version + 1, value, before, t,
        here.clock.real_ms(), actor.name, actor.role, command.reason,
    )  # fmt: skip
    number = targets.add(conn, made)
    return done(
        {"target": number, **place, "value": made.value, "before": before, "version": made.version, "at": t}
    )


def _wrong(order: TargetSet, indicator: Indicator) -> tuple[str, str] | None:
    """Which argument cannot be, and what it should be."""
    if indicator.direction == "none":
        return "indicator", "an indicator of which more or less is better"
    if not is_target_period(order.period, indicator.period):
        return "period", " or ".join(_NAMES[length] for length in LENGTHS[indicator.period])
    most = 100.0 if indicator.unit.vi == "%" else MAX_VALUE
    if not (isfinite(order.value) and 0 <= order.value <= most):
        return "value", f"a number from 0 to {most:g}"
    return None


HANDLERS: Handlers = {TargetSet: target_set}
