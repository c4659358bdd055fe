"""Vectors: ns-3 three-gpp and okumura-hata test suites, the nrPathLoss manual, ITM medians over sea."""

import numpy as np
import pytest

from simulator import propagation as p


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
def test_the_3gpp_models_equal_the_published_vectors_at_5_ghz(model, metres, expected):
    assert model(5.0, at(*metres)) == pytest.approx(np.array(expected), abs=0.02)


def test_rural_line_of_sight_equals_the_manual_of_another_tool():
    d = at(np.hypot(1000, 1000))
    assert p.rma_los(3.5, d, hb=30, hm=1.5, h=7.0) == pytest.approx(110.1615, abs=0.02)


@pytest.mark.parametrize(
    ("mhz", "km", "row"),
    [
        (700, 1, (93.38, 116.44, 107.85, 127.69, 123.56, 114.25, 96.08, 89.35)),
        (700, 5, (121.33, 143.44, 135.81, 155.00, 148.18, 138.87, 120.70, 103.33)),
        (900, 3, (112.82, 137.05, 127.22, 148.51, 143.21, 133.27, 114.70, 101.08)),
        (1800, 1, (99.68, 124.65, 108.82, 135.89, 136.20, 124.26, 104.27, 97.55)),
        (1800, 5, (123.22, 151.64, 136.77, 163.20, 160.82, 148.88, 128.89, 111.53)),
        (2600, 5, (124.52, 154.84, 137.10, 166.40, 166.22, 153.07, 132.13, 114.73)),
    ],
)
def test_every_model_gives_the_reference_table(mhz, km, row):
    ghz, d = mhz / 1000, at(km * 1000)
    found = [p.rma_los(ghz, d), p.rma_nlos(ghz, d), p.uma_los(ghz, d), p.uma_nlos(ghz, d)]
    found += [p.hata(mhz, at(km), place=place) for place in ("urban", "suburban", "open")]
    found.append(p.free_space(ghz, d))
    assert [float(x[0]) for x in found] == pytest.approx(list(row), abs=0.02)


def test_hata_agrees_with_an_independent_suite():
    km = at(np.hypot(2.0, 0.029))
    urban = [p.hata(869, km, 30, 1.0, "urban", large) for large in (True, False)]
    assert [float(x[0]) for x in urban] == pytest.approx([137.93, 137.88], abs=0.1)
    assert p.hata(2114, km, 30, 1.0) == pytest.approx(150.64, abs=0.1)


@pytest.mark.parametrize(
    ("mhz", "km", "median"),
    [(700, 10, 122.4), (900, 20, 136.0), (900, 40, 154.8), (1800, 30, 147.0), (2600, 50, 170.9)],
)
def test_sea_is_close_to_the_itm_medians(mhz, km, median):
    assert p.sea(mhz / 1000, at(km * 1000), 60.0) == pytest.approx(median, abs=2.5)


def test_the_sector_antenna_keeps_its_anchor_points():
    assert p.sector_gain(at(0, 32.5, -65, 180, 360)) == pytest.approx([15, 12, 3, -5, 15], abs=0.001)


def test_power_of_a_resource_element_for_each_carrier():
    found = [p.carrier_re_dbm(46, n) for n in (25, 50, 75, 100)]
    assert found == pytest.approx([21.23, 18.22, 16.46, 15.21], abs=0.01)


def test_rsrq_of_a_lone_cell_lies_between_its_anchors():
    found = p.rsrq_db(at(-80, -80), np.array([0.0, 1.0]), at(0, 0))
    assert found == pytest.approx([-3.01, -10.79], abs=0.01)
