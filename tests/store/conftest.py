from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cockpit.store import Store
from tests.clocks import HandClock
from tests.store.world import clock_at, open_store


@pytest.fixture
def clock() -> HandClock:
    return clock_at()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cockpit.db"


@pytest.fixture
def opened() -> Iterator[Callable[..., Store]]:
    """Opens stores and closes what the test leaves open."""
    stores: list[Store] = []

    def open_(path: Path, clock: HandClock | None = None) -> Store:
        stores.append(open_store(path, clock))
        return stores[-1]

    yield open_
    for store in stores:
        store.close()


@pytest.fixture
def store(opened: Callable[..., Store], path: Path, clock: HandClock) -> Store:
    return opened(path, clock)
