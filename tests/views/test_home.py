"""What the leader's page puts first."""

from __future__ import annotations

from cockpit.engine import Engine
from cockpit.store.queries import figures
from cockpit.views import home, sources
from tests.views.province import NOW, Province, StillClock


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


def test_an_alert_whose_rule_was_switched_off_is_not_counted_as_over(province: Province) -> None:
    camera = next(a for a in province.profile.assets if a.kind == "camera")
    now = province.ctx.now_ms
    province.alert(camera.code, "camera-silent", closed=now - 7_200_000, close_reason="cleared")
    for rule in ("camera-fps-low", "camera-loss"):
        province.alert(camera.code, rule, closed=now - 3_600_000, close_reason="rule_off")
    view = home.build(province.ctx)
    assert (view.closed_day, view.unwatched_day) == (1, 2)
    assert view.last_closed == now - 7_200_000
    assert [need.alert.over for need in view.closed] == [False, False, True]


def test_what_is_new_is_counted_from_when_watching_began_if_that_is_less_than_a_day(
    province: Province,
) -> None:
    now = province.ctx.now_ms

    def since(ms: int) -> int | None:
        province.execute("INSERT OR REPLACE INTO meta (key, value) VALUES ('engine_since', ?)", (str(ms),))
        return home.build(province.ctx).counted_since

    assert home.build(province.ctx).counted_since is None
    assert since(now - 3_600_000) == now - 3_600_000
    assert since(now - 25 * 3_600_000) is None
    assert since(now + 3_600_000) is None  # the demo's clock was set back
    camera = next(a for a in province.profile.assets if a.kind == "camera")
    province.alert(camera.code, "camera-silent", opened=now - 1_800_000)
    province.alert(camera.code, "camera-loss", opened=now - 7_200_000)
    assert since(now - 3_600_000)
    assert home.build(province.ctx).opened_day == 1


def figure_of_unit(province: Province, indicator: str, unit: str, status: str, n: int) -> None:
    province.execute(
        "INSERT OR REPLACE INTO indicator_now (indicator, unit, value, asof, n, status, detail, computed)"
        " VALUES (?, ?, 50, 1, ?, ?, '{}', 1)",
        (indicator, unit, n, status),
    )


def test_a_unit_is_coloured_by_what_it_answers_for_and_not_by_means_over_provinces(
    province: Province,
) -> None:
    late, online = (province.profile.indicator[code] for code in ("I08", "I10"))
    assert late.each_unit
    assert not online.each_unit
    one, other, third = (u.code for u in province.profile.units[:3])
    figure_of_unit(province, "I08", one, "red", 40)
    figure_of_unit(province, "I10", other, "red", 40)
    figure_of_unit(province, "I08", third, "samples", 7)
    view = home.build(province.ctx)
    units = {u.unit.code: u for u in view.units}
    assert (units[one].state, units[one].missed) == ("orange", (late.short,))
    assert (units[other].state, units[other].missed) == ("green", ())
    assert units[third].state == "green"
    assert late.short in view.asked
    assert online.short not in view.asked


def test_a_share_of_a_few_devices_does_not_colour_a_unit_but_many_do(province: Province) -> None:
    one, other = (u.code for u in province.profile.units[:2])
    figure_of_unit(province, "I42", one, "red", 4)
    figure_of_unit(province, "I42", other, "red", 22)
    units = {u.unit.code: u.state for u in home.build(province.ctx).units}
    assert (units[one], units[other]) == ("green", "orange")


def test_an_alert_closed_within_a_day_is_told_and_an_older_one_is_not(province: Province) -> None:
    camera = next(a for a in province.profile.assets if a.kind == "camera")
    now = province.ctx.now_ms
    province.alert(camera.code, "camera-silent", closed=now - 3_600_000)
    province.alert(camera.code, "camera-fps", closed=now - 2 * 86_400_000)
    view = home.build(province.ctx)
    assert [need.alert.rule for need in view.closed] == ["camera-silent"]
    assert view.needs == ()


def test_home_counts_the_sources_that_its_page_and_its_figure_count(province: Province) -> None:
    (code,) = [i.code for i in province.profile.indicators if i.measure["kind"] == "fresh_sources"]
    assert home.build(province.ctx).trust.sources == len(sources.build(province.ctx).feeds)
    camera = province.kind("camera")[0]
    province.newest(camera, NOW - 5_000, fps=25)
    engine = Engine(province.store, province.profile, StillClock(), played=True)
    engine.tick()
    engine.stop()
    with province.store.read() as conn:
        figure = figures.province(conn, [code])[code]
    assert figure.n == home.build(province.ctx).trust.sources
