from __future__ import annotations

import html
import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Element

from cockpit import ROOT, boot
from cockpit.config import from_env
from cockpit.demo.state import DemoRun
from cockpit.demo.virtual_clock import VirtualClock
from cockpit.profiles import load
from cockpit.progress import Startup
from cockpit.store import Store
from tests.pages.rows import fill
from tests.waiting import PATIENCE_S

NOW_MS = 1_795_312_800_000  # 2026-11-22T09:00:00+07:00
SHELL = str(ROOT / "cockpit" / "ui" / "shell.py")


class FixedClock(VirtualClock):
    """A virtual clock that stands at NOW_MS; its real time is the same instant."""

    def __init__(self) -> None:
        super().__init__(NOW_MS)
        self.control(paused=True)

    def real_ms(self) -> int:
        return NOW_MS


def element(app: AppTest, key: str) -> Element:
    """The element or widget with a key; a container is none."""
    found = app.get_by_key(key)
    assert isinstance(found, Element)
    return found


@contextmanager
def shown(folder: Path, size: str, filled: Callable[[Path], object] = lambda folder: None) -> Iterator[Any]:
    """What pages see of a cockpit on the store in a folder, `filled` before it is opened; nothing runs."""
    config = replace(from_env({}), data_dir=folder, size=size)
    profile = load(config.profile, size=config.size)
    clock = FixedClock()
    filled(folder)
    store = Store(config.data_dir / "cockpit.db", profile, clock, writable=True)
    store.start()
    here = SimpleNamespace(
        config=config,
        is_demo=True,
        profile=profile,
        clock=clock,
        store=store,
        engine=SimpleNamespace(tick_age_s=lambda: 0.5, leaps=SimpleNamespace(recent=None)),
        demo=SimpleNamespace(
            clock=clock,
            run=DemoRun(clock, profile),
            controller=SimpleNamespace(busy=None, origin=None),
            pictures=None,
        ),
        bystander=None,
        forward=None,
        roster=None,
        ready=threading.Event(),
        startup=Startup("history", 3, 30),
        failure=None,
        writable=True,
        past_missing=False,
        lost=None,
    )
    here.ready.set()
    before = boot.installed()
    boot.install(SimpleNamespace(parts=here))  # type: ignore[arg-type]
    yield here
    boot.install(before)
    store.close()


@pytest.fixture(scope="session")
def cockpit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """What pages see of a cockpit, on a real store filled as the engine would; nothing runs."""
    with shown(tmp_path_factory.mktemp("pages"), "district") as here:
        fill(here.store, here.profile, NOW_MS)
        yield here


Visit = Callable[..., AppTest]


def opened(page: str = "home", **params: str) -> AppTest:
    """A page as a new visitor sees it: `opened("alerts", lang="en", id="7")`."""
    app = AppTest.from_file(SHELL, default_timeout=PATIENCE_S)
    app.query_params.update(params)
    if page != "home":
        app._page_hash = _page_hash(page)
    return app.run()


@pytest.fixture
def visit(cockpit: Any) -> Visit:
    """`opened` on the cockpit of all tests."""
    return opened


@cache
def _page_hash(page: str) -> str:
    """What a browser names a page by that it opens by its address, without having been home before."""
    app = AppTest.from_file(SHELL, default_timeout=PATIENCE_S).run()
    return app.switch_page(f"../../pages/{page}.py")._page_hash


@pytest.fixture(autouse=True, scope="session")
def packages_looked_through_once() -> Iterator[None]:
    """Each start of a page under test would look through all installed packages for components, as a server
    does once."""
    found = cache(manifest_scanner.scan_component_manifests)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", found)
        yield


def rows_of(app: AppTest) -> list[dict[str, Any]]:
    """The rows of the lists of a page: `key`, whether it is `opened` and stands `under` another, and each
    cell under the head of its column, badges with their glyph."""
    found = []
    for sent in sent_to("rows", app._tree):
        heads = [label for label, _ in sent["columns"]]
        kinds = [kind for _, kind in sent["columns"]]
        for key, _, glyph, opened, under, cells in sent["rows"]:
            shown = [f"{glyph} {c}" if kind == "badge" else c for kind, c in zip(kinds, cells, strict=True)]
            told = dict(zip(heads, shown, strict=True))
            found.append({"key": key, "opened": opened, "under": under, **told})
    return found


def sent_to(component: str, node: Any) -> Iterator[dict[str, Any]]:
    """What components of ours by this name were given, below a node of a page's tree."""
    for proto in messages_to(component, node):
        yield json.loads(str(proto.json))


def messages_to(component: str, node: Any) -> Iterator[Any]:
    """The same as it travels."""
    proto = getattr(node, "proto", None)
    if getattr(proto, "component_name", "") == f"cockpit.{component}":
        yield proto
    for child in getattr(node, "children", {}).values():
        yield from messages_to(component, child)


def sheets(app: AppTest) -> str:
    """The pieces of HTML on the page, as they travel."""
    return "\n".join(sent["html"] for sent in sent_to("sheet", app._tree))


def said(markup: str) -> str:
    """What a piece of HTML says, a line a block."""
    lines = re.sub(r"</?(?:h\d|p|li|ol|ul|div|br|tr|summary|details|section)\b[^>]*>", "\n", markup)
    return html.unescape(re.sub(r"<[^>]*>", "", lines))


def text(app: AppTest) -> str:
    """All markdown on the page, and what its pieces of HTML say."""
    return "\n".join([*(element.value for element in app.markdown), said(sheets(app))]).strip("\n")


def headings(app: AppTest) -> list[str]:
    """Its headings of the first level, as markdown or as HTML."""
    told = [found.strip() for found in re.findall(r"<h1[^>]*>(.*?)</h1>", sheets(app), re.S)]
    return [m.value for m in app.markdown if m.value.startswith("# ")] + told


def plain(markdown: str) -> str:
    """Text as a reader sees it: without what keeps its signs from being markup."""
    return markdown.replace("\\", "")
