"""What faults do to the air: phones fall to neighbours, signals fade, holes open."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import h3
import msgspec
import numpy as np
import pytest
from click.testing import CliRunner

from cockpit.cli.simulate import simulate
from cockpit.domain.coverage import wilson
from cockpit.domain.coverage.gap_life import MAX_BAD, MIN_GROUPS
from cockpit.profiles import Profile
from cockpit.store.adding import squares
from simulator.air import GONE_DB
from simulator.episodes import Episode
from simulator.play import Play
from simulator.radio import radio_of
from simulator.scenario import cast, load_scenario
from simulator.seen import DEAF_DBM
from tests.simulator.conftest import ZONE, at

HOUR = 3_600_000
START = at("2026-11-19T09:00:00")
SITE = "site-0001"
Samples = dict[str, dict[str, Any]]  # events by id


def fault(kind: str, subject: str, hours: float = 6.0, ramp: float = 0.0, **more: Any) -> Episode:
    return Episode(f"order-{kind}", kind, subject, START, int(ramp * HOUR), int(hours * HOUR), 0, **more)


def heard(play: Play, *episodes: Episode, span: tuple[int, int] = (START, START + HOUR // 6)) -> Samples:
    """Samples sent in a span, by id."""
    play.obey(episodes)
    lines = [line for chunk in play.samples.window(*span) for line in chunk.lines]
    play.obey(())
    return {e["id"]: e for e in map(msgspec.json.decode, lines)}


def of_site(samples: Samples, *sites: str) -> Samples:
    return {k: e for k, e in samples.items() if e["data"].get("cell", "")[:9] in sites}


@pytest.fixture(scope="module")
def calm(province_play: Play) -> Samples:
    return heard(province_play)


@pytest.fixture(scope="module")
def busiest(calm: Samples) -> str:
    """The site that most samples come from."""
    sites: list[str] = [e["data"]["cell"][:9] for e in calm.values()]
    return max(sorted(set(sites)), key=sites.count)


def _square(lat: float, lon: float) -> tuple[int, int]:
    (row,), (column,) = squares(np.array([lat]), np.array([lon]))
    return int(row), int(column)


def test_phones_of_a_site_that_is_off_fall_to_its_neighbours(
    province_play: Play, calm: Samples, busiest: str
) -> None:
    dark = heard(province_play, fault("site_silent", busiest))
    served = of_site(calm, busiest)
    assert len(served) > 20
    assert not of_site(dark, busiest)
    moved = [dark[k]["data"] for k in served if k in dark]
    assert len(moved) > 0.3 * len(served)
    assert all(m["operator"] == served[k]["data"]["operator"] for k, m in
               ((k, dark[k]["data"]) for k in served if k in dark))  # fmt: skip
    weaker = [dark[k]["data"]["rsrp_dbm"] - served[k]["data"]["rsrp_dbm"] for k in served if k in dark]
    assert np.median(weaker) < -3
    elsewhere = {k: e for k, e in calm.items() if k not in served}
    same = sum(dark.get(k, {}).get("data", {}).get("cell") == e["data"]["cell"] for k, e in elsewhere.items())
    assert same == len(elsewhere)


def test_a_feeder_takes_its_sites_off_the_air_when_batteries_are_empty(
    province_play: Play, busiest: str
) -> None:
    profile = province_play.profile
    feeder = profile.asset[busiest].depends_on
    sites = [a.code for a in profile.assets if a.kind == "site" and a.depends_on == feeder]
    cut = fault("feeder_out", feeder, 8)
    soon = heard(province_play, cut, span=(START + HOUR, START + HOUR + HOUR // 6))
    late = heard(province_play, cut, span=(START + 5 * HOUR, START + 5 * HOUR + HOUR // 6))
    assert of_site(soon, *sites)
    assert not of_site(late, *sites)


def test_a_feed_that_is_silent_does_not_switch_sites_off(province_play: Play, calm: Samples) -> None:
    assert heard(province_play, fault("source_silent", "ran-oss")) == calm


def test_a_tilted_antenna_fades_slowly_and_leaves_weak_places(
    province_play: Play, calm: Samples, busiest: str
) -> None:
    served = of_site(calm, busiest)
    tilt = fault("antenna_tilt", busiest, 12, ramp=4, size=12.0)

    def lost(hours: float) -> float:
        episode = Episode(
            "t", "antenna_tilt", busiest, START - int(hours * HOUR), 4 * HOUR, 12 * HOUR, 0, 12.0
        )
        faded = heard(province_play, episode)
        return float(np.mean([
            faded[k]["data"]["rsrp_dbm"] - served[k]["data"]["rsrp_dbm"] for k in served if k in faded
        ]))  # fmt: skip

    steps = [lost(h) for h in (0.0, 1.0, 2.0, 4.0)]
    assert steps == sorted(steps, reverse=True)
    assert steps[0] > -1
    assert -12.5 < steps[-1] < -4  # neighbours take over where they are nearer
    after = heard(province_play, tilt, span=(START + 5 * HOUR, START + 5 * HOUR + HOUR // 6))
    assert after


def test_a_lonely_site_that_tilts_opens_a_hole(province_play: Play) -> None:
    radio = radio_of(province_play.profile, 7)
    far = [
        float(np.sort((radio.x - radio.x[n]) ** 2 + (radio.y - radio.y[n]) ** 2)[1])
        for n in range(radio.base)
    ]
    lonely = int(np.argmax(np.where(radio.is_land(radio.x, radio.y), far, 0)))
    angle = np.arange(360) * np.pi / 180
    x, y = radio.x[lonely] + 1500 * np.cos(angle), radio.y[lonely] + 1500 * np.sin(angle)
    n, zero = len(x), np.zeros(len(x), dtype=np.int64)
    operator = np.full(n, radio.operator[lonely])
    t = np.full(n, START + 5 * HOUR, dtype=np.int64)

    def levels(*episodes: Episode) -> np.ndarray:
        province_play.obey(episodes)
        air = province_play.samples.air.at(zero, t)
        found = radio.hear(operator, x, y, np.zeros(n), np.zeros(n), np.arange(n), zero, air).rsrp
        province_play.obey(())
        return found

    tilted = levels(fault("antenna_tilt", radio.sites[lonely], 12, ramp=2, size=12.0))
    assert (levels() - tilted).max() == pytest.approx(12, abs=1e-6)
    assert np.median(levels() - tilted) > 8
    gone = levels(fault("site_silent", radio.sites[lonely]))
    assert np.median(gone) < np.median(tilted) < np.median(levels())


def test_a_degraded_site_has_lost_one_of_its_sectors(province_play: Play, busiest: str) -> None:
    air, radio = province_play.samples.air, province_play.samples.radio
    site = np.array([radio.sites.index(busiest)])
    t = np.array([START + HOUR])
    province_play.obey((fault("site_degraded", busiest),))
    lost = air.at(np.zeros(1, dtype=np.int64), t).lost_db(site[:, None])
    province_play.obey(())
    assert sorted(lost.ravel().tolist()) == [0.0, 0.0, GONE_DB]
    assert not air.at(np.zeros(1, dtype=np.int64), t).lost_db(site[:, None]).any()


def test_crowds_and_busy_cells_slow_phones_down(province_play: Play, calm: Samples, busiest: str) -> None:
    served = of_site(calm, busiest)
    unit = province_play.profile.asset[busiest].unit

    def speed(*episodes: Episode) -> float:
        samples = heard(province_play, *episodes)
        return float(np.median([samples[k]["data"]["down_mbps"] for k in served if k in samples]))

    assert speed(fault("crowd", f"hidden:crowd:{unit}")) < 0.95 * speed()
    assert speed(*(fault("cell_busy", f"{busiest}-{n}") for n in (1, 2, 3))) < 0.6 * speed()


def test_an_order_changes_only_samples_after_its_onset(province_play: Play) -> None:
    span = START - HOUR // 12, START + HOUR // 12
    calm, dark = heard(province_play, span=span), heard(province_play, fault("site_silent", SITE), span=span)
    before = {k for k, e in calm.items() if at(e["time"][:23]) < START}
    assert before
    assert all(dark[k] == calm[k] for k in before)


def test_phones_without_network_send_nothing_or_later(province: Profile, province_play: Play) -> None:
    cut = [
        fault("feeder_out", f.code, 12) for f in province.assets if f.kind == "feeder" and f.unit < "06800"
    ]
    span = START + 5 * HOUR, START + 5 * HOUR + HOUR // 3
    later = Play(province, 7, deaf="later")
    dropped, kept = heard(province_play, *cut, span=span), heard(later, *cut, span=span)
    assert all(kept[k] == e for k, e in dropped.items())
    more = [e for k, e in kept.items() if k not in dropped]
    assert len(more) > 10
    for event in more:
        data = event["data"]
        assert data["rsrp_dbm"] == DEAF_DBM
        assert not {"cell", "rsrq_db", "sinr_db", "down_mbps", "up_mbps"} & set(data)
    delays = np.array([at(e["sent"][:23]) - at(e["time"][:23]) for e in more if e["source"] == "dien-thoai"])
    assert delays.max() < 2.2 * HOUR
    assert (delays > 240_000).any()


def test_how_time_is_cut_makes_no_difference_to_what_phones_kept(district: Profile) -> None:
    play = Play(district, 7, deaf="later")
    span = START, START + HOUR // 6
    whole = heard(play, fault("feeder_out", "feeder-06652"), span=span)
    play.obey((fault("feeder_out", "feeder-06652"),))
    pieces: Samples = {}
    for t in range(*span, 7_500):
        pieces |= {
            e["id"]: e for c in play.samples.window(t, t + 7_500) for e in map(msgspec.json.decode, c.lines)
        }
    assert pieces == whole
    assert any("cell" not in e["data"] for e in whole.values())


def test_what_phones_kept_is_the_same_in_the_thinned_past(province: Profile) -> None:
    play = Play(province, 7, deaf="later")
    day = int(ZONE.day_of(at("2026-11-19T12:00:00")))
    until = at("2026-11-20T00:00:00")
    past = {e["id"]: e for e in map(json.loads, play.thinned(day, 3_000, until))}
    kept = [e for e in past.values() if "cell" not in e["data"] and e["source"] == "dien-thoai"]
    assert kept
    for event in kept[:3]:
        sent = at(event["sent"][:23])
        assert heard(play, span=(sent, sent + 1))[event["id"]] == event


def test_the_switch_is_an_option_of_simulate(tmp_path: Path) -> None:
    sizes = {}
    for deaf in ("drop", "later"):
        out = tmp_path / deaf
        result = CliRunner().invoke(
            simulate, ["--size", "district", "--for", "20m", "--deaf", deaf, "--out", str(out)]
        )
        assert result.exit_code == 0, result.output
        sizes[deaf] = len(out.read_text().splitlines())
    assert sizes["later"] > sizes["drop"]


def test_the_air_is_built_once_in_a_process(province: Profile) -> None:
    assert radio_of(province, 7) is radio_of(province, 7)
    assert radio_of(province, 7) is not radio_of(province, 8)


def test_a_new_site_brings_the_proof_within_the_hours_of_its_story(province_play: Play) -> None:
    """On the ground of the hollow nobody had a signal; after the site enough independent looks are good."""
    profile = province_play.profile
    story = load_scenario("new_site", profile)
    episodes = cast([(story, story.start_ms)], profile, 7)
    (site,) = episodes
    mast = radio_of(profile, 7).mast_in(site.unit)
    assert mast is not None
    lon, lat = radio_of(profile, 7).plane.lonlat(np.array([mast.x]), np.array([mast.y]))
    ground = h3.grid_disk(h3.latlng_to_cell(float(lat[0]), float(lon[0]), 8), 1)
    span = (site.start_ms, story.start_ms + 6 * HOUR)

    def measured(*played: Episode) -> dict[str, set[tuple[str, tuple[int, int], int, bool]]]:
        """By operator the independent looks on the ground, and whether each is bad."""
        found: dict[str, set[tuple[str, tuple[int, int], int, bool]]] = {}
        for sample in heard(province_play, *played, span=span).values():
            data = sample["data"]
            if h3.latlng_to_cell(data["lat"], data["lon"], 8) in ground:
                hour = int(dt.datetime.fromisoformat(sample["time"]).timestamp()) // 3600
                look = (sample["subject"], _square(data["lat"], data["lon"]), hour, data["rsrp_dbm"] < -110)
                found.setdefault(data["operator"], set()).add(look)
        return found

    before, after = measured(), measured(*episodes)
    best = max(after.values(), key=len)
    assert len(best) >= MIN_GROUPS
    assert wilson(sum(bad for *_, bad in best), len(best))[1] < MAX_BAD
    for operator, looks in before.items():
        assert sum(bad for *_, bad in looks) > 0.5 * len(looks), operator
