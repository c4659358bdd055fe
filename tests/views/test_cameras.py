"""The camera screen's figures."""

from __future__ import annotations

import pytest

from cockpit.domain.catalog import Asset
from cockpit.store import meta
from cockpit.views import camera, camera_strips, cameras
from tests.views.province import HOUR, LOCAL_DAY, NOW, Province


def test_a_register_nobody_has_heard_of_yet_is_never_connected(province: Province) -> None:
    view = cameras.build(province.ctx)
    assert view.total == len(province.kind("camera"))
    assert view.counts["never"] == view.total
    assert view.cluster is None


def test_states_follow_freshness_and_the_alerts_that_are_open(province: Province) -> None:
    first, second, third, fourth = province.kind("camera")[:4]
    for asset, state in ((first, "fresh"), (second, "fresh"), (third, "silent"), (fourth, "late")):
        province.freshness(asset, state)
    province.newest(first, NOW - 5_000, fps=25, loss_pct=0.1, bitrate_kbps=3000)
    province.newest(second, NOW - 5_000, fps=3, loss_pct=0.1)
    # A bad value is no bad picture yet: the engine waits whether it lasts, and so does the screen.
    assert cameras.one(cameras.build(province.ctx), second.code) == cameras.Camera(
        second, "online", "", NOW - HOUR, NOW - 5_000, 3, 0.1, None
    )
    province.alert(second.code, "camera-fps-low", muted="rule_off")
    view = cameras.build(province.ctx)
    found = {c.asset.code: c for c in view.cameras}
    assert (found[first.code].state, found[first.code].fps, found[first.code].last) == (
        "online",
        25,
        NOW - 5_000,
    )
    assert (found[second.code].state, found[second.code].reason) == ("degraded", "low_fps")
    assert found[third.code].state == "offline"
    assert (found[fourth.code].state, found[fourth.code].reason) == ("degraded", "late")
    assert dict(view.reasons) == {"low_fps": 1, "late": 1}
    assert [(x.reason, x.at, x.for_s) for x in view.limits] == [("low_fps", 10, 300), ("loss", 5, 300)]


@pytest.mark.parametrize(("status", "doubt"), [("red", False), ("suspect", True)])
def test_cameras_of_a_feed_in_doubt_are_in_doubt(province: Province, status: str, doubt: bool) -> None:
    (code,) = [i.code for i in province.profile.indicators if i.measure.get("kind") == "presence"
               and i.measure.get("asset_kind") == "camera"]  # fmt: skip
    province.figure(code, status, 0.0, 10)
    assert cameras.build(province.ctx).doubt is doubt


def test_cameras_lost_together_in_a_unit_are_named(province: Province) -> None:
    units: dict[str, list[Asset]] = {}
    for asset in province.kind("camera"):
        units.setdefault(asset.unit, []).append(asset)
    unit, lost = next((u, found) for u, found in units.items() if len(found) >= 3)
    for i, asset in enumerate(lost[:3]):
        province.freshness(asset, "silent", NOW - HOUR + i * 20_000)
    cluster = cameras.build(province.ctx).cluster
    assert cluster is not None
    assert (cluster.unit, cluster.n, cluster.since) == (unit, 3, NOW - HOUR)


def test_a_lost_camera_is_so_since_its_last_record_not_since_somebody_looked(province: Province) -> None:
    lost, never = province.kind("camera")[:2]
    for asset in (lost, never):
        province.freshness(asset, "silent", NOW - HOUR)
    province.newest(lost, NOW - 9 * HOUR, fps=25)
    view = cameras.build(province.ctx)
    found = {c.asset.code: c.since for c in view.cameras}
    assert (found[lost.code], found[never.code]) == (NOW - 9 * HOUR, NOW - HOUR)


