"""The province as data: what it must hold."""

from __future__ import annotations

from collections import Counter

import pytest

from cockpit.profiles import Profile, load
from cockpit.profiles.measures import MEASURES
from simulator.kinds import KINDS


@pytest.fixture(scope="module")
def province() -> Profile:
    return load("quang_ninh")


def test_the_54_units_are_those_of_2025(province: Profile) -> None:
    assert len(province.units) == 54
    assert Counter(u.kind for u in province.units) == {"phuong": 30, "xa": 22, "dac_khu": 2}
    assert sum(u.population for u in province.units) == 1_497_447
    assert round(sum(u.area_km2 for u in province.units), 2) == 6154.84
    assert province.unit["06688"].name == "Phường Hạ Long"
    assert province.unit["06688"].short == "P. Hạ Long"
    assert province.unit["06994"].short == "ĐK. Vân Đồn"
    assert {u.district for u in province.units} >= {"Hạ Long", "Cẩm Phả", "Móng Cái", "Cô Tô"}


def test_former_districts_have_the_known_number_of_units(province: Profile) -> None:
    counts = sorted(Counter(u.district for u in province.units).values(), reverse=True)
    assert counts == sorted([11, 5, 3, 6, 5, 6, 1, 1, 4, 3, 3, 2, 4], reverse=True)


def test_every_row_of_the_reference_has_a_source_with_an_owner(province: Profile) -> None:
    rows = {s.row for s in province.sources}
    assert rows >= {f"S{n}" for n in range(1, 25)}
    for source in province.sources:
        assert source.owner.vi, source.code
        assert source.owner.en, source.code


def test_only_the_computer_itself_and_what_sends_alerts_live_in_real_time(province: Profile) -> None:
    assert [s.code for s in province.sources if s.time == "real"] == ["host", "giam-sat-ngoai"]
    assert "giam-sat-ngoai" not in {s.code for s in province.inputs}, "it is no feed: nothing of it is owed"
    assert province.source["cockpit"].kind == "computed"


def test_sources_know_the_indicators_they_feed(province: Profile) -> None:
    assert "I42" in province.source["cam-vms"].feeds
    for source in province.sources:
        for code in source.feeds:
            assert source.code in province.indicator[code].sources


def test_the_register_has_the_known_numbers_of_assets(province: Profile) -> None:
    kinds = Counter(a.kind for a in province.assets)
    assert kinds["camera"] == 1200
    assert kinds["recorder"] == 100
    assert kinds["site"] == 1000
    assert kinds["cell"] == 3000
    assert kinds["loudspeaker"] == 400
    assert kinds["feeder"] == 54
    assert kinds["link"] == 58
    assert kinds["host"] == 1
    for code in (
        "cam-00017",
        "rec-001",
        "link-06688",
        "feeder-06688",
        "site-0001-2",
        "loa-001",
        "host-local",
    ):
        assert code in province.asset
    assert province.demo
    assert "minh họa" in province.register_note.vi


def test_chains_of_dependency_run_from_device_to_power(province: Profile) -> None:
    expected = {
        "camera": ["recorder", "link", "feeder"],
        "cell": ["site", "feeder"],
        "loudspeaker": ["link", "feeder"],
    }
    for asset in province.assets:
        if asset.kind not in expected:
            continue
        chain, unit = [], asset.unit
        above = asset.depends_on
        while above:
            chain.append(province.asset[above].kind)
            assert province.asset[above].unit == unit, asset.code
            above = province.asset[above].depends_on
        assert chain == expected[asset.kind], asset.code
    assert set(Counter(a.depends_on for a in province.assets if a.kind == "camera").values()) == {12}
    assert set(Counter(a.depends_on for a in province.assets if a.kind == "cell").values()) == {3}


def test_every_unit_has_cameras_sites_and_loudspeakers(province: Profile) -> None:
    for kind in ("camera", "site", "loudspeaker"):
        assert {a.unit for a in province.assets if a.kind == kind} == set(province.unit), kind


