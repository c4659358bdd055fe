"""Many alerts of a kind under one line, on home and at the alert desk: it opens, and nothing is lost."""

from __future__ import annotations

import re
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from cockpit.domain.alerting.together import LEAST
from cockpit.ui import live
from cockpit.ui.context import view_context
from cockpit.ui.words import t
from cockpit.views import alerts
from cockpit.views.desk import Group
from tests.pages.conftest import Visit, element, rows_of, sheets, text

RULE = "camera-silent"
NAME = "Camera mất tín hiệu"
OF_RULE = re.compile(r"Camera .*mất tín hiệu")
"""A line of the rule: of many by its name, of one as a sentence."""


def listed(app: AppTest) -> list[str]:
    """What the rows of the list say, as far as they are of the rule; before what opens stands its sign."""
    signs = {None: "", False: "▸ ", True: "▾ "}
    every = [f"{signs[row['opened']]}{row[t('alerts.col_matter', 'vi')]}" for row in rows_of(app)]
    return [matter for matter in every if OF_RULE.search(matter)]


@pytest.fixture
def group(cockpit: Any) -> Group:
    """The alerts that wait of one rule; others may lie in the store of all tests of pages."""
    live.forget()
    lines = alerts.build(view_context()).desk.waiting_lines
    found = next(line.group for line in lines if line.group and line.row.rule == RULE)
    assert found.n >= LEAST
    return found


def test_a_line_of_many_opens_in_the_list_and_tells_of_all_in_the_panel(visit: Visit, group: Group) -> None:
    app = visit("alerts")
    assert listed(app) == [f"▸ {NAME} · {group.n} nơi"]
    assert "dòng có dấu ▸ mở ra được" in text(app)
    opened = visit("alerts", id=group.key)
    assert len(listed(opened)) == 1 + group.n
    assert any(row.startswith("▾") for row in listed(opened))
    assert f"{group.n} việc cùng quy tắc" in text(opened)


def test_one_of_many_is_shown_in_full_and_its_group_stands_open(visit: Visit, group: Group) -> None:
    app = visit("alerts", id=str(group.members[2].id))
    assert len(listed(app)) == 1 + group.n
    assert f"CB-{group.members[2].id}" in text(app)


def test_a_search_finds_what_stands_under_a_line(visit: Visit, group: Group) -> None:
    app = visit("alerts", q=f"CB-{group.members[1].id}")
    (only,) = listed(app)
    assert "▸" not in only
    assert re.search(r"1 trong \d+ việc khớp", text(app))


def test_a_title_does_not_repeat_the_place_beside_it(visit: Visit, group: Group) -> None:
    one = group.members[0]
    assert one.subject_name.vi.endswith(one.place)
    app = visit("alerts", id=str(one.id))
    assert all(one.place not in row for row in listed(app))
    (title,) = re.findall(r"<h2>(.*?)</h2>", sheets(app))
    assert one.place not in title


def test_what_was_chosen_of_one_list_is_let_go_in_another(visit: Visit, group: Group) -> None:
    app = visit("alerts", id=str(group.members[0].id))
    assert app.query_params["id"]
    chooser: Any = element(app, "choose-list-vi")
    chooser.set_value("working")
    app.run()
    assert "id" not in app.query_params
    assert f"CB-{group.members[0].id}" not in text(app)


def test_home_opens_a_line_of_many_to_show_where_they_are(visit: Visit, group: Group) -> None:
    (line,) = [row for row in sheets(visit()).split("<li ") if f'data-key="{group.key}"' in row]
    told, _, shut = line.partition("</summary>")
    assert f"{NAME} · " in told
    assert re.search(r"<details [^>]*><summary>Xem \d+ nơi$", told)
    for member in group.members:
        assert member.subject_name.vi not in told
        assert member.subject_name.vi in shut
