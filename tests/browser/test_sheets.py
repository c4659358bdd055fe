"""Parts of a page that are one piece of HTML."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from cockpit.ui.words import t
from tests.browser.conftest import Demo, Open
from tests.browser.test_pages import drawn
from tests.waiting import until

NEEDS = ".st-key-needs .cockpit-sheet"


def home(open_tab: Open, demo: Demo, path: str = "", **options: object) -> tuple[Page, Locator]:
    """Home with at least one line, and its lines."""
    until(lambda: demo.ask("GET", "/api/v1/alerts?state=open")["alerts"], "an open alert")
    page = open_tab(path, **options)
    drawn(page)
    lines = page.locator(f"{NEEDS} .rows > li")
    expect(lines.first).to_be_visible()
    return page, lines


def test_a_link_leads_to_its_page_and_back_without_loading_the_app_anew(open_tab: Open, demo: Demo) -> None:
    page, lines = home(open_tab, demo, "?lang=en&role=operator")
    loaded: list[str] = []
    page.on("request", lambda r: loaded.append(r.url) if r.resource_type == "document" else None)
    link = lines.first.locator("> a")
    key = re.search(r"id=([\w.-]+)", link.get_attribute("href") or "")
    assert key is not None
    link.focus()
    page.keyboard.press("Enter")
    chosen = page.locator(f".cockpit-rows .row[data-key='{key[1]}']")
    expect(chosen).to_have_attribute("aria-selected", "true")
    expect(page).to_have_url(re.compile(rf"/alerts\?.*id={re.escape(key[1])}"))
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("button", name=t("role.operator", "en"))).to_be_visible()
    page.go_back()
    expect(lines.first).to_be_visible()
    page.locator(".st-key-tiles .tiles a").first.click()
    expect(page).to_have_url(re.compile(r"/indicators\?.*id=\w+"))
    expect(page.locator("[data-testid='stMain'] h1")).to_be_visible()
    assert loaded == []


def test_a_refresh_touches_nothing_but_what_is_different(open_tab: Open, demo: Demo) -> None:
    page, lines = home(open_tab, demo)
    link = lines.first.locator("> a")
    link.focus()
    page.evaluate("() => { window.kept = document.activeElement }")
    tiles = page.locator(".st-key-tiles")
    before = tiles.inner_text()
    page.wait_for_function(
        "([text]) => document.querySelector('.st-key-tiles').innerText !== text", arg=[before]
    )
    assert page.evaluate("() => document.activeElement === window.kept && window.kept.isConnected")


def test_what_is_folded_opens_and_stays_so(open_tab: Open, demo: Demo) -> None:
    until(lambda: demo.ask("GET", "/api/v1/alerts?state=open")["alerts"], "an open alert")
    page = open_tab("alerts")
    drawn(page)
    log = page.locator(".st-key-alert-detail details").last
    log.locator("summary").click()
    expect(log.locator("table")).to_be_visible()
    age = page.locator("[data-live='clock']")
    before = age.inner_text()
    expect(age).not_to_have_text(before)
    expect(log.locator("table")).to_be_visible()
    asked = page.evaluate("() => performance.getEntriesByType('resource').map(entry => entry.name)")
    assert not [url for url in asked if re.search(r"/(embed|ArrowVegaLiteChart)\.", url)], "charts"


def test_on_a_phone_no_link_is_cut(open_tab: Open, demo: Demo) -> None:
    page, _ = home(open_tab, demo, viewport={"width": 390, "height": 844})
    for link in page.locator(f"{NEEDS} a").all():
        assert link.evaluate("a => getComputedStyle(a).whiteSpace") == "normal"
        assert link.evaluate(
            "a => a.getBoundingClientRect().right <= a.parentElement.getBoundingClientRect().right"
        )
