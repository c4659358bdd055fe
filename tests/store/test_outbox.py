"""How far the event log is announced: in order, nothing old, nothing twice by a way back to the start."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from cockpit.store import Store, alerting, outbox
from cockpit.store.alerting import Line
from cockpit.store.handles import Read, Write
from tests.store import inside
from tests.waiting import PATIENCE_S

NAME = "file:x"
Opened = Callable[..., Store]


def happen(store: Store, *what: str) -> None:
    lines = [Line(1_000, None, one, "engine", {"n": one}) for one in what]
    store.write(lambda conn: alerting.append(conn, lines)).result(PATIENCE_S)


def begun(store: Store) -> int:
    store.write(lambda conn: outbox.begin(conn, NAME)).result(PATIENCE_S)
    with store.read() as conn:
        found = outbox.cursor(conn, NAME)
    assert found is not None
    return found


def test_a_new_channel_is_told_nothing_old_and_everything_after(store: Store) -> None:
    happen(store, "a", "b")
    seq = begun(store)
    happen(store, "c", "d", "e")
    with store.read() as conn:
        assert [(x.what, x.data) for x in outbox.after(conn, seq, 2)] == [
            ("c", {"n": "c"}),
            ("d", {"n": "d"}),
        ]
    assert begun(store) == seq, "to begin again changes nothing"


def test_a_cursor_moves_only_from_where_it_was_seen(store: Store) -> None:
    seq = begun(store)
    happen(store, "a", "b")

    def moved(old: int, new: int) -> bool:
        return store.write(lambda conn: outbox.advance(conn, NAME, old, new)).result(PATIENCE_S)

    assert moved(seq, seq + 1)
    assert not moved(seq, seq + 2)
    assert moved(seq + 1, seq + 2)


def test_where_lines_have_been_removed_a_new_channel_still_begins_at_the_end(store: Store) -> None:
    happen(store, "a", "b")
    inside.clear(store, inside.Rows.LOG)
    seq = begun(store)
    happen(store, "c")
    with store.read() as conn:
        assert [x.what for x in outbox.after(conn, seq, 9)] == ["c"]


def test_a_state_put_back_tells_what_comes_after_it_and_what_was_not_told_yet(
    store: Store, path: Path, tmp_path: Path
) -> None:
    seq = begun(store)
    happen(store, "a", "b", "c")
    store.close()
    copy = tmp_path / "copy.db"
    for told, then in ((seq + 1, ["b", "c", "new"]), (seq + 9, ["new"])):
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as made:
            source.backup(made)
            conn = Write(Read(made))
            outbox.carry(conn, [(NAME, told)])
            alerting.append(conn, [Line(1, None, "new", "x", {})])
            at = outbox.cursor(conn, NAME)
            assert at is not None
            assert [x.what for x in outbox.after(conn, at, 9)] == then
        copy.unlink()
