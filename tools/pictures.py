"""Draws docs/pictures anew: a real demo with history, its real pages in a real Chromium.

    make pictures

Needs the development packages and a Chromium. Pictures are reduced to 256 colours, so that the repository
stays small.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import sys
import tempfile
import time
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, expect, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from cockpit.bench import processes  # noqa: E402 - the clone is put on the path first

OUT = ROOT / "docs" / "pictures"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SWITCHES = [
    *("--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--use-gl=angle", "--use-angle=swiftshader"),
    *("--enable-unsafe-swiftshader", "--enable-webgl", "--ignore-gpu-blocklist"),
]
SHOTS = (
    # file, address, width, height, colours, language
    ("home", "", 1440, 900, "light", "vi"),
    ("home-en", "?lang=en", 1440, 900, "light", "en"),
    ("home-dark", "", 1440, 900, "dark", "vi"),
    ("home-phone", "", 390, 844, "light", "vi"),
    ("indicators", "indicators", 1440, 900, "light", "vi"),
    ("alerts", "alerts", 1440, 900, "light", "vi"),
    ("coverage", "coverage", 1440, 900, "light", "vi"),
    ("cameras", "cameras", 1440, 900, "light", "vi"),
    ("sources", "sources", 1440, 900, "light", "vi"),
)
STAGE = (
    ("simulator", "simulator?role=presenter", 1440, 900, "light", "vi"),
    ("story", "alerts", 1440, 900, "dark", "vi"),
)
STORY = ("--scenario", "two_faults", "--speed", "60", "--history", "2")
STORY_S = 42.0
"""Real seconds at speed 60: both faults are there, and the recorder's is still to come."""
SETTLE_S = 90.0
"""Real seconds at speed 10 before the first picture: the ordinary faults of a quarter of an hour."""


def shoot(browser: Browser, address: str, shot: tuple[str, str, int, int, str, str]) -> None:
    """One picture of one page, taken when nothing is being computed or drawn any more."""
    name, path, width, height, scheme, language = shot
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if scheme == "dark" else "light",
        locale="vi-VN" if language == "vi" else "en-GB",
        timezone_id="Asia/Ho_Chi_Minh",
        device_scale_factor=1,
    )
    page = context.new_page()
    page.goto(f"{address}/{path}")
    expect(page.locator("h1").first).to_be_visible(timeout=30_000)
    expect(page.locator("[data-test-script-state='notRunning']")).to_have_count(1, timeout=30_000)
    expect(page.locator("[data-live='age']")).to_have_text(re.compile(r"\d"), timeout=30_000)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(2_500)  # maps and charts fade in
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    context.close()
    picture.quantize(256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(
        OUT / f"{name}.png", optimize=True
    )
    print(f"docs/pictures/{name}.png")


def main() -> int:
    path = os.environ.get("COCKPIT_BROWSER") or next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        print("No Chromium found: install it or set COCKPIT_BROWSER.", file=sys.stderr)
        return 1
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="cockpit-pictures-") as scratch:
        options = ("--speed", "10", "--start", "2026-11-20T09:00:00+07:00")
        with (
            processes.running("demo", Path(scratch), *options, ready_s=900) as cockpit,
            sync_playwright() as p,
        ):
            print(f"the demo plays for {SETTLE_S:.0f} s first")
            time.sleep(SETTLE_S)
            browser = p.chromium.launch(executable_path=path, args=SWITCHES)
            for shot in SHOTS:
                shoot(browser, cockpit.address, shot)
            browser.close()
    with (
        tempfile.TemporaryDirectory(prefix="cockpit-pictures-") as scratch,
        processes.running("demo", Path(scratch), *STORY, ready_s=900) as cockpit,
        sync_playwright() as p,
    ):
        time.sleep(STORY_S)
        browser = p.chromium.launch(executable_path=path, args=SWITCHES)
        for shot in STAGE:
            shoot(browser, cockpit.address, shot)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
