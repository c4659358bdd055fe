"""A presenter at the stage: play, cause a fault, see the alert, take it back, see it end."""

from __future__ import annotations

from urllib.error import HTTPError

from playwright.sync_api import Page, expect

from cockpit.ui.words import t
from tests.browser.conftest import SPEED, Demo, Open
from tests.browser.test_live import alerts_of
from tests.waiting import until

CAMERA = "cam-00001"  # the first that the form offers


def test_a_presenter_plays_injects_and_undoes(open_tab: Open, demo: Demo) -> None:
    demo.ask("DELETE", "/api/v1/stage")  # other tests leave faults behind, each with a way back of its own
    until(lambda: demo.ask("GET", f"/api/v1/latest?asset={CAMERA}")["latest"], "a first value")
    page = open_tab("simulator?role=presenter")
    clock = page.locator(".st-key-clock")
    expect(clock).to_be_visible()
    press(page, t("simulator.pause", "vi"))
    stands(demo, True)
    press(page, t("simulator.resume", "vi"))
    stands(demo, False)

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


def test_a_press_is_not_lost_to_a_change_of_the_whole_page_right_after_it(open_tab: Open, demo: Demo) -> None:
    page = open_tab("simulator?role=presenter")
    expect(page.locator(".st-key-clock")).to_be_visible()
    for language, word in (("en", "simulator.pause"), ("vi", "simulator.resume")):
        before = "vi" if language == "en" else "en"
        expect(page.get_by_role("button", name=t(word, before), exact=True)).to_be_visible()
        # Both within one turn of the browser: no run of the page can lie between them.
        page.evaluate(
            "language => { document.querySelector('.st-key-pause button').click();"
            " [...document.querySelectorAll('.st-key-lang [role=radio]')]"
            ".find(e => e.innerText.trim() === language).click() }",
            language.upper(),
        )
        stands(demo, word.endswith("pause"))
        expect(page.get_by_text(t("strip.simulated", language), exact=True)).to_be_visible()


def test_a_press_that_meets_the_timer_of_the_page_counts_once(open_tab: Open, demo: Demo) -> None:
    page = open_tab("")
    page.add_init_script(
        "const every = window.setInterval; window.timers = [];"
        " window.setInterval = (run, ms, ...more) => { if (ms === 2000) window.timers.push(run);"
        " return every(run, ms, ...more) }"
    )
    page.goto(f"{demo.address}/simulator?role=presenter")
    expect(page.locator(".st-key-pause button")).to_be_visible()
    page.wait_for_function("() => window.timers.length > 0")
    for word in ("simulator.pause", "simulator.resume"):
        expect(page.get_by_role("button", name=t(word, "vi"), exact=True)).to_be_visible()
        page.evaluate(
            "() => { document.querySelector('.st-key-pause button').click();"
            " window.timers.forEach(run => run()) }"
        )
        paused = word.endswith("pause")
        stands(demo, paused)
        other = "simulator.resume" if paused else "simulator.pause"
        expect(page.get_by_role("button", name=t(other, "vi"), exact=True)).to_be_visible()
    assert demo.ask("GET", "/api/v1/clock")["paused"] is False


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
    expect(page.locator("[data-live='speed']")).to_have_text(t("live.speed", "vi", speed=SPEED))
    expect(name).to_have_count(0)
    demo.ask("POST", "/api/v1/scenarios", {"scenario": "two_faults"})
    expect(name).to_be_visible()
    demo.ask("DELETE", "/api/v1/scenarios/two_faults")
    expect(name).to_have_count(0)


def epoch_of(demo: Demo) -> object:
    """Which run of its domain time this is; None on the way from one to the next."""
    try:
        return demo.ask("GET", "/api/v1/clock")["epoch"]
    except HTTPError as error:
        if error.code != 503:
            raise
        return None


def test_a_presenter_replaces_a_story_and_goes_back_to_where_it_began(open_tab: Open, demo: Demo) -> None:
    demo.ask("POST", "/api/v1/scenarios", {"scenario": "two_faults"})
    page = open_tab("simulator?role=presenter&lang=en")
    page.locator(".st-key-begin_ask-two_faults button").click()
    asked = page.locator(".st-key-begin_replace button")
    expect(asked).to_contain_text(story(demo, "two_faults"))
    asked.click()
    sign = page.locator(".st-key-sign")
    expect(sign).to_contain_text(story(demo, "two_faults"))  # what begins takes its place

    def playing() -> str:
        found = demo.ask("GET", "/api/v1/clock")["scenarios"]
        assert isinstance(found, list)
        return " ".join(one["code"] for one in found)

    until(lambda: playing() not in ("", "two_faults"), "the other story alone")
    begun = playing()
    until(lambda: points(demo)[-1]["scenarios"] == [begun], "its point")
    demo.ask("DELETE", "/api/v1/stage")
    page.locator("[class*='st-key-back-'] button").first.click()
    back = page.locator(f".st-key-back_{points(demo)[-1]['point']} button")
    expect(back).to_contain_text(story(demo, begun))
    epoch = demo.ask("GET", "/api/v1/clock")["epoch"]
    back.click()
    until(lambda: ready(demo) and epoch_of(demo) not in (None, epoch), "the way back")
    assert playing() == begun
    expect(sign).to_contain_text(t("stage.did_clock_reset", "en"))
    expect(page.locator("h1")).to_contain_text(story(demo, begun))
    expect(back).to_have_count(0)  # the list is shut: a second press would go back once more
    demo.ask("DELETE", "/api/v1/stage")


def test_viewers_of_a_reset_see_how_far_it_is_and_then_the_page_again(open_tab: Open, demo: Demo) -> None:
    page = open_tab("")
    tiles = page.locator(".st-key-tiles")
    expect(tiles).to_be_visible()
    until(lambda: demo.ask("GET", "/api/v1/clock")["start"], "a copy to go back to")
    first = str(demo.ask("GET", "/api/v1/clock")["domain"])
    until(lambda: str(demo.ask("GET", "/api/v1/clock")["domain"]) > first, "play beyond the copy")
    before = demo.ask("GET", "/api/v1/clock")
    after = demo.ask("POST", "/api/v1/clock", {"reset": True})
    assert str(after["domain"]) < str(before["domain"])
    until(lambda: demo.ask("GET", "/api/v1/clock")["domain"] != after["domain"], "play that goes on")
    expect(tiles).to_be_visible()
    for word in ("ui.panel_failed", "startup.failed"):
        expect(page.get_by_text(t(word, "vi"))).to_have_count(0)


def stands(demo: Demo, wanted: bool) -> None:
    """Wait until the clock of the demo stands, or goes."""
    until(lambda: demo.ask("GET", "/api/v1/clock")["paused"] is wanted, "a press", lambda: orders(demo))


def points(demo: Demo) -> list[dict[str, object]]:
    """Where one can go back to."""
    found = demo.ask("GET", "/api/v1/stage/points")["points"]
    assert isinstance(found, list)
    return found


def story(demo: Demo, code: str) -> str:
    """A story's name in English."""
    found = demo.ask("GET", "/api/v1/scenarios")["scenarios"]
    assert isinstance(found, list)
    return next(str(one["name"]["en"]) for one in found if one["code"] == code)


def ready(demo: Demo) -> bool:
    """Whether the stage is not being set."""
    return demo.cockpit.get("/readyz")[0] == 200


def orders(demo: Demo) -> str:
    """The clock, and which commands have reached it."""
    return f"{demo.ask('GET', '/api/v1/clock')} {demo.ask('GET', '/api/v1/audit?limit=5')}"


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()
