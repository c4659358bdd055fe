"""Domain time of a demo: a wish that never passes the watermark."""

from __future__ import annotations

import pytest

from cockpit.demo.virtual_clock import VirtualClock

START = 1_763_800_000_000


class Hand:
    """A monotonic clock moved by hand, in seconds."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def hand() -> Hand:
    return Hand()


def test_domain_time_stands_still_until_the_watermark_moves(hand: Hand) -> None:
    clock = VirtualClock(START, monotonic=hand)
    hand.now += 10
    assert clock.domain_ms() == START


def test_domain_time_follows_the_wish_below_the_watermark(hand: Hand) -> None:
    clock = VirtualClock(START, monotonic=hand)
    clock.reach(START + 60_000)
    hand.now += 10
    assert clock.domain_ms() == START + 10_000


def test_the_watermark_never_goes_back(hand: Hand) -> None:
    clock = VirtualClock(START, monotonic=hand)
    clock.reach(START + 5_000)
    clock.reach(START + 1_000)
    hand.now += 5
    assert clock.domain_ms() == START + 5_000


def test_a_wish_that_was_held_up_does_not_leap_when_the_simulator_catches_up(hand: Hand) -> None:
    clock = VirtualClock(START, monotonic=hand)
    hand.now += 3_600
    assert clock.domain_ms() == START
    clock.reach(START + 10_000_000)
    assert clock.domain_ms() <= START + 1_000


def test_the_simulator_may_send_a_second_ahead(hand: Hand) -> None:
    clock = VirtualClock(START, speed=60, monotonic=hand)
    assert clock.state().grant_ms == START + 60_000


def test_a_paused_clock_stands_and_goes_on_from_there(hand: Hand) -> None:
    clock = VirtualClock(START, monotonic=hand)
    clock.reach(START + 600_000)
    hand.now += 2
    clock.control(paused=True)
    hand.now += 50
    assert clock.domain_ms() == START + 2_000
    assert clock.state().grant_ms == START + 2_000
    clock.control(paused=False)
    hand.now += 1
    assert clock.domain_ms() == START + 3_000


def test_a_pause_stands_at_once_though_the_wish_was_ahead(hand: Hand) -> None:
    clock = VirtualClock(START, speed=60, monotonic=hand)
    hand.now += 5
    clock.control(paused=True)
    assert clock.state().grant_ms == START
    clock.reach(START + 30_000)  # it was on its way
    assert clock.domain_ms() == START


def test_a_change_of_speed_keeps_the_instant(hand: Hand) -> None:
    clock = VirtualClock(START, monotonic=hand)
    clock.reach(START + 600_000)
    hand.now += 2
    clock.control(speed=10)
    assert clock.domain_ms() == START + 2_000
    hand.now += 1
    assert clock.domain_ms() == START + 12_000


@pytest.mark.parametrize("speed", [0.5, 0, -1, 601])
def test_a_speed_outside_1_to_600_is_refused(hand: Hand, speed: float) -> None:
    with pytest.raises(ValueError, match="expected 1 to 600"):
        VirtualClock(START, monotonic=hand).control(speed=speed)


def test_the_reached_speed_is_what_was_reached_and_not_the_wish(hand: Hand) -> None:
    clock = VirtualClock(START, speed=100, monotonic=hand)
    for second in range(1, 11):
        hand.now += 1
        clock.reach(START + second * 20_000)
        clock.state()
    assert clock.state().reached == pytest.approx(20, rel=0.2)


def test_a_step_plays_its_span_and_stands_again(hand: Hand) -> None:
    clock = VirtualClock(START, monotonic=hand)
    clock.control(paused=True)
    clock.step(60_000)
    state = clock.state()
    assert (state.domain_ms, state.grant_ms, state.step_ms) == (START, START + 60_000, START + 60_000)
    clock.reach(START + 30_000)
    hand.now += 1
    assert clock.domain_ms() == START + 30_000
    clock.reach(START + 60_000)
    hand.now += 10
    state = clock.state()
    assert (state.domain_ms, state.grant_ms, state.step_ms) == (START + 60_000, START + 60_000, None)
    assert state.paused


def test_a_step_is_no_jump_for_whoever_watches_the_speed(hand: Hand) -> None:
    clock = VirtualClock(START, monotonic=hand)
    clock.control(paused=True)
    clock.step(3_600_000)
    clock.reach(START + 3_600_000)
    hand.now += 1
    assert clock.domain_ms() == START + 600_000


def test_a_step_ends_on_the_grid_and_a_second_one_is_added(hand: Hand) -> None:
    clock = VirtualClock(START + 130, monotonic=hand)
    clock.control(paused=True)
    clock.step(100)
    clock.step(60_000)
    assert clock.state().step_ms == START + 60_500


@pytest.mark.parametrize("span", [0, -5])
def test_a_step_needs_a_span_and_a_clock_that_stands(hand: Hand, span: int) -> None:
    clock = VirtualClock(START, monotonic=hand)
    with pytest.raises(ValueError, match="pause it"):
        clock.step(1000)
    clock.control(paused=True)
    with pytest.raises(ValueError, match="at least 1"):
        clock.step(span)


def test_a_halted_clock_comes_to_the_watermark_and_grants_nothing(hand: Hand) -> None:
    clock = VirtualClock(START, speed=60, monotonic=hand)
    clock.reach(START + 60_000)
    clock.halt()
    hand.now += 5
    state = clock.state()
    assert (state.domain_ms, state.grant_ms, state.halted) == (START + 60_000, START + 60_000, True)
    clock.release()
    hand.now += 1
    clock.reach(START + 300_000)
    assert clock.domain_ms() == START + 120_000


def test_a_jump_stands_elsewhere_with_all_before_taken_as_sent(hand: Hand) -> None:
    clock = VirtualClock(START, monotonic=hand)
    clock.reach(START + 1_000)
    for to in (START + 7_200_000, START - 60_000):
        clock.jump(to)
        state = clock.state()
        assert (state.domain_ms, state.watermark_ms, state.wish_ms) == (to, to, to)
    hand.now += 2
    assert clock.domain_ms() == START - 60_000
    clock.reach(START)
    hand.now += 2
    assert START - 60_000 < clock.domain_ms() <= START


def test_the_reached_speed_is_measured_anew_after_a_jump(hand: Hand) -> None:
    clock = VirtualClock(START, speed=10, monotonic=hand)
    hand.now += 5
    clock.jump(START + 86_400_000)
    hand.now += 1
    assert clock.state().reached < 100


def test_what_is_ordered_takes_effect_where_nothing_can_have_been_sent(hand: Hand) -> None:
    clock = VirtualClock(START, speed=600, monotonic=hand)
    clock.reach(START + 600_000)
    hand.now += 0.4001
    granted = clock.state(promise=True).grant_ms
    assert granted + 300_000 <= clock.state().horizon_ms < granted + 300_500
    clock.control(paused=True)
    state = clock.state()  # the simulator has not asked since: it may send what it was granted
    assert state.grant_ms < granted <= state.horizon_ms < granted + 500
    assert state.horizon_ms % 500 == 0
    assert clock.state(promise=True).horizon_ms == START + 600_000
    clock.halt()
    clock.release()
    assert clock.state().horizon_ms == START + 600_000
