"""How soon a person sees something: first useful screen with an empty and a warm cache, change of page.

`python -m cockpit.bench.browser [--json] [--check]`; needs Chromium and Playwright (a development
dependency). The demo runs beside the browser on the same machine, the province at ×1.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from cockpit.bench import processes

ROUNDS = 7
LIMITS = {"empty_cache_s": 3.5, "warm_cache_s": 2.0, "change_s": 0.5}
SWITCHES = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--use-gl=angle", "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
]  # fmt: skip
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
TILE = '[data-testid="stMetricValue"]'
CHANGES = ("alerts", "cameras", "sources", "indicators", "simulator", "")


def _first(page: Page, address: str) -> float:
    """Seconds until the verdict and the first figure of the home page are there."""
    begun = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.wait_for_selector("h1")
    page.wait_for_selector(TILE)
    return time.perf_counter() - begun


def _change(page: Page, address: str, name: str) -> float:
    """Seconds from the click on a page's name to its verdict."""
    before = page.locator("h1").inner_text()
    link = page.locator(f'a[href="{address}/{name}"]').first
    if not link.count():
        link = page.locator(f'a[href$="/{name}"]').first
    begun = time.perf_counter()
    link.click()
    page.wait_for_function(
        "before => { const h = document.querySelector('h1'); return h && h.innerText !== before }", arg=before
    )
    return time.perf_counter() - begun


def _rounds(browser: Browser, address: str) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {name: [] for name in LIMITS}
    for _ in range(ROUNDS):
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        page = context.new_page()
        found["empty_cache_s"].append(_first(page, address))
        page.close()
        page = context.new_page()
        found["warm_cache_s"].append(_first(page, address))
        found["change_s"] += [_change(page, address, name) for name in CHANGES]
        context.close()
    return found


def measure() -> dict[str, Any]:
    """Medians in seconds, and the worst of each."""
    path = os.environ.get("COCKPIT_BROWSER") or next((p for n in NAMES if (p := shutil.which(n))), None)
    if path is None:
        raise SystemExit("no Chromium found: install it or set COCKPIT_BROWSER")
    with (
        tempfile.TemporaryDirectory(prefix="cockpit-bench-") as directory,
        processes.running("demo", Path(directory), "--history", "1") as cockpit,
        sync_playwright() as playwright,
    ):
        _settle(cockpit)
        browser = playwright.chromium.launch(executable_path=path, args=SWITCHES)
        found = _rounds(browser, cockpit.address)
        browser.close()
    figures: dict[str, Any] = {name: round(median(values), 2) for name, values in found.items()}
    figures["worst"] = {name: round(max(values), 2) for name, values in found.items()}
    figures["rounds"] = ROUNDS
    figures["machine"] = processes.machine()
    return figures


def _settle(cockpit: processes.Running) -> None:
    """Wait until the past is in and its import no longer takes half a core."""
    end = time.monotonic() + 120
    while time.monotonic() < end and any("history" in p.cmdline() for p in cockpit.family()):
        time.sleep(0.5)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="only JSON on stdout")
    parser.add_argument("--check", action="store_true", help="exit 1 over a limit")
    options = parser.parse_args()
    figures = measure()
    if options.json:
        print(json.dumps(figures))
    else:
        for name, limit in LIMITS.items():
            print(f"{name:14} {figures[name]:5.2f}  at most {limit}  (worst {figures['worst'][name]:.2f})")
    over = [name for name, limit in LIMITS.items() if figures[name] > limit]
    if options.check and over:
        sys.exit(f"over a limit: {', '.join(over)}")


if __name__ == "__main__":
    main()
