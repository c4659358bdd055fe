"""Another revision is checked out beside this one, and nothing of it stays."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from cockpit import ROOT
from cockpit.bench import revision
from cockpit.bench.revision import RevisionError

GIT = ["git", "-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"]


def git(root: Path, *args: str) -> str:
    return subprocess.run([*GIT, *args], cwd=root, capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone with two commits: `old` has one thing to install, the present one has two."""
    root = tmp_path / "clone"
    root.mkdir()
    git(root, "init", "--quiet")
    for n, needs in enumerate((["click>=8"], ["click>=8", "psutil>=7"])):
        (root / "pyproject.toml").write_text(f"[project]\nname = 'x'\ndependencies = {needs}\n")
        (root / "constraints.txt").write_text("click==8.5.1\npsutil==7.2.2\n")
        git(root, "add", "-A")
        git(root, "commit", "--quiet", "-m", f"commit {n}")
        if n == 0:
            git(root, "tag", "old")
    return root


def worktrees(root: Path) -> int:
    return git(root, "worktree", "list", "--porcelain").count("worktree ")


def test_a_revision_is_there_with_its_own_files_and_gone_afterwards(clone: Path, tmp_path: Path) -> None:
    commit = revision.commit_of(clone, "old")
    with revision.checked_out(clone, commit, tmp_path) as path:
        assert revision.requirements(path) == ["click>=8"]
        assert revision.requirements(clone) == ["click>=8", "psutil>=7"]
        assert worktrees(clone) == 2
    assert not path.exists()
    assert worktrees(clone) == 1


def test_it_is_gone_also_when_the_work_is_broken_off(clone: Path, tmp_path: Path) -> None:
    script = (
        "import signal, sys, time; from pathlib import Path; from cockpit.bench import revision\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # a shell's background job ignores it
        "root, scratch = map(Path, sys.argv[1:])\n"
        "with revision.checked_out(root, revision.commit_of(root, 'old'), scratch):\n"
        "    print('there', flush=True)\n"
        "    time.sleep(600)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(clone), str(tmp_path)], cwd=ROOT,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    ) as running:  # fmt: skip
        assert running.stdout is not None
        assert running.stdout.readline() == "there\n"
        assert worktrees(clone) == 2
        running.send_signal(signal.SIGINT)
        running.wait(90)
    assert not (tmp_path / "base").exists()
    assert worktrees(clone) == 1


def test_a_half_made_worktree_goes_too(clone: Path, tmp_path: Path) -> None:
    """As it is where git was killed while it made it: locked, and without what tells whose it is."""
    with revision.checked_out(clone, "old", tmp_path) as path:
        git(clone, "worktree", "lock", str(path))
        (path / ".git").unlink()
    assert not path.exists()
    assert worktrees(clone) == 1


def test_a_name_that_is_none_and_a_folder_that_is_no_clone_are_told(clone: Path, tmp_path: Path) -> None:
    with pytest.raises(RevisionError, match=r"'nowhere' is no revision of .*expected a commit"):
        revision.commit_of(clone, "nowhere")
    (tmp_path / "empty").mkdir()
    with pytest.raises(RevisionError, match="not a git repository"):
        revision.commit_of(tmp_path / "empty", "HEAD")


def test_the_clone_says_whether_it_differs_from_its_commit(clone: Path) -> None:
    assert not revision.changed(clone)
    (clone / "new.txt").write_text("")
    assert revision.changed(clone)


class Maker:
    """Stands in for venv and pip: remembers what was asked, and makes an empty interpreter."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []

    def __call__(self, command: list[str]) -> None:
        self.asked.append(command)
        if "venv" in command:
            python = Path(command[-1]) / "bin" / "python"
            python.parent.mkdir(parents=True)
            python.touch()


def test_an_environment_has_the_versions_of_its_revision_and_is_made_once(
    clone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    maker, home = Maker(), tmp_path / "home"
    monkeypatch.setattr(revision, "make", maker)
    python = revision.environment(clone, home, lambda _: None)
    assert python == str(home / "venv" / "bin" / "python")
    assert maker.asked[-1][0] == python
    assert maker.asked[-1][-4:] == ["-c", str(clone / "constraints.txt"), "click>=8", "psutil>=7"]
    made = len(maker.asked)
    assert revision.environment(clone, home, lambda _: None) == python
    assert len(maker.asked) == made
    (clone / "constraints.txt").write_text("click==8.5.0\n")
    revision.environment(clone, home, lambda _: None)
    assert len(maker.asked) == 2 * made


def test_an_environment_that_could_not_be_made_is_told_and_made_anew(
    clone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(command: list[str]) -> None:
        if "pip" in command:
            raise RevisionError("no such version")
        maker(command)

    maker = Maker()
    monkeypatch.setattr(revision, "make", fails)
    with pytest.raises(RevisionError, match="no such version"):
        revision.environment(clone, tmp_path / "home", lambda _: None)
    monkeypatch.setattr(revision, "make", maker)
    revision.environment(clone, tmp_path / "home", lambda _: None)
    assert maker.asked[-1][-1] == "psutil>=7"


def test_what_pip_said_is_told() -> None:
    with pytest.raises(RevisionError, match=r"could not be made:\nno such thing"):
        revision.make([sys.executable, "-c", "import sys; sys.exit('no such thing')"])


def test_a_revision_without_exact_versions_is_refused(clone: Path, tmp_path: Path) -> None:
    (clone / "constraints.txt").unlink()
    with pytest.raises(RevisionError, match=r"no constraints\.txt"):
        revision.environment(clone, tmp_path / "home", lambda _: None)
