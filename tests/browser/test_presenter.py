"""A presenter at the stage: play, cause a fault, see the alert, take it back, see it end."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from cockpit.ui.words import t
from tests.browser.conftest import SPEED, Demo, Open
from tests.browser.test_live import alerts_of
from tests.waiting import until

CAMERA = "cam-00001"  # the first that the form offers


def test_a_presenter_plays_injects_and_undoes(open_tab: Open, demo: Demo) -> None:
    until(lambda: demo.ask("GET", f"/api/v1/latest?asset={CAMERA}")["latest"], "a first value")
    page = open_tab("simulator?role=presenter")
    clock = page.locator(".st-key-clock")
    expect(clock).to_be_visible()
    press(page, t("simulator.pause", "vi"))
    until(lambda: demo.ask("GET", "/api/v1/clock")["paused"], "a pause")
    press(page, t("simulator.resume", "vi"))
    until(lambda: not demo.ask("GET", "/api/v1/clock")["paused"], "play")
    # The steps of a paused clock go, and all below moves up: a click at that moment would miss.
    expect(page.get_by_role("button", name=t("simulator.step_60", "vi"), exact=True)).to_have_count(0)

    faults = page.locator(".st-key-faults")
    hold = page.get_by_label(t("stage.hold", "vi"))
    hold.fill("600")  # minutes, of which twenty pass in one: it lasts until it is taken back
    hold.press("Enter")
    press(page, t("simulator.inject", "vi"))
    until(lambda: demo.ask("GET", "/api/v1/clock")["faults"], "the fault")
    expect(faults).to_contain_text(t("simulator.undo", "vi"))
    until(
        lambda: alerts_of(demo, CAMERA),
        "an alert for the camera",
        lambda: str(demo.ask("GET", "/api/v1/clock")),
    )
    expect(page.locator(".st-key-timeline_card")).to_contain_text(t("stage.place_now", "vi"))

    press(page, t("simulator.undo", "vi"))
    until(lambda: not alerts_of(demo, CAMERA), "the end of the alert")
    assert demo.ask("GET", "/api/v1/clock")["faults"] == []
    expect(page.locator(".st-key-log")).to_contain_text(t("fault.camera_silent", "vi"))


def test_a_leader_sees_the_stage_and_touches_nothing(open_tab: Open) -> None:
    page = open_tab("simulator")
    expect(page.locator(".st-key-clock")).to_contain_text("chỉ vai Trình diễn")
    for word in ("simulator.pause", "simulator.inject", "stage.begin"):
        expect(page.get_by_role("button", name=t(word, "vi"), exact=True)).to_have_count(0)


def test_whoever_looks_sees_that_a_story_begins_and_ends_and_how_fast_it_runs(
    open_tab: Open, demo: Demo
) -> None:
    page = open_tab("alerts")
    name = page.get_by_role("link", name="Hai sự cố cùng lúc", exact=True)
    expect(page.locator("[data-live='speed']")).to_contain_text(f"×{SPEED}, đạt ×")
    expect(name).to_have_count(0)
    demo.ask("POST", "/api/v1/scenarios", {"scenario": "two_faults"})
    expect(name).to_be_visible()
    demo.ask("DELETE", "/api/v1/scenarios/two_faults")
    expect(name).to_have_count(0)


def test_viewers_of_a_reset_see_how_far_it_is_and_then_the_page_again(open_tab: Open, demo: Demo) -> None:
    page = open_tab("")
    tiles = page.locator(".st-key-tiles")
    expect(tiles).to_be_visible()
    until(lambda: demo.ask("GET", "/api/v1/clock")["start"], "a copy to go back to")
    before = demo.ask("GET", "/api/v1/clock")
    after = demo.ask("POST", "/api/v1/clock", {"reset": True})
    assert str(after["domain"]) < str(before["domain"])
    until(lambda: demo.ask("GET", "/api/v1/clock")["domain"] != after["domain"], "play that goes on")
    expect(tiles).to_be_visible()
    for word in ("ui.panel_failed", "startup.failed"):
        expect(page.get_by_text(t(word, "vi"))).to_have_count(0)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()
