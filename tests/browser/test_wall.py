"""The wall in a real browser: it turns, fits, stops by a key, and says loudly when it is cut off."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from cockpit.ui.wall import SCREENS
from cockpit.ui.words import t
from tests.browser.conftest import Open


@pytest.mark.parametrize("size", [(1920, 1080), (3840, 2160)])
def test_every_screen_fits_a_wall_without_scrolling(open_tab: Open, size: tuple[int, int]) -> None:
    page = open_tab("wall?seconds=600", viewport={"width": size[0], "height": size[1]}, bypass_csp=True)
    for name in SCREENS:
        expect(page.locator("#screen")).to_have_attribute("data-name", name)
        expect(page.locator("#screen h1")).to_have_count(1)
        page.wait_for_function(
            "() => [...document.querySelectorAll('html, body, main, main > div, ol.rows')]"
            ".every(e => e.scrollHeight <= e.clientHeight + 1 && e.scrollWidth <= e.clientWidth + 1)"
        )
        letters = page.evaluate(
            "() => Math.min(...[...document.querySelectorAll('#screen li b, #screen small, #screen h1')]"
            ".map(e => parseFloat(getComputedStyle(e).fontSize)))"
        )
        assert letters >= size[0] / 1920 * 23, "the smallest letters"
        page.keyboard.press("ArrowRight")


def test_it_turns_by_itself_stops_by_a_key_and_tells_that_it_is_cut_off(open_tab: Open) -> None:
    page = open_tab("wall?screens=alerts,map&seconds=5")
    screen, alarm = page.locator("#screen"), page.locator("#alarm")
    expect(screen).to_have_attribute("data-name", "alerts")
    expect(screen).to_have_attribute("data-name", "map")
    page.keyboard.press("Space")
    expect(page.locator("#marks")).to_contain_text(t("live_wall.paused", "vi"))
    expect(page.locator("#age")).not_to_be_empty()
    expect(alarm).to_be_hidden()
    page.route("**/wall/part*", lambda route: route.fulfill(status=204))
    expect(alarm).to_contain_text(t("live_wall.lost", "vi").partition("{")[0])
    page.unroute("**/wall/part*")
    expect(alarm).to_be_hidden()
    expect(screen).to_have_attribute("data-name", "map")
    page.keyboard.press("p")
    expect(screen).to_have_attribute("data-name", "alerts")


def test_a_server_that_has_started_anew_is_loaded_anew(open_tab: Open) -> None:
    page = open_tab("wall?screens=map")
    expect(page.locator("#screen h1")).to_have_count(1)
    page.evaluate("() => { window.before = true }")
    page.route("**/wall/part*", lambda route: route.fulfill(json={"run": "another", "alarm": ""}), times=1)
    page.wait_for_function("() => window.before === undefined")
    expect(page.locator("#screen h1")).to_have_count(1)
