"""Ticks without Python's search for circles among objects."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Python looks through all objects for circles whenever so many were made. A tick that opens thousands of
    alerts makes none, and would be held up by it a dozen times. Between ticks it looks as ever."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()
