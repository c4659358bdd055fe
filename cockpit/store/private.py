"""The data directory is its owner's alone: nobody else may enter it, or read a file in it."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path

MASK = 0o077
"""What group and others may not have."""

_PLACES = """/ /Library /Users /Volumes /dev /dev/shm /home /media /mnt /nix /opt /root /run /run/lock
/run/user /snap /srv /tmp /usr /usr/local /usr/local/bin /usr/local/etc /usr/local/games
/usr/local/include /usr/local/lib /usr/local/libexec /usr/local/man /usr/local/sbin /usr/local/share
/usr/local/src /var /var/backups /var/cache /var/lib /var/local /var/log /var/mail /var/opt /var/spool
/var/tmp /var/www"""
_TREES = """/bin /boot /etc /lib /lib32 /lib64 /libx32 /proc /sbin /sys /usr/bin /usr/games /usr/include
/usr/lib /usr/lib32 /usr/lib64 /usr/libexec /usr/libx32 /usr/sbin /usr/share /usr/src"""
SYSTEM = frozenset(map(Path, _PLACES.split()))
"""Directories that others must enter: shut by mistake they would stop the machine. Below them is room."""
TREES = tuple(map(Path, _TREES.split()))
"""The machine's own, with all below."""


class NotOurs(OSError):
    """A directory or file cannot be made private: the message says which, and what to do."""


def take(directory: Path) -> None:
    """Make the directory if it is not there, shut it and what lies in it for everybody else, and have this
    process and its children make files that only their owner can read. Raises NotOurs, OSError.

    Folders one level down are shut with all that is in them. Where the directory is named by a link, it is
    the one the link leads to; links in it are left as they are.
    """
    place = Path(os.path.realpath(directory))
    if not _is_shared(place):
        try:
            place.mkdir(mode=0o700, parents=True, exist_ok=True)
        except FileExistsError:
            raise NotOurs(f"{directory} is a file: name a directory as --data-dir") from None
    if _is_shared(place) or place.stat().st_mode & stat.S_ISVTX:
        raise NotOurs(f"{directory} is shared by others: name a directory of its own as --data-dir")
    if _is_home(place):
        raise NotOurs(f"{directory} is a home directory: name a directory of its own in it as --data-dir")
    os.umask(MASK)
    for path in (place, *_inside(place)):
        _shut(path)


def _is_shared(place: Path) -> bool:
    return place in SYSTEM or any(place.is_relative_to(tree) for tree in TREES)


def _is_home(place: Path) -> bool:
    """Whether somebody's own files lie there, or this user's home below it. The home of a service that has
    nothing else is none: it may be the data directory."""
    mine = Path(os.path.realpath(os.path.expanduser("~")))  # Path.home() may raise
    if place == mine or str(place.parent) in ("/home", "/Users"):
        return any(place.iterdir()) and not (place / "cockpit.db").exists()
    return mine.is_relative_to(place)


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
