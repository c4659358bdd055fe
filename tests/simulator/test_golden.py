"""The same bytes as ever. Where what is played was changed on purpose: `python -m tests.simulator.golden`."""

import pytest

from cockpit.profiles import Profile, load
from simulator.play import Play
from simulator.scenario import names
from tests.simulator.golden import DAY, KNOWN, SEED, STORIES, day_fingerprint, fingerprint


@pytest.fixture(scope="module")
def the_play(district: Profile) -> Play:
    return Play(district, SEED)


def test_every_scenario_of_the_province_is_known() -> None:
    assert names(load("quang_ninh", "district")) == STORIES


@pytest.mark.parametrize("code", STORIES)
def test_a_scenario_begins_with_the_same_bytes(code: str, district: Profile, the_play: Play) -> None:
    assert fingerprint(code, district, the_play) == KNOWN[code]


@pytest.mark.long
def test_a_whole_day_of_a_province_has_the_same_bytes() -> None:
    assert day_fingerprint() == KNOWN[DAY]
