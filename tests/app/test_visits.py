"""What is new to whom, in processes as they are run: an engine, and two that only show."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from cockpit.bench import processes
from cockpit.domain.visits import APART_MS
from cockpit.store import meta, visit, visits
from tests.app.test_entrance import ask, look
from tests.store import inside
from tests.waiting import PATIENCE_S, until

HEADER, AN, BINH = "X-Forwarded-User", "an@example.gov.vn", "binh@example.gov.vn"
DAY, SINCE = "Trong 24 giờ qua", "Từ lần xem trước"
HOUR = 3_600_000


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("apart")


@pytest.fixture(scope="module")
def shows(data: Path) -> Iterator[list[processes.Running]]:
    settings = {"COCKPIT_TRUSTED_HEADER": HEADER}
    with (
        processes.running("engine", data, ready_s=PATIENCE_S),
        processes.running("serve", data, settings=settings, ready_s=PATIENCE_S) as one,
        processes.running("serve", data, settings=settings, ready_s=PATIENCE_S) as other,
    ):
        yield [one, other]


def first(cockpit: processes.Running, name: str) -> str:
    """Home as the server answers it before the app runs."""
    headers: Any = {HEADER: name} if name else {}
    return ask(cockpit.address, "/", **headers)[2]


def told(cockpit: processes.Running, name: str, what: str) -> bool:
    return what in first(cockpit, name)


def test_looks_at_two_processes_that_only_show_are_one_visit_that_the_engine_keeps(
    shows: list[processes.Running], data: Path
) -> None:
    path = data / "cockpit.db"
    assert look(shows[0].address, [(HEADER, AN)], "").markdown
    until(lambda: inside.visits(path).get(AN), "the engine keeps the look")
    kept = inside.visits(path)[AN]
    assert kept.before is None
    assert look(shows[1].address, [(HEADER, AN)], "").markdown
    assert look(shows[1].address, [(HEADER, BINH)], "").markdown
    until(lambda: inside.visits(path).get(BINH), "the engine keeps the look of another")
    now = inside.visits(path)[AN]
    assert (now.began, now.before) == (kept.began, None)
    assert now.last == kept.last or now.last - kept.last >= APART_MS
    assert inside.commands(path) == []
    with visit(path) as conn:  # an hour passes for one of them, and somebody has watched all the time
        meta.put(conn, "engine_since", str(kept.began - 48 * HOUR))
        visits.keep(conn, AN, kept._replace(began=kept.began - HOUR, last=kept.began - HOUR))
    for cockpit in shows:
        assert SINCE in first(cockpit, AN)
        assert DAY in first(cockpit, BINH)
        until(partial(told, cockpit, "", DAY), "nobody is told of a day: what all are shown is a second old")
    seen = look(shows[0].address, [(HEADER, AN)], "")
    assert SINCE in seen.markdown
    until(lambda: inside.visits(path)[AN].before == kept.began - HOUR, "a new visit begins")
    assert SINCE in first(shows[1], AN)
