"""What holds for all tests."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def main_stays_main() -> Iterator[None]:
    """A page under test takes the place of `__main__` and stays there; every worker of a process pool would
    run it again."""
    before = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = before
