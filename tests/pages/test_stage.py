"""The stage: who may touch it, what it shows, what becomes of what is pressed."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable, Iterator
from typing import Any

import altair
import pytest
from streamlit.testing.v1 import AppTest

from cockpit.demo.controls import Busy, Point
from cockpit.demo.scenarios import library
from cockpit.demo.state import KEY, DemoError, DemoRun, DemoState, Order
from cockpit.demo.wire import orders_of
from cockpit.progress import Startup
from cockpit.store import meta
from cockpit.store.queries import stage as rows
from cockpit.ui import live, stage_timeline
from cockpit.ui.words import t
from cockpit.views.stage import Seen
from cockpit.views.stage import of as view_of
from tests.pages.conftest import NOW_MS, Visit, element, text
from tests.store import inside
from tests.waiting import PATIENCE_S

SCENARIO = "fibre_ring_cut"
MINUTE = 60_000


POINTS = (
    Point(0, NOW_MS - 90 * MINUTE, 11_000_000),
    Point(3, NOW_MS - 30 * MINUTE, 12_300_000, (SCENARIO,)),
)


class Controller:
    """Carries out at once what is ordered, and remembers it; `holds` keeps it busy until it is let go."""

    points = POINTS
    origin = POINTS[-1]

    def __init__(self, cockpit: Any) -> None:
        self._cockpit = cockpit
        self.busy: Busy | None = None
        self.went_to: list[int | None] = []
        self.free = threading.Event()
        self.free.set()

    def begin(self, codes: tuple[str, ...], change: Callable[[int], None]) -> int:
        self.busy = Busy("begin", scenarios=codes)
        assert self.free.wait(PATIENCE_S)
        change(NOW_MS)
        self.busy = None
        return NOW_MS

    def reset(self, actor: str, role: str, reason: str = "", number: int | None = None) -> int:
        self.busy = Busy("reset", NOW_MS - 90 * MINUTE)
        assert self.free.wait(PATIENCE_S)
        self.busy = None
        if number not in {p.number for p in POINTS}:
            raise DemoError("no_start", "gone")
        self.went_to.append(number)
        return NOW_MS


@pytest.fixture(autouse=True)
def stage(cockpit: Any) -> Iterator[DemoRun]:
    """A stage with everything on its bill, and nothing left on it afterwards."""
    before, controller = cockpit.demo.run, cockpit.demo.controller
    made = DemoRun(cockpit.clock, cockpit.profile, library((), cockpit.profile))
    cockpit.demo.run = made
    cockpit.demo.controller = Controller(cockpit)
    live.forget()
    yield made
    cockpit.demo.run, cockpit.demo.controller = before, controller
    cockpit.clock.control(speed=1, paused=True)
    cockpit.clock.jump(NOW_MS)
    inside.remove_fact(cockpit.store, KEY)
    inside.clear(cockpit.store, inside.Rows.COMMANDS)
    live.forget()


def presenter(visit: Visit, lang: str = "vi") -> AppTest:
    return visit("simulator", lang=lang, role="presenter")


def press(app: AppTest, key: str) -> None:
    next(b for b in app.button if b.key == key).click()
    app.run()


def keys(app: AppTest) -> set[str | None]:
    return {b.key for b in app.button}


def playing(stage: DemoRun, minutes: int) -> None:
    """A scenario that began so many minutes ago."""
    stage.restore(stage.begin(DemoState(), SCENARIO, NOW_MS - minutes * MINUTE))


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("role", ["presenter", "leader"])
def test_the_stage_is_drawn_whole_for_everybody(visit: Visit, stage: DemoRun, lang: str, role: str) -> None:
    playing(stage, 30)
    app = visit("simulator", lang=lang, role=role)
    assert not app.exception
    shown = text(app)
    assert stage.library.scenarios[SCENARIO].name.get(lang) in shown.replace("\\", "")
    for broken in ("Không tải được ô này", "This panel failed"):
        assert broken not in shown


@pytest.mark.parametrize("role", ["leader", "operator", "admin"])
def test_whoever_is_no_presenter_reads_why_there_is_nothing_to_press(visit: Visit, role: str) -> None:
    app = visit("simulator", role=role)
    assert keys(app).isdisjoint({"pause", "begin", "inject", "back_0", "clear"})
    assert "chỉ vai Trình diễn" in text(app)


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_presenter_pauses_steps_and_changes_the_speed(visit: Visit, cockpit: Any, lang: str) -> None:
    cockpit.clock.control(paused=False)
    app = presenter(visit, lang)
    press(app, "pause")
    assert cockpit.clock.state().paused
    press(app, "step_60")
    assert NOW_MS + MINUTE <= cockpit.clock.state().step_ms <= NOW_MS + MINUTE + 2000
    press(app, "pause")
    assert not cockpit.clock.state().paused
    element(app, "speed").set_value(60.0).run()
    assert cockpit.clock.state().speed == 60


def test_a_fault_is_injected_listed_and_undone(visit: Visit, cockpit: Any, stage: DemoRun) -> None:
    app = presenter(visit)
    press(app, "inject")
    (fault,) = stage.faults()
    assert (fault.kind, cockpit.profile.asset[fault.asset].kind) == ("camera_silent", "camera")
    assert any("Đã gây sự cố" in toast.value for toast in app.toast)
    press(app, f"undo_{fault.id}")
    assert stage.faults() == []
    assert stage.ended() == [stage.state.faults[0]]


def test_kinds_of_feeds_strike_a_source_and_others_a_whole_unit(
    visit: Visit, cockpit: Any, stage: DemoRun
) -> None:
    app = presenter(visit)
    app.selectbox(key="fault_kind_vi").set_value("source_late").run()
    press(app, "inject")
    app.selectbox(key="fault_kind_vi").set_value("camera_loss").run()
    unit = app.selectbox(key="fault_unit_camera_loss_vi").value
    app.selectbox(key=f"fault_asset_camera_loss_{unit}_vi").set_value("").run()
    app.number_input(key="fault_hold_camera_loss").set_value(5.0).run()
    press(app, "inject")
    feed, cameras = stage.faults()
    assert feed.asset in cockpit.profile.source
    assert (cameras.asset, cameras.hold_ms) == (unit, 5 * MINUTE)


def test_a_kind_of_feeds_and_devices_strikes_a_feed_of_devices_or_one_of_them(
    visit: Visit, cockpit: Any, stage: DemoRun
) -> None:
    app = presenter(visit)
    app.selectbox(key="fault_kind_vi").set_value("stuck").run()
    feeds = app.selectbox(key="fault_source_devices_vi").options
    assert cockpit.profile.source["cam-vms"].name.vi in feeds
    assert cockpit.profile.source["mot-cua"].name.vi not in feeds
    press(app, "inject")
    unit = cockpit.profile.asset["cam-00001"].unit
    app.selectbox(key="fault_unit_stuck_vi").set_value(unit).run()
    app.selectbox(key=f"fault_asset_stuck_{unit}_vi").set_value("cam-00001").run()
    press(app, "inject")
    feed, camera = stage.faults()
    assert feed.asset in cockpit.profile.source
    assert camera.asset == "cam-00001"


def test_an_ordered_fault_that_is_over_stays_on_the_time_line(stage: DemoRun, cockpit: Any) -> None:
    order = Order("cam-00001", "camera_silent", 0, 60, 0)
    state, fault = stage.inject(DemoState(), order, NOW_MS - 10 * MINUTE)
    stage.restore(state)
    (moment,) = view_of(stage, cockpit.store, cockpit.profile, NOW_MS).moments
    assert (moment.fault, moment.phase) == (fault, "past")


def test_what_a_scenario_did_before_it_was_taken_off_stays_on_the_time_line(
    stage: DemoRun, cockpit: Any
) -> None:
    begun = NOW_MS - 60 * MINUTE
    state = stage.end(stage.begin(DemoState(), SCENARIO, begun), SCENARIO, NOW_MS - 20 * MINUTE)
    stage.restore(state)
    steps = stage.library.scenarios[SCENARIO].steps
    struck = [s for s in steps if s.at_ms < 40 * MINUTE]
    assert 0 < len(struck) < len(steps)
    moments = view_of(stage, cockpit.store, cockpit.profile, NOW_MS).moments
    assert [(m.label, m.phase) for m in moments] == [(s.label, "past") for s in struck]
    assert all(m.end_ms <= NOW_MS - 20 * MINUTE for m in moments)


def test_a_scenario_is_taken_off_and_the_stage_cleared(visit: Visit, cockpit: Any, stage: DemoRun) -> None:
    state = stage.begin(stage.begin(DemoState(), SCENARIO, NOW_MS - MINUTE), "lying_feed", NOW_MS)
    inside.done(cockpit.store, lambda conn: meta.put(conn, KEY, state.dump()))
    stage.restore(state)
    app = presenter(visit)
    press(app, f"end_{SCENARIO}")
    assert [c.code for c in stage.playing()] == ["lying_feed"]
    press(app, "clear")
    assert stage.playing() == []
    with cockpit.store.read() as conn:
        assert [d.name for d in rows.done(conn, ["stage_end", "stage_clear"])] == ["stage_end", "stage_clear"]


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_note_of_the_moment_is_prominent_and_the_next_one_announced(
    visit: Visit, stage: DemoRun, lang: str
) -> None:
    notes = stage.library.scenarios[SCENARIO].notes
    playing(stage, notes[1].at_ms // MINUTE)
    shown = text(presenter(visit, lang)).replace("\\", "")
    headings = [line for line in shown.split("\n") if line.startswith("### ")]
    assert any(notes[1].text.get(lang)[:30] in line for line in headings)
    assert notes[2].text.get(lang)[:30] in shown


def test_the_time_line_has_a_sentence_and_a_table(visit: Visit, stage: DemoRun) -> None:
    playing(stage, 120)
    app = presenter(visit)
    (chart,) = app.get("vega_lite_chart")
    steps = stage.library.scenarios[SCENARIO].steps
    assert t("stage.timeline", "vi") in text(app)
    assert chart is not None
    tables = [frame.value for frame in app.dataframe if "what" in frame.value]
    assert [len(table) for table in tables] == [len(steps)]


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_time_line_is_a_chart_that_vega_lite_knows(lang: str) -> None:
    spec = stage_timeline.bars(lang, 7, 260)
    now = stage_timeline.now_rule(NOW_MS, NOW_MS - MINUTE, NOW_MS + MINUTE)
    altair.LayerChart.from_dict({**spec, "layer": [*spec["layer"], *now], "data": {"values": []}})


def test_every_line_of_the_time_line_links_to_where_it_is_seen(
    visit: Visit, cockpit: Any, stage: DemoRun
) -> None:
    state = DemoState()
    wanted = [
        ("ha_long_power", "alerts", {"q": "P. Hạ Long"}),
        ("quang_hanh_cameras", "cameras", {"unit": "06778"}),
        ("one_stop_late", "sources", {"id": "mot-cua"}),
    ]
    for code, _, _ in wanted:
        state, _ = stage.inject(state, stage.library.presets[code].order, NOW_MS - MINUTE)
    for order in (Order("site-0181", "antenna_tilt", 0, 600, 0), Order("06985", "new_site", 0, 600, 0)):
        state, _ = stage.inject(state, order, NOW_MS - MINUTE)
    stage.restore(state)
    moments = view_of(stage, cockpit.store, cockpit.profile, NOW_MS).moments
    found = {
        (m.fault.preset if m.fault else "", *stage_timeline.place(m.seen)[:1]): stage_timeline.place(m.seen)[
            1
        ]
        for m in moments
    }
    assert found == {(code, page): params for code, page, params in wanted} | {
        ("", "alerts"): {"q": "P. Móng Cái 1"},
        ("", "gaps"): {"unit": "06985"},
    }
    rules = tuple(rule for rule in cockpit.profile.rules if "antenna_tilt" not in rule.detects)
    blind = dataclasses.replace(cockpit.profile, rules=rules)
    moments = view_of(stage, cockpit.store, blind, NOW_MS).moments
    assert Seen("coverage", "06712") in [m.seen for m in moments], "what no rule finds is on the map"
    links = [link.proto for link in visit("simulator", role="leader").get("page_link")]
    for page in ("cameras", "sources", "gaps"):
        assert [link.label for link in links].count(t(f"stage.see_{page}", "vi")) == 1


def test_the_words_of_engineers_are_told_in_plain_words_and_on_the_stage_alone(
    visit: Visit, cockpit: Any
) -> None:
    cockpit.clock.control(speed=60, paused=False)
    shown = text(presenter(visit))
    for plain in ("nhanh gấp 60 (thực tế", "Mã lần chạy", "Số liệu về sau đồng hồ"):
        assert plain in shown
    for page in ("home", "alerts", "cameras", "coverage", "indicators", "sources"):
        told = text(visit(page)).lower()
        for word in ("mã lần chạy", "hạt giống", "thực tế", "đạt được", "watermark"):
            assert word not in told, page


def test_what_can_be_pressed_is_there_before_and_after_a_pause(visit: Visit, cockpit: Any) -> None:
    cockpit.clock.control(paused=False)
    app = presenter(visit)
    before = [b.key for b in app.button]
    press(app, "pause")
    assert [b.key for b in app.button] == before


@pytest.mark.parametrize(
    ("state", "title", "told"),
    [
        (Startup("jump", 1234, what="jump"), "startup.title_jump", "1.234"),
        (Startup("reset", 3_000_000, 12_000_000, "reset"), "startup.title_reset", "3 trong 12 MB"),
        (Startup("engine", what="reset"), "startup.title_reset", t("startup.engine", "vi")),
    ],
)
def test_while_the_stage_is_set_viewers_see_how_far_it_is(
    visit: Visit, cockpit: Any, state: Startup, title: str, told: str
) -> None:
    app = visit("simulator")
    startup = cockpit.startup
    cockpit.startup = state
    cockpit.ready.clear()
    try:
        app.run()
        assert not app.exception
        assert t(title, "vi") in text(app)
        (bar,) = app.get("progress")
        assert told in bar.proto.text.replace("\N{NO-BREAK SPACE}", " ")
        assert bar.proto.value == round(100 * state.share)
    finally:
        cockpit.startup = startup
        cockpit.ready.set()


def test_a_way_back_goes_forward_through_its_phases() -> None:
    shares = [
        Startup(phase, done, 10, "reset").share
        for phase, done in (("reset", 0), ("reset", 5), ("reset", 10), ("engine", 0), ("simulator", 0))
    ]
    assert shares == sorted(shares)
    assert (shares[0], shares[1] > 0, shares[-1] < 1) == (0.0, True, True)


def test_the_strip_names_what_plays(visit: Visit, cockpit: Any, stage: DemoRun) -> None:
    name = stage.library.scenarios[SCENARIO].name.vi
    page = visit("home")
    assert all(link.proto.label != name for link in page.get("page_link"))
    playing(stage, 1)
    page.run()
    assert any(link.proto.label == name for link in page.get("page_link"))


def test_what_is_on_the_stage_goes_out_as_cues(stage: DemoRun) -> None:
    playing(stage, 5)
    assert [c["code"] for c in orders_of(stage)["scenarios"]] == [SCENARIO]
