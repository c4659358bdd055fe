"""A real cockpit and a real Chromium. Nothing here may reach anything but 127.0.0.1."""

from __future__ import annotations

import json
import os
import shutil
import urllib.request
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlparse

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    Request,
    Response,
    expect,
    sync_playwright,
)

from cockpit.bench import processes
from cockpit.ingest import tokens
from cockpit.store.database import visit
from tests.waiting import PATIENCE_MS, PATIENCE_S

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--enable-webgl",
    "--ignore-gpu-blocklist",
]
PAGES = (
    "", "indicators", "alerts", "coverage", "gaps", "cameras", "sources", "indices", "plans", "requests",
    "feedback", "units", "reports", "handover", "kpis", "audit", "simulator",
)  # fmt: skip
SPEED = 20
UNKNOWN_PAGE = "does not seem to exist"
"""What Streamlit's page remarks to the console when an address names no page."""


def find_browser() -> str | None:
    named = os.environ.get("COCKPIT_BROWSER")
    return named or next((path for name in NAMES if (path := shutil.which(name))), None)


FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let fixtures know at their end whether their test has failed."""
    report = yield
    if call.when == "call":
        item.stash[FAILED] = report.failed
    return report


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    path = find_browser()
    if path is None:
        pytest.fail("no Chromium: install chromium, or name one in COCKPIT_BROWSER")
    started = playwright.chromium.launch(executable_path=path, args=SWITCHES, timeout=PATIENCE_MS)
    expect.set_options(timeout=PATIENCE_MS)
    yield started
    started.close()


def new_context(browser: Browser, **options: object) -> BrowserContext:
    """A visitor of its own, as patient as all tests are."""
    settings: dict[str, object] = {
        "viewport": {"width": 1440, "height": 900},
        "locale": "vi-VN",
        "timezone_id": "Asia/Ho_Chi_Minh",
        **options,
    }
    context = browser.new_context(**settings)  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE_MS)
    return context


@dataclass
class Demo:
    """A running demo, with a presenter's token."""

    cockpit: processes.Running
    token: str

    @property
    def address(self) -> str:
        return self.cockpit.address

    def ask(self, method: str, path: str, order: dict[str, object] | None = None) -> dict[str, object]:
        """Speak to the API as a presenter."""
        request = urllib.request.Request(
            self.address + path,
            data=None if order is None else json.dumps(order).encode(),
            method=method,
            headers={"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
            found: dict[str, object] = json.loads(answer.read())
        return found


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A tenth of the province, played fast, without history."""
    data = tmp_path_factory.mktemp("demo")
    options = ("--size", "district", "--history", "0", "--start", "now", "--speed", str(SPEED))
    with processes.running("demo", data, *options) as cockpit:
        with visit(data / "cockpit.db") as conn:
            token = tokens.issue(conn, [], "presenter", "browser tests", 0)
        yield Demo(cockpit, token)


@dataclass
class Watch:
    """What a tab did that it must not do."""

    outside: list[str] = field(default_factory=list)
    console: list[str] = field(default_factory=list)
    crashed: list[str] = field(default_factory=list)

    def request(self, request: Request) -> None:
        parts = urlparse(request.url)
        if parts.scheme not in ("data", "blob") and parts.hostname != "127.0.0.1":
            self.outside.append(request.url)

    def response(self, response: Response) -> None:
        if response.status >= 400 and not known_absence(response.url):
            self.console.append(f"{response.status} {response.url}")

    def message(self, message: ConsoleMessage) -> None:
        known = (
            "Failed to load resource" in message.text and known_absence(message.location["url"])
        ) or UNKNOWN_PAGE in message.text
        if message.type == "error" and not known:
            self.console.append(message.text)

    def attach(self, page: Page) -> None:
        page.on("request", self.request)
        page.on("response", self.response)
        page.on("console", self.message)
        page.on("pageerror", lambda error: self.crashed.append(str(error)))

    def must_be_clean(self) -> None:
        assert self.outside == [], "a request left the machine"
        assert self.crashed == [], "a script of the page failed"
        assert self.console == [], "the console shows errors"


def known_absence(url: str) -> bool:
    """On a direct visit to /alerts Streamlit's page first asks for two addresses below it."""
    path = urlparse(url).path
    return path.count("/") > 2 and path.endswith(("/_stcore/health", "/_stcore/host-config"))


def told(context: BrowserContext, watch: Watch) -> str:
    """What the tabs of a visitor show, and what their console says."""
    shown = [f"{page.url} shows:\n{page.inner_text('body')[:3000]}" for page in context.pages]
    return "\n".join([*shown, "console:", *watch.console, *watch.crashed])


Open = Callable[..., Page]


@pytest.fixture
def open_tab(browser: Browser, demo: Demo, request: pytest.FixtureRequest) -> Iterator[Open]:
    """Opens a tab on an address of the demo; at the end it must have behaved."""
    contexts = []
    watches = []

    def open_(path: str = "", **options: object) -> Page:
        context = new_context(browser, **options)
        contexts.append(context)
        page = context.new_page()
        watch = Watch()
        watch.attach(page)
        watches.append(watch)
        page.goto(f"{demo.address}/{path}")
        return page

    yield open_
    if request.node.stash.get(FAILED, False):
        shown = [told(context, watch) for context, watch in zip(contexts, watches, strict=True)]
        shown.append(f"the demo's last words:\n{demo.cockpit.said()[-3000:]}")
        request.node.add_report_section("teardown", "tabs", "\n".join(shown))
    for context in contexts:
        context.close()
    for watch in watches:
        watch.must_be_clean()
