"""One owner per data directory: an advisory lock that the system drops when its holder dies."""

from __future__ import annotations

import fcntl
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import IO


@dataclass(frozen=True, slots=True)
class Owner:
    """Who holds a data directory."""

    pid: int
    role: str
    address: str


class DirectoryHeld(Exception):
    """The data directory belongs to another running process: `owner` says to which."""

    def __init__(self, directory: Path, owner: Owner) -> None:
        where = f" at {owner.address}" if owner.address else ""
        super().__init__(f"{directory} is held by cockpit {owner.role} (process {owner.pid}){where}")
        self.directory = directory
        self.owner = owner


class Lock:
    """Held until `release()` or the end of the process."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file

    def release(self) -> None:
        if not self._file.closed:
            # The text goes first: whoever locks next must not read the name of the one before.
            self._file.truncate(0)
            self._file.close()


def hold(directory: Path, *, role: str, address: str = "") -> Lock:
    """Take the directory. Raises DirectoryHeld, naming the holder, if another process has it."""
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / "lock"
    file = open(path, "a+", encoding="utf-8")  # noqa: SIM115 - stays open as long as the lock is held
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        raise DirectoryHeld(directory, read_owner(path)) from None
    except BaseException:
        file.close()
        raise
    file.truncate(0)
    file.write(json.dumps({"pid": os.getpid(), "role": role, "address": address}))
    file.flush()
    return Lock(file)


def holder(directory: Path) -> Owner | None:
    """Who holds the directory now, None if nobody does. Takes nothing itself."""
    path = directory / "lock"
    try:
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return read_owner(path)
    except OSError:
        pass
    return None


def read_owner(path: Path) -> Owner:
    """The owner a lock file names. Unknown (pid 0) if it says nothing readable."""
    try:
        data = json.loads(path.read_text("utf-8"))
        return Owner(int(data["pid"]), str(data["role"]), str(data["address"]))
    except (OSError, ValueError, KeyError, TypeError):
        return Owner(0, "unknown", "")