def test_ids_and_codes_are_unique(province: Profile) -> None:
    assert len(province.asset_by_id) == len(province.asset) == len(province.assets)
    assert len(province.metric_by_id) == len(province.metric) == len(province.metrics)
    assert len(province.source_by_id) == len(province.source) == len(province.sources)
    names = [a.name for a in province.assets if a.kind == "camera"]
    assert len(set(names)) == len(names)


def test_the_rates_follow_the_rhythms(province: Profile) -> None:
    assert province.source["cam-vms"].per_hour == 1200 * 240 + 100 * 120
    assert province.source["ran-oss"].per_hour == 1000 * 12 + 3000 * 4
    assert province.source["host"].per_hour == 360
    observations_s = sum(
        sum(m.sent_by(a) for m in province.metrics) / a.rhythm_s
        for a in province.assets
        if a.rhythm_s and a.kind not in ("system", "host")
    )
    assert 250 < observations_s < 400


def test_there_are_55_indicators_in_both_languages(province: Profile) -> None:
    assert [i.number for i in province.indicators] == list(range(1, 56))
    for i in province.indicators:
        for text in (i.name, i.short, i.unit, i.formula, i.definition, i.target_source, i.owner):
            assert text.vi.strip(), i.code
            assert text.en.strip(), i.code
        assert max(len(i.short.vi), len(i.short.en)) <= 24
        assert i.measure["kind"] in MEASURES


def test_ten_headline_indicators_are_fed_by_machines(province: Profile) -> None:
    headlines = sorted((i.headline, i) for i in province.indicators if i.headline)
    assert [position for position, _ in headlines] == list(range(1, 11))
    for _, indicator in headlines:
        assert indicator.measure["kind"] != "report", indicator.code


def test_the_six_components_of_the_service_index_sum_to_its_maximum(province: Profile) -> None:
    of = province.indicator["I01"].measure["of"]
    assert of == ("I02", "I03", "I04", "I05", "I06", "I07")
    metrics = [str(province.indicator[c].measure["metric"]) for c in of]
    assert [province.metric[m].hi for m in metrics] == [18, 20, 12, 10, 18, 22]


def test_what_systems_are_asked_for_they_send(province: Profile) -> None:
    for indicator in province.indicators:
        if indicator.measure["kind"] == "latest":
            system = province.asset[str(indicator.measure["asset"])]
            assert str(indicator.measure["metric"]) in str(system.attrs["metrics"]).split()
            assert system.source in indicator.sources


def test_rules_say_whom_to_call_and_what_to_do(province: Profile) -> None:
    camera = province.rule["camera-silent"]
    assert (camera.kind, camera.asset_kind, camera.for_s) == ("asset_silent", "camera", 60)
    for rule in province.rules:
        assert rule.owner.vi, rule.code
        assert rule.next_step.vi, rule.code
        assert rule.next_step.en, rule.code


CLAIMED = """
camera_silent recorder_silent link_silent site_silent loudspeaker_silent reboot_loop hidden_hop feeder_out
source_silent source_late link_flap link_busy power_loss site_hot site_degraded cell_busy cell_drops
loudspeaker_quiet camera_slow camera_loss recorder_disk recorder_write clock_skew time_zone duplicates flood
"""
"""Kinds of faults that must be found: silence, lateness, outage, thresholds, clocks, repeats, floods."""


def test_rules_claim_kinds_of_faults_that_can_be_played_and_never_fewer_than_before(
    province: Profile,
) -> None:
    claimed = [kind for rule in province.rules for kind in rule.detects]
    assert set(claimed) <= set(KINDS)
    assert set(claimed) >= set(CLAIMED.split())
    twice = Counter((rule.kind, kind) for rule in province.rules for kind in rule.detects)
    assert set(twice.values()) == {1}, "a kind of fault is claimed by one rule of each kind of rules"


def test_feeds_are_judged_by_whole_minutes(province: Profile) -> None:
    for rule in province.rules:
        if rule.kind in ("source_lag", "source_duplicates", "source_flood", "source_refused"):
            assert rule.for_s % 60 == 0, rule.code
            assert rule.least >= 1, rule.code
