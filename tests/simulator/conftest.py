import datetime as dt

import pytest

from cockpit.profiles import Profile, load
from simulator.episodes import Episode
from simulator.play import Play
from simulator.sky import Sky
from simulator.zone import Zone

ZONE = Zone(25_200)
SKY = Sky(7, ZONE, 21.0, 107.1)


def at(text: str) -> int:
    """Milliseconds of a provincial time."""
    return round(dt.datetime.fromisoformat(text + "+07:00").timestamp() * 1000)


def silence(asset: str, start: int, end: int) -> Episode:
    """An order that silences an asset and all below it."""
    return Episode(f"order-{asset}", "camera_silent", asset, start, 0, end - start, 0)


@pytest.fixture(scope="session")
def district() -> Profile:
    return load("quang_ninh", size="district")


@pytest.fixture(scope="session")
def province() -> Profile:
    return load("quang_ninh", size="province")


@pytest.fixture
def play(district: Profile) -> Play:
    return Play(district, 7)


@pytest.fixture(scope="session")
def province_play(province: Profile) -> Play:
    return Play(province, 7)
