"""The life of a condition, as properties of its machine, and rules that cannot work."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.alerting import (
    CLEAR,
    Condition,
    Level,
    Timing,
    Transition,
    advance,
    feed,
    level_of,
)
from tests.engine.world import rule

LEVELS = st.lists(st.tuples(st.integers(0, 90), st.sampled_from(Level)), max_size=40)
TIMINGS = st.builds(Timing, st.sampled_from([0, 10, 60]), st.sampled_from([0, 10, 45]))
Seen = list[tuple[int, Level]]


# Of several levels learnt at one instant the last one counts: the tests look at `dict(seen)`.


def played(
    timing: Timing, steps: list[tuple[int, Level]], ticks: int = 10**9
) -> tuple[list[Transition], Seen]:
    """All transitions, with a timer run every `ticks` besides the one before each level."""
    condition, t, out, seen = CLEAR, 0, [], []
    for gap, level in [*steps, (500, Level.BAND)]:
        end = t + gap
        while t < end:
            t = min(t + ticks, end)
            while True:
                condition, transition = advance(condition, timing, t - 1 if t == end else t)
                if transition is None:
                    break
                out.append(transition)
        condition, transition = feed(condition, timing, t, level)
        seen.append((t, level))
        if transition is not None:
            out.append(transition)
    return out, seen


@given(TIMINGS, LEVELS)
def test_nothing_fires_before_it_was_bad_for_long_enough(timing: Timing, steps: Seen) -> None:
    transitions, seen = played(timing, steps)
    for one in transitions:
        if one.what == "opened":
            within = [level for t, level in dict(seen).items() if one.first_seen <= t < one.t]
            assert one.t - one.first_seen == timing.for_ms
            assert all(level == Level.RAISE for level in within)


@given(TIMINGS, LEVELS)
def test_it_closes_only_after_being_surely_good_for_long_enough(timing: Timing, steps: Seen) -> None:
    transitions, seen = played(timing, steps)
    for one in transitions:
        if one.what == "closed":
            within = [level for t, level in dict(seen).items() if one.t - timing.keep_ms <= t < one.t] or [
                [level for t, level in seen if t <= one.t][-1]
            ]
            assert all(level == Level.CLEAR for level in within)


@given(TIMINGS, LEVELS)
def test_missing_data_never_resolve(timing: Timing, steps: Seen) -> None:
    transitions, seen = played(timing, steps)
    gone = {t for t, level in seen if level == Level.GONE} - {t for t, level in seen if level == Level.CLEAR}
    assert all(one.what not in ("closed", "recovering") for one in transitions if one.t in gone)


@given(TIMINGS, LEVELS, st.sampled_from([1, 7, 13]))
def test_how_often_somebody_looks_changes_nothing(timing: Timing, steps: Seen, ticks: int) -> None:
    assert played(timing, steps) == played(timing, steps, ticks)


@given(TIMINGS, LEVELS)
def test_states_follow_each_other_without_a_break(timing: Timing, steps: Seen) -> None:
    transitions, _ = played(timing, steps)
    state = "clear"
    for one in transitions:
        assert one.before == state
        assert one.after != state
        state = one.after
    assert [t.t for t in transitions] == sorted(t.t for t in transitions)


def test_a_value_that_clears_at_the_very_instant_is_in_time() -> None:
    pending = Condition("pending", 0)
    assert feed(pending, Timing(60, 0), 60, Level.CLEAR)[0] == Condition("clear", 60)


@pytest.mark.parametrize(
    ("op", "value", "level"),
    [
        ("<", 11.9, Level.RAISE), ("<", 12.0, Level.BAND), ("<", 17.9, Level.BAND), ("<", 18.0, Level.CLEAR),
        (">", 18.1, Level.RAISE), (">", 18.0, Level.BAND), (">", 12.0, Level.CLEAR),
    ],
)  # fmt: skip
def test_between_the_thresholds_nothing_is_raised_and_nothing_clears(
    op: str, value: float, level: Level
) -> None:
    pair: dict[str, Any] = (
        {"raise_at": 12.0, "clear_at": 18.0} if op == "<" else {"raise_at": 18.0, "clear_at": 12.0}
    )
    assert level_of(rule("x", "threshold", metric="fps", op=op, **pair), value) == level
