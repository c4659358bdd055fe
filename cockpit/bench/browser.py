"""How soon a person sees something: content and use with an empty and a warm cache, change of page.

`python -m cockpit.bench.browser [--json] [--check]`; needs Chromium and Playwright (a development
dependency). The demo runs beside the browser on the same machine, the province at ×1.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

from cockpit.bench import processes, screen

ROUNDS = 7
LIMITS = {
    "home content cold": 1.0, "home usable cold": 3.5, "home usable warm": 2.0, "alerts content cold": 1.0,
    "alerts usable cold": 3.5, "alerts usable warm": 2.0, "change of page": 0.5,
}  # fmt: skip


def measure() -> dict[str, Any]:
    """Medians in seconds, and the worst of each."""
    with (
        tempfile.TemporaryDirectory(prefix="cockpit-bench-") as directory,
        processes.running("demo", Path(directory), "--history", "1") as cockpit,
        screen.chromium() as browser,
    ):
        settle(cockpit)
        rounds = [screen.round_of(browser, cockpit.address) for _ in range(ROUNDS)]
    figures: dict[str, Any] = {name: round(median(r[name] for r in rounds), 2) for name in rounds[0]}
    figures["worst"] = {name: round(max(r[name] for r in rounds), 2) for name in rounds[0]}
    figures["rounds"] = ROUNDS
    figures["machine"] = processes.machine()
    return figures


def settle(cockpit: processes.Running) -> None:
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
        for name, worst in figures["worst"].items():
            limit = f"at most {LIMITS[name]}" if name in LIMITS else ""
            print(f"{name:22} {figures[name]:5.2f}  (worst {worst:.2f})  {limit}")
    over = [name for name, limit in LIMITS.items() if figures[name] > limit]
    if options.check and over:
        sys.exit(f"over a limit: {', '.join(over)}")


if __name__ == "__main__":
    main()
