"""Pictures: the same for the same arguments, of a bounded size, in the light of the hour, with a clock."""

import io

import numpy as np
import pytest
from PIL import Image

from cockpit.profiles import Profile
from simulator.painter import paint
from simulator.pen import HEIGHT, WIDTH
from simulator.scenes import SCENES
from tests.simulator.conftest import SKY, at

DAY, DUSK, NIGHT = (at(f"2026-11-22T{hour}") for hour in ("09:00:34", "17:14:34", "22:00:34"))


def pixels(jpeg: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(jpeg)), np.int16)


@pytest.mark.parametrize("scene", SCENES)
def test_a_picture_is_the_same_for_the_same_arguments_and_of_the_promised_size(scene: str) -> None:
    for t in (DAY, DUSK, NIGHT):
        jpeg = paint(SKY, scene, 7, 5024, t)
        assert paint(SKY, scene, 7, 5024, t) == jpeg
        assert 10_000 < len(jpeg) < 48_000
        assert pixels(jpeg).shape == (HEIGHT, WIDTH, 3)
    assert (
        paint(SKY, scene, 8, 5024, DAY) != paint(SKY, scene, 7, 5024, DAY) != paint(SKY, scene, 7, 5048, DAY)
    )


@pytest.mark.parametrize("scene", SCENES)
def test_it_gets_dark_by_way_of_dusk(scene: str) -> None:
    day, dusk, night = (pixels(paint(SKY, scene, 7, 5024, t)).mean() for t in (DAY, DUSK, NIGHT))
    assert day > dusk + 15 > night + 30


def test_something_moves_and_the_clock_goes_on() -> None:
    first, second = (pixels(paint(SKY, "junction", 7, 5024, t)) for t in (DAY, DAY + 1000))
    changed = np.abs(first - second).max(axis=2) > 40
    assert changed[8:30, 150:190].any()  # the seconds
    assert not changed[8:30, 12:100].any()  # the date
    assert changed[140:320].any()  # the street
    assert changed.mean() < 0.1


def test_the_mark_is_on_every_picture_and_has_its_accents() -> None:
    def mark(jpeg: bytes) -> np.ndarray:
        corner: np.ndarray = pixels(jpeg)[322:356, 520:636].min(axis=2) > 190
        return corner

    seen = [mark(paint(SKY, scene, 7, 5024, t)) for scene in SCENES for t in (DAY, NIGHT)]
    assert all((m != seen[0]).mean() < 0.03 for m in seen)
    rows = np.flatnonzero(seen[0].any(axis=1))
    assert rows[-1] - rows[0] > 16  # higher than a capital letter of 17 px


def test_a_dead_channel_shows_clock_and_mark_on_a_dark_field() -> None:
    dead = pixels(paint(SKY, "road", 7, 5024, DAY, online=False))
    assert dead[60:300].max() < 60
    assert dead[8:30, 12:100].max() > 200


def test_every_scene_of_the_register_can_be_painted(province: Profile) -> None:
    assert {a.attrs["scene"] for a in province.assets if a.kind == "camera"} <= set(SCENES)


def test_rain_wets_the_picture_and_greys_the_sky() -> None:
    dry, wet = (pixels(paint(SKY, "road", 7, 5024, DAY, rain=rain, busy=0.0)) for rain in (0.0, 1.0))
    blue = [p[40:100, :, 2].mean() - p[40:100, :, 0].mean() for p in (dry, wet)]
    assert blue[0] > 25 > 12 > blue[1]
    later = pixels(paint(SKY, "road", 7, 5024, DAY + 1000, rain=1.0, busy=0.0))
    assert (np.abs(wet - later).max(axis=2)[40:320] > 20).mean() > 0.05  # it falls


def test_streets_are_as_full_as_they_are_told_to_be() -> None:
    def changed(busy: float) -> float:
        first, second = (pixels(paint(SKY, "junction", 7, 5024, DAY + ms, busy=busy)) for ms in (0, 2000))
        return float((np.abs(first - second).max(axis=2)[40:320] > 30).mean())

    assert changed(0.0) < 0.005 < 0.02 < changed(0.95)
