"""Since when something is new to the person in front of the screen, and that they are looking now."""

from __future__ import annotations

import logging
import threading

import streamlit as st

from cockpit.commands import Command, execute
from cockpit.commands.visits import Seen
from cockpit.domain.visits import APART_MS
from cockpit.parts import Parts
from cockpit.store import StoreError
from cockpit.ui import people
from cockpit.ui.act import may
from cockpit.ui.context import cockpit, view_context
from cockpit.views import news
from cockpit.views.home import HomeView
from cockpit.views.news import News

log = logging.getLogger(__name__)

_LOOKED = "looked"
"""Where a session holds for whom it has sent a look last, and when that was in domain time."""


def told(view: HomeView, name: str) -> News:
    """What is new to who is known by this name; "" for nobody, who is told what everybody is."""
    return news.build(view_context(), name) if name else view.news


def look() -> None:
    """Send that the person is looking, no more often than it is kept. To be called whenever a page is drawn:
    it does not wait for what becomes of it, and says nothing; the next look is as good."""
    if not may(Seen):
        return
    here, actor = cockpit(), people.current().actor
    now = here.clock.domain_ms()
    name, at = st.session_state.get(_LOOKED, ("", 0))
    if name == actor.name and 0 <= now - at < APART_MS:
        return
    st.session_state[_LOOKED] = actor.name, now
    threading.Thread(target=_send, args=(here, Command(actor, Seen())), name="seen", daemon=True).start()


def _send(here: Parts, command: Command) -> None:
    try:
        result = execute(here, command)
    except StoreError as error:  # the banner over the page tells of it
        log.info("a look was not kept: %s", error)
        return
    if not result.ok:
        log.info("a look was not kept: %s", result.code)
