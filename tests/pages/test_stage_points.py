"""The stage: one story after another, points to go back to, faults that lie ready."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from cockpit.demo.state import KEY, DemoRun, DemoState
from cockpit.store import meta
from cockpit.ui.words import t
from tests.pages import test_stage
from tests.pages.conftest import NOW_MS, Visit, element, text
from tests.pages.test_stage import (
    MINUTE,
    SCENARIO,
    keys,
    presenter,
    press,
    stage,
)
from tests.store import inside
from tests.waiting import until

__all__ = ["stage"]


def kept(cockpit: Any, stage: DemoRun, state: DemoState) -> None:
    """The stage as it is in the store, too."""
    inside.done(cockpit.store, lambda conn: meta.put(conn, KEY, state.dump()))
    stage.restore(state)


def playing_now(cockpit: Any, stage: DemoRun) -> None:
    kept(cockpit, stage, stage.begin(DemoState(), SCENARIO, NOW_MS - 30 * MINUTE))


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize(("answer", "left"), [("replace", []), ("add", [SCENARIO])])
def test_a_second_story_asks_whether_it_replaces_the_first_or_is_added_and_names_both(
    visit: Visit, cockpit: Any, stage: DemoRun, answer: str, left: list[str], lang: str
) -> None:
    playing_now(cockpit, stage)
    app = presenter(visit, lang)
    app.selectbox(key=f"scenario_{lang}").set_value("lying_feed").run()
    assert "begin" not in keys(app)
    names = [stage.library.scenarios[code].name.get(lang) for code in (SCENARIO, "lying_feed")]
    for shown in (text(app), *(b.label for b in app.button if b.key in ("begin_replace", "begin_add"))):
        assert all(name in shown for name in names)
    press(app, f"begin_{answer}")
    until(lambda: any(c.code == "lying_feed" for c in stage.playing()), "the second story")
    assert [c.code for c in stage.playing()] == [*left, "lying_feed"]
    app.run()
    assert all((name in text(app)) for name in names)  # in the log, whatever became of the first


def test_the_first_story_begins_without_a_question(visit: Visit, cockpit: Any, stage: DemoRun) -> None:
    kept(cockpit, stage, DemoState())
    app = presenter(visit)
    app.selectbox(key="scenario_vi").set_value("lying_feed").run()
    press(app, "begin")
    until(lambda: [c.code for c in stage.playing()] == ["lying_feed"], "the story")


def test_a_presenter_sees_where_one_can_go_back_to_what_is_lost_and_what_the_disk_holds(
    visit: Visit, stage: DemoRun
) -> None:
    app = presenter(visit)
    shown = text(app)
    assert "23,3" in shown
    assert "sẽ mất" in shown
    labels = {b.key: b.label for b in app.button}
    assert "Đầu buổi trình diễn" in labels["back_0"]
    assert "07:30" in labels["back_0"]
    assert stage.library.scenarios[SCENARIO].name.vi in labels["back_3"]


def test_a_point_is_gone_back_to_by_one_press(visit: Visit, cockpit: Any) -> None:
    press(presenter(visit), "back_0")
    until(lambda: cockpit.demo.controller.went_to == [0], "the way back")


@pytest.mark.parametrize(("key", "word"), [("back_3", "stage.doing_reset"), ("begin", "stage.doing_begin")])
def test_the_page_says_at_once_what_it_is_doing(visit: Visit, cockpit: Any, key: str, word: str) -> None:
    controller = cockpit.demo.controller
    app = presenter(visit)
    controller.free.clear()
    press(app, key)
    assert t(word, "vi").split("**")[0] in text(app)
    controller.free.set()
    until(lambda: controller.busy is None, "the end of it")
    app.run()
    assert t(word, "vi").split("**")[0] not in text(app)


def test_what_is_refused_behind_the_page_is_told_when_it_is_known(
    visit: Visit, cockpit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = presenter(visit)
    cockpit.demo.controller.free.clear()
    press(app, "back_3")
    assert not app.toast
    monkeypatch.setattr(test_stage, "POINTS", ())  # what was asked for goes meanwhile
    cockpit.demo.controller.free.set()

    def told() -> list[str]:
        app.run()
        return [toast.value for toast in app.toast]

    assert until(told, "the refusal") == [t("stage.error_no_start", "vi")]


def test_a_ready_fault_happens_by_one_press_is_named_and_not_caused_twice(
    visit: Visit, cockpit: Any, stage: DemoRun
) -> None:
    app = presenter(visit)
    press(app, "preset_ha_long_power")
    (fault,) = stage.faults()
    assert (fault.kind, fault.asset, fault.preset) == ("feeder_out", "feeder-06688", "ha_long_power")
    name = stage.library.presets["ha_long_power"].name.vi
    assert f"Gây sự cố **{name}**" in text(app)
    assert element(app, "preset_ha_long_power").disabled
    press(app, f"undo_{fault.id}")
    assert not element(app, "preset_ha_long_power").disabled


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_leaders_see_ready_faults_greyed_with_the_reason(visit: Visit, stage: DemoRun, lang: str) -> None:
    app = visit("simulator", lang=lang, role="leader")
    ready = [b for b in app.button if str(b.key).startswith("preset_")]
    assert [b.label.replace("\\", "") for b in ready] == [
        p.name.get(lang) for p in stage.library.presets.values()
    ]
    assert all(b.disabled and t("stage.only_presenter", lang) in b.help for b in ready)
    assert t("stage.only_presenter", lang) in text(app)


def test_a_province_without_ready_faults_shows_none(visit: Visit, stage: DemoRun) -> None:
    stage.library = replace(stage.library, presets={})
    app = presenter(visit)
    assert not [b for b in app.button if str(b.key).startswith("preset_")]
    assert t("stage.presets", "vi") not in text(app)
