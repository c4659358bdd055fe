"""The figures of a picture, on pictures whose figures are known."""

import numpy as np
import pytest

from cockpit.domain.cameras import picture


def flat(value: float, shape: tuple[int, int] = (360, 640)) -> np.ndarray:
    return np.full((*shape, 3), value, np.uint8)


def stripes(width: int, low: int = 60, high: int = 180) -> np.ndarray:
    x = np.arange(640) // width % 2
    return np.broadcast_to(np.where(x, high, low)[None, :, None], (360, 640, 3)).astype(np.uint8)


def test_a_flat_picture_has_its_brightness_and_nothing_else() -> None:
    found = picture.figures(flat(51))
    assert found.brightness_pct == pytest.approx(20.0)
    assert (found.sharpness, found.noise, found.cast_pct, found.clock_seen) == (0, 0, 0, False)


def test_sharp_edges_count_and_soft_ones_count_less() -> None:
    soft = stripes(16).astype(float)
    for _ in range(6):
        soft = (np.roll(soft, 1, 1) + soft + np.roll(soft, -1, 1)) / 3
    sharp = picture.figures(stripes(16)).sharpness
    assert sharp > 4 * picture.figures(soft.astype(np.uint8)).sharpness > 0


@pytest.mark.parametrize("deviation", [3.0, 10.0, 25.0])
def test_grain_is_measured_whatever_edges_there_are(deviation: float) -> None:
    rng = np.random.default_rng(1)
    grain = rng.normal(0, deviation, (360, 640, 1))
    for ground in (flat(128), stripes(32, 90, 160)):
        noisy = np.clip(ground + grain, 0, 255).astype(np.uint8)
        assert picture.figures(noisy).noise == pytest.approx(deviation, rel=0.15)


def test_a_cast_is_the_colour_that_stands_out() -> None:
    pink = flat(100)
    pink[..., 1] = 49
    assert picture.figures(pink).cast_pct == pytest.approx(34 / 2.55)


def test_the_hash_is_that_of_the_picture_without_its_upper_and_lower_edge() -> None:
    one, other, edge = flat(80), flat(80), flat(80)
    other[180, 300] = 81
    edge[10, 300] = 200
    hashes = [picture.figures(p).content_hash for p in (one, other, edge)]
    assert hashes[0] == hashes[2] != hashes[1]
    assert 0 <= hashes[0] <= 0xFFFF


def test_change_is_the_share_of_blocks_that_differ() -> None:
    before, after = flat(80), flat(80)
    after[100:244, 100:500] = 120
    assert picture.change_pct(before, after) == pytest.approx(100 * 144 * 400 / (288 * 640), rel=0.02)
    assert picture.change_pct(before, flat(88)) == 0


def test_the_usual_view_matches_in_other_light_and_not_when_turned() -> None:
    rng = np.random.default_rng(2)
    walls = np.repeat(rng.integers(40, 200, 40), 16)[None, :, None]
    usual = np.broadcast_to(walls, (360, 640, 3)).astype(np.uint8)
    assert picture.view_pct(usual, (usual * 0.4).astype(np.uint8)) > 95
    assert picture.view_pct(usual, np.roll(usual, 200, axis=1)) < 40
    assert picture.view_pct(usual, flat(0)) == 0


def test_what_is_no_picture_is_refused() -> None:
    with pytest.raises(ValueError, match="expected"):
        picture.figures(np.zeros((360, 640), np.uint8))
    with pytest.raises(ValueError, match="80 pixels"):
        picture.figures(np.zeros((40, 640, 3), np.uint8))
