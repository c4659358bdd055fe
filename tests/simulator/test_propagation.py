"""Vectors: the ns-3 three-gpp test suite, the nrPathLoss manual, ITM medians over sea."""

from collections.abc import Callable

import numpy as np
import pytest

from cockpit.domain.coverage import propagation as p


def at(*metres: float) -> np.ndarray:
    return np.array(metres, dtype=float)


def horizontal(d3: np.ndarray, hb: float, hm: float) -> np.ndarray:
    return np.sqrt(d3**2 - (hb - hm) ** 2)


@pytest.mark.parametrize(
    ("model", "metres", "expected"),
    [
        (p.rma_los, (10, 100, 1000, 10000), (77.3784, 87.2965, 108.5577, 140.3896)),
        (p.rma_nlos, (100, 1000, 5000), (95.7718, 133.5223, 160.5169)),
        (p.uma_los, (10, 100, 1000, 5000), (72.9380, 86.2362, 109.7252, 137.6794)),
        (p.uma_nlos, (10, 100, 1000, 5000), (82.5131, 106.1356, 144.7641, 172.0753)),
    ],
)
def test_the_3gpp_models_equal_the_published_vectors_at_5_ghz(
    model: Callable[[float, np.ndarray], np.ndarray], metres: tuple[float, ...], expected: tuple[float, ...]
) -> None:
    assert model(5.0, at(*metres)) == pytest.approx(np.array(expected), abs=0.02)


def test_rural_line_of_sight_equals_the_manual_of_another_tool() -> None:
    d = at(np.hypot(1000, 1000))
    assert p.rma_los(3.5, d, hb=30, hm=1.5, h=7.0) == pytest.approx(110.1615, abs=0.02)


@pytest.mark.parametrize(
    ("mhz", "km", "row"),
    [
        (700, 1, (93.38, 116.44, 107.85, 127.69, 89.35)),
        (700, 5, (121.33, 143.44, 135.81, 155.00, 103.33)),
        (900, 1, (93.74, 118.63, 108.14, 129.87, 91.53)),
        (900, 3, (112.82, 137.05, 127.22, 148.51, 101.08)),
        (900, 5, (121.69, 145.62, 136.09, 157.18, 105.51)),
        (1800, 1, (99.68, 124.65, 108.82, 135.89, 97.55)),
        (1800, 3, (114.34, 143.07, 127.90, 154.53, 107.10)),
        (1800, 5, (123.22, 151.64, 136.77, 163.20, 111.53)),
        (2100, 1, (101.02, 125.99, 108.96, 137.23, 98.89)),
        (2600, 1, (102.88, 127.84, 109.15, 139.08, 100.75)),
        (2600, 5, (124.52, 154.84, 137.10, 166.40, 114.73)),
    ],
)
def test_every_model_gives_the_reference_table(mhz: int, km: int, row: tuple[float, ...]) -> None:
    ghz, d = mhz / 1000, at(km * 1000)
    found = [p.rma_los(ghz, d), p.rma_nlos(ghz, d), p.uma_los(ghz, d), p.uma_nlos(ghz, d)]
    found.append(p.free_space(ghz, d))
    assert [float(x[0]) for x in found] == pytest.approx(list(row), abs=0.02)


@pytest.mark.parametrize(
    ("mhz", "metres"), [(700, 770), (900, 990), (1800, 1979), (2100, 2309), (2600, 2859)]
)
def test_the_rural_loss_bends_at_its_break_point(mhz: int, metres: int) -> None:
    def slope(d: float) -> float:  # dB a doubling of the distance
        near, far = p.rma_los(mhz / 1000, at(d, 2 * d))
        return float(far - near)

    assert slope(metres / 2.05) < 8.5
    assert slope(metres * 1.01) == pytest.approx(40 * np.log10(2), abs=0.02)
    assert float(np.abs(np.diff(p.rma_los(mhz / 1000, at(metres - 2, metres + 2))))[0]) < 0.1


ITM = {
    (60, 700): (110.9, 122.4, 135.8, 145.3, 153.2, 161.9),
    (60, 900): (110.6, 122.0, 136.0, 146.1, 154.8, 164.1),
    (60, 1800): (111.5, 121.7, 135.8, 147.0, 157.1, 168.4),
    (60, 2600): (114.7, 120.7, 134.8, 147.1, 158.4, 170.9),
    (30, 900): (116.0, 128.4, 143.2, 153.9, 163.7, 172.6),
}


