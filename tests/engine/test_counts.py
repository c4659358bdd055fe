"""Levels of feeds by their minutes, and of groups by their members."""

from __future__ import annotations

import numpy as np
import pytest

from cockpit.domain.alerting import Level
from cockpit.domain.alerting.group import Members, level_of_group
from cockpit.domain.alerting.minutes import Count, timing_of_minutes
from cockpit.domain.alerting.minutes import levels as levels_of
from cockpit.domain.alerting.minutes import values as values_of
from cockpit.domain.catalog import Rule
from cockpit.engine.kinds import FEEDS, KINDS
from tests.engine.world import rule, source

LAG = rule("lag", "source_lag", op=">", raise_at=0.5, clear_at=0.2, least=1, for_s=180)
AGAIN = rule("again", "source_duplicates", op=">", raise_at=0.1, clear_at=0.05, least=3)
FLOOD = rule("flood", "source_flood", op=">", raise_at=4, clear_at=2, least=20)
REFUSED = rule("refused", "source_refused", op=">", raise_at=0.5, clear_at=0.25, least=5)
GROUP = rule("group", "group", "feeder", op=">", raise_at=0.6, clear_at=0.3, least=2)


def levels(rule: Rule, per_hour: float, count: Count) -> list[int]:
    found: list[int] = levels_of(FEEDS[rule.kind].measure, rule, per_hour, count).tolist()
    return found


def explains(rule: Rule) -> bool:
    return KINDS[rule.kind].explains(rule)


def count(**of: int) -> Count:
    return Count(*(np.array([of.get(name, 0)]) for name in Count._fields))


@pytest.mark.parametrize(
    ("late", "level"), [(51, Level.RAISE), (50, Level.BAND), (21, Level.BAND), (20, Level.CLEAR)]
)
def test_a_threshold_itself_is_not_crossed(late: int, level: Level) -> None:
    assert levels(LAG, 6000.0, count(new=100, late=late))[0] == level


def test_where_nothing_came_nothing_is_known_of_lateness_and_repeats() -> None:
    assert levels(LAG, 6000.0, count())[0] == Level.GONE
    assert levels(AGAIN, 6000.0, count())[0] == Level.GONE
    assert levels(FLOOD, 6000.0, count())[0] == Level.CLEAR


def test_a_feed_all_of_whose_events_are_refused_is_judged_and_a_quiet_one_is_not() -> None:
    assert levels(REFUSED, 6000.0, count(refused=100))[0] == Level.RAISE
    assert levels(REFUSED, 6000.0, count(refused=4))[0] == Level.BAND, "few, yet all of them: not good"
    assert levels(REFUSED, 6000.0, count(new=60, refused=40))[0] == Level.BAND
    assert levels(REFUSED, 6000.0, count(new=40, again=10, refused=50))[0] == Level.BAND
    assert levels(REFUSED, 6000.0, count())[0] == Level.GONE


def test_few_repeats_and_few_events_raise_nothing_whatever_their_share() -> None:
    assert levels(AGAIN, 60.0, count(new=2, again=2))[0] == Level.BAND
    assert levels(AGAIN, 60.0, count(new=2))[0] == Level.CLEAR
    assert levels(AGAIN, 60.0, count(new=3, again=3))[0] == Level.RAISE
    assert levels(FLOOD, 60.0, count(flow=19))[0] == Level.CLEAR
    assert levels(FLOOD, 60.0, count(flow=20))[0] == Level.RAISE


def test_a_flood_is_a_multiple_of_what_was_promised() -> None:
    assert values_of(FEEDS[FLOOD.kind].measure, 6000.0, count(flow=450))[0] == 4.5
    assert [int(levels(FLOOD, 6000.0, count(flow=n))[0]) for n in (200, 201, 400, 401)] == [
        Level.CLEAR, Level.BAND, Level.BAND, Level.RAISE,
    ]  # fmt: skip


@pytest.mark.parametrize(("per_hour", "minutes"), [(300_000, 1), (1_200, 1), (220, 6), (22, 10), (0, 10)])
def test_a_sparse_feed_is_looked_at_over_several_minutes(per_hour: float, minutes: int) -> None:
    assert FEEDS[AGAIN.kind].measure.minutes_of(source(1, "x", per_hour=per_hour)) == minutes
    assert FEEDS[FLOOD.kind].measure.minutes_of(source(1, "x", per_hour=per_hour)) == 1


def test_the_first_bad_minute_counts_as_time_that_it_was_bad() -> None:
    assert timing_of_minutes(LAG).for_ms == 120_000


def test_a_group_is_out_when_most_of_it_is_and_those_that_can_tell_say_why() -> None:
    assert level_of_group(GROUP, Members(known=10, bad=7, able=7, dark=4)) == Level.RAISE
    assert level_of_group(GROUP, Members(known=2, bad=2, able=1, dark=1)) == Level.RAISE
    assert level_of_group(GROUP, Members(known=3, bad=2, able=2, dark=1)) == Level.BAND
    assert level_of_group(GROUP, Members(known=10, bad=7, able=7, dark=3)) == Level.BAND
    assert level_of_group(GROUP, Members(known=10, bad=6, able=6, dark=6)) == Level.BAND
    assert level_of_group(GROUP, Members(known=10, bad=3, able=3, dark=3)) == Level.CLEAR
    assert level_of_group(GROUP, Members(known=1, bad=1, able=1, dark=1)) == Level.BAND
    assert level_of_group(GROUP, Members()) == Level.GONE


def test_a_full_disk_explains_no_silence() -> None:
    assert not explains(rule("disk", "threshold", metric="disk", op="<", raise_at=5.0))
    assert explains(rule("down", "threshold", metric="up", op="<", raise_at=0.5, cause=True))
