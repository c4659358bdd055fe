"""Why firing, why quiet, where people look: on the panel of an alert and on that of a rule."""

from __future__ import annotations

from typing import Any

from cockpit.ui import live
from cockpit.ui.context import view_context
from cockpit.views import alerts
from tests.pages.conftest import Visit, text


def test_the_panel_of_an_alert_says_what_is_so_now(visit: Visit, cockpit: Any) -> None:
    live.forget()
    row = alerts.build(view_context()).waiting[0]
    app = visit("alerts", id=str(row.id))
    assert "Lúc này:" in text(app)
    assert "Báo khi" in text(app)
    assert not app.exception


def test_any_subject_of_a_rule_is_found_by_name_and_told(visit: Visit) -> None:
    app = visit("alerts", list="rules", rule="camera-fps-low")
    app.text_input(key="why-search-camera-fps-low").set_value("cam-00001").run()
    app.selectbox(key="why-subject-camera-fps-low").set_value("cam-00001").run()
    assert "Lúc này:" in text(app)
    assert "dưới 10 hình/giây" in text(app)
    app.text_input(key="why-search-camera-fps-low").set_value("khong co thiet bi nay").run()
    assert "không xét đối tượng nào có tên như vậy" in text(app)