def test_thirty_days_of_a_camera_count_from_the_first_hour_it_was_there(province: Province) -> None:
    asset = province.kind("camera")[0]
    full = 3600 // asset.rhythm_s
    province.hourly(asset, "fps", LOCAL_DAY - 2, [0] * 12 + [full] * 12)
    province.hourly(asset, "fps", LOCAL_DAY - 1, [full // 2] * 24)
    detail = camera.build(province.ctx, asset.code)
    assert detail is not None
    assert len(detail.days) == 30
    shares = [share for _, share in detail.days[-3:]]
    assert shares[:2] == [1.0, 0.5]
    assert shares[2] == 0.0
    assert all(share is None for _, share in detail.days[:-3])
    # 12 whole hours, 24 half ones, and 9 with nothing until 09:30 with half an hour open.
    assert detail.availability == pytest.approx((12 + 12) / (12 + 24 + 10))
    assert [a.kind for a in detail.chain][:2] == ["recorder", "link"]


def test_an_unknown_code_or_another_kind_is_no_camera(province: Province) -> None:
    assert camera.build(province.ctx, "cam-99999") is None
    assert camera.build(province.ctx, province.kind("recorder")[0].code) is None


def test_a_strip_tells_whole_partial_lost_and_unknown_hours(province: Province) -> None:
    one, other = province.kind("camera")[:2]
    full = 3600 // one.rhythm_s
    province.hourly(one, "fps", LOCAL_DAY - 1, [full] * 20 + [full * 6 // 10, full // 10, 0, full])
    strips = camera_strips.build(province.ctx, (one.id, other.id))
    assert strips[0][:14] == ("good",) * 10 + ("warn", "bad", "bad", "good")
    assert strips[0][14:] == ("bad",) * 10
    assert strips[1] == ("",) * 24


def test_a_strip_shows_the_outage_that_lasts_however_young_or_old(province: Province) -> None:
    young, old, back = province.kind("camera")[:3]
    full = 3600 // young.rhythm_s
    for asset in (young, back):
        province.hourly(asset, "fps", LOCAL_DAY, [full] * 9 + [full // 2 - 4])  # it is 09:30
    province.hourly(old, "fps", LOCAL_DAY - 5, [full] * 24)
    province.freshness(young, "silent", NOW - 60_000)
    province.freshness(old, "silent", NOW - 90 * HOUR)
    province.freshness(back, "fresh", NOW - 60_000)
    strips = camera_strips.build(province.ctx, (young.id, old.id, back.id))
    assert strips[0][-2:] == ("good", "bad")
    assert strips[1] == ("bad",) * 24
    assert strips[2][-2:] == ("good", "good")
    assert camera_strips.build(province.ctx, ()) == ()


def test_hours_before_a_camera_was_first_heard_of_are_unknown_and_not_lost(province: Province) -> None:
    new, lost = province.kind("camera")[:2]
    full = 3600 // new.rhythm_s
    province.hourly(new, "fps", LOCAL_DAY, [0, 0, 0, full // 3, full, full, 0, full, full])
    province.hourly(lost, "fps", LOCAL_DAY - 9, [full] * 24)
    province.hourly(lost, "fps", LOCAL_DAY, [0, 0, 0, full])
    strips = camera_strips.build(province.ctx, (new.id, lost.id))
    # It is 09:30: the strip begins at 10:00 the day before. The hour in which it came is no whole one.
    assert strips[0][:18] == ("",) * 18
    assert strips[0][18:23] == ("good", "good", "bad", "good", "good")
    assert strips[1][:17] == ("bad",) * 17
    assert strips[1][17] == "good"


@pytest.mark.parametrize("speed", [1, 60, 600])
def test_the_running_hour_is_judged_up_to_what_is_rolled_up_whatever_the_speed(
    province: Province, speed: int
) -> None:
    asset = province.kind("camera")[0]
    full = 3600 // asset.rhythm_s
    province.hourly(asset, "fps", LOCAL_DAY - 1, [full] * 24)
    flushed = NOW - 20_000 * speed  # a flush every twenty seconds of real time
    whole, rest = divmod(flushed // 1000 + 7 * 3600, 3600)
    today = [full] * (whole % 24) + [rest // asset.rhythm_s]
    if flushed < (LOCAL_DAY * 24 - 7) * HOUR:
        pytest.fail("the test wants a time after three in the morning")
    province.hourly(asset, "fps", LOCAL_DAY, today)
    province.fact(meta.ROLLED_UP, f"{flushed} {NOW}")
    (strip,) = camera_strips.build(province.ctx, (asset.id,))
    assert set(strip) <= {"good", ""}
    assert strip.count("good") >= 20
    detail = camera.build(province.ctx, asset.code)
    assert detail is not None
    assert detail.availability == pytest.approx(1.0, abs=0.01)


def test_what_stopped_before_the_last_flush_is_lost_all_the_same(province: Province) -> None:
    asset = province.kind("camera")[0]
    full = 3600 // asset.rhythm_s
    province.hourly(asset, "fps", LOCAL_DAY - 1, [full] * 24)
    province.hourly(asset, "fps", LOCAL_DAY, [full] * 8)
    province.fact(meta.ROLLED_UP, f"{NOW - 20_000} {NOW}")
    (strip,) = camera_strips.build(province.ctx, (asset.id,))
    assert strip[-3:] == ("good", "bad", "bad")
