"""Freshness: when something is late, silent or never seen, on its own calendar."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.freshness import Limits, WorkTime, due, judge

WORK = WorkTime()
VN = timezone(timedelta(hours=7))
CAMERA = Limits(22_500, 30_000)


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=VN).timestamp() * 1000)


def back(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, UTC).astimezone(VN).isoformat(timespec="minutes")[:16]


@pytest.mark.parametrize(
    ("age_s", "state"), [(0, "fresh"), (22.4, "fresh"), (22.5, "late"), (29.9, "late"), (30, "silent")]
)
def test_an_asset_is_late_and_then_silent_exactly_at_its_limits(age_s: float, state: str) -> None:
    assert judge(1_000_000, 1_000_000 + int(age_s * 1000), CAMERA, "always", WORK) == state


def test_what_was_never_seen_is_neither_late_nor_silent() -> None:
    assert judge(0, 10**12, CAMERA, "always", WORK) == "never"


def test_what_sends_nothing_by_itself_stays_fresh() -> None:
    assert judge(1, 10**12, Limits(0, 0), "always", WORK) == "fresh"


def test_an_hourly_source_of_working_days_is_not_late_at_night() -> None:
    # Last heard on Monday at 16:30; two working hours later it is Tuesday, half past nine.
    assert back(due(at("2026-11-25T16:30"), 2 * 3_600_000, "workdays", WORK)) == "2026-11-26T09:30"


def test_a_source_of_working_days_is_not_late_over_the_weekend_nor_at_lunch() -> None:
    assert back(due(at("2026-11-20T16:30"), 3_600_000, "workdays", WORK)) == "2026-11-23T08:30"
    assert back(due(at("2026-11-23T11:30"), 3_600_000, "workdays", WORK)) == "2026-11-23T13:30"


def test_a_daily_source_of_working_days_counts_whole_days() -> None:
    assert back(due(at("2026-11-20T17:00"), 86_400_000, "workdays", WORK)) == "2026-11-23T17:00"


@given(st.integers(0, 10**9), st.integers(1, 40 * 3_600_000), st.booleans())
def test_the_working_time_until_it_is_due_is_the_span_itself(start_s: int, span: int, whole: bool) -> None:
    start = at("2026-01-01T00:00") + start_s
    end = WORK.after(start, span, whole)
    assert WORK.working_ms(start, end, whole) == span


def test_a_calendar_without_working_days_is_refused() -> None:
    with pytest.raises(ValueError, match="without a working day"):
        WorkTime(is_workday=lambda day: False).after(0, 1)


def test_limits_the_wrong_way_round_are_refused() -> None:
    with pytest.raises(ValueError, match="late 5 ms, silent 3 ms"):
        Limits(5, 3)
