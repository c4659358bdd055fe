"""The same bytes as ever. Where what is played was changed on purpose: `python -m tests.simulator.golden`."""

import json

import pytest

from cockpit.profiles import Profile
from simulator.play import Play
from simulator.scenario import names
from tests.simulator.golden import DAY, FILE, SEED, day_fingerprint, fingerprint

KNOWN = json.loads(FILE.read_text())


@pytest.fixture(scope="module")
def the_play(district: Profile) -> Play:
    return Play(district, SEED)


@pytest.mark.parametrize("code", names())
def test_a_scenario_begins_with_the_same_bytes(code: str, district: Profile, the_play: Play) -> None:
    assert fingerprint(code, district, the_play) == KNOWN[code]


@pytest.mark.long
def test_a_whole_day_of_a_province_has_the_same_bytes() -> None:
    assert day_fingerprint() == KNOWN[DAY]
