"""How a process is asked to end, and what the processes it has started hear of it. Knows nobody.

Ctrl+C reaches every process of a terminal's group. Whoever has started a child ends it, so children hear
nothing of it: a traceback in the middle of a goodbye helps nobody.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import IO

ENDS = (signal.SIGINT, signal.SIGTERM)


def at_once() -> None:
    """From now on SIGINT and SIGTERM end this process where it stands, without a word: it holds nothing yet
    that must be put away. One that came while they were held back does so now."""
    for one in ENDS:
        signal.signal(one, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDS)


def held_back() -> None:
    """SIGINT waits until whoever comes next in this process lets it through: another program takes its place,
    whose interpreter would answer it with a traceback while it starts."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})


@contextmanager
def unheard() -> Iterator[None]:
    """Processes that are begun in here by this thread never hear of a SIGINT."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def politely() -> Iterator[None]:
    """The first SIGINT or SIGTERM is a KeyboardInterrupt, so that what is open is put away; the second ends
    the process at once. For the main thread; elsewhere nothing changes."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came = False

    def first(number: int, frame: FrameType | None) -> None:
        nonlocal came
        came = True
        for one in ENDS:
            signal.signal(one, signal.SIG_DFL)
        raise KeyboardInterrupt

    before = {one: signal.signal(one, first) for one in ENDS}
    try:
        yield
    finally:
        if not came:  # else the interpreter is on its way out, where another one would be told at length
            for one, handler in before.items():
                signal.signal(one, handler)


def end_with_input(stdin: IO[str]) -> None:
    """From now on this process ends when its standard input does: whoever holds the other end is gone, or
    wants it to stop."""

    def watch() -> None:
        while stdin.read(1):
            pass
        os._exit(0)

    threading.Thread(target=watch, name="input", daemon=True).start()


def end_with_parent() -> None:
    """A worker of a pool ends as soon as the process that began it, however that ends."""
    import multiprocessing

    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=watch, name="parent", daemon=True).start()


def end_workers() -> None:
    """Kill the workers that this process has begun: what they are at is not wanted any more."""
    import multiprocessing

    for worker in multiprocessing.active_children():
        worker.kill()
