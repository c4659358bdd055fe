"""Domain time of a demo: a wish that never passes the watermark."""

from __future__ import annotations

import pytest

from cockpit.clock import VirtualClock

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
