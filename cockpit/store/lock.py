"""One owner per data directory: an advisory lock that the system drops when its holder dies."""

from __future__ import annotations

import errno
import fcntl
import json
import logging
import os
from dataclasses import dataclass
from pathlib import Path
from typing import IO

log = logging.getLogger(__name__)

TRIES = 100
NO_LOCKS = (errno.EBADF, errno.EINVAL, errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP)
"""What file systems answer on which a directory cannot be locked."""

NAMELESS = "a running cockpit whose lock file was removed: end that process first"


@dataclass(frozen=True, slots=True)
class Owner:
    """Who holds a data directory."""

    pid: int
    role: str
    address: str


class DirectoryHeld(Exception):
    """The data directory belongs to another running process: `owner` says to which, as far as it is known."""

    def __init__(self, directory: Path, owner: Owner) -> None:
        where = f" at {owner.address}" if owner.address else ""
        who = f"cockpit {owner.role} (process {owner.pid})" if owner.pid else NAMELESS
        super().__init__(f"{directory} is held by {who}{where}")
        self.directory = directory
        self.owner = owner


class Lock:
    """Held until `release()` or the end of the process. `path` is the file that must stay meanwhile."""

    def __init__(self, file: IO[str], path: Path, directory: int) -> None:
        self._file = file
        self._directory = directory
        self.path = path

    def release(self) -> None:
        if not self._file.closed:
            # The text goes first: whoever locks next must not read the name of the one before.
            self._file.truncate(0)
            self._file.close()
            os.close(self._directory)


def hold(directory: Path, *, role: str, address: str = "") -> Lock:
    """Take the directory. Raises DirectoryHeld, naming the holder, if another process has it.

    The directory itself is locked, so that removing the file in it lets nobody else in, and the file, which
    says who holds it.
    """
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / "lock"
    itself = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        _lock(itself, directory, path)
        file = _open_locked(directory, path)
    except BaseException:
        os.close(itself)
        raise
    file.truncate(0)
    file.write(json.dumps({"pid": os.getpid(), "role": role, "address": address}))
    file.flush()
    return Lock(file, path, itself)


def _lock(handle: int, directory: Path, path: Path) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise DirectoryHeld(directory, read_owner(path)) from None
    except OSError as error:
        if error.errno not in NO_LOCKS:
            raise
        log.warning("%s cannot be locked itself (%s): its lock file alone guards it", directory, error)


def _open_locked(directory: Path, path: Path) -> IO[str]:
    """The lock file, locked, and still the one that the directory names."""
    for _ in range(TRIES):
        file = open(path, "a+", encoding="utf-8")  # noqa: SIM115 - stays open as long as the lock is held
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            mine, there = os.fstat(file.fileno()), _stat(path)
        except BlockingIOError:
            file.close()
            raise DirectoryHeld(directory, read_owner(path)) from None
        except BaseException:
            file.close()
            raise
        if there is not None and (mine.st_dev, mine.st_ino) == (there.st_dev, there.st_ino):
            return file
        file.close()  # it was removed or replaced in between: a lock on it holds nobody off
    raise OSError(f"{path} is replaced again and again")


def _stat(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except FileNotFoundError:
        return None


def holder(directory: Path) -> Owner | None:
    """Who holds the directory now, None if nobody does. Takes nothing itself."""
    path = directory / "lock"
    for held in (path, directory):
        try:
            handle = os.open(held, os.O_RDONLY)
        except OSError:
            continue
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return read_owner(path)
        except OSError:
            pass
        finally:
            os.close(handle)
    return None


def read_owner(path: Path) -> Owner:
    """The owner a lock file names. Unknown (pid 0) if it says nothing readable."""
    try:
        data = json.loads(path.read_text("utf-8"))
        return Owner(int(data["pid"]), str(data["role"]), str(data["address"]))
    except (OSError, ValueError, KeyError, TypeError):
        return Owner(0, "unknown", "")
