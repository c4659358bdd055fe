"""How soon a presenter sees what a click does: from the click to the first sign on the stage.

`python -m cockpit.bench.stage [--json] [--check]`; needs Chromium and Playwright (a development
dependency). The demo runs beside the browser on the same machine, the province at ×60.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, Page

from cockpit.bench import processes, screen
from cockpit.bench.browser import ROUNDS, settle
from cockpit.ingest import tokens
from cockpit.store.database import visit

LIMIT_S = 1.0
"""The most that a presenter shall wait for a sign, in the median."""

ALERT_S = 60.0
"""How long an alert is waited for."""

SPEED = 60
FIGURES = ("pause_s", "preset_s", "story_s", "replace_s", "back_s")
SIGN = ".st-key-sign"
CHANGED = """before => { const e = document.querySelector('.st-key-sign');
return e === null || (e.innerText !== before && e.innerText !== '') }"""
Ask = Callable[..., Any]


def _presenter(cockpit: processes.Running) -> Ask:
    """Speaks to the API as a presenter."""
    with visit(cockpit.data_dir / "cockpit.db") as conn:
        token = tokens.issue(conn, [], "presenter", "bench", 0)

    def ask(method: str, path: str, order: dict[str, Any] | None = None) -> Any:
        request = urllib.request.Request(  # noqa: S310 - own address
            f"{cockpit.address}/api/v1/{path}",
            data=None if order is None else json.dumps(order).encode(),
            method=method,
            headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - own address
            return json.loads(answer.read())

    return ask


def _signed(page: Page, click: Callable[[], None]) -> float:
    """Seconds from a click until the stage says what it does, or that it is being set."""
    before = page.locator(SIGN).inner_text()
    begun = time.perf_counter()
    click()
    page.wait_for_function(CHANGED, arg=before)
    return time.perf_counter() - begun


def _press(page: Page, key: str) -> Callable[[], None]:
    return lambda: page.locator(f"[class*='st-key-{key}'] button").first.click()


def _opened(page: Page, key: str, inside: str) -> Callable[[], None]:
    """Opens what asks, and gives the click on an answer, which is what is measured."""
    _press(page, key)()
    page.wait_for_selector(f".st-key-{inside} button")
    return _press(page, inside)


def _round(page: Page, ask: Ask, address: str) -> dict[str, float]:
    """One of each, on a stage with nothing on it."""
    found = {}
    page.goto(f"{address}/simulator?role=presenter&lang=en")
    page.wait_for_selector(".st-key-begin button")
    found["pause_s"] = _signed(page, _press(page, "pause"))
    page.wait_for_timeout(500)
    ask("POST", "clock", {"paused": False})
    page.wait_for_timeout(3000)
    found["preset_s"] = _signed(page, _press(page, "preset_"))
    page.wait_for_timeout(500)
    found["story_s"] = _signed(page, _press(page, "begin"))
    page.wait_for_selector("[class*='st-key-begin_ask'] button")
    page.wait_for_timeout(1000)
    found["replace_s"] = _signed(page, _opened(page, "begin_ask", "begin_replace"))
    page.wait_for_timeout(3000)
    found["back_s"] = _signed(page, _opened(page, "back-", "back_0"))
    _until(lambda: _ready(ask), "the way back")
    ask("DELETE", "stage")
    return found


def _ready(ask: Ask) -> bool:
    try:
        return bool(ask("GET", "pulse")["ready"]) and bool(ask("GET", "clock"))
    except OSError:  # it answers 503 while the stage is set
        return False


def _until(found: Callable[[], Any], what: str) -> None:
    end = time.monotonic() + ALERT_S
    while not found():
        if time.monotonic() > end:
            raise SystemExit(f"{what}: nothing after {ALERT_S:.0f} s")
        time.sleep(0.05)


def _alert(page: Page, ask: Ask, address: str) -> float:
    """Seconds from the click on a ready fault until its alert is there, at the speed of the demo."""
    code = ask("GET", "presets")["presets"][0]
    page.goto(f"{address}/simulator?role=presenter&lang=en")
    page.wait_for_selector(f".st-key-preset_{code['code']} button")
    begun = time.perf_counter()
    _press(page, f"preset_{code['code']}")()
    _until(
        lambda: any(a["subject"] == code["asset"] for a in ask("GET", "alerts?state=open")["alerts"]),
        "the alert of a ready fault",
    )
    return time.perf_counter() - begun


def _rounds(browser: Browser, cockpit: processes.Running) -> dict[str, list[float]]:
    ask = _presenter(cockpit)
    ask("DELETE", "stage")
    found: dict[str, list[float]] = {name: [] for name in (*FIGURES, "alert_s")}
    for _ in range(ROUNDS):
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        page = context.new_page()
        for name, seconds in _round(page, ask, cockpit.address).items():
            found[name].append(seconds)
        found["alert_s"].append(_alert(page, ask, cockpit.address))
        ask("DELETE", "stage")
        context.close()
    return found


def measure() -> dict[str, Any]:
    """Medians in seconds, and the worst of each."""
    with (
        tempfile.TemporaryDirectory(prefix="cockpit-bench-") as directory,
        processes.running("demo", Path(directory), "--history", "1", "--speed", str(SPEED)) as cockpit,
        screen.chromium() as browser,
    ):
        settle(cockpit)
        found = _rounds(browser, cockpit)
    figures: dict[str, Any] = {name: round(median(values), 2) for name, values in found.items()}
    figures["worst"] = {name: round(max(values), 2) for name, values in found.items()}
    figures |= {"rounds": ROUNDS, "speed": SPEED, "machine": processes.machine()}
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="only JSON on stdout")
    parser.add_argument("--check", action="store_true", help="exit 1 over a limit")
    options = parser.parse_args()
    figures = measure()
    if options.json:
        print(json.dumps(figures))
    else:
        for name in (*FIGURES, "alert_s"):
            limit = f"at most {LIMIT_S:g}" if name in FIGURES else "no promise"
            print(f"{name:10} {figures[name]:5.2f}  {limit}  (worst {figures['worst'][name]:.2f})")
    over = [name for name in FIGURES if figures[name] > LIMIT_S]
    if options.check and over:
        sys.exit(f"over a limit: {', '.join(over)}")


if __name__ == "__main__":
    main()
