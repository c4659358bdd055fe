"""What the leader's page puts first."""

from __future__ import annotations

from cockpit.views import home
from tests.views.province import Province


def test_within_a_priority_the_alert_that_pulled_most_with_it_comes_first(province: Province) -> None:
    cameras = [a for a in province.profile.assets if a.kind == "camera"][:3]
    recorder = next(a for a in province.profile.assets if a.kind == "recorder")
    province.alert(cameras[0].code, "camera-silent")
    cause = province.alert(recorder.code, "recorder-silent", folded=2)
    for camera in cameras[1:]:
        province.alert(camera.code, "camera-silent", cause=cause)
    province.alert(cameras[0].code, "camera-fps", priority="critical")
    found = [need.alert.rule for need in home.build(province.ctx).needs]
    assert found == ["camera-fps", "recorder-silent", "camera-silent"]


def test_an_alert_closed_within_a_day_is_told_and_an_older_one_is_not(province: Province) -> None:
    camera = next(a for a in province.profile.assets if a.kind == "camera")
    now = province.ctx.now_ms
    province.alert(camera.code, "camera-silent", closed=now - 3_600_000)
    province.alert(camera.code, "camera-fps", closed=now - 2 * 86_400_000)
    view = home.build(province.ctx)
    assert [need.alert.rule for need in view.closed] == ["camera-silent"]
    assert view.needs == ()
