"""What viewers see of a start that failed, and of a past that is not all there."""

from __future__ import annotations

from typing import Any

import pytest

from cockpit.demo.backfill import HistoryMissing
from cockpit.store.queries import loading
from cockpit.ui import live
from cockpit.ui.words import t
from tests.pages.conftest import NOW_MS, Visit, text
from tests.waiting import PATIENCE_S


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
    put = "INSERT OR REPLACE INTO meta VALUES (?, ?)"
    cockpit.store.write(lambda conn: conn.execute(put, (loading.KEY, str(NOW_MS)))).result(PATIENCE_S)
    cockpit.past_missing = missing
    live.forget()
    try:
        assert t(key, "vi") in text(visit())
    finally:
        drop = "DELETE FROM meta WHERE key = ?"
        cockpit.store.write(lambda conn: conn.execute(drop, (loading.KEY,))).result(PATIENCE_S)
        cockpit.past_missing = False
        live.forget()
