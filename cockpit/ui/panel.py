"""One panel may fail without taking the page with it."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from cockpit.clock import RealClock
from cockpit.ui import figures
from cockpit.ui.context import cockpit
from cockpit.ui.marks import icon, lines, quiet
from cockpit.ui.words import t

log = logging.getLogger("cockpit.ui")


@contextmanager
def guarded(key: str) -> Iterator[None]:
    """Turn an exception inside into a calm line with a number that is also in the log.

    Streamlit's own signals (stop, rerun) are no `Exception` and pass.
    """
    try:
        yield
    except Exception as error:
        tell(key, error)


def tell(key: str, error: BaseException) -> None:
    """Say calmly that something could not be drawn, under a number that is also in the log."""
    if not cockpit().ready.is_set() or cockpit().lost is not None:
        st.markdown(quiet(t("ui.being_set")))  # the stage is being set: the next refresh shows how far
        return
    number = uuid.uuid4().hex[:4].upper()
    log.error("panel %s failed, error %s", key, number, exc_info=error)
    when = figures.local(RealClock().real_ms()).strftime("%H:%M:%S")
    st.markdown(
        lines(
            f"{icon('do_not_disturb_on', 'orange')} {t('ui.panel_failed')}",
            quiet(t("ui.panel_error", code=number, time=when)),
        )
    )
