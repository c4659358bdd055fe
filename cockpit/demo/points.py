"""The points that a presenter can go back to: copies of the database, one where the demo begins and one where
each story does. Few are kept, and only whole ones are offered; the list is what lies on the disk.
"""

from __future__ import annotations

import logging
import threading
from pathlib import Path

import msgspec

from cockpit.demo.controls import Point
from cockpit.store import StoreError, meta, snapshot

log = logging.getLogger(__name__)

KEY = "point"
"""Where a database holds which point it was last at, and what began there."""

MAX_STORIES = 4
"""So many starts of stories are kept, the newest, beside the demo's own."""

MAX_BYTES = 2 << 30
"""With more than that together the oldest story's goes, but never the newest or the demo's own."""


class Mark(msgspec.Struct, frozen=True):
    """`scenarios`: the codes of those that began there."""

    number: int
    scenarios: tuple[str, ...] = ()

    def dump(self) -> str:
        return msgspec.json.encode(self).decode()


class Points:
    """All points of the database at `path`. Safe to read from any thread; one at a time changes them."""

    def __init__(self, path: Path) -> None:
        """What is on the disk; what cannot be gone back to is taken off it. Raises OSError."""
        self._path = path
        self._lock = threading.Lock()
        self._all: tuple[Point, ...] = ()
        snapshot.remove_halves(path)
        for number in snapshot.numbers(path):
            try:
                self._take_in(number)
            except (StoreError, msgspec.MsgspecError) as error:
                log.warning("point %d cannot be gone back to any more and is removed: %s", number, error)
                snapshot.remove(path, number)

    def _take_in(self, number: int) -> None:
        place = snapshot.place(self._path, number)
        at, mark = meta.peek(place, "domain_ms"), mark_of(meta.peek(place, KEY))
        if at is None:
            raise StoreError("foreign", f"{place.name} is no copy of a demo")
        # A copy of before there were several says nothing of itself, or was taken where a story began.
        scenarios = mark.scenarios if mark is not None and mark.number == number else ()
        made = Point(number, int(at), place.stat().st_size, scenarios)
        with self._lock:
            kept = [p for p in self._all if p.number != number]
            self._all = tuple(sorted([*kept, made], key=lambda p: p.number))

    @property
    def all(self) -> tuple[Point, ...]:
        """In the order in which they were taken, the demo's own first."""
        return self._all

    def of(self, number: int | None) -> Point | None:
        """The point of this number; where none is named, or it has gone, the newest before it."""
        here = [p for p in self._all if number is None or p.number <= number]
        return here[-1] if here else next(iter(self._all), None)

    def next(self) -> int:
        """The number of the next one."""
        return self._all[-1].number + 1 if self._all else snapshot.FIRST

    def take(self, number: int, begun: threading.Event) -> None:
        """Copy the database as it is when `begun` is set, then let go of what is too much. On a full disk the
        oldest story's point goes, so that the next story finds room. Raises StoreError, OSError."""
        try:
            snapshot.take(self._path, begun, number)
        except StoreError as error:
            if error.code == "disk_full":
                self._let_go()
            raise
        self._take_in(number)
        while self._too_much() and self._let_go():
            pass

    def _too_much(self) -> bool:
        stories = [p for p in self._all if p.number != snapshot.FIRST]
        return len(stories) > MAX_STORIES or sum(p.bytes for p in self._all) > MAX_BYTES

    def _let_go(self) -> bool:
        """Remove the oldest story's point, unless it is the newest of all; whether there was one."""
        stories = [p for p in self._all if p.number != snapshot.FIRST]
        if len(stories) < 2:
            return False
        with self._lock:
            self._all = tuple(p for p in self._all if p is not stories[0])
        snapshot.remove(self._path, stories[0].number)
        return True


def mark_of(text: str | None) -> Mark | None:
    """What a database says of the point it was last at; None where it says nothing."""
    return msgspec.json.decode(text, type=Mark) if text else None
