"""The data directory is its owner's alone: nobody else may enter it, or read a file in it."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path

MASK = 0o077
"""What group and others may not have."""

_TOP = "bin boot dev etc home lib media mnt opt proc run sbin srv sys usr var"
SYSTEM = frozenset(["/", "/var/lib", "/var/log", *(f"/{name}" for name in _TOP.split())])
"""Directories that others must enter: shut by mistake they would stop the machine."""


class NotOurs(OSError):
    """A directory or file cannot be made private: the message says which, and what to do."""


def take(directory: Path) -> None:
    """Make the directory if it is not there, shut it and what lies in it for everybody else, and have this
    process and its children make files that only their owner can read. Raises NotOurs, OSError.

    Folders one level down are shut with all that is in them; links are left as they are.
    """
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    except FileExistsError:
        raise NotOurs(f"{directory} is a file: name a directory as --data-dir") from None
    found = directory.stat()
    if found.st_mode & stat.S_ISVTX or str(directory.resolve()) in SYSTEM:
        raise NotOurs(f"{directory} is shared by others: name a directory of its own as --data-dir")
    os.umask(MASK)
    for path in (directory, *_inside(directory)):
        _shut(path)


def _inside(directory: Path) -> Iterator[Path]:
    for path in directory.iterdir():
        yield path
        if path.is_dir() and not path.is_symlink():
            with contextlib.suppress(OSError):  # shut already, and not ours
                yield from path.iterdir()


def _shut(path: Path) -> None:
    """Take from group and others what they may do; what the owner may stays as it is."""
    try:
        mode = path.lstat().st_mode
        if stat.S_ISLNK(mode) or not stat.S_IMODE(mode) & MASK:
            return
        path.chmod(stat.S_IMODE(mode) & ~MASK & 0o777)
    except FileNotFoundError:
        return  # gone meanwhile, as a journal may be
    except OSError as error:
        raise NotOurs(
            f"{path} can be read by others, and this user may not change that ({error.strerror}): "
            "give it to the user who runs the cockpit (chown), or name another --data-dir"
        ) from None
