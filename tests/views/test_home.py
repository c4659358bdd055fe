"""What the leader's page puts first."""

from __future__ import annotations

from cockpit.engine import Engine
from cockpit.store.queries import figures
from cockpit.views import home, norms, sources
from tests.views.province import NOW, Province


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
    assert (view.news.over, view.news.unwatched) == (1, 2)
    assert view.last_closed == now - 7_200_000
    assert [need.alert.over for need in view.closed] == [False, False, True]


def test_what_is_new_is_counted_from_when_watching_began_if_that_is_less_than_a_day(
    province: Province,
) -> None:
    now = province.ctx.now_ms

    def since(ms: int) -> tuple[int, str]:
        province.fact("engine_since", ms)
        told = home.build(province.ctx).news
        return told.since, told.counted

    day = now - 86_400_000, "day"
    told = home.build(province.ctx).news
    assert (told.since, told.counted) == day
    assert since(now - 3_600_000) == (now - 3_600_000, "watched")
    assert since(now - 25 * 3_600_000) == day
    assert since(now + 3_600_000) == day  # the demo's clock was set back
    camera = next(a for a in province.profile.assets if a.kind == "camera")
    province.alert(camera.code, "camera-silent", opened=now - 1_800_000)
    province.alert(camera.code, "camera-loss", opened=now - 7_200_000)
    assert since(now - 3_600_000)
    assert home.build(province.ctx).news.opened == 1


def figure_of_unit(province: Province, indicator: str, unit: str, status: str, n: int) -> None:
    province.figure(indicator, status, 50.0, n, unit, asof=1)


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


def test_home_page_and_figure_agree_on_the_sources_on_time_also_where_records_are_wrong_or_missing(
    province: Province,
) -> None:
    norms.forget()
    (code,) = [i.code for i in province.profile.indicators if i.measure["kind"] == "fresh_sources"]
    whole = {s.code: int(s.per_hour) for s in province.profile.inputs}
    for right in ("cam-vms", "ran-oss", "net-monitor"):
        province.source_hours(right, dict.fromkeys(range(26), whole[right]))
    province.source_hours("cam-vms", dict.fromkeys((1, 2), whole["cam-vms"] // 2))
    refused = dict.fromkeys(range(6), whole["ran-oss"])
    province.source_hours("ran-oss", refused, rejected=whole["ran-oss"] // 10)
    province.newest(province.kind("camera")[0], NOW - 5_000, fps=25)
    engine = Engine(province.store, province.profile, province.clock, played=True)
    engine.tick()
    engine.stop()
    trust, page = home.build(province.ctx).trust, sources.build(province.ctx)
    verdicts = {f.source.code: f.verdict for f in page.feeds}
    assert (verdicts["cam-vms"], verdicts["ran-oss"]) == ("missing", "wrong")
    counted = (trust.sources, trust.fresh, trust.late, trust.silent, trust.never)
    assert counted == page.timeliness
    assert page.timeliness.fresh > page.counts["fresh"] > 0
    with province.store.read() as conn:
        figure = figures.province(conn, [code])[code]
    assert figure.value is not None
    assert (figure.n, round(figure.value * trust.sources / 100)) == (trust.sources, trust.fresh)


def test_while_an_indicator_is_red_the_verdict_names_no_amber_alert(province: Province) -> None:
    camera = next(a for a in province.profile.assets if a.kind == "camera")
    province.alert(camera.code, "camera-silent", priority="medium")
    worst = home.build(province.ctx).worst
    assert worst is not None
    assert worst.alert.rule == "camera-silent"
    province.figure("I24", "red", 40.0, 1)
    view = home.build(province.ctx)
    assert (view.worst, [f.code for f in view.red]) == (None, ["I24"])
    province.alert(camera.code, "recorder-silent", priority="high")
    worst = home.build(province.ctx).worst
    assert worst is not None
    assert worst.alert.rule == "recorder-silent"


def test_every_red_indicator_has_a_tile_the_farthest_from_its_target_first(province: Province) -> None:
    assert not province.profile.indicator["I24"].headline
    before = [f.code for f in home.build(province.ctx).tiles]
    province.figure("I24", "red", 99.0, 1)
    province.figure("I53", "red", 1.0, 1)
    view = home.build(province.ctx)
    assert [f.code for f in view.tiles] == ["I53", "I24", *before]


def test_a_feed_is_silent_since_its_last_record(province: Province) -> None:
    province.source_now("cam-vms", "silent", last=NOW - 5 * 3_600_000)
    assert home.build(province.ctx).silent_since == NOW - 5 * 3_600_000
    feed = next(f for f in sources.build(province.ctx).feeds if f.source.code == "cam-vms")
    assert feed.since == NOW - 5 * 3_600_000
