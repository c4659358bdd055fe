"""The rules of a running cockpit are read anew: by the command line, over HTTP, in another process."""

from __future__ import annotations

import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import uvicorn
from click.testing import CliRunner, Result
from starlette.applications import Starlette

from cockpit.boot import Lifecycle
from cockpit.cli import main
from cockpit.commands import Actor, Command, Instant, execute
from cockpit.commands.rule_sets import RulesReload
from cockpit.commands.rules import RuleOff
from cockpit.config import from_env
from cockpit.parts import Parts
from cockpit.profiles import load
from cockpit.store import Store, alerting
from cockpit.store.queries import audit
from cockpit.web import api
from tests.store import inside
from tests.waiting import PATIENCE_S, until

CODE = "camera-fps-low"
ALONE = "recorder-disk"
"""A rule on which no other rests."""
ADMIN = Actor("Hoa", "admin")


class Running:
    """A cockpit with its door, on a profile that can be edited."""

    def __init__(self, path: Path) -> None:
        self.folder, self.data = path / "tinh", path / "data"
        shutil.copytree(load("quang_ninh", size="district").folder, self.folder)
        self.file = self.folder / "rules.toml"
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self.begin()

    def begin(self) -> None:
        env = {
            "COCKPIT_DATA_DIR": str(self.data), "COCKPIT_MODE": "serve", "COCKPIT_PROFILE": str(self.folder),
            "COCKPIT_SIZE": "district", "COCKPIT_PORT": str(self.port),
        }  # fmt: skip
        self.cockpit = Lifecycle(from_env(env))
        self.cockpit.start()
        routes = api.routes(self.cockpit.parts)
        self._server = uvicorn.Server(
            uvicorn.Config(Starlette(routes=routes), port=self.port, log_level="error", lifespan="off")
        )
        self._thread = threading.Thread(target=self._server.run)
        self._thread.start()
        until(lambda: self._server.started or not self._thread.is_alive(), "the door opens")

    def end(self) -> None:
        self._server.should_exit = True
        self._thread.join(PATIENCE_S)
        self.cockpit.stop()

    def restart(self) -> None:
        self.end()
        self.begin()

    @property
    def parts(self) -> Parts:
        return self.cockpit.parts

    def edit(self, old: str, new: str, code: str = CODE) -> None:
        """Replace a line within the table of a rule."""
        head, table, rest = self._around(code)
        assert old in table
        self.file.write_text(head + table.replace(old, new, 1) + rest, "utf-8")

    def remove(self, code: str) -> None:
        head, _, rest = self._around(code)
        self.file.write_text(head + rest, "utf-8")

    def _around(self, code: str) -> tuple[str, str, str]:
        text = self.file.read_text("utf-8")
        begin = text.rindex("[[rule]]", 0, text.index(f'code = "{code}"'))
        end = text.find("[[rule]]", begin + 1)
        return text[:begin], text[begin:end], text[end:]

    def reload(self, *args: str) -> Result:
        return CliRunner().invoke(main, ["rules", "reload", "--data-dir", str(self.data), *args])


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    made = Running(tmp_path)
    yield made
    made.end()


def test_a_changed_rule_is_in_force_without_a_restart_and_after_one(running: Running) -> None:
    assert running.parts.profile.rule[CODE].version == 1
    running.edit("version = 1", "version = 2")
    running.edit("for_s = ", "for_s = 1")
    told = running.reload("--by", "Nguyễn Lan", "--reason", "hay báo nhầm")
    assert (told.exit_code, told.output.strip().endswith(f"in force: changed {CODE}")) == (0, True)
    assert running.parts.profile.rule[CODE].version == 2
    with running.parts.store.read() as conn:
        (entry,) = audit.entries(conn, 0, 2**60, name="rules_reload")
    assert (entry.actor, entry.role, entry.outcome) == ("Nguyễn Lan", "admin", "done")
    assert entry.args["reason"] == "hay báo nhầm"
    again = running.reload()
    assert (again.exit_code, "in force already" in again.output) == (0, True)
    running.restart()
    assert running.parts.profile.rule[CODE].version == 2


