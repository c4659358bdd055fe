"""Points to go back to: few, whole, and what lies on the disk."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from cockpit.clock import RealClock
from cockpit.demo import points
from cockpit.demo.points import Mark, Points, mark_of
from cockpit.profiles import load
from cockpit.store import Store, StoreError, meta, snapshot
from cockpit.store.handles import Write
from tests.waiting import PATIENCE_S

START = 1_795_309_200_000


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store(tmp_path / "cockpit.db", load("quang_ninh", size="district"), RealClock(), writable=True)
    made.start()
    yield made
    made.close()


def keep(store: Store, path: Path, here: Points, *scenarios: str) -> int:
    """A point where these begin, at an instant of its own."""
    mark = Mark(here.next(), scenarios)

    def write(conn: Write) -> None:
        meta.put(conn, points.KEY, mark.dump())
        meta.put(conn, "domain_ms", str(START + mark.number))

    store.write(write).result(PATIENCE_S)
    here.take(mark.number, threading.Event())
    assert mark_of(meta.peek(path, points.KEY)) == mark
    return mark.number


def files(path: Path) -> set[str]:
    return {file.name for file in path.parent.glob("cockpit-start*") if file.suffix in (".db", ".part")}


def test_the_start_of_the_demo_and_the_newest_stories_are_kept(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "cockpit.db"
    here = Points(path)
    assert (here.all, here.of(None)) == ((), None)
    keep(store, path, here)
    for n in range(points.MAX_STORIES + 2):
        keep(store, path, here, f"story_{n}")
    newest = [3, 4, 5, 6]
    assert [(p.number, p.at_ms, p.scenarios) for p in here.all] == [
        (0, START, ()),
        *((n, START + n, (f"story_{n - 1}",)) for n in newest),
    ]
    assert files(path) == {"cockpit-start.db", *(f"cockpit-start-{n}.db" for n in newest)}
    assert [p.bytes for p in here.all] == [snapshot.place(path, p.number).stat().st_size for p in here.all]
    assert Points(path).all == here.all  # what a start finds


def test_too_many_bytes_cost_the_oldest_story_and_never_the_newest_or_the_start(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "cockpit.db"
    here = Points(path)
    monkeypatch.setattr(points, "MAX_BYTES", 1)
    for name in ((), ("one",), ("two",), ("three",)):
        keep(store, path, here, *name)
    assert [p.number for p in here.all] == [0, 3]
    assert files(path) == {"cockpit-start.db", "cockpit-start-3.db"}


def test_halves_and_what_is_no_copy_are_removed_and_not_offered(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "cockpit.db"
    here = Points(path)
    keep(store, path, here)
    keep(store, path, here, "one")
    snapshot.place(path, 2).write_bytes(snapshot.place(path, 1).read_bytes()[:5000])
    snapshot.place(path, 3).write_bytes(b"no database at all" * 100)
    snapshot.place(path, 4).with_suffix(".part").write_bytes(b"half")
    found = Points(path)
    assert [p.number for p in found.all] == [0, 1]
    assert files(path) == {"cockpit-start.db", "cockpit-start-1.db"}


def test_a_full_disk_offers_nothing_half_and_makes_room_for_the_next_story(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "cockpit.db"
    here = Points(path)
    for name in ((), ("one",), ("two",)):
        keep(store, path, here, *name)

    def full(*_: object) -> None:
        raise OSError(28, "no space")

    with monkeypatch.context() as patched:
        patched.setattr(snapshot, "sync", full)
        with pytest.raises(StoreError, match="no space"):
            keep(store, path, here, "three")
    assert [p.number for p in here.all] == [0, 2]
    assert files(path) == {"cockpit-start.db", "cockpit-start-2.db"}
    assert keep(store, path, here, "three") == 3


def test_a_point_that_has_gone_is_stood_for_by_the_newest_before_it(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "cockpit.db"
    here = Points(path)
    for name in ((), ("one",), ("two",)):
        keep(store, path, here, *name)
    numbers = {asked: p.number for asked in (None, 0, 1, 2, 9) if (p := here.of(asked))}
    assert numbers == {None: 2, 0: 0, 1: 1, 2: 2, 9: 2}


def test_the_one_copy_of_an_earlier_version_is_the_start(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "cockpit.db"
    store.write(lambda conn: meta.put(conn, "domain_ms", str(START))).result(PATIENCE_S)
    snapshot.take(path, threading.Event())
    (point,) = Points(path).all
    assert (point.number, point.at_ms, point.scenarios) == (0, START, ())
