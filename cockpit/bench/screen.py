"""How soon a person sees something and can use it, in a real browser: cold, warm, and from page to page.

Content: the verdict and the first row are painted, wherever they come from. Usable: the rows of the app
itself stand where the pointer would meet them, and its first run is over. Both in seconds since the
navigation began, taken by the page's own clock: the measuring program's slowness is no part of them.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

SWITCHES = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--use-gl=angle", "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
]  # fmt: skip
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PAGES = ("home", "alerts")
CHANGES = ("alerts", "cameras", "sources", "indicators", "home")
PATIENCE_S = 60.0

FIRST_ROW = "#first ol li"
ROWS = {
    "home": ".st-key-needs .rows > li, .st-key-needs [data-testid='stMarkdownContainer'] strong",
    "alerts": ".cockpit-rows .row, [data-testid='stMain'] [data-testid='stDataFrame']:has(canvas)",
}
"""The app's own rows: today's, and those of lines or of a table as older revisions draw them."""

WATCH = """(() => {
  const seen = window.__seen = {};
  const met = (row) => {
    const box = row.getBoundingClientRect();
    if (!box.width || !box.height) return false;
    const x = box.x + Math.min(box.width, 80) / 2, y = box.y + Math.min(box.height, 60) / 2;
    const top = document.elementFromPoint(x, y);
    return !!top && (row.contains(top) || top.contains(row) || row.parentElement.contains(top));
  };
  const look = () => {
    const now = performance.now();
    const verdict = document.querySelector("#first h1, [data-testid='stMain'] h1");
    const row = document.querySelector("%(row)s");
    if (!seen.content && verdict && (row || document.querySelector("%(first)s"))) seen.content = now;
    const run = document.querySelector("[data-test-script-state]");
    if (!seen.usable && row && verdict && run && run.dataset.testScriptState === "notRunning" && met(row))
      seen.usable = now;
    if (!seen.usable) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})();"""
"""Looks once a frame: what is there at the beginning of a frame has been painted by the one before it, or is
by this one."""


def find_browser() -> str:
    """The path of a Chromium. Raises SystemExit where there is none."""
    named = os.environ.get("COCKPIT_BROWSER")
    path = named or next((found for name in NAMES if (found := shutil.which(name))), None)
    if path is None:
        raise SystemExit("no Chromium found: install it or set COCKPIT_BROWSER")
    return path


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser of its own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=SWITCHES)
        try:
            yield browser
        finally:
            browser.close()


def looked_at(address: str) -> dict[str, float]:
    """One round in a browser of its own: each page with an empty cache and again with a warm one, then from
    page to page. Seconds."""
    with chromium() as browser:
        return round_of(browser, address)


def round_of(browser: Browser, address: str) -> dict[str, float]:
    """The same in a browser that runs."""
    found: dict[str, float] = {}
    for page in PAGES:
        with visitor(browser) as context:
            for cache in ("cold", "warm"):
                for name, seconds in _opened(context, address, page).items():
                    found[f"{page} {name} {cache}"] = seconds
    with visitor(browser) as context:
        changes = _changes(context, address)
    found["change of page"] = sum(changes) / len(changes)
    return found


@contextmanager
def visitor(browser: Browser) -> Iterator[BrowserContext]:
    """Somebody with an empty cache."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="vi-VN")
    context.set_default_timeout(PATIENCE_S * 1000)
    try:
        yield context
    finally:
        context.close()


def _opened(context: BrowserContext, address: str, page: str) -> dict[str, float]:
    tab = context.new_page()
    seen = watched(tab, address, page)
    tab.close()
    return seen


def watched(tab: Page, address: str, page: str) -> dict[str, float]:
    """Open a page and wait until it can be used: seconds to its content and to its use."""
    tab.add_init_script(WATCH % {"row": ROWS[page], "first": FIRST_ROW})
    tab.goto(f"{address}/{'' if page == 'home' else page}", wait_until="commit")
    tab.wait_for_function("() => window.__seen && window.__seen.usable", polling=200)
    seen: dict[str, Any] = tab.evaluate("window.__seen")
    return {name: seen[name] / 1000 for name in ("content", "usable")}


def _changes(context: BrowserContext, address: str) -> list[float]:
    """Seconds from the click on a page's name to its verdict, page after page."""
    tab = context.new_page()
    tab.goto(address)
    tab.wait_for_selector("[data-testid='stMain'] h1")
    for page in CHANGES:  # once, so that all parts are loaded
        _changed(tab, page)
    return [_changed(tab, page) for page in CHANGES]


def _changed(tab: Page, page: str) -> float:
    before = tab.locator("[data-testid='stMain'] h1").first.inner_text()
    name = "" if page == "home" else page
    link = tab.locator(f"[data-testid='stTopNavLink'][href$='/{name}'], header a[href$='/{name}']").first
    begun = time.perf_counter()
    link.click()
    tab.wait_for_function(
        "before => { const h = document.querySelector(\"[data-testid='stMain'] h1\");"
        " return h && h.innerText !== before }",
        arg=before,
    )
    return time.perf_counter() - begun
