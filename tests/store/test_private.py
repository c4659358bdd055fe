"""The data directory is shut for everybody else, by the commands themselves."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from cockpit import ROOT
from cockpit.bench import processes
from cockpit.store import private

EVENT = (
    '{"specversion":"1.0","id":"e1","source":"cam-vms","type":"ioc.observation","subject":"cam-00001",'
    '"time":"2026-11-22T08:00:00+07:00","data":{"values":{"fps":24.9}}}\n'
)


def modes(directory: Path) -> dict[str, int]:
    """Permissions of a directory and all in it, by the path within."""
    found = [directory, *directory.rglob("*")]
    return {str(p.relative_to(directory)): stat.S_IMODE(p.lstat().st_mode) for p in found}


def open_to_all(directory: Path) -> None:
    """As a directory looks that was made without a thought."""
    for path in (directory, *directory.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)


def cockpit(*args: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from cockpit.cli import main; main()", *args],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT), **env}, capture_output=True, text=True,
        umask=0o022, timeout=120,
    )  # fmt: skip


def assert_private(directory: Path) -> None:
    for name, mode in modes(directory).items():
        assert mode == (0o700 if (directory / name).is_dir() else 0o600), f"{name}: {mode:o}"


def test_a_start_shuts_a_directory_that_was_open_and_makes_nothing_open(tmp_path: Path) -> None:
    data = tmp_path / "data"
    logs = data / "stage-logs"
    logs.mkdir(parents=True)
    for old in (data / "export.csv", data / "boundaries.geojson.old", logs / "2026.jsonl"):
        old.write_text("{}", "utf-8")
    open_to_all(data)
    before = os.umask(0o022)
    try:
        with processes.running("demo", data, "--size", "district", "--history", "0"):
            assert_private(data)
            names = modes(data)
            assert {"cockpit.db", "cockpit.db-wal", "cockpit.db-shm", "lock", "export.csv"} <= set(names)
            tape = tmp_path / "tape.ndjson"
            done = cockpit("record", str(tape), "--data-dir", str(data), "--for", "0.1")
            assert done.returncode == 0, done.stderr
            assert stat.S_IMODE(tape.stat().st_mode) == 0o600
        open_to_all(data)
        with processes.running("engine", data):
            assert_private(data)
    finally:
        os.umask(before)


def test_commands_that_make_the_directory_make_it_private(tmp_path: Path) -> None:
    (tmp_path / "in.ndjson").write_text(EVENT, "utf-8")
    for name, args in (
        ("a", ("token", "add", "cam-vms")),
        ("b", ("import", "events", str(tmp_path / "in.ndjson"))),
    ):
        data = tmp_path / name
        done = cockpit(*args, "--data-dir", str(data))
        assert done.returncode == 0, done.stderr
        assert_private(data)
        open_to_all(data)
        assert cockpit(*args, "--data-dir", str(data)).returncode == 0
        assert_private(data)


def test_a_directory_behind_a_link_is_shut(tmp_path: Path) -> None:
    real, new = tmp_path / "real", tmp_path / "new"
    real.mkdir()
    real.chmod(0o755)
    for target in (real, new):
        link = tmp_path / f"to-{target.name}"
        link.symlink_to(target)
        done = cockpit("token", "add", "cam-vms", "--data-dir", str(link))
        assert done.returncode == 0, done.stderr
        assert_private(target)


@pytest.mark.parametrize("name", ["home", "to-home", "."])
def test_a_home_directory_is_refused_and_stays_as_it_is(tmp_path: Path, name: str) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / ".profile").touch()
    (tmp_path / "to-home").symlink_to(home)
    for path in (tmp_path, home):
        path.chmod(0o755)
    done = cockpit("token", "add", "cam-vms", "--data-dir", str(tmp_path / name), HOME=str(home))
    assert done.returncode == 1
    assert "is a home directory: name a directory of its own" in done.stderr
    assert "Traceback" not in done.stderr
    assert [stat.S_IMODE(path.stat().st_mode) for path in (tmp_path, home)] == [0o755, 0o755]
    assert (
        cockpit("token", "add", "cam-vms", "--data-dir", str(home / "data"), HOME=str(home)).returncode == 0
    )


def test_the_home_of_a_service_that_has_nothing_else_is_its_data_directory(tmp_path: Path) -> None:
    home = tmp_path / "cockpit"
    home.mkdir()
    for _ in range(2):  # the second time with the database in it
        done = cockpit("token", "add", "cam-vms", "--data-dir", str(home), HOME=str(home))
        assert done.returncode == 0, done.stderr
    assert stat.S_IMODE(home.stat().st_mode) == 0o700


@pytest.mark.parametrize("place", ["/bin", "/usr/local", "/usr/local/bin", "/var/cache", "/etc/cockpit-data"])
def test_places_of_the_system_are_refused(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path, *args: object, **options: object) -> None:
        if not self.is_dir():
            raise PermissionError(13, "nothing may be made here")

    for name in ("chmod", "mkdir"):  # should the refusal fail, nothing happens to the machine
        monkeypatch.setattr(Path, name, refuse)
    monkeypatch.setattr(os, "umask", lambda mask: mask)
    with pytest.raises(private.NotOurs, match="shared by others"):
        private.take(Path(place))


@pytest.mark.parametrize("command", [("serve",), ("engine",), ("token", "add", "cam-vms")])
def test_a_directory_that_is_everybodys_is_refused_in_one_line(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o1777)
    port = () if command[0] == "token" else ("--port", str(processes.free_port()))
    done = cockpit(*command, "--data-dir", str(shared), *port)
    assert done.returncode == 1
    assert done.stderr.strip().startswith("Error:")
    assert "shared by others: name a directory of its own" in done.stderr
    assert "Traceback" not in done.stderr + done.stdout
    assert list(shared.iterdir()) == []


def test_a_directory_of_another_user_is_named_with_the_cure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Path, mode: int) -> None:
        raise PermissionError(1, "Operation not permitted")

    tmp_path.chmod(0o755)
    monkeypatch.setattr(Path, "chmod", refuse)
    before = os.umask(0o077)
    os.umask(before)
    try:
        with pytest.raises(private.NotOurs, match=r"can be read by others.*chown"):
            private.take(tmp_path)
    finally:
        os.umask(before)


def test_links_and_rights_of_the_owner_stay(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_text("", "utf-8")
    outside.chmod(0o644)
    data = tmp_path / "data"
    data.mkdir()
    (data / "link").symlink_to(outside)
    (data / "run.sh").write_text("", "utf-8")
    (data / "run.sh").chmod(0o755)
    before = os.umask(0o077)
    os.umask(before)
    try:
        private.take(data)
    finally:
        os.umask(before)
    assert stat.S_IMODE(outside.stat().st_mode) == 0o644
    assert stat.S_IMODE((data / "run.sh").stat().st_mode) == 0o700
