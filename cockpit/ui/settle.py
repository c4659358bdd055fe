"""Keeps what is loaded out of the garbage collector's sight."""

from __future__ import annotations

import gc

_settled: set[str] = set()


def settle(name: str) -> None:
    """After the first run of a page set aside what it loaded.

    A full collection stops every thread while it walks through all there is, and most of that never
    becomes garbage. Set aside once a page, not once a process: charts, maps and tables are loaded by
    the first page that draws one.
    """
    if name not in _settled:
        _settled.add(name)
        gc.collect()
        gc.freeze()
        gc.collect()  # of nothing: Python judges by the size of the last one when the next is due