WRONG: dict[str, tuple[Callable[[Running], object], str]] = {
    "clear on the wrong side": (
        lambda r: r.edit("clear_at = ", "clear_at = -"),
        "rules.toml [[rule]] camera-fps-low key clear_at",
    ),
    "unknown metric": (
        lambda r: r.edit('metric = "fps"', 'metric = "fsp"'),
        "rules.toml [[rule]] camera-fps-low key metric: found 'fsp', expected a metric that camera sends",
    ),
    "a circle of parts": (
        lambda r: r.edit('"camera-fps-low"]', '"camera-unusable"]', "camera-unusable"),
        "found 'camera-unusable → camera-unusable', expected no circle",
    ),
    "another meaning, the same version": (
        lambda r: r.edit("for_s = ", "for_s = 1"),
        "camera-fps-low key version: found 1, expected another version than before: for_s changed",
    ),
    "other steps up, the same version": (
        lambda r: r.edit("for_s = ", 'escalation = [{ to = "leader", after_s = 120 }]\nfor_s = '),
        "camera-fps-low key version: found 1, expected another version than before: escalation changed",
    ),
    "a rule on which another rests is gone": (lambda r: r.remove(CODE), "camera-unusable key of: found"),
    "no TOML": (lambda r: r.file.write_text("[[rule", "utf-8"), "rules.toml: found"),
    "twice": (
        lambda r: r.file.write_text(r.file.read_text("utf-8") + r._around(CODE)[1], "utf-8"),
        "each only once",
    ),
}


@pytest.mark.parametrize("case", list(WRONG))
def test_wrong_rules_are_refused_with_the_place_and_the_old_ones_stay(running: Running, case: str) -> None:
    before = running.parts.profile.rules
    spoil, place = WRONG[case]
    spoil(running)
    told = running.reload()
    assert told.exit_code == 1
    assert "all rules stay as they are" in told.output
    assert place in told.output
    assert running.parts.profile.rules == before
    result = execute(running.parts, Command(ADMIN, RulesReload()))
    assert (result.code, len(result.facts["mistakes"])) == ("wrong_rules", result.facts["wrong"])


def test_an_operator_may_not(running: Running) -> None:
    assert execute(running.parts, Command(Actor("Lan", "operator"), RulesReload())).code == "no_right"


def test_a_rule_that_goes_is_off_no_more(running: Running) -> None:
    parts = running.parts
    off = RuleOff(rule=ALONE, until=Instant(parts.clock.domain_ms() + 3_600_000))
    assert execute(parts, Command(ADMIN, off, "thay camera")).ok
    running.remove(ALONE)
    assert execute(parts, Command(ADMIN, RulesReload())).facts["removed"] == [ALONE]
    assert ALONE not in parts.profile.rule
    assert inside.count(parts.store, inside.Rows.RULES_OFF) == 0


def test_another_process_that_only_reads_knows_the_new_rules(running: Running) -> None:
    other = Parts(
        running.parts.config, load(str(running.folder), size="district"), owner=None, writable=False
    )
    other.store = Store(running.parts.path, other.profile, running.parts.clock, writable=False)
    other.store.start()
    try:
        running.remove(ALONE)
        assert running.reload().exit_code == 0
        assert ALONE not in other.profile.rule
    finally:
        other.store.close()


def test_where_no_cockpit_works_it_says_so(tmp_path: Path) -> None:
    told = CliRunner().invoke(main, ["rules", "reload", "--data-dir", str(tmp_path)])
    assert (told.exit_code, "a start reads the rules by itself" in told.output) == (1, True)


def test_a_changed_rule_is_held_against_the_past_before_it_is_in_force(running: Running) -> None:
    args = ["rules", "backtest", ALONE, "--data-dir", str(running.data), "--profile", str(running.folder)]
    args += ["--size", "district", "--days", "2"]
    until(lambda: _evaluated(running), "the engine has evaluated")
    told = CliRunner().invoke(main, args)
    assert (told.exit_code, "would have raised 0" in told.output) == (0, True), told.output
    other = running.folder / "other.toml"
    shutil.copy(running.file, other)
    running.file, file = other, running.file
    running.edit("version = 1", "version = 7", ALONE)
    running.edit("raise_at = 5", "raise_at = 6", ALONE)
    running.file = file
    told = CliRunner().invoke(main, [*args, "--rules", str(other)])
    assert told.output.startswith(f"{ALONE} version 7, ")
    assert "as it is in force (version 1) it would have raised 0" in told.output
    assert running.parts.profile.rule[ALONE].version == 1
    wrong = CliRunner().invoke(main, [*args[:2], "no-such", *args[3:]])
    assert (wrong.exit_code, "no such rule" in wrong.output) == (1, True)


def _evaluated(running: Running) -> bool:
    with running.parts.store.read() as conn:
        return alerting.evaluated(conn, "domain") > 0
