"""What holds for all tests."""

from __future__ import annotations

import gc
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from cockpit.profiles import Profile
from cockpit.store import store
from tests import waiting
from tests.store import inside

# How fast a machine is, is no part of a property.
settings.register_profile("cockpit", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("cockpit")

HELPERS = ("multiprocessing.resource_tracker", "multiprocessing.forkserver")
"""Processes that Python itself starts once and keeps."""


MEMORY = Path("/dev/shm")
ROOM = 4 << 30
"""A disk in memory of at least so many free bytes takes what tests write: nothing of it must last, and each
store waits for its disk with every commit."""


def pytest_configure() -> None:
    if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free >= ROOM:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


@pytest.fixture(autouse=True, scope="session")
def made_once() -> Iterator[None]:
    """What hundreds of tests begin with is made once: the tables of an empty store, and a profile read from
    its files, as long as those are the same."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "migrate", inside.migrated)
        patch.setattr(LOADING, "load_folder", lambda folder, size="province": _loaded(size, *_files(folder)))
        yield


LOADING = sys.modules["cockpit.profiles.load"]
_load_folder = LOADING.load_folder


def _files(folder: Path) -> tuple[Path, tuple[tuple[str, int, int], ...]]:
    """A folder with what tells that a file in it is another."""
    looks = [(path, path.stat()) for path in sorted(folder.rglob("*"))]
    return folder, tuple((str(path), look.st_mtime_ns, look.st_size) for path, look in looks)


@lru_cache(maxsize=12)
def _loaded(size: str, folder: Path, files: object) -> Profile:
    found: Profile = _load_folder(folder, size)
    return found


@pytest.fixture(autouse=True)
def main_stays_main() -> Iterator[None]:
    """A page under test takes the place of `__main__` and stays there; every worker of a process pool would
    run it again."""
    before = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = before


@pytest.fixture(autouse=True)
def nothing_is_left_behind() -> Iterator[None]:
    """What a test has started ends with it. What is left is ended here, so that the next test meets none of
    it, and fails the test that left it."""
    processes, threads = waiting.children(), set(threading.enumerate())
    yield
    left = [command for pid in waiting.children() - processes if (command := _end(pid))]
    assert not left, f"left behind: {left}"
    working = [t.name for t in set(threading.enumerate()) - threads if t.is_alive() and not t.daemon]
    assert not working, f"threads left behind: {working}"


def _end(pid: int) -> str:
    """End a process that a test has left; its command, empty where it may stay or has just ended."""
    try:
        command = waiting.command_of(pid)
    except ProcessLookupError:
        return ""
    if any(helper in command for helper in HELPERS):
        return ""
    waiting.end_by_force(pid)
    for child in gc.get_objects():  # the object of a child that was not waited for warns when it goes
        if isinstance(child, subprocess.Popen) and child.pid == pid:
            waiting.put_down(child)
    return command