@pytest.mark.parametrize(("hb", "mhz"), ITM)
def test_sea_is_close_to_the_itm_medians(hb: int, mhz: int) -> None:
    found = p.sea(mhz / 1000, at(5e3, 10e3, 20e3, 30e3, 40e3, 50e3), float(hb))
    error = found - np.array(ITM[hb, mhz])
    assert np.abs(error).max() < 3.0
    assert np.sqrt((error**2).mean()) < 2.0


def test_a_mixed_path_lies_between_land_and_sea_by_its_share_of_sea() -> None:
    def loss(share: float) -> float:
        no = np.array([False])
        return float(p.path_loss(at(0.9), at(8_000), at(35.0), 1.5, no, no, at(share))[0])

    land, half, water = loss(0.0), loss(0.5), loss(1.0)
    assert land == pytest.approx(float(p.rma_nlos(0.9, at(8_000))[0]))
    assert water == pytest.approx(float(p.sea(0.9, at(8_000), 35.0)[0]))
    assert half == pytest.approx((land + water) / 2)


def test_lines_of_sight_grow_rare_as_the_standard_says() -> None:
    d, town = at(10, 18, 100, 1000, 1000), np.array([False, True, True, True, False])
    far = 18 / 1000 + np.exp(-1000 / 63) * (1 - 18 / 1000)
    near = 18 / 100 + np.exp(-100 / 63) * (1 - 18 / 100)
    assert p.p_los(d, town) == pytest.approx([1, 1, near, far, np.exp(-0.99)], abs=1e-9)


def test_the_sector_antenna_keeps_its_anchor_points() -> None:
    assert p.sector_gain(at(0, 32.5, -65, 180, 360)) == pytest.approx([15, 12, 3, -5, 15], abs=0.001)


def test_power_of_a_resource_element_for_each_carrier() -> None:
    found = [p.carrier_re_dbm(46, n) for n in (25, 50, 75, 100)]
    assert found == pytest.approx([21.23, 18.22, 16.46, 15.21], abs=0.01)


def test_rsrq_of_a_lone_cell_lies_between_its_anchors() -> None:
    found = p.rsrq_db(at(-80, -80), np.array([0.0, 1.0]), at(0, 0))
    assert found == pytest.approx([-3.01, -10.79], abs=0.01)


def test_a_small_carrier_has_3_db_less_for_half_the_power() -> None:
    assert p.carrier_re_dbm(43, 50) == pytest.approx(18.22 - 3, abs=0.01)


def test_an_ordinary_site_reaches_as_far_as_its_budget_says() -> None:
    most = p.carrier_re_dbm(46, 50) + 15 + 110
    assert most == pytest.approx(143.2, abs=0.1)
    land, sea = np.arange(1_000.0, 10_000.0, 10), np.arange(1_000.0, 60_000.0, 50)
    assert land[p.rma_nlos(0.9, land) <= most][-1] == pytest.approx(4_300, abs=100)
    # From 60 m over water: an island 60 km off the coast is not served from there.
    assert sea[p.sea(0.9, sea, 60.0) <= most][-1] == pytest.approx(27_000, abs=1_500)


def test_noise_and_neighbours_make_the_quality() -> None:
    noise = 10 ** (p.NOISE_RE_DBM / 10)
    alone = p.rsrq_db(at(-120), at(0.0), at(noise))
    crowded = p.rsrq_db(at(-90), at(0.5), at(10 ** (-9.0)))
    assert alone < -3.5
    assert crowded == pytest.approx(10 * np.log10(1 / (2 + 5 + 12)), abs=0.01)


def test_speed_follows_shannon_up_to_its_cap() -> None:
    found = p.speed_mbps(at(0, 10, 40), 10.0, 1.0)
    assert found[0] == pytest.approx(0.65 * 10, abs=0.01)
    assert found[1] == pytest.approx(0.65 * np.log2(11) * 10, abs=0.01)
    assert found[2] == pytest.approx(4.4 * 1.6 * 10, abs=0.01)
