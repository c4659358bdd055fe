from __future__ import annotations

from pathlib import Path

import pytest

from cockpit.profiles import Profile, load
from tests.province.made import build


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the made-up province. Nobody changes it."""
    return build(tmp_path_factory.mktemp("profiles") / "tinh_mau")


@pytest.fixture(scope="session")
def province(folder: Path) -> Profile:
    return load(str(folder))
