"""How pages come to the cockpit of their process. The only way from the screen to what is joined in boot."""

from __future__ import annotations

from cockpit.boot import Cockpit, current
from cockpit.views.context import ViewContext


def cockpit() -> Cockpit:
    """The cockpit of this process."""
    return current()


def view_context() -> ViewContext:
    """Store, profile and the two clocks at this instant."""
    here = current()
    return ViewContext(
        here.store,
        here.profile,
        here.clock.domain_ms(),
        here.clock.real_ms(),
        simulated=here.config.mode == "demo",
    )
