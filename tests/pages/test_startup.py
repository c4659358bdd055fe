"""What viewers see of a start that failed, and of a past that is not all there."""

from __future__ import annotations

from typing import Any

import pytest

from cockpit.demo.backfill import HistoryMissing
from cockpit.store import meta
from cockpit.store.queries import loading
from cockpit.ui import live
from cockpit.ui.words import t
from tests.pages.conftest import NOW_MS, Visit, text
from tests.store import inside


@pytest.mark.parametrize(
    ("failure", "key"), [(HistoryMissing("no"), "startup.failed_past"), (OSError("no"), "startup.failed")]
)
def test_a_start_that_failed_is_said_with_what_to_do(
    visit: Visit, cockpit: Any, failure: Exception, key: str
) -> None:
    cockpit.failure = failure
    cockpit.ready.clear()
    try:
        (shown,) = visit().error
        assert shown.value == t(key, "vi")
    finally:
        cockpit.failure = None
        cockpit.ready.set()


@pytest.mark.parametrize(("missing", "key"), [(False, "strip.loading"), (True, "strip.past_missing")])
def test_a_past_that_is_not_all_there_is_being_loaded_or_missing(
    visit: Visit, cockpit: Any, missing: bool, key: str
) -> None:
    inside.done(cockpit.store, lambda conn: meta.put(conn, loading.KEY, str(NOW_MS)))
    cockpit.past_missing = missing
    live.forget()
    try:
        assert t(key, "vi") in text(visit())
    finally:
        inside.remove_fact(cockpit.store, loading.KEY)
        cockpit.past_missing = False
        live.forget()
