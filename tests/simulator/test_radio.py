"""The radio world: shadowing, reach, holes that are really there, and the same air at every size."""

import msgspec
import numpy as np
import pytest

from cockpit.profiles import Profile, load
from simulator.play import Play
from simulator.radio import NEAREST, Mast, Radio
from simulator.rng import F64, I64, Bools, Stream
from tests.simulator.conftest import ZONE, at

N = 60_000


@pytest.fixture(scope="module")
def radio(province: Profile) -> Radio:
    return Radio(province, 7)


def points(n: int = N) -> tuple[np.ndarray, np.ndarray]:
    stream = Stream(3, "points")
    return 20_000 + 60_000 * stream.uniform(np.arange(n), 1), 20_000 + 60_000 * stream.uniform(
        np.arange(n), 2
    )


def test_shadowing_has_its_deviation_and_forgets_over_120_metres(radio: Radio) -> None:
    x, y = points()
    turn = 2 * np.pi * Stream(3, "turn").uniform(np.arange(N))
    zero = np.zeros(N, dtype=np.int64)
    here = radio._field(radio._common, x, y, zero)
    assert here.std() == pytest.approx(1.0, rel=0.02)
    assert abs(here.mean()) < 0.02

    def alike(d: float) -> float:
        there = radio._field(radio._common, x + d * np.cos(turn), y + d * np.sin(turn), zero)
        return float(np.corrcoef(here, there)[0, 1])

    assert alike(120.0) == pytest.approx(np.exp(-1), abs=0.03)
    assert 1 > alike(20) > alike(60) > alike(120) > alike(240) > -0.02


def test_two_sites_share_half_of_what_shadows_them_and_sectors_all(radio: Radio) -> None:
    x, y = points()
    one, two = (radio._field(radio._own, x, y, np.full(N, s)) for s in (3, 4))
    common = radio._field(radio._common, x, y, np.zeros(N, dtype=np.int64))
    a, b = 0.70711 * (common + one), 0.70711 * (common + two)
    assert a.std() == pytest.approx(1.0, rel=0.02)
    assert np.corrcoef(a, b)[0, 1] == pytest.approx(0.5, abs=0.03)
    s = np.tile(np.array([3, 4]), (N, 1))
    assert np.allclose(radio._field(radio._own, x, y, s)[:, 0], one)


def test_a_seed_has_its_own_air_and_keeps_it(province: Profile, radio: Radio) -> None:
    x, y = points(500)
    zero = np.zeros(500, dtype=np.int64)

    def levels(r: Radio) -> np.ndarray:
        return r.hear(zero, x, y, np.zeros(500), np.zeros(500), np.arange(500), zero).rsrp

    assert (levels(Radio(province, 7)) == levels(radio)).all()
    assert abs(levels(Radio(province, 8)) - levels(radio)).mean() > 2


def test_some_settlements_really_have_no_coverage(province: Profile, radio: Radio) -> None:
    """Valleys and islands: no operator reaches the settlement in the middle of a hollow."""
    x, y = radio.hollows[:, 0], radio.hollows[:, 1]
    n = len(x)
    zero = np.zeros(n, dtype=np.int64)
    quiet = np.zeros(n)
    every = [radio.hear(zero + o, x, y, quiet, quiet, np.arange(n), zero).rsrp for o in range(3)]
    best = np.max(every, axis=0)
    islands = {u.code for u in province.units if u.kind == "dac_khu"}
    inside = [p for p in province.places if p.unit in islands]
    px, py = radio.plane.xy(np.array([p.lon for p in inside]), np.array([p.lat for p in inside]))
    assert (best < -110).sum() >= 3
    assert (radio.hollow_db(px, py) > 20).any()


def test_six_of_a_hundred_samples_of_a_week_are_weak(province_play: Play) -> None:
    first = int(ZONE.day_of(at("2026-11-16T12:00:00")))
    samples = [
        msgspec.json.decode(line)["data"]["rsrp_dbm"]
        for day in range(first, first + 5)
        for line in province_play.thinned(day, 4_000, 1 << 50)
    ]
    assert 0.045 < np.mean([dbm < -100 for dbm in samples]) < 0.075
    assert 0.01 < np.mean([dbm < -110 for dbm in samples]) < 0.025


def test_open_sea_far_from_every_mast_is_out_of_reach(province: Profile, radio: Radio) -> None:
    x, y = radio.plane.xy(np.array([108.1]), np.array([20.62]))
    one = np.zeros(1)
    zero = np.zeros(1, dtype=np.int64)
    levels = [radio.hear(zero + o, x, y, one, one, zero, zero).rsrp[0] for o in range(3)]
    assert max(levels) < -105


def test_no_phone_hears_more_than_the_sites_nearby(radio: Radio) -> None:
    x, y = points(300)
    zero = np.zeros(300, dtype=np.int64)
    heard = radio.hear(zero, x, y, np.zeros(300), np.zeros(300), np.arange(300), zero)
    d = (x[:, None] - radio.x) ** 2 + (y[:, None] - radio.y) ** 2
    mine = np.where(radio.operator == 0, d, np.inf)
    rank = (mine < mine[np.arange(300), heard.cell // 3][:, None]).sum(axis=1)
    assert (radio.operator[heard.cell // 3] == 0).all()
    assert rank.max() < 3 * NEAREST  # the table of nearest sites is made for squares of two kilometres
    assert np.median(rank) < 2


def test_a_larger_size_repeats_the_air_and_names_the_cells_of_its_copies(
    province: Profile, radio: Radio
) -> None:
    region = Radio(load("quang_ninh", size="region"), 7)
    assert region.base == radio.base == len(radio.x)
    assert region.copies == 10
    assert len(region.cells) == 10 * len(radio.cells)
    assert region.cells[: len(radio.cells)] == radio.cells
    assert region.cells[3 * radio.base + 7] == radio.cells[7][:9] + "-r02" + radio.cells[7][9:] or (
        region.cells[3 * radio.base + 7] == radio.cells[7] + "-r02"
    )
    assert (region.x == radio.x).all()


class Built:
    """Calm air, and a mast that phones with an odd number find on the air."""

    def __init__(self, mast: Mast, n: int) -> None:
        self._mast, self._on = mast, np.arange(n) % 2 == 1

    def lost_db(self, s: I64) -> F64:
        return np.zeros((*s.shape, 3))

    def load(self, cell: I64, load: F64) -> F64:
        return load

    def masts(self) -> list[tuple[Mast, Bools]]:
        return [(self._mast, self._on)]


def test_a_mast_serves_the_hollow_in_which_it_stands(radio: Radio) -> None:
    """What the rim takes from stations beyond it, it does not take from the one within."""
    unit = next(
        u for n, u in enumerate(radio.hollow_units) if radio.is_land(*radio.hollows[n : n + 1, :2].T)[0]
    )
    mast = radio.mast_in(unit)
    assert mast is not None
    turn = np.arange(40) * 2 * np.pi / 40
    x, y = mast.x + 600 * np.cos(turn), mast.y + 600 * np.sin(turn)
    assert (radio.hollow_db(x, y) > 20).all()
    zero = np.zeros(40, dtype=np.int64)
    heard = radio.hear(zero, x, y, np.zeros(40), np.zeros(40), np.arange(40), zero, Built(mast, 40))
    off, on = heard.rsrp[0::2], heard.rsrp[1::2]
    assert np.median(off) < -110
    assert (on > -90).all()
    assert (heard.cell[1::2] == -1).all()
    assert (heard.cell[0::2] >= 0).all()
    assert (heard.down[1::2] > heard.down[0::2]).all()
    assert radio.mast_in("no such unit") is None
