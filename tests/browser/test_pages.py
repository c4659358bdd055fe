"""Every page in a real browser: it draws, it speaks both languages, it fits, it is accessible."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from cockpit.ui.words import t
from tests.browser.conftest import PAGES, Demo, Open

ACCEPTED_AXE: dict[str, str] = {}
"""Violations that are known, by rule, each with its reason. A rule that is not here fails the test."""


def drawn(page: Page) -> None:
    """Wait until the page has its headline and no run is under way."""
    expect(page.locator("h1").first).to_be_visible()
    expect(page.locator("[data-test-script-state='notRunning']")).to_have_count(1)


@pytest.mark.parametrize("name", PAGES)
def test_a_direct_visit_draws_the_page_with_its_frame(open_tab: Open, name: str) -> None:
    page = open_tab(name)
    drawn(page)
    expect(page.get_by_text(t("strip.simulated", "vi"), exact=True)).to_be_visible()
    expect(page.locator("[data-testid='stException']")).to_have_count(0)
    expect(page.get_by_text(t("ui.panel_failed", "vi"))).to_have_count(0)
    expect(page.locator("[data-live='age']")).to_have_text(re.compile(r"\d"))


@pytest.mark.parametrize("name", PAGES)
def test_the_language_switch_changes_the_whole_page(open_tab: Open, name: str) -> None:
    page = open_tab(f"{name}?lang=en")
    drawn(page)
    expect(page.get_by_text(t("strip.simulated", "en"), exact=True)).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_role("radio", name="VI", exact=True).click()
    expect(page.get_by_text(t("strip.simulated", "vi"), exact=True)).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "vi")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_new(open_tab: Open, name: str, scheme: str) -> None:
    page = open_tab(name, color_scheme=scheme, bypass_csp=True)
    drawn(page)
    # What is being drawn anew fades on a slow machine: that is no colour of the page.
    page.add_style_tag(content="[data-stale] { opacity: 1 !important; transition: none !important }")
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
    new = {
        violation["id"]: [node["html"][:160] for node in violation["nodes"]][:3]
        for violation in found.response["violations"]
        if violation["id"] not in ACCEPTED_AXE
    }
    assert new == {}


@pytest.mark.parametrize("width", [390, 1920])
@pytest.mark.parametrize("name", PAGES)
def test_nothing_sticks_out_sideways(open_tab: Open, name: str, width: int) -> None:
    page = open_tab(name, viewport={"width": width, "height": 844 if width < 500 else 1080})
    drawn(page)
    wider = page.evaluate(
        "() => { const m = document.querySelector('[data-testid=stMain]') || document.documentElement;"
        " return m.scrollWidth - m.clientWidth; }"
    )
    assert wider <= 1


def test_links_between_pages_keep_the_tab_alive(open_tab: Open, demo: Demo) -> None:
    page = open_tab("")
    drawn(page)
    page.get_by_role("link", name=t("nav.cameras", "vi")).first.click()
    expect(page).to_have_url(re.compile(r"/cameras"))
    drawn(page)


def test_an_unknown_page_shows_no_traceback(open_tab: Open) -> None:
    page = open_tab("no-such-page")
    expect(page.locator("h1").first).to_be_visible()
    expect(page.locator("[data-testid='stException']")).to_have_count(0)
