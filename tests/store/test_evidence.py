"""Files of evidence on the disk: what is swept and when, what stays, what `check` says of them."""

from __future__ import annotations

import os
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from cockpit.cli import main
from cockpit.domain.requests import Piece
from cockpit.ingest.evidence import take
from cockpit.profiles import Profile, load
from cockpit.store import Store, StoreError, evidence, private, snapshot
from cockpit.store.queries import evidence as queries
from tests.clocks import HandClock
from tests.store import inside
from tests.wire import handed
from tests.wire.conftest import START

HOUR = 3_600_000


@pytest.fixture(scope="module")
def profile() -> Profile:
    return load("quang_ninh", size="district")


@pytest.fixture
def clock() -> HandClock:
    return HandClock(START)


@pytest.fixture
def store(tmp_path: Path, profile: Profile, clock: HandClock) -> Iterator[Store]:
    made = Store(tmp_path / "data" / "cockpit.db", profile, clock, writable=True)
    made.start()
    yield made
    made.close()


def hand_in(store: Store, data: bytes = handed.PDF, person: str = "Lan") -> str:
    return take(store, data, name="a.pdf", declared="", person=person, unit="u").id


def name_in(store: Store, name: str, number: int = 1) -> None:
    piece = Piece(name, "a.pdf", "pdf", 1)
    inside.done(store, lambda conn: evidence.name_in(conn, "request", number, [piece]))


def sweep(store: Store, clock: HandClock, hours: float) -> None:
    clock.advance(int(START + hours * HOUR) - clock.real)
    store.maintain(clock.domain).result()


def files(store: Store) -> set[str]:
    folder = evidence.folder(store.path)
    return {path.name for path in folder.iterdir()} if folder.exists() else set()


def test_what_nothing_names_is_swept_after_a_day_and_what_is_named_stays(
    store: Store, clock: HandClock
) -> None:
    named, orphan = hand_in(store), hand_in(store, handed.png())
    name_in(store, named)
    sweep(store, clock, 23.9)
    assert files(store) == {named, orphan}
    sweep(store, clock, 24.1)
    assert files(store) == {named}
    with store.read() as conn:
        assert queries.handed(conn, orphan) == []
        assert [h.person for h in queries.handed(conn, named)] == ["Lan"]
    assert hand_in(store, handed.png()) == orphan  # it can come again
    assert files(store) == {named, orphan}


def test_who_hands_in_again_has_another_day(store: Store, clock: HandClock) -> None:
    name = hand_in(store)
    clock.advance(20 * HOUR)
    assert hand_in(store, person="Minh") == name
    sweep(store, clock, 30)
    assert files(store) == {name}
    sweep(store, clock, 45)
    assert files(store) == set()


def test_what_a_crash_left_behind_is_swept_too(store: Store, clock: HandClock) -> None:
    evidence.put(store.path, handed.PDF, START)  # its process died before the database knew
    draft = evidence.folder(store.path) / "tmpx.part"
    draft.write_bytes(b"half")
    sweep(store, clock, 23)
    assert len(files(store)) == 2
    os.utime(draft, (START / 1000, START / 1000))
    sweep(store, clock, 25)
    assert files(store) == set()


def test_a_mistrusted_clock_sweeps_nothing(store: Store, clock: HandClock) -> None:
    name = hand_in(store)
    clock.advance(48 * HOUR)
    store.mistrust_clock()
    sweep(store, clock, 48)
    assert files(store) == {name}
    sweep(store, clock, 50)
    assert files(store) == set()


def test_what_a_point_to_go_back_to_names_is_kept(store: Store, clock: HandClock) -> None:
    name, later = hand_in(store), hand_in(store, handed.png())
    name_in(store, name)
    snapshot.take(store.path, threading.Event())
    inside.clear(store, inside.Rows.EVIDENCE_NAMED)  # as after going back to before it was named
    inside.clear(store, inside.Rows.EVIDENCE)
    sweep(store, clock, 48)
    assert files(store) == {name, later}
    snapshot.remove(store.path, snapshot.FIRST)
    sweep(store, clock, 49)
    assert files(store) == set()


def test_going_back_takes_what_neither_the_state_nor_a_point_knows(store: Store) -> None:
    known = hand_in(store)
    snapshot.take(store.path, threading.Event())
    new = hand_in(store, handed.png())
    assert files(store) == {known, new}
    inside.clear(store, inside.Rows.EVIDENCE)
    store.close()
    evidence.set_back(store.path)
    assert files(store) == {known}


def test_two_who_hand_in_the_same_at_once_both_have_it(store: Store) -> None:
    found: list[str] = []
    threads = [
        threading.Thread(target=lambda n=n: found.append(hand_in(store, person=f"p{n}"))) for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert files(store) == {found[0]}
    with store.read() as conn:
        assert len(queries.handed(conn, found[0])) == 8


def test_a_start_shuts_the_folder_and_what_is_in_it(store: Store) -> None:
    name = hand_in(store)
    place = evidence.place(store.path, name)
    place.chmod(0o644)
    place.parent.chmod(0o755)
    store.close()
    private.take(store.path.parent)
    assert not stat.S_IMODE(place.stat().st_mode) & 0o077
    assert not stat.S_IMODE(place.parent.stat().st_mode) & 0o077


def test_check_says_what_is_gone_or_changed(store: Store) -> None:
    one, other = hand_in(store), hand_in(store, handed.png())
    for number, name in enumerate((one, other)):
        name_in(store, name, number)
    store.close()
    data = ["check", "--data-dir", str(store.path.parent)]
    ran = CliRunner().invoke(main, data)
    assert ran.exit_code == 0, ran.output
    assert "2 files, as they were handed in" in ran.output
    evidence.place(store.path, one).unlink()
    evidence.place(store.path, other).write_bytes(b"x")
    ran = CliRunner().invoke(main, data)
    assert ran.exit_code == 1
    assert f"the file {one}, which an entry names, is gone" in ran.output
    assert f"the file {other} is not what was handed in" in ran.output


def test_a_folder_that_cannot_be_made_is_told(store: Store) -> None:
    evidence.folder(store.path).write_bytes(b"")
    with pytest.raises(StoreError) as raised:
        hand_in(store)
    assert raised.value.code == "io"
