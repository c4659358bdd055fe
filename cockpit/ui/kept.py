"""What is costly to build from a view is built once for all viewers and kept while the view is the same."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import TypeVar

import pydeck as pdk

T = TypeVar("T")
MAX_KEPT = 48

_kept: OrderedDict[tuple[Hashable, ...], tuple[object, object]] = OrderedDict()
_guard = threading.Lock()


def kept(source: object, make: Callable[[], T], *name: Hashable) -> T:
    """`make()`, or what it gave before under this name for the very same `source` object."""
    with _guard:
        found = _kept.get(name)
        if found is not None and found[0] is source:
            _kept.move_to_end(name)
            return found[1]  # type: ignore[return-value]
    made = make()
    with _guard:
        _kept[name] = (source, made)
        while len(_kept) > MAX_KEPT:
            _kept.popitem(last=False)
    return made


def forget() -> None:
    """Build everything anew at its next use: as in a process that has just started, for tests."""
    with _guard:
        _kept.clear()


def frozen(deck: pdk.Deck) -> pdk.Deck:
    """A deck that is written as JSON once, not at every refresh."""
    text = deck.to_json()
    setattr(deck, "to_json", lambda: text)  # noqa: B010 - the class declares a method
    return deck
