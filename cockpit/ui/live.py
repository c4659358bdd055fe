"""Live screens at a cost that hardly grows with viewers.

A view is computed once for all viewers and kept for a second, by name and arguments; pages redraw it
with one fragment.
"""

from __future__ import annotations

import importlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from cockpit.ui.context import cockpit, view_context

EVERY_S = 2
"""Seconds between two refreshes of a page."""

KEEP_S = 1.0
"""A view is computed anew at most this often: ages move on even if nothing is committed. A view module
whose figures move more slowly names its own `KEEP_S`."""

MAX_VIEWS = 64


PLAYED = "played"
"""Where a session holds what the strip over its page says is played."""


@dataclass(slots=True)
class _Kept:
    lock: threading.Lock
    at: float = 0.0
    epoch: int = -1
    owner: tuple[int, int] = (0, 0)
    value: Any = None


_views: OrderedDict[tuple[str, tuple[Hashable, ...]], _Kept] = OrderedDict()
_guard = threading.Lock()
_epoch = 0


def view(name: str, *args: Hashable) -> Any:
    """The view `cockpit.views.<name>.build(ctx, *args)`, shared by all viewers, at most a second old.

    `"alerts.detail"` names another function of the module than `build`.
    """
    here = cockpit()
    # After a jump or a reset nothing of before may be shown again.
    owner = id(here), 0 if here.stage is None else here.stage.epoch
    kept = _entry((name, args))
    with kept.lock:
        now = here.clock.monotonic()
        module, _, function = name.partition(".")
        source = importlib.import_module(f"cockpit.views.{module}")
        keep_s = getattr(source, "KEEP_S", KEEP_S)
        if kept.epoch != _epoch or kept.owner != owner or now - kept.at >= keep_s:
            epoch = _epoch
            build: Callable[..., Any] = getattr(source, function or "build")
            kept.value = build(view_context(), *args)
            kept.at, kept.epoch, kept.owner = now, epoch, owner
        return kept.value


def forget() -> None:
    """Compute every view anew at its next use: after a command, so that its effect is seen at once."""
    global _epoch
    with _guard:
        _epoch += 1


def _entry(key: tuple[str, tuple[Hashable, ...]]) -> _Kept:
    with _guard:
        kept = _views.get(key)
        if kept is None:
            kept = _views[key] = _Kept(threading.Lock())
            while len(_views) > MAX_VIEWS:
                _views.popitem(last=False)
        else:
            _views.move_to_end(key)
        return kept


def played() -> tuple[str, ...]:
    """Codes of the scenarios on the stage."""
    stage = cockpit().stage
    return () if stage is None else tuple(c.code for c in stage.playing())


def fragment(body: Callable[[], None]) -> Callable[[], None]:
    """Decorate the live part of a page: drawn again every two seconds, without the rest of the page.

    One a page. Above what it draws stands the banner that the evaluator has stopped, if it has.
    """
    from cockpit.ui import people
    from cockpit.ui.banner import stopped_banner
    from cockpit.ui.panel import guarded

    def draw() -> None:
        if people.shut_out():
            st.rerun()  # a tab that has come back is asked again who it is
        if not cockpit().ready.is_set() or cockpit().lost is not None:
            st.rerun()  # the shell shows how far the stage is set, or that the store is gone
        if st.session_state.get(PLAYED, played()) != played():
            st.rerun()  # another story: the strip names it
        stopped_banner()
        with guarded(body.__module__):
            body()

    draw.__qualname__ = f"live_{body.__module__}_{body.__qualname__}"
    return st.fragment(draw, run_every=EVERY_S)
