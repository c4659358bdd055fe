"""The alert desk's figures."""

from __future__ import annotations

import json
from functools import partial

from cockpit.domain.catalog import Text
from cockpit.domain.numbers import AlertId
from cockpit.store import alerting
from cockpit.store.rows import Off
from cockpit.views import alert, alerts, norms
from tests.store import inside
from tests.views.province import DAY, HOUR, LOCAL_DAY, NOW, Province


def rule_of(province: Province) -> str:
    return next(
        r.code for r in province.profile.rules if r.kind == "asset_silent" and r.asset_kind == "camera"
    )


def test_an_empty_desk_still_lists_every_rule(province: Province) -> None:
    view = alerts.build(province.ctx)
    assert (view.n_waiting, view.n_working, view.n_closed, view.overdue) == (0, 0, 0, 0)
    assert [r.rule.code for r in view.rules] == [r.code for r in province.profile.rules]
    assert view.muted == ()


def test_causes_are_listed_by_urgency_and_symptoms_only_counted(province: Province) -> None:
    rule, cams = rule_of(province), province.kind("camera")
    low = province.alert(cams[0].code, rule, priority="low", first_seen=NOW - 3 * HOUR)
    late = province.alert(cams[1].code, rule, priority="critical", due=NOW - 1)
    taken = province.alert(cams[2].code, rule, ack_at=NOW - 60_000, ack_by="An", ack_note="đã gọi")
    province.alert(cams[3].code, rule, cause=late)
    done = province.alert(cams[4].code, rule, closed=NOW - HOUR, close_reason="cleared")
    province.alert(cams[5].code, rule, closed=NOW - 2 * DAY, close_reason="cleared")
    view = alerts.build(province.ctx)
    assert [a.id for a in view.waiting] == [late, low]
    assert [a.id for a in view.working] == [taken]
    assert [a.id for a in view.closed] == [done]
    assert (view.symptoms, view.overdue, view.last_closed) == (1, 1, NOW - HOUR)
    assert view.oldest_waiting_s == 3 * 3600
    assert [a.state for a in (*view.waiting, *view.working)] == ["unack", "unack", "ack"]
    assert view.closed[0].state == "closed"
    found = view.waiting[0]
    assert found.subject_name == Text(cams[1].name, cams[1].name)
    assert found.place == province.profile.unit[cams[1].unit].short
    assert "{" not in found.owner.vi


def test_what_is_silent_is_so_since_it_was_last_heard_not_since_somebody_looked(province: Province) -> None:
    rule, cams = rule_of(province), province.kind("camera")
    province.alert(cams[0].code, rule, facts=json.dumps({"last": NOW - 3 * HOUR}))
    province.alert(cams[1].code, rule)
    since = {a.asset: a.since for a in alerts.build(province.ctx).waiting}
    assert since == {cams[0].code: NOW - 3 * HOUR, cams[1].code: NOW - 20 * 60_000}


