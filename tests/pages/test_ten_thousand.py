"""Ten thousand alerts at once: the inbox stays a list that a person can read, and none of them is lost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from cockpit.bench import flood
from cockpit.views import alerts, home
from cockpit.views.context import ViewContext
from tests.commands.test_commands import Running
from tests.pages.conftest import NOW_MS, opened, rows_of, shown
from tests.store import inside

MOST_LINES = 60


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A province in which whatever sends values sends bad ones, all in the same minute."""
    with shown(
        tmp_path_factory.mktemp("crowded"), "province", lambda folder: flood.raise_all(folder, NOW_MS)
    ) as here:
        yield here


def context(here: Any) -> ViewContext:
    return ViewContext(here.store, here.profile, NOW_MS, NOW_MS)


def test_all_stand_in_few_lines_and_none_is_lost(crowded: Any) -> None:
    every = inside.alerts(crowded.store, open_only=True)
    assert len(every) >= 10_000
    causes = [alert for alert in every if alert.cause is None]
    view = alerts.build(context(crowded))
    assert view.n_waiting == len(causes)
    lines = view.desk.waiting_lines
    assert len(lines) <= MOST_LINES
    assert sum(1 if line.group is None else line.group.n for line in lines) == len(causes)
    problems = sum(1 + line.row.folded if line.group is None else line.group.problems for line in lines)
    assert problems == len(every), "what is folded is counted with its cause"


def test_the_page_shows_these_lines_and_opens_any(crowded: Any) -> None:
    app = opened("alerts", lang="en")
    assert not app.exception
    rows = rows_of(app)
    assert 0 < len(rows) <= MOST_LINES
    counted = [sum(map(_number, re.findall(r"\d[\d,.]*", str(row)))) for row in rows]
    assert max(counted) >= 1000, "a line says how many it stands for"
    group = next(line.group for line in alerts.build(context(crowded)).desk.waiting_lines if line.group)
    assert not opened("alerts", lang="en", id=group.key).exception
    assert not opened("alerts", lang="en", id=str(group.members[-1].id)).exception


def test_home_counts_them_all_and_shows_few(crowded: Any) -> None:
    view = home.build(context(crowded))
    assert view is not None
    assert not opened(lang="en").exception


def test_all_are_acknowledged_by_one_command(crowded: Any) -> None:
    numbers = [alert.id for alert in inside.alerts(crowded.store, open_only=True)][:10_000]
    here = Running(crowded)  # a command sees the store, the profile and the clock
    here.world = crowded
    result = here.do("acknowledge_many", alerts=numbers, note="mất điện diện rộng")
    assert (result.code, result.facts["n"], result.facts["refused"]) == ("done", 10_000, {})
    taken = [alert for alert in inside.alerts(crowded.store, open_only=True) if alert.ack_by]
    assert len(taken) == 10_000
    assert not opened("alerts", lang="en", list="working").exception


def _number(text: str) -> int:
    return int(re.sub(r"\D", "", text) or 0)
