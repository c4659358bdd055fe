"""What an earlier version wrote opens in this one, whole, whatever happens while it is brought up to date."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner
from msgspec import structs

from cockpit import ROOT
from cockpit.bench import processes
from cockpit.cli.check import check
from cockpit.cli.token import token
from cockpit.clock import Clock
from cockpit.commands import Actor, Command, execute
from cockpit.commands.alerts import AcknowledgeUndo
from cockpit.commands.visits import Seen
from cockpit.demo.virtual_clock import VirtualClock
from cockpit.domain.instants import iso
from cockpit.domain.numbers import AlertId
from cockpit.engine import Engine
from cockpit.engine.outbox import FileChannel, Outbox
from cockpit.ingest import tokens
from cockpit.profiles import load
from cockpit.store import Store, StoreError, alerting, integrity, migrations, snapshot, store
from cockpit.store.handles import Write
from cockpit.store.lock import hold
from cockpit.store.migrations import NAMES
from cockpit.views import alert as alert_view
from cockpit.views.context import ViewContext
from tests.clocks import HandClock
from tests.store import inside, old_files
from tests.store.old_files import NEWEST, OLDEST, Old, first_of
from tests.waiting import PATIENCE_S
from tests.wire.conftest import event, make

old_ones = first_of(OLDEST, NEWEST)
# What must be there afterwards as it was, by the columns that it had then. Reports get a number more.
KEPT = (
    "alert", "command", "token", "event_log", "rule_off", "condition", "record", "record_event", "report",
    "quarantine", "coverage_day", "coverage_cell", "rollup_1h", "rollup_group", "latest", "source_hour",
    "event_key",
)  # fmt: skip


def rows(path: Path) -> dict[str, tuple[tuple[str, ...], list[Any]]]:
    """Columns and rows of what must be kept."""
    with closing(sqlite3.connect(path)) as conn:
        found = {}
        for table in KEPT:
            names = tuple(row[1] for row in conn.execute(f"PRAGMA table_info({table})"))
            found[table] = names, sorted(conn.execute(f"SELECT * FROM {table}").fetchall(), key=repr)
        return found


def clock_of(old: Old) -> Clock:
    """Stands a second after the last thing that its engine did."""
    return VirtualClock(old.at_ms + 1000) if old.mode == "demo" else HandClock(old.at_ms + 1000)


@contextmanager
def opened(path: Path, old: Old, clock: Clock | None = None) -> Iterator[Store]:
    made = Store(path, load("quang_ninh", size=old.size), clock or clock_of(old), writable=True)
    made.start()
    try:
        yield made
    finally:
        made.close()


def open_alerts(path: Path) -> dict[int, tuple[str, str | None, str | None]]:
    """Key, and who acknowledged with which note, by number."""
    with closing(sqlite3.connect(path)) as conn:
        found = conn.execute("SELECT id, key, ack_by, ack_note FROM alert WHERE closed IS NULL")
        return {row[0]: tuple(row[1:]) for row in found}


@old_ones
def test_it_holds_what_is_to_be_kept(old: Old, tmp_path: Path) -> None:
    """Or the other tests would show nothing."""
    path = old.put(tmp_path)
    alerts = open_alerts(path)
    assert any(by for _, by, _ in alerts.values())
    assert any(by is None for _, by, _ in alerts.values())
    with closing(sqlite3.connect(path)) as conn:
        assert conn.execute("SELECT count(*) FROM alert WHERE closed IS NOT NULL").fetchone()[0]
        (until,) = conn.execute("SELECT until FROM rule_off").fetchone()
        outcomes = {row[0] for row in conn.execute("SELECT outcome FROM command")}
        steps = {row[0] for row in conn.execute("SELECT name FROM _sqlite_migrations")}
    assert until > old.at_ms
    assert {"done", "no_right"} <= outcomes
    assert steps < NAMES, "a database of the present tables tests no change of them"


@old_ones
def test_every_row_is_there_afterwards_as_it_was(old: Old, tmp_path: Path) -> None:
    path = old.put(tmp_path)
    before = rows(path)
    with opened(path, old) as made, made.read() as conn:
        assert integrity(conn) == []
        assert {row[0] for row in conn.execute("SELECT name FROM _sqlite_migrations")} == NAMES
        for table, (names, held) in before.items():
            found = [tuple(row) for row in conn.execute(f"SELECT {', '.join(names)} FROM {table}")]
            assert sorted(found, key=repr) == held, table
        numbered = [row[0] for row in conn.execute("SELECT received FROM report ORDER BY number")]
        assert numbered == sorted(numbered)


@old_ones
def test_its_engine_goes_on_where_the_old_one_stopped(old: Old, tmp_path: Path) -> None:
    path = old.put(tmp_path)
    before = open_alerts(path)
    clock = clock_of(old)
    with opened(path, old, clock) as made:
        with made.read() as conn:
            off = [one.rule for one in alerting.rules_off(conn)]
        engine = Engine(made, made.profile, clock, played=True)  # type: ignore[arg-type]
        for _ in range(2):
            assert engine.guarded_tick(), engine.last_error
            if isinstance(clock, HandClock):
                clock.advance(1000)
        engine.stop()
        assert off
        with made.read() as conn:
            assert [one.rule for one in alerting.rules_off(conn)] == off
            muted = {row[0] for row in conn.execute("SELECT rule FROM alert WHERE muted = 'rule_off'")}
            hidden = {row[0] for row in conn.execute("SELECT rule FROM alert WHERE closed IS NULL")}
            assert muted == hidden & set(off)
    after = open_alerts(path)
    assert {number: after.get(number) for number in before} == before


@old_ones
def test_its_alerts_are_told_by_the_rules_of_then_or_if_those_are_gone_of_today_and_say_so(
    old: Old, tmp_path: Path
) -> None:
    path = old.put(tmp_path)
    numbers = sorted(open_alerts(path))
    with opened(path, old) as made:
        profile = load("quang_ninh", size=old.size)
        ctx = ViewContext(made, profile, old.at_ms, old.at_ms, False)
        found = [alert_view.build(ctx, AlertId(number)) for number in numbers]
    assert found
    for detail in found:
        assert detail is not None
        today = profile.rule[detail.alert.rule]
        kept = detail.rule
        assert kept is not None
        if old.revision not in (old_files.WITHOUT_RULES, old_files.WITH_SENTENCES):
            # Its words are those of then, whatever they are today.
            assert kept.about is None, "these revisions had no sentence"
            told = {detail.alert.rule: kept.next_step.vi}
            assert told.get("camera-silent", old_files.CAMERA_STEP_OF_THEN) == old_files.CAMERA_STEP_OF_THEN
            kept = structs.replace(kept, **{word: getattr(today, word) for word in old_files.WORDS})
        assert kept == today
        assert detail.alert.of_today is (old.revision == old_files.WITHOUT_RULES)
        assert detail.alert.owner.en
        alert = detail.alert
        if alert.subject_kind in old_files.OF_PROFILES:
            assert alert.subject == (alert.asset or alert.indicator or alert.source)
        assert detail.alert.next_step.vi


@old_ones
def test_an_acknowledgement_of_then_is_taken_back_only_where_its_real_time_is_known(
    old: Old, tmp_path: Path
) -> None:
    clock = HandClock(old.at_ms + 1000)
    with opened(old.put(tmp_path), old, clock) as made:
        number = next(n for n, (_, by, _) in open_alerts(made.path).items() if by is not None)
        with made.read() as conn:
            held = alerting.held(conn, AlertId(number))
        assert held is not None
        assert (held.ack_real is not None) is (old.revision in old_files.WITH_REAL_TIME)
        clock.real = (held.ack_real or held.ack_at or 0) + 1000
        seen = {"store": made, "profile": made.profile, "clock": clock, "demo": None, "forward": None}
        here: Any = SimpleNamespace(**seen, writable=True, is_demo=False)
        actor = Actor(str(held.ack_by), "operator")
        told = execute(here, Command(actor, AcknowledgeUndo(alert=number)))
        assert told.code == ("done" if held.ack_real else "too_late")
        assert inside.visits(made) == {}
        assert execute(here, Command(actor, Seen())).ok
        assert inside.visits(made)[actor.name].before is None, "nobody has looked before"


@old_ones
def test_nothing_old_is_announced_of_it(old: Old, tmp_path: Path) -> None:
    told = tmp_path / "told.ndjson"
    with opened(old.put(tmp_path), old) as made:
        box = Outbox(made, [FileChannel(told)])
        box.begin()
        box.send()
        assert not told.exists()
        line = alerting.Line(old.at_ms, None, "clock_jump", "engine", {})
        made.write(lambda conn: alerting.append(conn, [line])).result(PATIENCE_S)
        box.send()
    assert told.read_text("utf-8").count("\n") == 1


@old_ones
def test_its_tokens_open_the_door_of_today(old: Old, tmp_path: Path) -> None:
    old.put(tmp_path)
    clock = clock_of(old)
    made = make(tmp_path, load("quang_ninh", size=old.size), clock, simulated=old.mode == "demo")
    try:
        for label, word in old.tokens.items():
            grant = made.tokens.lookup(word)
            assert grant is not None
            assert grant.label == label
            if "cam-vms" in grant.sources:
                sent = event(id="today", time=iso(clock.domain_ms()))
                answer = made.client(word).post("/api/v1/events", json=sent)
                assert (answer.status_code, answer.json()["accepted"]) == (202, 1), answer.text
        assert made.client("ckp_unknown").post("/api/v1/events", json=[]).status_code == 401
    finally:
        made.door.close()
        made.store.close()


def _run(command: Any, *args: str) -> tuple[int, str]:
    ran = CliRunner().invoke(command, args)
    return ran.exit_code, ran.output


@old_ones
def test_commands_work_on_it_before_a_cockpit_has_started(old: Old, tmp_path: Path) -> None:
    path = old.put(tmp_path)
    before = path.read_bytes()
    code, said = _run(check, "--data-dir", str(tmp_path))
    assert (code, "sound" in said) == (0, True), said
    assert path.read_bytes() == before, "a check changes nothing"
    lock = hold(tmp_path, role="serve")
    try:  # as if the older one still worked in it
        code, said = _run(token, "add", "cam-vms", "--data-dir", str(tmp_path))
        assert code == 1
        assert "of an older version of the cockpit" in said
    finally:
        lock.release()
    assert path.read_bytes() == before
    code, said = _run(token, "add", "cam-vms", "--data-dir", str(tmp_path))
    assert (code, said[:4]) == (0, "ckp_"), said
    with opened(path, old) as made:
        assert tokens.Tokens(made).lookup(said.strip()) is not None
    assert _run(check, "--data-dir", str(tmp_path))[0] == 0


@old_ones
def test_who_only_reads_says_that_it_is_of_an_older_version(
    old: Old, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = old.put(tmp_path)
    monkeypatch.setattr(store, "TABLES_EVERY_S", 0.0)
    reader = Store(path, load("quang_ninh", size=old.size), clock_of(old), writable=False)
    try:
        with pytest.raises(StoreError, match="older version of the cockpit"):
            reader.start()
    finally:
        reader.close()


@old_ones
def test_an_older_version_leaves_a_newer_database_alone(
    old: Old, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = old.put(tmp_path)
    with opened(path, old):
        pass
    monkeypatch.setattr(migrations, "NAMES", NAMES - {max(NAMES)})
    for writable in (True, False):
        late = Store(path, load("quang_ninh", size=old.size), clock_of(old), writable=writable)
        with pytest.raises(StoreError, match="newer version of the cockpit"):
            late.start()
        late.close()
    code, said = _run(token, "add", "cam-vms", "--data-dir", str(tmp_path))
    assert (code, "newer version of the cockpit" in said) == (1, True), said


@first_of(OLDEST, NEWEST)
def test_the_real_cockpit_starts_on_it(old: Old, tmp_path: Path) -> None:
    before = open_alerts(old.put(tmp_path))
    options = ("--no-simulator", "--size", old.size, "--history", "0") if old.mode == "demo" else ()
    with processes.running(old.mode, tmp_path, *options, ready_s=PATIENCE_S) as cockpit:
        assert cockpit.get("/readyz")[0] == 200
        alerts = json.loads(cockpit.get("/api/v1/alerts?state=open&limit=500")[1])["alerts"]
        alerts += json.loads(cockpit.get("/api/v1/alerts?state=muted&limit=500")[1])["alerts"]
    found = {a["id"]: (a["key"], a["ack_by"], a["ack_note"]) for a in alerts}
    assert {number: found.get(number) for number in before} == before, cockpit.said()


def _returned(conn: Write, at: int) -> None:
    alerting.record_command(conn, at, at, "Lan", "presenter", "clock_reset", {"left": at}, "done")


@old_ones
def test_a_demo_goes_back_to_a_start_of_then(old: Old, tmp_path: Path) -> None:
    path = old.put(tmp_path)
    shutil.copy(path, snapshot.place(path))
    before = open_alerts(path)
    with opened(path, old) as made:
        word = made.write(lambda c: tokens.issue(c, (), "officer", "Lan", 0, "06652")).result(PATIENCE_S)
        made.write(lambda c: c.execute("DELETE FROM alert")).result(PATIENCE_S)
    with closing(sqlite3.connect(path)) as conn:
        snapshot.announce(path, conn, "")
    order = snapshot.announced(path)
    assert order is not None
    snapshot.put_back(path, order, lambda conn: _returned(conn, old.at_ms))
    with opened(path, old) as made:
        grant = tokens.Tokens(made).lookup(word)
        assert grant is not None
        assert grant.label == "Lan"
    assert open_alerts(path) == before


RUNNER = """
import json, os, shutil, signal, sqlite3, sys
from pathlib import Path
from tests.store.inside import identities
from cockpit.store.database import writer
from cockpit.store.migrations import migrate, missing
source, path = Path(sys.argv[1]), Path(sys.argv[2])

