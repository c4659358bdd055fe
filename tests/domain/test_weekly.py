"""Windows that come back every week, held against a calendar that is walked minute by minute."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.alerting import ledger
from cockpit.domain.alerting.mutes import Matcher, Mute, turns
from cockpit.domain.alerting.weekly import Weekly, Window, clock_of, minute_of
from cockpit.domain.periods import DAY_MS, HOUR_MS, MINUTE_MS
from cockpit.domain.registers import Entry

SUNDAY = 1_795_280_400_000  # 22 November 2026, 00:00 in the province
OFFSET_S = 25_200
NIGHT = Weekly((7,), 22 * 60, 5 * 60, OFFSET_S)

WEEKLY = st.builds(
    lambda days, begin, length, hours: Weekly(
        tuple(sorted(days)), begin, (begin + length) % 1440, hours * 3600
    ),
    st.sets(st.integers(1, 7), min_size=1),
    st.integers(0, 1439),
    st.integers(1, 1439),
    st.integers(-11, 13),
)


def within(weekly: Weekly, t: int) -> bool:
    """The same by the calendar of the standard library."""
    zone = timezone(timedelta(seconds=weekly.offset_s))
    here = datetime.fromtimestamp(t / 1000, UTC).astimezone(zone)
    minute, past = here.hour * 60 + here.minute, weekly.end <= weekly.begin
    if not past:
        return here.isoweekday() in weekly.days and weekly.begin <= minute < weekly.end
    before = (here - timedelta(days=1)).isoweekday()
    return (here.isoweekday() in weekly.days and minute >= weekly.begin) or (
        before in weekly.days and minute < weekly.end
    )


@given(WEEKLY, st.integers(0, 14 * 1440))
def test_it_holds_by_the_calendar(weekly: Weekly, minute: int) -> None:
    t = SUNDAY + minute * MINUTE_MS
    assert weekly.holds(t) == within(weekly, t)
    found = weekly.coming(t)
    assert found.end > t
    assert within(weekly, found.begin)
    assert within(weekly, found.end - 1)
    assert found.begin <= t or not any(within(weekly, at) for at in range(t, found.begin, 30 * MINUTE_MS))


@given(WEEKLY, st.integers(0, 7 * 1440), st.integers(1, 3 * 1440))
def test_between_its_turns_nothing_changes(weekly: Weekly, start: int, length: int) -> None:
    after, upto = SUNDAY + start * MINUTE_MS, SUNDAY + (start + length) * MINUTE_MS
    edges = weekly.turns(after, upto)
    assert all(after < t <= upto for t in edges)
    for t in range(after + MINUTE_MS, upto + 1, MINUTE_MS):
        if weekly.holds(t) != weekly.holds(t - MINUTE_MS):
            assert t in edges


def test_a_window_past_midnight_belongs_to_the_day_on_which_it_begins() -> None:
    begin, end = SUNDAY + 22 * HOUR_MS, SUNDAY + 29 * HOUR_MS
    assert NIGHT.coming(SUNDAY + 3 * HOUR_MS) == Window(begin, end)
    assert not NIGHT.holds(SUNDAY + 3 * HOUR_MS)
    assert (NIGHT.holds(begin), NIGHT.holds(end - 1), NIGHT.holds(end)) == (True, True, False)


def mute(since: int, until: int) -> Mute:
    return Mute(1, "maintenance", Matcher(rule="r"), since, until, until, "lan", "bảo trì", NIGHT)


def test_a_mute_hides_within_its_windows_until_it_ends() -> None:
    found = mute(SUNDAY, SUNDAY + 24 * HOUR_MS)
    assert found.next(SUNDAY) == Window(SUNDAY + 22 * HOUR_MS, SUNDAY + 24 * HOUR_MS), "cut at its end"
    assert (found.stands(SUNDAY), found.stands(SUNDAY + 23 * HOUR_MS)) == (False, True)
    assert not found.stands(SUNDAY + 24 * HOUR_MS)
    assert found.next(SUNDAY + 24 * HOUR_MS) is None
    assert turns([found], SUNDAY - 1, SUNDAY + 30 * DAY_MS) == {
        SUNDAY, SUNDAY + 22 * HOUR_MS, SUNDAY + 24 * HOUR_MS,
    }  # fmt: skip


def test_what_is_kept_of_it_is_read_back_and_what_nobody_can_read_is_refused() -> None:
    found = mute(SUNDAY, SUNDAY + 7 * DAY_MS)
    entry = ledger.begun(found, "", SUNDAY).entry
    assert ledger.mute_of(entry) == found
    wrongs: tuple[dict[str, Any], ...] = ({"days": []}, {"days": [8]}, {"from": "24:00"})
    for wrong in wrongs:
        facts = {**entry.facts, "weekly": entry.facts["weekly"] | wrong}
        with pytest.raises(ValueError, match="weekly"):
            ledger.mute_of(Entry("mute", 1, "active", "", "lan", SUNDAY, None, facts=facts))


@given(st.integers(0, 1439))
def test_a_minute_of_the_day_has_one_name(minute: int) -> None:
    assert minute_of(clock_of(minute)) == minute
