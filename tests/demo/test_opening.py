"""Where and on what a new demo opens."""

from __future__ import annotations

import pytest

from cockpit.clock import RealClock
from cockpit.config import ConfigError, from_env
from cockpit.demo.opening import MORNING_H, STORY, Opening, morning, opening
from cockpit.domain.instants import parse
from cockpit.profiles import load

PROFILE = load("quang_ninh", size="district")
STATED = "2026-11-18T10:00:00+07:00"


def opens(**settings: str) -> Opening:
    return opening(from_env({f"COCKPIT_{name}": value for name, value in settings.items()}), PROFILE)


@pytest.mark.parametrize(
    ("now", "day"),
    [
        ("2026-11-20T06:00:00+07:00", "2026-11-20"),  # a Friday, before the counters open
        ("2026-11-22T23:59:00+07:00", "2026-11-20"),  # a Sunday
        ("2026-11-22T20:00:00Z", "2026-11-23"),  # Monday has begun in the province
        ("2026-02-19T09:00:00+07:00", "2026-02-13"),  # in the days of Tết
    ],
)
def test_the_morning_is_eight_of_the_last_working_day_that_is_not_after_today(now: str, day: str) -> None:
    assert morning(parse(now), 25_200) == parse(f"{day}T0{MORNING_H}:00:00+07:00")


def test_where_nothing_is_asked_for_it_is_a_working_morning_that_has_begun() -> None:
    found = opens()
    assert found.scenarios == (STORY,)
    assert found.lead_ms == 30 * 60_000
    assert found.at_ms == morning(RealClock().domain_ms(), 25_200)


def test_a_stated_instant_or_story_begins_as_it_says_and_nothing_else_plays() -> None:
    assert opens(START=STATED) == Opening(parse(STATED))
    assert opens(START=STATED, SCENARIO="two_faults") == Opening(parse(STATED), ("two_faults",))
    assert opens(SCENARIO="two_faults") == Opening(parse("2026-11-19T09:00:00+07:00"), ("two_faults",))
    assert opens(SCENARIO=STORY) == Opening(parse("2026-11-23T08:00:00+07:00"), (STORY,), 30 * 60_000)
    assert opens(NO_SIMULATOR="1").scenarios == ()


def test_now_is_the_minute_that_it_is_with_nothing_staged() -> None:
    before = RealClock().domain_ms()
    found = opens(START="now")
    assert found.scenarios == ()
    assert before - 60_000 < found.at_ms <= RealClock().domain_ms()
    with pytest.raises(ConfigError, match=r"COCKPIT_START: .*, or 'now'$"):
        opens(START="2026-11-18T00:00:00")
