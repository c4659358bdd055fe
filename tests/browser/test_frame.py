"""The frame in a real browser: its width is measured, a role outlives a reload, no page is said so."""

from __future__ import annotations

from playwright.sync_api import expect

from cockpit.ui.words import t
from tests.browser.conftest import Open
from tests.browser.test_pages import drawn


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
    expect(page.locator("h1").first).to_be_visible()


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
