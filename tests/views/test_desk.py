"""The lines of home and of the alert desk: a storm under one, many of a kind under one, none lost."""

from __future__ import annotations

from typing import Any

from cockpit.domain.alerting.together import LEAST, NEAR_MS, neighbours
from cockpit.domain.catalog import Asset
from cockpit.domain.numbers import AlertId
from cockpit.views import alerts, desk, home
from cockpit.views.desk import Line
from tests.store import inside
from tests.views.province import HOUR, NOW, Province

OUT, SILENT = "feeder-out", "camera-silent"
MINUTE = 60_000


def feeders(province: Province, n: int) -> list[Asset]:
    """Feeders whose units lie near the first one's."""
    near = neighbours(province.profile.units)
    every = province.kind("feeder")
    return [f for f in every if f.unit in near[every[0].unit]][:n]


def out(province: Province, feeder: Asset, minutes: int, **changes: Any) -> AlertId:
    since = NOW - 3 * HOUR + minutes * MINUTE
    wanted = {"first_seen": since, "opened": since + MINUTE, "due": since + HOUR, "priority": "critical"}
    return province.alert(feeder.code, OUT, **{**wanted, **changes})


def silent(province: Province, n: int, **changes: Any) -> list[AlertId]:
    return [
        province.alert(c.code, SILENT, priority="medium", owner="A", owner_en="A", **changes)
        for c in province.kind("camera")[:n]
    ]


def keys(lines: tuple[Line, ...]) -> list[str]:
    return [line.key for line in lines]


def test_power_cuts_near_in_time_and_place_stand_under_one_line(province: Province) -> None:
    cuts = [out(province, f, 20 * n, folded=10) for n, f in enumerate(feeders(province, 5))]
    alone = out(province, province.kind("feeder")[-1], -30 * 60)
    view = alerts.build(province.ctx)
    far, wave = view.desk.waiting_lines
    assert (far.row.id, far.group) == (alone, None)
    assert wave.group is not None
    assert [row.id for row in wave.group.members] == cuts
    assert (wave.group.wave, wave.group.n, wave.group.units) == (True, 5, 5)
    assert (wave.group.problems, wave.group.waiting) == (55, 5)
    first = view.desk.waiting[1]
    assert (wave.group.since, wave.group.opened, wave.group.due) == (first.since, first.opened, first.due)
    assert wave.group.kind == province.profile.kind["feeder"].name
    assert view.n_waiting == 6


def test_a_storm_stays_one_line_of_the_same_name_while_it_ends_in_the_middle(province: Province) -> None:
    places = feeders(province, 7)
    gap = NEAR_MS // MINUTE
    early = [out(province, f, n) for n, f in enumerate(places[:3])]
    middle = out(province, places[3], gap - 5)
    late = [out(province, f, 2 * gap - 15 + n) for n, f in enumerate(places[4:])]
    (before,) = alerts.build(province.ctx).desk.waiting_lines
    for number in (early[0], middle):
        inside.change_alert(province.store, number, closed=NOW - MINUTE, close_reason="cleared")
    (after,) = alerts.build(province.ctx).desk.waiting_lines
    assert after.key == before.key
    assert after.group is not None
    assert ({r.id for r in after.group.members}, after.group.over) == ({*early[1:], *late}, 2)


def test_rows_of_one_rule_and_owner_fold_and_open_causes_without_company_do_not(province: Province) -> None:
    folded = silent(province, LEAST)
    other = province.alert(
        province.kind("camera")[9].code, SILENT, priority="medium", owner="B", owner_en="B"
    )
    view = alerts.build(province.ctx)
    lines = {line.row.id: line.group for line in view.desk.waiting_lines}
    group = lines[folded[0]]
    assert group is not None
    assert (group.wave, [row.id for row in group.members]) == (False, folded)
    assert lines[other] is None
    assert len(lines) == 2


def test_the_lines_hold_every_alert_once_and_counts_add_up(province: Province) -> None:
    cuts = [out(province, f, 10 * n) for n, f in enumerate(feeders(province, 5))]
    silent(province, 7)
    for number in cuts[:2]:
        inside.change_alert(province.store, number, ack_by="An", ack_at=NOW)
    view = alerts.build(province.ctx)
    for lines, rows in (
        (view.desk.waiting_lines, view.waiting),
        (view.desk.working_lines, view.working),
        (view.desk.home, (*view.waiting, *view.working)),
    ):
        shown = [r.id for line in lines for r in (line.group.members if line.group else (line.row,))]
        assert sorted(shown) == sorted(r.id for r in rows)
    assert (view.n_waiting, view.n_working) == (10, 2)
    (wave,) = [line.group for line in view.desk.home if line.row.rule == OUT]
    assert wave is not None
    assert (wave.n, wave.waiting) == (5, 3)  # home tells of the whole wave, whoever has taken up what


def test_lines_are_sorted_by_urgency(province: Province) -> None:
    cameras = province.kind("camera")
    late = province.alert(cameras[0].code, "recorder-silent", priority="high", due=NOW - HOUR)
    soon = province.alert(cameras[1].code, "link-down", priority="high", due=NOW + MINUTE)
    low = province.alert(cameras[2].code, "camera-loss", priority="low", due=NOW - 2 * HOUR)
    worst = province.alert(cameras[3].code, "camera-fps-low", priority="critical", due=NOW + 9 * HOUR)
    view = alerts.build(province.ctx)
    assert [line.row.id for line in view.desk.waiting_lines] == [worst, late, soon, low]


def test_home_shows_a_storm_as_one_line_and_room_for_others(province: Province) -> None:
    cuts = [out(province, f, 10 * n, folded=3) for n, f in enumerate(feeders(province, 6))]
    silent(province, 50)
    view = home.build(province.ctx)
    wave, fold = view.needs
    assert wave.group is not None
    assert (wave.alert.id, wave.group.n, wave.group.problems) == (cuts[0], 6, 24)
    assert fold.group is not None
    assert (fold.group.n, len(fold.group.members)) == (50, home.NAMED)
    assert (view.open, view.waiting) == (56, 56)
    assert view.worst == wave


def test_the_lines_are_made_once_until_an_alert_changes(province: Province) -> None:
    numbers = silent(province, 4)

    def now() -> desk.Desk:
        with province.store.read() as conn:
            return desk.desk(province.ctx, conn)

    before = now()
    inside.change_alert(province.store, numbers[0], value=3.5, peak=4.0)
    assert now() is before
    changes: list[dict[str, Any]] = [
        {"folded": 2},
        {"due": NOW},
        {"ack_at": NOW, "ack_by": "An", "version": 2},
        {"muted": "rule_off"},
        {"muted": ""},
        {"closed": NOW},
    ]
    for change in changes:
        inside.change_alert(province.store, numbers[1], **change)
        assert now() is not before, change
        before = now()
    kept = {r.id: r for r in before.waiting}
    inside.change_alert(province.store, numbers[2], folded=1)
    after = {r.id: r for r in now().waiting}
    assert after[numbers[3]] is kept[numbers[3]]
    assert after[numbers[2]].folded == 1


def test_rules_that_are_off_hide_their_alerts_from_the_lines(province: Province) -> None:
    numbers = silent(province, 3)
    for number in numbers:
        inside.change_alert(province.store, number, muted="rule_off")
    assert keys(alerts.build(province.ctx).desk.waiting_lines) == []
