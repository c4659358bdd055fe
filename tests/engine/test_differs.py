"""What people report far from the data is an alert of its own once it lasts, and ends when it is mended."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from cockpit.commands import Actor, Command, execute
from cockpit.commands.reports import ReportWithdraw
from cockpit.domain.alerting.subjects import INDICATOR, UNIT, Subject
from cockpit.engine import why
from cockpit.engine.kinds.differs import Differs
from cockpit.engine.layout import checked
from cockpit.profiles import ProfileError
from cockpit.store.batch import Draft, Report
from cockpit.store.queries import reports
from cockpit.views.context import ViewContext
from cockpit.views.differences import differences
from tests.engine.world import INDICATORS, World, province, rule
from tests.views.test_differences import solve

COMPARED = tuple(msgspec.structs.replace(i, compared=i.code in ("I08", "I42")) for i in INDICATORS)
APART: dict[str, Any] = {
    "op": ">", "raise_at": 5.0, "clear_at": 3.0, "for_s": 3600, "keep_s": 600, "priority": "medium",
}  # fmt: skip
RULES = (
    rule("apart", Differs.code, **APART),
    rule("unit-apart", Differs.code, metric="I08", each_unit=True, **APART),
)
MINUTES = 60


@pytest.fixture
def world() -> Iterator[World]:
    made = World(province(rules=RULES, indicators=COMPARED))
    solve(made, 9, 30, 0, 1, first=0)  # the history begins before
    solve(made, 10, 5, 3, 1, first=10)  # 75 % in time
    made.run(120, 60)
    yield made
    made.close()


def tell(world: World, value: float, period: str = "2026-10", unit: str = "") -> None:
    draft = Draft()
    key = draft.event(round(value * 100) + len(unit), 4, world.clock.domain, world.clock.domain)
    batch = draft.batch()
    batch.reports = [(key, Report("I08", unit, period, value, "Hà", ""))]
    world.store.append(batch).result()


def open_keys(world: World) -> set[str]:
    return set(world.alerts())


def test_it_opens_after_it_lasted_says_both_figures_and_closes_once_mended(world: World) -> None:
    tell(world, 99.2)
    world.run(59 * MINUTES, MINUTES)
    assert open_keys(world) == set()
    world.run(3 * MINUTES, MINUTES)
    (alert,) = world.alerts().values()
    assert (alert["key"], alert["subject_kind"], alert["subject"]) == ("apart|I08", INDICATOR, "I08")
    assert alert["value"] == 24.2
    facts = msgspec.json.decode(alert["facts"])
    assert (facts["period"], facts["reported"], facts["measured"], facts["person"]) == (
        "2026-10", 99.2, 75.0, "Hà",
    )  # fmt: skip
    world.restart()
    world.run(2 * MINUTES, MINUTES)
    assert open_keys(world) == {"apart|I08"}, "a restart neither closes it nor opens it again"
    tell(world, 76.0)
    world.run(12 * MINUTES, MINUTES)
    assert open_keys(world) == set()
    closed = world.alerts(open_only=False)["apart|I08"]
    assert closed["close_reason"] == "cleared"


def test_a_newer_report_that_still_lies_apart_is_what_the_alert_tells(world: World) -> None:
    tell(world, 99.2)
    world.run(62 * MINUTES, MINUTES)
    tell(world, 90.0)
    world.run(3 * MINUTES, MINUTES)
    (alert,) = world.alerts().values()
    assert (alert["value"], alert["closed"]) == (15.0, None)
    assert msgspec.json.decode(alert["facts"])["reported"] == 90.0


def test_what_is_mended_in_time_is_none_and_neither_is_a_period_that_still_runs(world: World) -> None:
    tell(world, 99.2)
    world.run(40 * MINUTES, MINUTES)
    tell(world, 75.0)
    tell(world, 20.0, period="2026-11")
    world.run(90 * MINUTES, MINUTES)
    assert not world.alerts(open_only=False)


def test_it_is_the_same_difference_as_on_the_home_page(world: World) -> None:
    tell(world, 90.0)
    world.run(62 * MINUTES, MINUTES)
    ctx = ViewContext(world.store, world.profile, world.clock.domain, world.clock.domain)
    with world.store.read() as conn:
        (shown,) = differences(ctx, conn)
    alert = world.alerts()["apart|I08"]
    assert alert["value"] == round(shown.reported - shown.measured, 1)


def test_a_withdrawn_report_lies_apart_from_nothing(world: World) -> None:
    tell(world, 99.2)
    world.run(62 * MINUTES, MINUTES)
    assert open_keys(world) == {"apart|I08"}
    with world.store.read() as conn:
        (found,) = reports.newest(conn, "I08", 30_000)

    class Here:
        is_demo, writable, demo, forward = False, True, None, None
        store, profile, clock = world.store, world.profile, world.clock

    order = Command(Actor("Nam", "admin"), ReportWithdraw(report=found.number), "gửi nhầm")
    assert execute(Here(), order).ok
    world.run(12 * MINUTES, MINUTES)
    assert open_keys(world) == set()


def test_each_unit_has_its_own_and_why_says_where_it_stands(world: World) -> None:
    tell(world, 99.0, unit="u1")
    tell(world, 75.0, unit="u2")
    world.run(30 * MINUTES, MINUTES)
    told = why.evaluate(world.store, world.profile, RULES[1], Subject(UNIT, "u1"))
    assert told is not None
    assert (told.value, told.facts["reported"], told.facts["measured"]) == (24.0, 99.0, 75.0)
    world.run(32 * MINUTES, MINUTES)
    assert open_keys(world) == {"unit-apart|u1"}
    unknown = why.evaluate(world.store, world.profile, RULES[0], Subject(INDICATOR, "I42"))
    assert unknown is not None
    assert unknown.value is None


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"metric": "I02"}, "both measured and reported (I42, I08)"),
        ({"op": "<", "raise_at": 3.0, "clear_at": 5.0}, "more is worse"),
        ({"each_unit": True}, "units are watched by one figure"),
    ],
)
def test_a_rule_that_cannot_compare_is_refused(change: dict[str, Any], expected: str) -> None:
    wrong = msgspec.structs.replace(RULES[0], **change)
    with pytest.raises(ProfileError) as told:
        checked(replace(province(rules=RULES, indicators=COMPARED), rules=(wrong,)))
    assert expected in told.value.problems[0]
