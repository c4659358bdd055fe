"""Keeps what is loaded out of the garbage collector's sight."""

from __future__ import annotations

import gc

_settled: set[str] = set()


def settle(name: str) -> None:
    """After the first run of a page set aside what it loaded.

    Streamlit collects garbage after every run, which would cost 10 to 60 ms each time. Set aside once
    a page, not once a process: charts, maps and tables are loaded by the first page that draws one.
    """
    if name not in _settled:
        _settled.add(name)
        gc.collect()
        gc.freeze()
