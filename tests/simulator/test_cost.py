"""What live play costs. CPU time is measured, not wall time: other work on the machine does not count."""

import time

from tests.simulator.conftest import at


def test_live_play_of_a_province_takes_less_than_a_seventh_of_a_core(province_play):
    start = at("2026-11-19T10:00:00")
    province_play.window(start, start + 500)  # the day's records are made once
    began = time.process_time()
    for t in range(start + 500, start + 20_500, 500):
        province_play.window(t, t + 500)
    assert (time.process_time() - began) / 20 < 0.15


def test_a_minute_at_full_speed_is_made_in_a_fraction_of_a_second(province_play):
    start = at("2026-11-19T11:00:00")
    province_play.window(start, start + 500)
    began = time.process_time()
    province_play.window(start + 500, start + 60_500)
    assert time.process_time() - began < 0.4
