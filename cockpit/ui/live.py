"""Live screens at a cost that hardly grows with viewers: a view is computed once for all of them."""

from __future__ import annotations

import sys
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from cockpit.ui.context import cockpit, view_context
from cockpit.views.context import ViewContext

KEEP_S = 1.0
"""A view is computed anew at most this often: ages move on even if nothing is committed. A view module
whose figures move more slowly names its own `KEEP_S`, and a `stamp(ctx)` of what must be seen at once."""

MAX_VIEWS = 64

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(slots=True)
class _Kept:
    lock: threading.Lock
    at: float = 0.0
    epoch: int = -1
    owner: tuple[int, int] = (0, 0)
    looked: float = 0.0  # when its stamp was read last
    stamp: Hashable = None
    value: Any = None

    def good(self, module: ModuleType, now: float) -> bool:
        """Whether it may still be shown, as far as its own age goes and what its module says."""
        keep_s = getattr(module, "KEEP_S", KEEP_S)
        if now - self.at >= keep_s:
            return False
        if now - self.looked >= KEEP_S and (stamp := getattr(module, "stamp", None)) is not None:
            self.looked = now
            return bool(stamp(view_context()) == self.stamp)
        return True


_views: OrderedDict[tuple[Hashable, ...], _Kept] = OrderedDict()
_guard = threading.Lock()
_epoch = 0


def view(build: Callable[Concatenate[ViewContext, P], T], *args: P.args, **named: P.kwargs) -> T:
    """`build(ctx, *args)` of a module of `cockpit.views`, shared by all viewers, at most a second old.

    Arguments must be hashable: together with the function they name what is shared.
    """
    here = cockpit()
    # After a jump or a reset nothing of before may be shown again.
    owner = id(here), 0 if here.demo is None else here.demo.run.epoch
    kept = _entry((build, args, tuple(sorted(named.items()))))
    with kept.lock:
        now = here.clock.monotonic()
        module = sys.modules[build.__module__]
        if kept.epoch != _epoch or kept.owner != owner or not kept.good(module, now):
            epoch, ctx = _epoch, view_context()
            if (stamp := getattr(module, "stamp", None)) is not None:
                kept.stamp = stamp(ctx)  # before what it stands for is read
            kept.value = build(ctx, *args, **named)
            kept.at, kept.looked, kept.epoch, kept.owner = now, now, epoch, owner
        return cast(T, kept.value)


def forget() -> None:
    """Compute every view anew at its next use: after a command, so that its effect is seen at once."""
    global _epoch
    with _guard:
        _epoch += 1


def _entry(key: tuple[Hashable, ...]) -> _Kept:
    with _guard:
        kept = _views.get(key)
        if kept is None:
            kept = _views[key] = _Kept(threading.Lock())
            while len(_views) > MAX_VIEWS:
                _views.popitem(last=False)
        else:
            _views.move_to_end(key)
        return kept
