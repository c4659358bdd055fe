"""What happened while a figure went its way stands beside its trend, and so does the year before."""

from __future__ import annotations

from functools import partial

from cockpit.store.indicators import Day, save_days
from cockpit.views import indicators
from cockpit.views.indicators import IndicatorDetail
from cockpit.views.year_before import a_year_before
from tests.store import inside
from tests.views.province import DAY, LOCAL_DAY, NOW, Province


def card(province: Province, code: str = "I42") -> IndicatorDetail:
    found = indicators.detail(province.ctx, code)
    assert found is not None
    return found


def trend(province: Province, days: int = 20, code: str = "I42", first: int = 1) -> None:
    rows = [Day(LOCAL_DAY - back, code, 70.0 + back, 100) for back in range(first, first + days)]
    inside.done(province.store, partial(save_days, rows=rows))


def test_alerts_about_the_figure_and_waves_of_what_it_rests_on_are_told(province: Province) -> None:
    trend(province)
    own = province.alert("I42", "cameras-online-low", opened=NOW - 3 * DAY, first_seen=NOW - 3 * DAY)
    unit = province.kind("camera")[0].unit
    cameras = [one for one in province.kind("camera") if one.unit == unit][:4]
    assert len(cameras) == 4
    for n, camera in enumerate(cameras):
        at = NOW - 2 * DAY + n * 60_000
        province.alert(camera.code, "camera-silent", opened=at, first_seen=at)
    recorder = province.kind("recorder")[0]
    over = {"opened": NOW - DAY, "first_seen": NOW - DAY, "closed": NOW - DAY + 60_000}
    cause = province.alert(recorder.code, "recorder-silent", **over)
    for camera in cameras[:3]:
        province.alert(camera.code, "camera-silent", cause=cause, **over)
    long_ago = {"opened": NOW - 300 * DAY, "first_seen": NOW - 300 * DAY, "closed": NOW - 299 * DAY}
    province.alert(cameras[0].code, "camera-loss", **long_ago)
    found = {(one.what, one.n, one.at) for one in card(province).happened}
    assert found == {("alert", 1, NOW - 3 * DAY), ("wave", 4, NOW - 2 * DAY), ("group", 3, NOW - DAY)}
    (alert,) = [one for one in card(province).happened if one.what == "alert"]
    assert (alert.page, alert.number) == ("alerts", str(own))
    assert card(province, "I10").happened == ()


def test_the_year_before_is_told_where_it_is_known_and_said_to_be_missing_else(province: Province) -> None:
    trend(province)
    before = card(province).year_before
    assert before is not None
    assert (before.value, set(before.values)) == (None, {None})
    assert before.since == LOCAL_DAY - 20
    then = LOCAL_DAY - a_year_before(LOCAL_DAY)
    trend(province, 30, first=then)
    before = card(province).year_before
    assert before is not None
    assert before.value == 70.0 + then
    assert before.values[0] == 70.0 + then + 20
    assert len(before.values) == len(card(province).trend)
