from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Element

from cockpit import ROOT, boot
from cockpit.config import from_env
from cockpit.demo.state import DemoRun
from cockpit.demo.virtual_clock import VirtualClock
from cockpit.profiles import load
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


@pytest.fixture(scope="session")
def cockpit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """What pages see of a cockpit, on a real store filled as the engine would; nothing runs."""
    config = replace(from_env({}), data_dir=tmp_path_factory.mktemp("pages"), size="district")
    profile = load(config.profile, size=config.size)
    clock = FixedClock()
    store = Store(config.data_dir / "cockpit.db", profile, clock, writable=True)
    store.start()
    store.write(lambda conn: fill(conn, profile, NOW_MS)).result(PATIENCE_S)
    here = SimpleNamespace(
        config=config,
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
        forward=None,
        ready=threading.Event(),
        startup=SimpleNamespace(phase="history", done=3, total=30),
        failure=None,
        writable=True,
        past_missing=False,
        lost=None,
    )
    here.ready.set()
    before = boot._current
    boot.install(SimpleNamespace(parts=here))  # type: ignore[arg-type]
    yield here
    boot._current = before
    store.close()


Visit = Callable[..., AppTest]


@pytest.fixture
def visit(cockpit: Any) -> Visit:
    """Open a page as a new visitor: `visit("alerts", lang="en", id="7")`."""

    def open_(page: str = "home", **params: str) -> AppTest:
        app = AppTest.from_file(SHELL, default_timeout=PATIENCE_S)
        app.query_params.update(params)
        if page != "home":
            app.run()
            app.switch_page(f"../../pages/{page}.py")
            app.query_params.update(params)
        return app.run()

    return open_


def text(app: AppTest) -> str:
    """All markdown on the page."""
    return "\n".join(element.value for element in app.markdown)
