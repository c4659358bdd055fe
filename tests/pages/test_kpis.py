"""The page of figures about alerts, on a province whose alerts are known."""

from __future__ import annotations

from typing import Any

import pytest

from cockpit.ui import live
from cockpit.views import alarm_kpis
from cockpit.views.context import ViewContext
from tests.pages.conftest import Visit, text
from tests.store import inside


@pytest.mark.parametrize(("lang", "said"), [("vi", "mỗi 10 phút"), ("en", "in ten minutes")])
def test_it_says_what_came_and_judges_it(visit: Visit, cockpit: Any, lang: str, said: str) -> None:
    live.forget()
    app = visit("kpis", lang=lang)
    assert not app.exception
    shown = text(app)
    ctx = ViewContext(
        cockpit.store, cockpit.profile, cockpit.clock.domain_ms(), cockpit.clock.real_ms(), True
    )
    view = alarm_kpis.build(ctx, "day")
    assert view.kpis is not None
    apart = {s.code for s in cockpit.profile.sources if s.time == "real"}  # lives on another clock in a demo
    standing = [a for a in inside.alerts(cockpit.store) if a.cause is None and not a.muted]
    reached = [a for a in standing if a.source not in apart]
    assert view.kpis.n == len([a for a in reached if a.opened >= view.kpis.since])
    assert str(view.kpis.n) in shown
    assert said in shown
    assert set(view.judged) == {"mean", "peak", "flooded", "standing", "fleeting", "chattering"}


def test_another_span_is_in_the_address(visit: Visit) -> None:
    app = visit("kpis", span="month")
    assert not app.exception
    assert app.query_params["span"] == "month"
