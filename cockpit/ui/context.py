"""How pages come to the cockpit of their process. The only way from the screen to what is joined in boot."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from cockpit.boot import current, installed
from cockpit.demo.demo import Demo
from cockpit.demo.state import DemoRun
from cockpit.domain.periods import OFFSET_S
from cockpit.parts import Parts
from cockpit.views.context import ViewContext

_within: ContextVar[Parts | None] = ContextVar("within", default=None)


@contextmanager
def within(parts: Parts) -> Iterator[None]:
    """Write sentences about these parts: where who asks has them at hand and is no page."""
    before = _within.set(parts)
    try:
        yield
    finally:
        _within.reset(before)


def cockpit() -> Parts:
    """The parts of this process."""
    return _within.get() or current().parts


def demo() -> Demo | None:
    """What only a demo has; whether there is one tells whether this is one."""
    return cockpit().demo


def demo_run() -> DemoRun | None:
    """The scenarios and faults that are played, where any can be."""
    here = demo()
    return None if here is None else here.run


def utc_offset_s() -> int:
    """How far the province's time is ahead of UTC; that of Việt Nam before there is a province."""
    if (parts := _within.get()) is not None:
        return parts.profile.utc_offset_s
    here = installed()
    return OFFSET_S if here is None else here.parts.profile.utc_offset_s


def view_context() -> ViewContext:
    """Store, profile and the two clocks at this instant."""
    here = cockpit()
    return ViewContext(
        here.store,
        here.profile,
        here.clock.domain_ms(),
        here.clock.real_ms(),
        simulated=here.demo is not None,
    )