def state():
    with sqlite3.connect(path) as conn:
        tables = sorted(map(repr, conn.execute("SELECT name, sql FROM sqlite_master")))
        return missing(conn), tables, sorted(identities(path).items())

def play(last):
    conn, done = writer(path), 0
    conn.execute("PRAGMA cache_size = 2")  # what is not committed yet goes to the log all the same
    def count(_):
        nonlocal done
        done += 1
        if done == last:
            os.kill(os.getpid(), signal.SIGKILL)
    conn.set_trace_callback(count)
    migrate(conn)
    conn.close()
    os._exit(0)

last, ended = 0, 1
while ended:
    last += 1
    for end in ("", "-wal", "-shm"):
        Path(str(path) + end).unlink(missing_ok=True)
    shutil.copy(source, path)
    child = os.fork()
    if child == 0:
        try:
            play(last)
        finally:
            os._exit(3)
    ended = os.waitpid(child, 0)[1]
    found = state()
    conn = writer(path)
    migrate(conn)
    conn.close()
    print(json.dumps([last, ended, found, state()]))
"""


@first_of(OLDEST)
def test_killed_at_any_statement_the_next_start_finds_all_of_the_change_or_nothing(
    old: Old, tmp_path: Path
) -> None:
    """The child is ended by SIGKILL before its first statement, before its second, and so on to the last."""
    source, path = old.put(tmp_path / "source"), tmp_path / "cockpit.db"
    ran = subprocess.run(
        [sys.executable, "-c", RUNNER, str(source), str(path)], cwd=ROOT, capture_output=True, text=True,
        timeout=5 * PATIENCE_S, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    rounds = [json.loads(line) for line in ran.stdout.splitlines()]
    assert [ended for _, ended, _, _ in rounds] == [9] * (len(rounds) - 1) + [0]
    assert len(rounds) > 10
    before, after = rounds[0][2], rounds[-1][2]
    assert before[2] == after[2] == [list(lot) for lot in sorted(inside.identities(source).items())]
    assert before[0]
    assert after[0] == []
    for last, _, found, finished in rounds:
        assert found in (before, after), f"killed before statement {last}, only {found[0]} are missing"
        assert finished == after
