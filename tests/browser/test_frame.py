"""The frame in a real browser: its width is measured, a role outlives a reload, no page is said so."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from cockpit.ui.words import t
from tests.browser.conftest import Demo, Open, new_context
from tests.browser.test_pages import drawn
from tests.waiting import until


def test_a_narrow_window_gets_the_layout_of_a_phone_whatever_the_browser_calls_itself(open_tab: Open) -> None:
    page = open_tab("coverage", viewport={"width": 390, "height": 844}, bypass_csp=True)
    drawn(page)
    page.wait_for_function(
        "document.querySelector(\"[data-testid='stDeckGlJsonChart']\")?.getBoundingClientRect().height < 300",
    )


def test_an_address_of_no_page_is_said_in_the_page_and_leads_home(open_tab: Open) -> None:
    page = open_tab("nosuch")
    drawn(page)
    expect(page.get_by_role("heading", name=t("lost.verdict", "vi"))).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_text(t("lost.home", "vi")).click()
    expect(page.get_by_role("heading", name=t("lost.verdict", "vi"))).to_have_count(0)
    expect(page.locator("#root h1").first).to_be_visible()


def test_a_role_chosen_in_a_demo_outlives_a_reload(open_tab: Open) -> None:
    page = open_tab("alerts?role=operator")
    drawn(page)
    page.reload()
    drawn(page)
    expect(page.get_by_role("button", name=t("role.operator", "vi"))).to_be_visible()


def test_the_coverage_map_comes_with_its_classes_chosen(open_tab: Open) -> None:
    page = open_tab("coverage")
    drawn(page)
    expect(page.get_by_role("radio", name=t("coverage.operator_any", "vi"), exact=True)).to_be_checked()


@pytest.mark.parametrize("name", ["", "alerts"])
def test_verdict_and_first_rows_stand_without_any_script_and_give_way_to_the_page(
    browser: Browser, open_tab: Open, demo: Demo, name: str
) -> None:
    until(lambda: demo.ask("GET", "/api/v1/alerts?state=open")["alerts"], "an open alert")
    still = new_context(browser, java_script_enabled=False)
    page = still.new_page()
    page.goto(f"{demo.address}/{name}")
    expect(page.locator("#first h1")).to_be_visible()
    expect(page.locator("#first ol li a").first).to_be_visible()
    expect(page.get_by_text(t("strip.simulated", "vi"))).to_be_visible()
    still.close()
    page = open_tab(name)
    expect(page.locator("#root h1").first).to_be_visible()
    expect(page.locator("#first")).to_have_count(0)


def test_a_row_of_the_desk_is_chosen_by_pointer_and_by_key(open_tab: Open, demo: Demo) -> None:
    until(lambda: demo.ask("GET", "/api/v1/alerts?state=open")["alerts"], "an open alert")
    page = open_tab("alerts?role=operator")
    drawn(page)
    rows = page.get_by_role("treegrid").get_by_role("row")
    first = rows.nth(1)  # under the head
    expect(first).to_have_attribute("aria-selected", "true")
    first.click()
    expect(page).to_have_url(re.compile(rf"[?&]id={first.get_attribute('data-key')}\b"))
    first.press("End")
    last = rows.last
    expect(last).to_be_focused()
    key = last.get_attribute("data-key")
    last.press("Enter")
    expect(page).to_have_url(re.compile(rf"[?&]id={key}\b"))
    expect(page.locator(f".cockpit-rows [data-key='{key}']")).to_have_attribute("aria-selected", "true")