def test_an_alert_of_a_real_time_source_is_judged_by_the_real_clock(province: Province) -> None:
    rule = next(r.code for r in province.profile.rules if r.asset_kind == "host")
    province.alert("host-local", rule, due=NOW + HOUR // 2, first_seen=NOW)
    view = alerts.build(province.ctx)
    assert view.overdue == 1
    assert view.oldest_waiting_s == 3600
    assert view.waiting[0].real


def test_rules_that_are_off_are_listed_the_first_to_return_on_top(province: Province) -> None:
    one, two, over = (r.code for r in province.profile.rules[:3])
    for off in (
        Off(one, NOW - DAY, NOW + 2 * DAY, "An", "bảo trì"),
        Off(two, NOW, NOW + DAY, "Bình", "thử"),
        Off(over, NOW - 9 * DAY, NOW - 1, "An", "cũ"),
    ):
        inside.done(province.store, partial(alerting.switch_off, wanted=off, t=off.since))
    view = alerts.build(province.ctx)
    assert [r.rule.code for r in view.muted] == [two, one]
    assert view.muted[1].off is not None
    assert view.muted[1].off.reason == "bảo trì"


def test_codes_nobody_knows_any_more_stand_for_themselves(province: Province) -> None:
    number = province.alert("gone-1", "gone-rule", asset="gone-1", source="gone-source")
    found = alert.build(province.ctx, number)
    assert found is not None
    assert found.rule is None
    assert found.alert.subject_name.vi == "gone-1"
    assert found.alert.rule_name.vi == "gone-rule"
    assert found.evidence is None


def test_an_alert_in_full_has_symptoms_log_affected_figures_and_evidence(province: Province) -> None:
    rule, cams = rule_of(province), province.kind("camera")
    cause = province.alert(cams[0].code, rule, folded=1)
    symptom = province.alert(cams[1].code, rule, cause=cause)
    lines = [
        alerting.Line(NOW - 2000, cause, "opened", "engine", {}),
        alerting.Line(NOW - 1000, cause, "acknowledged", "An", {"note": "đã gọi"}),
    ]
    inside.done(province.store, lambda conn: alerting.append(conn, lines))
    full = 3600 // cams[0].rhythm_s
    province.hourly(cams[0], "fps", LOCAL_DAY, [full] * 8)
    found = alert.build(province.ctx, cause)
    assert found is not None
    assert [s.id for s in found.symptoms] == [symptom]
    assert [(e.what, e.actor) for e in found.log] == [("acknowledged", "An"), ("opened", "engine")]
    assert found.affects == tuple(
        province.profile.indicator[c].name for c in province.source(cams[0].source).feeds
    )
    assert found.evidence is not None
    assert found.evidence.kind == "presence"
    values = dict(found.evidence.points)
    assert values[NOW // HOUR * HOUR - 3 * HOUR] == 100.0
    assert values[NOW // HOUR * HOUR - HOUR] == 0.0
    assert alert.build(province.ctx, AlertId(cause + 99)) is None


def test_evidence_does_not_count_hours_before_the_first_record(province: Province) -> None:
    norms.forget()
    cam = province.kind("camera")[0]
    province.hourly(cam, "fps", LOCAL_DAY, [0] * 6 + [3600 // cam.rhythm_s] * 2)
    found = alert.build(province.ctx, province.alert(cam.code, rule_of(province)))
    assert found is not None
    assert found.evidence is not None
    assert found.evidence.points[0] == (NOW // HOUR * HOUR - 3 * HOUR, 100.0)
    rule = next(r for r in province.profile.rules if r.kind == "source_silent")
    province.source_hours("net-monitor", {3: 500, 1: 20})
    found = alert.build(province.ctx, province.alert("net-monitor", rule.code))
    assert found is not None
    assert found.evidence is not None
    assert [v for _, v in found.evidence.points] == [500.0, 0.0, 20.0, 0.0]


def test_an_outage_of_days_shows_its_hours_without_data(province: Province) -> None:
    cam = province.kind("camera")[0]
    province.hourly(cam, "fps", LOCAL_DAY - 5, [3600 // cam.rhythm_s] * 24)
    found = alert.build(province.ctx, province.alert(cam.code, rule_of(province)))
    assert found is not None
    assert found.evidence is not None
    assert [value for _, value in found.evidence.points] == [0.0] * 24


def test_a_threshold_alert_shows_the_metric_with_its_limit(province: Province) -> None:
    rule = next(r for r in province.profile.rules if r.kind == "threshold" and r.asset_kind == "recorder")
    recorder = province.kind("recorder")[0]
    province.hourly(recorder, rule.metric, LOCAL_DAY, [10] * 9, value=1.0)
    found = alert.build(province.ctx, province.alert(recorder.code, rule.code, value=1.0))
    assert found is not None
    assert found.evidence is not None
    assert (found.evidence.kind, found.evidence.threshold) == ("metric", rule.raise_at)
    assert {v for _, v in found.evidence.points} == {1.0}


def test_a_source_alert_shows_its_events_an_hour(province: Province) -> None:
    rule = next(r for r in province.profile.rules if r.kind == "source_silent")
    province.source_hours("cam-vms", {2: 500, 1: 20})
    found = alert.build(province.ctx, province.alert("cam-vms", rule.code))
    assert found is not None
    assert found.evidence is not None
    assert [v for _, v in found.evidence.points][-3:] == [500.0, 20.0, 0.0]


def test_an_alert_about_what_a_feed_sends_shows_just_that(province: Province) -> None:
    province.source_hours("cam-vms", {1: 500})
    for rule, kind in (
        ("source-lag", "late"),
        ("source-duplicates", "repeats"),
        ("source-flood", "arrivals"),
        ("source-refused", "refused"),
        ("source-late", "events"),
    ):
        found = alert.build(province.ctx, province.alert("cam-vms", rule))
        assert found is not None
        assert found.evidence is not None
        assert found.evidence.kind == kind
