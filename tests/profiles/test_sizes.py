"""One province played smaller and larger."""

from __future__ import annotations

from collections import Counter

import pytest

from cockpit.profiles import load


def test_a_district_is_a_tenth_with_whole_chains() -> None:
    district = load("quang_ninh", "district")
    kinds = Counter(a.kind for a in district.assets)
    assert (kinds["camera"], kinds["recorder"]) == (120, 10)
    assert (kinds["site"], kinds["cell"], kinds["loudspeaker"]) == (100, 300, 40)
    for asset in district.assets:
        assert not asset.depends_on or asset.depends_on in district.asset
    assert len(district.units) == 54
    assert district.scale == 0.1


def test_a_district_is_chosen_the_same_every_time() -> None:
    assert load("quang_ninh", "district").assets == load("quang_ninh", "district").assets


@pytest.mark.parametrize(("size", "times"), [("region", 10), ("country", 34)])
def test_larger_sizes_repeat_the_province(size: str, times: int) -> None:
    large = load("quang_ninh", size)
    kinds = Counter(a.kind for a in large.assets)
    assert kinds["camera"] == 1200 * times
    assert kinds["host"] == 1
    assert len(large.asset_by_id) == len(large.asset) == len(large.assets)
    copy = large.asset[f"cam-00017-r{times:02d}"]
    assert large.asset[copy.depends_on].kind == "recorder"
    assert large.source["cam-vms"].per_hour == 300_000 * times


def test_numbers_of_assets_are_the_same_at_every_size() -> None:
    province, region, district = (load("quang_ninh", s) for s in ("province", "region", "district"))
    for asset in district.assets:
        assert province.asset[asset.code].id == region.asset[asset.code].id == asset.id


def test_a_thin_feed_of_what_people_do_is_not_late_by_chance() -> None:
    province, district = load("quang_ninh"), load("quang_ninh", "district")
    for source in district.sources:
        assert source.rhythm_s <= source.late_s <= source.silent_s
        records = not any(a.source == source.code for a in district.assets)
        if records and source.per_hour:
            assert source.late_s >= 9.9 * 3600 / source.per_hour, source.code
        else:
            assert source.late_s == province.source[source.code].late_s
