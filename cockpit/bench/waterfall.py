"""Where the time goes until a page can be used: answer, files, web socket, script, drawing.

`python -m cockpit.bench.waterfall [--json]`; needs Chromium and Playwright (a development dependency). The
demo runs beside the browser on the same machine, the province at ×1. Instants are seconds since the
navigation began, by the page's own clock; bytes are those that came over the wire, until it can be used.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, BrowserContext

from cockpit.bench import browser as measured
from cockpit.bench import processes, screen

ROUNDS = 5
CACHES = ("cold", "warm")

SOCKET = """(() => {
  const seen = window.__socket = {messages: 0, bytes: 0};
  const Plain = window.WebSocket;
  window.WebSocket = class extends Plain {
    constructor(...given) {
      super(...given);
      seen.asked ??= performance.now();
      this.addEventListener("open", () => { seen.open ??= performance.now() });
      this.addEventListener("message", ({data}) => {
        if (window.__seen && window.__seen.usable) return;
        seen.first ??= performance.now();
        seen.last = performance.now();
        seen.messages += 1;
        seen.bytes += data.byteLength || data.size || data.length;
      });
    }
  };
})();"""
"""Keeps when the web socket was asked for, opened and used, until the page can be."""

READ = """() => {
  const [page] = performance.getEntriesByType("navigation");
  const until = window.__seen.usable;
  const files = performance.getEntriesByType("resource").filter((file) => file.responseEnd <= until);
  const kinds = [
    ["scripts", /\\.js(\\?|$)/], ["styles", /\\.css(\\?|$)/], ["fonts", /\\.(woff2?|ttf)(\\?|$)/],
  ];
  const kind = (file) => (kinds.find(([, form]) => form.test(file.name)) || ["others"])[0];
  const found = {};
  for (const name of ["scripts", "styles", "fonts", "others"]) {
    const own = files.filter((file) => kind(file) === name);
    found[`${name}, files`] = own.length;
    found[`${name}, kB`] = own.reduce((sum, file) => sum + file.transferSize, 0) / 1000;
  }
  const loaded = files.filter((file) => kind(file) === "scripts").map((file) => file.responseEnd);
  const painted = performance.getEntriesByName("first-contentful-paint")[0];
  const socket = window.__socket;
  return {
    "s: page answered": page.responseStart / 1000,
    "page, kB": page.transferSize / 1000,
    "s: first rows painted": (painted ? painted.startTime : window.__seen.content) / 1000,
    "s: last script there": Math.max(0, ...loaded) / 1000,
    "s: web socket asked for": socket.asked / 1000,
    "s: web socket open": socket.open / 1000,
    "s: first message": socket.first / 1000,
    "s: last message": socket.last / 1000,
    "messages": socket.messages,
    "messages, kB": socket.bytes / 1000,
    "s: usable": until / 1000,
    ...found,
  };
}"""

WORK = {
    "TaskDuration": "renderer, CPU s",
    "ScriptDuration": "of it scripts, s",
    "LayoutDuration": "of it layout, s",
    "RecalcStyleDuration": "of it styles, s",
}
"""What the browser counts of its own work on the page, until it can be used."""


def measure() -> dict[str, Any]:
    """By page and cache the medians of each figure."""
    with (
        tempfile.TemporaryDirectory(prefix="cockpit-bench-") as directory,
        processes.running("demo", Path(directory), "--history", "1") as cockpit,
        screen.chromium() as chromium,
    ):
        measured.settle(cockpit)
        rounds = [dict(_round(chromium, cockpit.address)) for _ in range(ROUNDS)]
    figures: dict[str, Any] = {}
    for name in rounds[0]:
        keys = rounds[0][name]
        figures[name] = {key: round(median(each[name][key] for each in rounds), 2) for key in keys}
    return {"pages": figures, "rounds": ROUNDS, "machine": processes.machine()}


def _round(chromium: Browser, address: str) -> Iterator[tuple[str, dict[str, float]]]:
    for page in screen.PAGES:
        with screen.visitor(chromium) as context:
            for cache in CACHES:
                yield f"{page} {cache}", _opened(context, address, page)


def _opened(context: BrowserContext, address: str, page: str) -> dict[str, float]:
    tab = context.new_page()
    counter = context.new_cdp_session(tab)
    counter.send("Performance.enable", {"timeDomain": "threadTicks"})
    tab.add_init_script(SOCKET)
    screen.watched(tab, address, page)
    work = {one["name"]: one["value"] for one in counter.send("Performance.getMetrics")["metrics"]}
    found: dict[str, float] = tab.evaluate(READ)
    tab.close()
    return found | {word: work[name] for name, word in WORK.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="only JSON on stdout")
    options = parser.parse_args()
    figures = measure()
    if options.json:
        print(json.dumps(figures))
        return
    pages = figures["pages"]
    print(" " * 26 + "".join(f"{name:>14}" for name in pages))
    for key in next(iter(pages.values())):
        print(f"{key:26}" + "".join(f"{pages[name][key]:14.2f}" for name in pages))


if __name__ == "__main__":
    main()
