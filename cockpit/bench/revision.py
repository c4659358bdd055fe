"""Another revision of this clone, ready to run: a git worktree of its own and an environment of its own.

The worktree lies in a scratch directory and is gone afterwards, also when the work in it is broken off. The
environment is made once from the revision's own list of versions, and kept under `build/compare`.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import shutil
import signal
import subprocess
import sys
import threading
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

MAKE_S = 900
"""Longest that making an environment may take."""


class RevisionError(Exception):
    """A revision cannot be had: the message says why."""


def _git(root: Path, *args: str) -> str:
    """What git says. In a session of its own, so that Ctrl-C ends this process' work and not git's."""
    try:
        ran = subprocess.run(
            ["git", *args], cwd=root, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
            start_new_session=True,
        )  # fmt: skip
    except FileNotFoundError:
        raise RevisionError("git is not installed, and only git knows other revisions") from None
    if ran.returncode:
        raise RevisionError(f"git {args[0]} in {root}: {ran.stderr.strip()[-2000:]}")
    return ran.stdout.strip()


def commit_of(root: Path, name: str) -> str:
    """The commit that a name stands for, in full. Raises RevisionError where there is none."""
    try:
        return _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    except RevisionError:
        _git(root, "rev-parse", "--git-dir")  # says so if this is no clone at all
        raise RevisionError(
            f"base {name!r} is no revision of {root}: expected a commit, a branch or a tag"
        ) from None


def short(commit: str) -> str:
    """A commit as people name it."""
    return commit[:12]


def changed(root: Path) -> bool:
    """Whether files differ from the commit they come from."""
    return bool(_git(root, "status", "--porcelain"))


@contextlib.contextmanager
def checked_out(root: Path, commit: str, scratch: Path) -> Iterator[Path]:
    """A worktree of the commit in `scratch`, removed at the end whatever happens. Raises RevisionError."""
    path = scratch / "base"
    try:
        _git(root, "worktree", "add", "--detach", "--quiet", str(path), commit)
        yield path
    finally:
        with _undisturbed():
            remove(root, path)


def remove(root: Path, path: Path) -> None:
    """Take away a worktree, a half-made one too, and git's memory of it."""
    for _ in range(2):  # git first; what it does not recognise is deleted, and then it forgets the place
        with contextlib.suppress(RevisionError):
            # Twice: also one that is locked, as it is while it is made.
            _git(root, "worktree", "remove", "--force", "--force", str(path))
            return
        shutil.rmtree(path, ignore_errors=True)


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """A second Ctrl-C does not break off the tidying up after the first."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def requirements(clone: Path) -> list[str]:
    """What the product of this clone needs to run, as its pyproject.toml says. Raises RevisionError."""
    try:
        with (clone / "pyproject.toml").open("rb") as file:
            found = tomllib.load(file)["project"]["dependencies"]
    except (OSError, tomllib.TOMLDecodeError, KeyError) as error:
        raise RevisionError(f"{clone / 'pyproject.toml'} names no dependencies: {error!r}") from None
    return [str(one) for one in found]


def fingerprint(clone: Path) -> str:
    """What an environment for this clone depends on: it changes when another one is needed."""
    digest = hashlib.sha256(sys.version.encode())
    for line in requirements(clone):
        digest.update(line.encode() + b"\n")
    digest.update(_constraints(clone).read_bytes())
    return digest.hexdigest()


def _constraints(clone: Path) -> Path:
    path = clone / "constraints.txt"
    if not path.is_file():
        raise RevisionError(f"the revision has no {path.name}, so its exact versions are not known")
    return path


def environment(clone: Path, home: Path, progress: Callable[[str], None]) -> str:
    """The interpreter of an environment in `home` with exactly the versions of this clone.

    Made by the first call, by pip with the settings of the machine. Raises RevisionError.
    """
    wanted, made, venv = fingerprint(clone), home / "made", home / "venv"
    python = venv / "bin" / "python"
    home.mkdir(parents=True, exist_ok=True)
    with (home / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if made.is_file() and made.read_text("ascii") == wanted and python.exists():
            return str(python)
        progress(f"making the environment of the base in {venv}: once for each revision, takes a minute")
        made.unlink(missing_ok=True)
        shutil.rmtree(venv, ignore_errors=True)
        make([sys.executable, "-m", "venv", str(venv)])
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        make([*pip, "-c", str(_constraints(clone)), *requirements(clone)])
        made.write_text(wanted, "ascii")
    return str(python)


def make(command: list[str]) -> None:
    try:
        ran = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=MAKE_S, check=False
        )
    except subprocess.TimeoutExpired:
        raise RevisionError(f"{' '.join(command[:5])} … did not end in {MAKE_S} s") from None
    if ran.returncode:
        said = (ran.stderr or ran.stdout).strip()[-2000:]
        raise RevisionError(f"the environment of the base could not be made:\n{said}")
