from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.views.province import Province


@pytest.fixture
def province(tmp_path: Path) -> Iterator[Province]:
    made = Province(tmp_path)
    yield made
    made.store.close()
