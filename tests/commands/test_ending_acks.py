"""An acknowledgement that is given for a while ends at its instant, and the alert waits again."""

from __future__ import annotations

import pytest

from tests.commands.test_commands import Running, alarmed, running
from tests.commands.test_muting import on

__all__ = ["alarmed", "running"]

MINUTE = 60_000


@pytest.mark.parametrize("tick_s", [20, 100])
def test_it_ends_at_its_instant_at_any_speed_and_can_be_given_again(alarmed: Running, tick_s: int) -> None:
    given = alarmed.clock.domain
    until = given + 4 * MINUTE + 7_000
    assert alarmed.do("acknowledge", alert=1, note="thợ đang đến", until_ms=until).code == "done"
    held = on(alarmed, 200, tick_s)
    assert (held["ack_by"], held["ack_until"], held["version"]) == ("Lan", until, 2)
    waits = on(alarmed, 200, tick_s)
    assert (waits["ack_by"], waits["ack_at"], waits["ack_note"], waits["ack_until"]) == (None,) * 4
    assert (waits["version"], waits["closed"]) == (3, None)
    ended = [r for r in alarmed.world.log() if r[2] == "ack_expired"]
    assert [(r[0], r[1], r[3]) for r in ended] == [(until, 1, "engine")]
    assert alarmed.do("acknowledge", alert=1).code == "done"
    assert on(alarmed, 200, tick_s)["ack_by"] == "Lan"


def test_what_is_over_before_or_given_for_ever_ends_with_the_alert(alarmed: Running) -> None:
    until = alarmed.clock.domain + 5 * MINUTE
    assert alarmed.do("acknowledge", alert=1, until_ms=until).code == "done"
    over = on(alarmed, 600, silent=False)
    assert (over["ack_by"], over["closed"] is None) == ("Lan", False)
    assert not [r for r in alarmed.world.log() if r[2] == "ack_expired"]


def test_what_is_left_of_a_while_is_not_carried_to_the_alert_that_opens_again(alarmed: Running) -> None:
    until = alarmed.clock.domain + 20 * MINUTE
    assert alarmed.do("acknowledge", alert=1, until_ms=until).code == "done"
    assert on(alarmed, 100, silent=False)["closed"] is not None
    again = on(alarmed, 200)
    assert (again["id"], again["ack_by"]) == (2, None)


def test_it_lies_ahead_and_no_further_than_the_role_may(alarmed: Running) -> None:
    now, day = alarmed.clock.domain, 24 * 60 * MINUTE
    assert alarmed.do("acknowledge", alert=1, until_ms=now).code == "bad_argument"
    assert alarmed.do("acknowledge", alert=1, until_ms=now + 2 * day).code == "too_long"
    assert alarmed.do("acknowledge", "admin", alert=1, until_ms=now + 2 * day).code == "done"
